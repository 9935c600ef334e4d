package rank

import "tandem/mapping/expression"

// Score is how urgent or valuable an item is, on a scale from 0 to 100 that is
// the same for all items and does not depend on them. Numbers have one
// decimal: what is shown is what is compared.
type Score struct {
	Value float64
	// Low and High are the score where everything that is missing, or known
	// from few answers, turns out worse or better than assumed. They are Value
	// where all is known.
	Low, High float64
	// Known is false where a decisive input is missing.
	Known bool
	// Gaps is nil where nothing is missing. Scores share it: nobody may change it.
	Gaps *Gaps
}

// Gaps names the inputs that nobody gave, and those of them that were given a
// value that makes no sense.
type Gaps struct{ Missing, Refused []string }

// Missing names the inputs that nobody gave.
func (s *Score) Missing() []string {
	if s.Gaps == nil {
		return nil
	}
	return s.Gaps.Missing
}

// Confidence is 1 where all is known and falls to 0 as the interval grows to
// the whole scale.
func (s *Score) Confidence() float64 { return 1 - (s.High-s.Low)/100 }

// Scored is the score of an item in both lenses.
type Scored struct {
	Why, Next Score
}

// lens is a compiled Lens.
type lens struct {
	label    string // why, next, or rank for both
	method   string
	combine  string // of ICE
	inputs   []input
	weights  []float64 // of a weighted lens, by input; they sum up to 1
	scale    float64   // points per raw value, or per log1p of it
	linear   bool
	decisive uint32 // bits by input
	gaps     []Gaps // of a small lens, by the bits of what is missing
}

// Score computes both scores of an item.
func (r *Ranker) Score(s *expression.Subject) Scored {
	why := r.why.score(s)
	if r.why == r.next {
		return Scored{Why: why, Next: why}
	}
	return Scored{Why: why, Next: r.next.score(s)}
}

func (l *lens) score(s *expression.Subject) Score {
	var value, low, high [maxInputs]float64
	var missing, refused uint32
	unsure := false
	for i := range l.inputs {
		in := &l.inputs[i]
		x := in.read(s)
		value[i], low[i], high[i] = x.value, x.low, x.high
		if in.less {
			low[i], high[i] = x.high, x.low
		}
		unsure = unsure || x.low != x.high
		if x.missing {
			missing |= 1 << i
		}
		if x.refuse {
			refused |= 1 << i
		}
	}
	goal := l.goal(s)
	points := tenth(l.points(&value, goal))
	score := Score{Value: points, Low: points, High: points, Known: missing&l.decisive == 0}
	if unsure {
		score.Low, score.High = tenth(l.points(&low, goal)), tenth(l.points(&high, goal))
	}
	if missing != 0 {
		score.Gaps = l.gapsOf(missing, refused)
	}
	return score
}

// goal is the factor of the item's goal: its weight, from a quarter to four;
// 1 without a goal or weight.
func (l *lens) goal(s *expression.Subject) float64 {
	if l.method == formula || s.Goal.Name == "" || s.Goal.Weight == 0 {
		return 1
	}
	return min(max(s.Goal.Weight, minGoal), maxGoal)
}

// gapsOf names the inputs whose bits are set. Small lenses have every answer at
// hand but for values that make no sense, which are few.
func (l *lens) gapsOf(missing, refused uint32) *Gaps {
	if int(missing) < len(l.gaps) && refused == 0 {
		return &l.gaps[missing]
	}
	return &Gaps{l.list(missing), l.list(refused)}
}

func (l *lens) list(bits uint32) []string {
	var names []string
	for i := range l.inputs {
		if bits&(1<<i) != 0 {
			names = append(names, l.inputs[i].name)
		}
	}
	return names
}
