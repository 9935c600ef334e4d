package evidence

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// scores fills in NPS and CSAT. Of a person who is known, the newest answer
// counts alone; answers without a person cannot be told apart and count each.
// They are neither capped nor decayed: both are shares among those who were
// asked, not votes.
func (s *sum) scores(e *work.Evidence) {
	if len(s.answers) == 0 {
		return
	}
	slices.SortFunc(s.answers, func(a, b *Day) int {
		return cmp.Or(
			cmp.Compare(a.Method, b.Method), cmp.Compare(question(a), question(b)),
			cmp.Compare(a.Account, b.Account), cmp.Compare(a.Person, b.Person),
			cmp.Compare(b.Day, a.Day), a.Compare(b.Key),
		)
	})
	s.answers = slices.CompactFunc(s.answers, func(a, b *Day) bool {
		return a.Person != "" && a.Person == b.Person && a.Account == b.Account && a.Method == b.Method && question(a) == question(b)
	})
	var net, satisfied float64
	for _, d := range s.answers {
		voices := d.ScoreCount
		if d.Person != "" {
			voices = 1 // several answers of one day are averaged
		}
		share := float64(voices) / float64(d.ScoreCount)
		switch d.Method {
		case work.NPS:
			net += share * float64(d.Promoters-d.Detractors)
			e.NPSSample += int(voices)
		case work.CSAT:
			satisfied += share * d.ScoreSum
			e.CSATSample += int(voices)
		default:
		}
		switch question(d) {
		case importance:
			e.Importance = answered(e.Importance, share*float64(d.Promoters), voices)
		case satisfaction:
			e.Satisfaction = answered(e.Satisfaction, share*float64(d.Promoters), voices)
		}
	}
	if e.NPSSample > 0 {
		e.NPS = work.NewNumber(100 * net / float64(e.NPSSample))
	}
	if e.CSATSample > 0 {
		e.CSAT = work.NewNumber(satisfied / float64(e.CSATSample))
	}
}

// The questions of opportunity scores, which are kinds of feedback.
const (
	importance   = "importance"
	satisfaction = "satisfaction"
)

// question is what the answers of the row tell of opportunity: how important
// an outcome is or how well it is served; empty where they tell neither. CSAT
// asks how satisfied people are, whatever its rows are called.
func question(d *Day) string {
	switch {
	case d.Method == work.CSAT:
		return satisfaction
	case d.Method != work.NPS && (d.Kind == importance || d.Kind == satisfaction):
		return d.Kind
	default:
		return ""
	}
}

// answered adds answers to a question.
func answered(a work.Answers, top float64, voices int32) work.Answers {
	return work.Answers{Top: a.Top + top, Sample: a.Sample + int(voices)}
}
