package agreement_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tandem/mapping/agreement"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestCountsAreThoseOfEveryPairComparedByHand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		most := rapid.IntRange(1, 80).Draw(t, "places") // few places make many ties
		place := rapid.IntRange(1, most)
		pairs := make([]agreement.Pair, n)
		for i := range pairs {
			pairs[i] = agreement.Pair{X: float64(place.Draw(t, "x")), Y: float64(place.Draw(t, "y"))}
		}
		var want agreement.Counts
		for i := range pairs {
			for j := range i {
				want.Pairs++
				dx, dy := pairs[i].X-pairs[j].X, pairs[i].Y-pairs[j].Y
				if dx == 0 {
					want.TiedX++
				}
				if dy == 0 {
					want.TiedY++
				}
				if dx*dy > 0 {
					want.Concordant++
				}
				if dx*dy < 0 {
					want.Discordant++
				}
			}
		}
		if got := agreement.Count(pairs); got != want {
			t.Fatalf("got %+v, want %+v of %v", got, want, pairs)
		}
		if tau := want.TauB(); tau < -1-1e-9 || tau > 1+1e-9 || math.IsNaN(tau) {
			t.Fatalf("tau-b is %v of %v", tau, pairs)
		}
	})
}

// byHand is rank-biased overlap as its paper defines it: prefixes as sets.
func byHand(a, b []int, p float64) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	s, l := len(a), len(b)
	if l == 0 {
		return 1
	}
	if s == 0 {
		return 0
	}
	x := func(d int) float64 { return float64(agreement.Common(a, b, d)) }
	sum, tail := 0.0, 0.0
	for d := 1; d <= l; d++ {
		sum += x(d) / float64(d) * math.Pow(p, float64(d))
	}
	for d := s + 1; d <= l; d++ {
		tail += x(s) * float64(d-s) / (float64(s) * float64(d)) * math.Pow(p, float64(d))
	}
	return (1-p)/p*(sum+tail) + ((x(l)-x(s))/float64(l)+x(s)/float64(s))*math.Pow(p, float64(l))
}

func TestRBOIsThatOfThePaper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.IntRange(1, 40), 0, 30, rapid.ID[int])
		a, b := list.Draw(t, "a"), list.Draw(t, "b")
		p := rapid.Float64Range(0.5, 0.98).Draw(t, "p")
		got, want := agreement.RBO(a, b, p), byHand(a, b, p)
		if !near(got, min(max(want, 0), 1)) {
			t.Fatalf("got %v, want %v", got, want)
		}
		if back := agreement.RBO(b, a, p); !near(got, back) {
			t.Fatalf("the other way round it is %v, not %v", back, got)
		}
		if same := agreement.RBO(a, a, p); !near(same, 1) {
			t.Fatalf("a list agrees with itself by %v", same)
		}
	})
}

func TestFiguresKnowTheSameTheReversedAndTheShuffled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfNDistinct(rapid.IntRange(1, 500), 2, 100, rapid.ID[int]).Draw(t, "a")
		if f := agreement.Compare(a, a); f.Tau != 1 || f.Moved != 0 || f.Inversions != 0 || f.Top10 != 1 || !near(f.RBO, 1) || f.Came+f.Went != 0 {
			t.Fatalf("the same: %+v", f)
		}
		back := slices.Clone(a)
		slices.Reverse(back)
		if f := agreement.Compare(a, back); f.Tau != -1 || f.Inversions != int64(len(a)*(len(a)-1)/2) {
			t.Fatalf("reversed: %+v", f)
		}
		b := rapid.Permutation(a).Draw(t, "b")
		f := agreement.Compare(a, b)
		if g := agreement.Compare(b, a); !near(f.Tau, g.Tau) || f.Inversions != g.Inversions || !near(f.Shift, g.Shift) {
			t.Fatalf("there %+v, back %+v", f, g)
		}
		// One more at any place moves nobody.
		at := rapid.IntRange(0, len(a)).Draw(t, "at")
		if f := agreement.Compare(a, slices.Insert(slices.Clone(a), at, -1)); f.Moved != 0 || f.Came != 1 || f.Tau != 1 {
			t.Fatalf("one came: %+v", f)
		}
	})
}
