package circle_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tandem/mapping/circle"
)

func ExampleFind() {
	c := circle.Find([][]int32{{1}, {2}, {0}, {0}, {4}})
	fmt.Println(c.Members, c.Counts(0, 1), c.Counts(3, 0), c.Counts(4, 4))
	// Output: [[0 1 2] [4]] false true false
}

// TestLawsOfCircles: two are in one circle where each leads to the other, and
// what counts has no circle left.
func TestLawsOfCircles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "n")
		needs := make([][]int32, n)
		leads := make([][]bool, n)
		for i := range needs {
			leads[i] = make([]bool, n)
			for range rapid.IntRange(0, 2).Draw(t, "needs") {
				j := rapid.Int32Range(0, int32(n)-1).Draw(t, "need")
				needs[i], leads[i][j] = append(needs[i], j), true
			}
		}
		for k := range leads { // Warshall
			for i := range leads {
				for j := range leads {
					leads[i][j] = leads[i][j] || leads[i][k] && leads[k][j]
				}
			}
		}
		c := circle.Find(needs)
		for i := range n {
			var together []int32
			for j := range n {
				if leads[i][j] && leads[j][i] {
					together = append(together, int32(j))
				}
				if got, want := c.Counts(int32(i), int32(j)), !leads[i][j] || !leads[j][i]; got != want {
					t.Fatalf("%d needs %d: got %t, want %t in %v", i, j, got, want, needs)
				}
			}
			if of := c.Of(int32(i)); (of > 0) != (together != nil) || of > 0 && !slices.Equal(c.Members[of-1], together) {
				t.Fatalf("%d is in %d of %v, want with %v", i, of, c.Members, together)
			}
		}
	})
}
