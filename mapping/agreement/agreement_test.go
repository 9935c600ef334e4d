package agreement_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tandem/mapping/agreement"
)

// TestTauOfHandCountedOrders has orders whose pairs were counted by hand.
func TestTauOfHandCountedOrders(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, before, after string
		tau                 float64
		inversions          int64
	}{
		{"neighbours change places", "a b c d", "b a c d", 4.0 / 6, 1},
		{"the last becomes the first", "a b c d", "d a b c", 0, 3},
		{"one item", "a", "a", 1, 0},
		{"nothing", "", "", 1, 0},
	} {
		f := agreement.Compare(strings.Fields(tc.before), strings.Fields(tc.after))
		if f.Tau != tc.tau || f.Inversions != tc.inversions {
			t.Errorf("%s: tau %v and %d inversions, want %v and %d", tc.name, f.Tau, f.Inversions, tc.tau, tc.inversions)
		}
	}
}

func TestTiedPlacesAreNoDisagreement(t *testing.T) {
	t.Parallel()
	// x: 1 1 2 3, y: 1 2 3 3: of 6 pairs one is tied in x and one in y, four
	// agree; tau-b = 4 / sqrt(5 · 5).
	c := agreement.Count([]agreement.Pair{{X: 1, Y: 1}, {X: 1, Y: 2}, {X: 2, Y: 3}, {X: 3, Y: 3}})
	if got := c.TauB(); got < 0.8-1e-12 || got > 0.8+1e-12 {
		t.Errorf("tau-b is %v of %+v, want 0.8", got, c)
	}
}

func TestTheTopCountsMostInRBO(t *testing.T) {
	t.Parallel()
	before := strings.Fields("a b c d e f g h i j")
	top := agreement.RBO(before, strings.Fields("b a c d e f g h i j"), agreement.Persistence)
	bottom := agreement.RBO(before, strings.Fields("a b c d e f g h j i"), agreement.Persistence)
	if top >= bottom {
		t.Errorf("a swap at the top leaves %v, one at the bottom %v", top, bottom)
	}
	if got := agreement.RBO(before, strings.Fields("q r s"), agreement.Persistence); got != 0 {
		t.Errorf("nothing in common is %v, want 0", got)
	}
}

func ExampleCompare() {
	f := agreement.Compare([]string{"export", "login", "search"}, []string{"login", "export", "search", "dark mode"})
	fmt.Printf("tau %.2f, %d moved, %d came, first ten %.2f\n", f.Tau, f.Moved, f.Came, f.Top10)
	// Output: tau 0.33, 2 moved, 1 came, first ten 0.75
}

func BenchmarkCompare(b *testing.B) {
	before := make([]int, 100_000)
	for i := range before {
		before[i] = i
	}
	after := rand.New(rand.NewPCG(1, 2)).Perm(len(before))
	for b.Loop() {
		agreement.Compare(before, after)
	}
}
