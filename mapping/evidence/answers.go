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
			cmp.Compare(a.Method, b.Method), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Person, b.Person),
			cmp.Compare(b.Day, a.Day), a.Compare(b.Key),
		)
	})
	s.answers = slices.CompactFunc(s.answers, func(a, b *Day) bool {
		return a.Person != "" && a.Person == b.Person && a.Account == b.Account && a.Method == b.Method
	})
	var net, satisfied float64
	for _, d := range s.answers {
		voices := d.ScoreCount
		if d.Person != "" {
			voices = 1 // several answers of one day are averaged
		}
		share := float64(voices) / float64(d.ScoreCount)
		if d.Method == work.NPS {
			net += share * float64(d.Promoters-d.Detractors)
			e.NPSSample += int(voices)
		} else {
			satisfied += share * d.ScoreSum
			e.CSATSample += int(voices)
		}
	}
	if e.NPSSample > 0 {
		e.NPS = work.NewNumber(100 * net / float64(e.NPSSample))
	}
	if e.CSATSample > 0 {
		e.CSAT = work.NewNumber(satisfied / float64(e.CSATSample))
	}
}
