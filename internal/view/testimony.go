package view

import (
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// Evidence is what feedback adds up to. What nobody told is left out.
type Evidence struct {
	Signals    int       `json:"signals"`
	Votes      int       `json:"votes"`
	Accounts   int       `json:"accounts"`
	People     int       `json:"people"`
	Reach      float64   `json:"reach"`
	Weight     float64   `json:"weight"`
	Confidence float64   `json:"confidence"`
	Latest     time.Time `json:"latest,omitzero"`
	NPS        *Span     `json:"nps,omitempty"`
	CSAT       *Span     `json:"csat,omitempty"`
	// Importance and Satisfaction are ten times the share of the upper two of
	// five.
	Importance   *Span    `json:"importance,omitempty"`
	Satisfaction *Span    `json:"satisfaction,omitempty"`
	Insights     int      `json:"insights"`
	Usage        *float64 `json:"usage,omitempty"`
	UsageTrend   *float64 `json:"usage_trend,omitempty"`
}

// Span is a score with what it may be among everybody.
type Span struct {
	Score  float64 `json:"score"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Sample int     `json:"sample"`
}

func evidenceOf(e *work.Evidence) *Evidence {
	number := func(v work.Value) *float64 {
		if f, ok := v.Number(); ok {
			return &f
		}
		return nil
	}
	span := func(v work.Value, sample int, bounds func() (low, high work.Value)) *Span {
		f, ok := v.Number()
		if !ok {
			return nil
		}
		low, high := bounds()
		a, _ := low.Number()
		b, _ := high.Number()
		return &Span{f, a, b, sample}
	}
	return &Evidence{
		Signals: e.Signals, Votes: e.Votes, Accounts: e.Accounts, People: e.People, Reach: e.Reach, Weight: e.Weight, Confidence: e.Confidence, Latest: e.Latest,
		NPS: span(e.NPS, e.NPSSample, e.NPSBounds), CSAT: span(e.CSAT, e.CSATSample, e.CSATBounds),
		Importance: span(e.Importance.Value(), e.Importance.Sample, e.Importance.Range), Satisfaction: span(e.Satisfaction.Value(), e.Satisfaction.Sample, e.Satisfaction.Range),
		Insights: e.Insights, Usage: number(e.Usage), UsageTrend: number(e.UsageTrend),
	}
}

// mostVoices is how many voices, and how many insights, are told.
const mostVoices = 20

// testimony tells who speaks for an item, each voice by its own audience.
func (l *lens) testimony(o *engine.Outcome, rules *engine.Rules, d *engine.Decided, until time.Time) (*work.Testimony, error) {
	ask := store.Inquiry{
		Rules: rules.Evidence(), Targets: o.Targets(rules, d), Goal: rules.GoalName(d), AsOf: o.AsOf, Until: until, Most: mostVoices, Sees: l.sees,
	}
	if !until.IsZero() {
		ask.Votes = d.Evidence.Votes
	}
	t, err := l.desk.conf.Store.Testimony(l.ctx, ask)
	return &t, err
}
