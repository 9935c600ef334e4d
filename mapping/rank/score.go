package rank

import (
	"math"

	"tandem/mapping/expression"
)

// The methods of this version.
const (
	rice     = "rice"
	wsjf     = "wsjf"
	weighted = "weighted"
	formula  = "expression"
)

func methods() []string { return []string{rice, wsjf, weighted, formula} }

// The bounds of what a goal's weight multiplies.
const (
	minGoal = 0.25
	maxGoal = 4.0
)

// Score is how urgent or valuable an item is, on a scale from 0 to 100 that is
// the same for all items and does not depend on them. Numbers have one
// decimal: what is shown is what is compared.
type Score struct {
	Value float64
	// Low and High are the score where everything that is missing turns out
	// worse or better than assumed. They are Value where nothing is missing.
	Low, High float64
	// Known is false where a decisive input is missing.
	Known bool
	// Missing names the inputs that nobody gave, and Refused those of them
	// that were given a value that makes no sense. Do not change them.
	Missing, Refused []string
}

// Scored is the score of an item in both lenses.
type Scored struct {
	Why, Next Score
}

// lens is a compiled Lens.
type lens struct {
	label    string // why, next, or rank for both
	method   string
	inputs   []input
	weights  []float64 // of a weighted lens, by input; they sum up to 1
	scale    float64   // points per log1p of the raw value
	decisive uint32    // bits by input
	names    [][]string
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
	for i := range l.inputs {
		in := &l.inputs[i]
		x := in.read(s)
		value[i], low[i], high[i] = x.value, x.value, x.value
		if !x.missing {
			continue
		}
		missing |= 1 << i
		if x.refuse {
			refused |= 1 << i
		}
		low[i], high[i] = in.low(), in.high()
		if l.lessIsBetter(i) {
			low[i], high[i] = high[i], low[i]
		}
	}
	goal := l.goal(s)
	points := tenth(l.points(&value, goal))
	score := Score{Value: points, Low: points, High: points, Known: missing&l.decisive == 0}
	if missing != 0 {
		score.Low, score.High = tenth(l.points(&low, goal)), tenth(l.points(&high, goal))
		score.Missing, score.Refused = l.named(missing), l.named(refused)
	}
	return score
}

// lessIsBetter reports whether the score falls as the input grows.
func (l *lens) lessIsBetter(i int) bool {
	return l.weights != nil && l.weights[i] < 0 || l.weights == nil && l.inputs[i].name == "effort"
}

// points puts the inputs on the scale. The order of inputs is that of the
// method.
func (l *lens) points(x *[maxInputs]float64, goal float64) float64 {
	var points float64
	switch l.method {
	case rice:
		points = l.scale * math.Log1p(x[0]*x[1]*x[2]/x[3]*goal)
	case wsjf:
		points = l.scale * math.Log1p((x[0]+x[1]+x[2])/x[3]*goal)
	case weighted:
		for i, w := range l.weights {
			points += l.share(i, x[i], w)
		}
		points *= 100 * goal
	default:
		points = x[0]
	}
	return min(max(points, 0), 100)
}

// share is what one input of a weighted lens adds, 0 to 1.
func (l *lens) share(i int, x, weight float64) float64 {
	n := math.Log1p(x) / math.Log1p(l.inputs[i].most)
	if weight < 0 {
		return -weight * (1 - n)
	}
	return weight * n
}

// goal is the factor of the item's goal: its weight, from a quarter to four;
// 1 without a goal or weight.
func (l *lens) goal(s *expression.Subject) float64 {
	if l.method == formula || s.Goal.Name == "" || s.Goal.Weight == 0 {
		return 1
	}
	return min(max(s.Goal.Weight, minGoal), maxGoal)
}

func tenth(f float64) float64 { return math.Round(f*10) / 10 }

// named returns the names of the inputs whose bits are set. Small lenses have
// every answer at hand.
func (l *lens) named(bits uint32) []string {
	if int(bits) < len(l.names) {
		return l.names[bits]
	}
	return l.list(bits)
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
