package evidence

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/work"
)

// Key names one aggregate row: it is the primary key of the store's table.
type Key struct {
	// Target is "connector:key" of the work.
	Target string
	// Account and Person are who spoke; empty where the source does not say,
	// or where the admin keeps no persons.
	Account, Person string
	Method          work.Method
	// Kind of feedback: request, bug, praise, …
	Kind string
	// Day is the day of the signal: whole days since 1970-01-01 UTC.
	Day int32
}

// Compare orders keys field by field.
func (k Key) Compare(o Key) int {
	return cmp.Or(
		cmp.Compare(k.Target, o.Target), cmp.Compare(k.Account, o.Account), cmp.Compare(k.Person, o.Person),
		cmp.Compare(k.Method, o.Method), cmp.Compare(k.Kind, o.Kind), cmp.Compare(k.Day, o.Day),
	)
}

// Day is what one account said about one target on one day. Feedback rows
// never enter a snapshot; these do.
type Day struct {
	Key
	// Count is the number of signals.
	Count int32
	// ScoreCount is how many of them carried a score that could be read, and
	// ScoreSum the sum of these scores, each from 0 (worst) to 1 (best).
	ScoreCount int32
	ScoreSum   float64
	// Promoters gave 9 or 10, Detractors 0 to 6, where the method is NPS.
	// Elsewhere Promoters chose one of the upper two of five (top-2-box), or
	// what comes to it on another scale.
	Promoters, Detractors int32
	// Value is the largest value of the account that a signal of the day
	// named; Unknown where none did.
	Value work.Value
	// Audience is the strictest of the signals.
	Audience work.Audience
	// Segment is the account's; where rows of a day differ, the last by name.
	Segment string
}

// topTwo is where the upper two of five begin: 4 on a scale from 1 to 5.
const topTwo = 0.75

// DayOf returns the row that one linked feedback makes. The store adds it to
// the row with the same Key in the transaction that stores the feedback, as
// Add does. Rows cannot be taken apart again: when a feedback changes or goes,
// the rows of its old keys are folded anew from the feedback that is left.
func DayOf(fb *work.Feedback, link Link) Day {
	at := fb.At
	if at.IsZero() {
		at = fb.Version
	}
	d := Day{
		Key: Key{
			Target: link.Target, Account: fb.Account, Person: fb.Person,
			Method: fb.Method, Kind: fb.Kind, Day: DayNumber(at),
		},
		Count: 1, Audience: fb.Audience, Segment: fb.Segment,
	}
	if _, ok := fb.Value.Number(); ok {
		d.Value = fb.Value
	}
	s, ok := readScore(fb)
	if !ok {
		return d
	}
	d.ScoreCount, d.ScoreSum = 1, s
	switch points := s * 10; {
	case fb.Method == work.NPS && points > 8.5, fb.Method != work.NPS && s >= topTwo:
		d.Promoters = 1
	case fb.Method == work.NPS && points < 6.5:
		d.Detractors = 1
	}
	return d
}

// Add returns both rows as one. They have the same Key.
func (d Day) Add(o Day) Day {
	d.Count += o.Count
	d.ScoreCount += o.ScoreCount
	d.ScoreSum += o.ScoreSum
	d.Promoters += o.Promoters
	d.Detractors += o.Detractors
	d.Value = larger(d.Value, o.Value)
	d.Audience = strictest(d.Audience, o.Audience)
	d.Segment = max(d.Segment, o.Segment)
	return d
}

// Fold adds up rows with the same Key and returns them sorted by Key. It is
// what the store's upserts come to.
func Fold(days []Day) []Day {
	folded := slices.Clone(days)
	slices.SortStableFunc(folded, func(a, b Day) int { return a.Compare(b.Key) })
	kept := folded[:0]
	for _, d := range folded {
		if n := len(kept); n > 0 && kept[n-1].Key == d.Key {
			kept[n-1] = kept[n-1].Add(d)
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

// DayNumber returns the whole days from 1970-01-01 UTC to the moment; a moment
// that nobody named is day 0, older than everything.
func DayNumber(t time.Time) int32 {
	if t.IsZero() {
		return 0
	}
	const day = 24 * 60 * 60
	s := t.Unix()
	n := s / day
	if s%day < 0 {
		n--
	}
	return int32(min(max(n, -1<<31), 1<<31-1)) //nolint:gosec // bounded in the line itself
}

// larger returns the larger number; a value that is no number gives way.
func larger(a, b work.Value) work.Value {
	x, okA := a.Number()
	y, okB := b.Number()
	if !okA || okB && y > x {
		return b
	}
	return a
}

// strictest returns the stricter audience. Unknown is the strictest of all:
// nothing that comes from it may be shown.
func strictest(a, b work.Audience) work.Audience {
	if a == work.UnknownAudience || b == work.UnknownAudience {
		return work.UnknownAudience
	}
	return max(a, b)
}
