package evidence

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/work"
)

// Standing says whether a link counts.
type Standing int

// The standings of a link.
const (
	Counts   Standing = iota
	Echoes            // an older row says the same
	Rejected          // a person said no
)

// String returns the standing in a word.
func (s Standing) String() string { return [...]string{"counts", "repeats", "rejected"}[s] }

// Said is one link of a feedback.
type Said struct {
	Of work.RefID
	Link
	// Day is the row that the feedback makes for the target, with the names
	// that its person and account have by now.
	Day      Day
	Standing Standing
}

// Voice is one signal with what it weighs.
type Voice struct {
	Said

	Weight float64
}

// Strongest returns the signals that weigh most at as_of, as far as the reader
// may see them, and how many it may not see. Links that do not count are none
// of them, nor is what lies after as_of. A feedback that speaks to several
// targets (twins, a key of the past) is one voice.
func (p *Program) Strongest(said []Said, asOf time.Time, most int, sees func(work.Audience) bool) (voices []Voice, restricted int) {
	today := DayNumber(asOf)
	heard := make(map[work.RefID]bool, len(said))
	for _, s := range said {
		if s.Standing != Counts || s.Day.Day > today || heard[s.Of] {
			continue
		}
		heard[s.Of] = true
		if !sees(s.Day.Audience) {
			restricted++
			continue
		}
		voices = append(voices, Voice{s, p.Weigh(&s.Day, asOf)})
	}
	slices.SortFunc(voices, func(a, b Voice) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(b.Day.Day, a.Day.Day), a.Of.Compare(b.Of))
	})
	return voices[:min(len(voices), most)], restricted
}

// Weigh returns what one signal of the day weighs at as_of: the weight of its
// method and of the account's segment, halved per half-life.
func (p *Program) Weigh(d *Day, asOf time.Time) float64 {
	return p.weight(d.Method) * p.segment(d.Segment) * p.decay(d, DayNumber(asOf))
}

// segment is the weight of an account's segment.
func (p *Program) segment(name string) float64 {
	if len(p.segments) == 0 || name == "" {
		return 1
	}
	if w, ok := p.segments[name]; ok {
		return w
	}
	if w, ok := p.segments[foldTag(name)]; ok {
		return w
	}
	return 1
}
