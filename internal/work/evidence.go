package work

import (
	"math"
	"time"
)

// Evidence is what feedback says about one item at the snapshot's as_of. It is
// an aggregate: feedback rows never enter a snapshot.
type Evidence struct {
	// Accounts and People are distinct counts of those who said something.
	Accounts, People int
	// Signals counts feedback rows; an account's newest N only.
	Signals int
	// Votes counts all of them, however often an account speaks.
	Votes int
	// Weight is the sum of signals, each halved per half-life of its kind.
	Weight float64
	// Reach is the accounts, each by the weight of its segment.
	Reach float64
	// Value is the summed value (money) of the distinct accounts; Unknown when
	// no row had one.
	Value Value
	// NPS is -100..100, CSAT 0..1; Unknown without answers. Samples are sizes.
	NPS, CSAT             Value
	NPSSample, CSATSample int
	// Importance and Satisfaction are what people answered in surveys on what
	// the item would do for them, and on how well it is done today.
	Importance, Satisfaction Answers
	// Confidence is 0..1, from amount and spread of evidence, never typed.
	Confidence float64
	// Latest is when the newest signal was given.
	Latest time.Time
	// Insights are findings on the item, GoalInsights those on its goal. They
	// are nobody's votes.
	Insights, GoalInsights int
	// Usage is how often what the item is about was used on the last 28 days,
	// UsageTrend by what share more on an average day than on the 28 before;
	// Unknown without data. Missing is not zero.
	Usage, UsageTrend Value
}

// z is the width of bounds: nine of ten intervals hold the true value.
const z = 1.645

// NPSBounds returns what the NPS of everybody may be, after those who answered.
// Promoters count 1, passives ½ and detractors 0 of a share; see bounds. It is
// Unknown without answers.
func (e *Evidence) NPSBounds() (low, high Value) {
	nps, ok := e.NPS.Number()
	if !ok {
		return Value{}, Value{}
	}
	a, b := bounds((nps/100+1)/2, float64(e.NPSSample))
	return NewNumber(100 * (2*a - 1)), NewNumber(100 * (2*b - 1))
}

// CSATBounds returns what the satisfaction of everybody may be, after those who
// answered; Unknown without answers.
func (e *Evidence) CSATBounds() (low, high Value) {
	csat, ok := e.CSAT.Number()
	if !ok {
		return Value{}, Value{}
	}
	a, b := bounds(csat, float64(e.CSATSample))
	return NewNumber(a), NewNumber(b)
}

// Answers are those to one question with a scale: how many chose one of the
// upper two of five (top-2-box), out of how many.
type Answers struct {
	Top    float64 // the newest day of a person who answered often is one answer
	Sample int
}

// Value is ten times the share that answered 4 or 5 of 5, as opportunity scores
// take it; Unknown without answers. It is no mean: a mean hides the split
// between who is served and who is not.
func (a Answers) Value() Value {
	if a.Sample == 0 {
		return Value{}
	}
	return NewNumber(10 * a.Top / float64(a.Sample))
}

// Bounds returns what the share of everybody may be, after those who answered.
func (a Answers) Bounds() (low, high float64) {
	if a.Sample == 0 {
		return 0, 1
	}
	return bounds(a.Top/float64(a.Sample), float64(a.Sample))
}

// Range returns the bounds of Value.
func (a Answers) Range() (low, high Value) {
	if a.Sample == 0 {
		return Value{}, Value{}
	}
	least, most := a.Bounds()
	return NewNumber(10 * least), NewNumber(10 * most)
}

// bounds is the Wilson interval (two-sided, 90 %) of a mean of n answers
// between 0 and 1. For shares it is exact enough from the first answer on; for
// grades between 0 and 1 it is too wide rather than too narrow, since no
// variance is larger than that of yes and no with the same mean.
func bounds(mean, n float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	mean = min(max(mean, 0), 1)
	middle := (mean + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(mean*(1-mean)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}
