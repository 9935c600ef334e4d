package expression

import (
	"strings"

	"tandem/internal/work"
)

// evidenceName reads the aggregate of an item's feedback.
func evidenceName(property string) (named, bool) {
	read := func(get func(*work.Evidence) work.Value) (named, bool) {
		return named{kind: number, value: func(s *Subject) work.Value { return get(&s.Evidence) }}, true
	}
	switch property {
	case "accounts":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.Accounts)) })
	case "people":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.People)) })
	case "signals":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.Signals)) })
	case "votes":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.Votes)) })
	case "reach":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(e.Reach) })
	case "insights":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.Insights)) })
	case "usage":
		return read(func(e *work.Evidence) work.Value { return e.Usage })
	case "usage_trend":
		return read(func(e *work.Evidence) work.Value { return e.UsageTrend })
	case "nps_low", "nps_high", "csat_low", "csat_high":
		return read(bound(property))
	case "weight":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(e.Weight) })
	case "value":
		return read(func(e *work.Evidence) work.Value { return e.Value })
	case "nps":
		return read(func(e *work.Evidence) work.Value { return e.NPS })
	case "csat":
		return read(func(e *work.Evidence) work.Value { return e.CSAT })
	case "nps_sample":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.NPSSample)) })
	case "csat_sample":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.CSATSample)) })
	case "importance":
		return read(func(e *work.Evidence) work.Value { return e.Importance.Value() })
	case "importance_sample":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.Importance.Sample)) })
	case "satisfaction":
		return read(func(e *work.Evidence) work.Value { return e.Satisfaction.Value() })
	case "satisfaction_sample":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(float64(e.Satisfaction.Sample)) })
	case "confidence":
		return read(func(e *work.Evidence) work.Value { return work.NewNumber(e.Confidence) })
	case "days_since_latest":
		return named{kind: number, reads: Reads{AsOf: true}, value: func(s *Subject) work.Value { return s.daysSince(s.Evidence.Latest) }}, true
	default:
		return named{}, false
	}
}

// bound reads one end of what a score may be.
func bound(property string) func(*work.Evidence) work.Value {
	score, high := (*work.Evidence).NPSBounds, strings.HasSuffix(property, "_high")
	if strings.HasPrefix(property, "csat") {
		score = (*work.Evidence).CSATBounds
	}
	return func(e *work.Evidence) work.Value {
		low, most := score(e)
		if high {
			return most
		}
		return low
	}
}
