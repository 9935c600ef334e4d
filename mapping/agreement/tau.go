package agreement

import (
	"cmp"
	"math"
	"slices"
)

// Pair is one thing that two orders place: places may be shared.
type Pair struct{ X, Y float64 }

// Counts is how pairs of things stand to each other in two orders.
type Counts struct {
	// Pairs is how many there are: n(n−1)/2.
	Pairs int64
	// Discordant pairs stand the other way round in the second order: its
	// inversions. Concordant ones stand the same way round.
	Concordant, Discordant int64
	// TiedX and TiedY share a place in the first or the second order; pairs that
	// share it in both are in both.
	TiedX, TiedY int64
}

// Count compares all pairs in O(n log n) (Knight 1966): sort by the first
// order, then count the exchanges of a merge sort by the second.
func Count(pairs []Pair) Counts {
	sorted := slices.Clone(pairs)
	compare := func(a, b Pair) int {
		if c := cmp.Compare(a.X, b.X); c != 0 {
			return c
		}
		return cmp.Compare(a.Y, b.Y)
	}
	if !slices.IsSortedFunc(sorted, compare) {
		slices.SortFunc(sorted, compare)
	}
	n := int64(len(sorted))
	c := Counts{Pairs: n * (n - 1) / 2}
	c.TiedX = tied(sorted, func(a, b Pair) bool { return a.X == b.X })
	both := tied(sorted, func(a, b Pair) bool { return a == b })
	c.Discordant = exchanges(sorted, make([]Pair, len(sorted)))
	c.TiedY = tied(sorted, func(a, b Pair) bool { return a.Y == b.Y }) // sorted by Y now
	c.Concordant = c.Pairs - c.TiedX - c.TiedY + both - c.Discordant
	return c
}

// tied counts the pairs within runs of equals.
func tied(sorted []Pair, equal func(a, b Pair) bool) int64 {
	var total, run int64
	for i := range sorted {
		if i > 0 && equal(sorted[i-1], sorted[i]) {
			run++
		} else {
			run = 0
		}
		total += run
	}
	return total
}

// exchanges sorts by Y and counts how many neighbours a bubble sort would have
// exchanged.
func exchanges(a, spare []Pair) int64 {
	if len(a) < 2 {
		return 0
	}
	middle := len(a) / 2
	n := exchanges(a[:middle], spare[:middle]) + exchanges(a[middle:], spare[middle:])
	if a[middle-1].Y <= a[middle].Y {
		return n // as most of two orders of the same work
	}
	copy(spare, a)
	left, right := spare[:middle], spare[middle:]
	for i := range a {
		if len(right) == 0 || len(left) > 0 && left[0].Y <= right[0].Y {
			a[i], left = left[0], left[1:]
			continue
		}
		n += int64(len(left))
		a[i], right = right[0], right[1:]
	}
	return n
}

// TauB is Kendall's tau-b (1945): concordant less discordant pairs, over the
// pairs that each order tells apart. It is 1 where the orders are the same, −1
// where one is the other reversed, and 1 where there is no pair to compare.
// Where one order tells nothing apart and the other does, it is 0.
func (c Counts) TauB() float64 {
	x, y := c.Pairs-c.TiedX, c.Pairs-c.TiedY
	switch {
	case x == 0 && y == 0:
		return 1
	case x == 0 || y == 0:
		return 0
	case x == y: // without ties the root would only round
		return float64(c.Concordant-c.Discordant) / float64(x)
	default:
		return float64(c.Concordant-c.Discordant) / (math.Sqrt(float64(x)) * math.Sqrt(float64(y)))
	}
}
