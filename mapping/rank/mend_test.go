package rank

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/work"
)

func TestMendingSorts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		k := keys{entries: make([]Entry, n), all: make([]key, n)}
		for i := range n {
			k.entries[i].ID = work.ItemID(rapid.StringMatching("[a-z]{6}").Draw(t, "id"))
			k.all[i] = key{
				by: uint64(3 * i), index: i, created: time.Unix(int64(i), 0), previous: rapid.SampledFrom([]int{i + 1, i + 1, i + 2, 1 << 40}).Draw(t, "previous"),
			}
		}
		for range rapid.IntRange(0, 6).Draw(t, "wrong") {
			if n > 0 {
				k.all[rapid.IntRange(0, n-1).Draw(t, "at")].by = uint64(rapid.IntRange(0, 3*n).Draw(t, "by"))
			}
		}
		want := slices.Clone(k.all)
		slices.SortFunc(want, func(a, b key) int { return k.compare(&a, &b) })
		k.mend()
		if !slices.Equal(k.all, want) {
			t.Fatalf("got %v\nwant %v", k.all, want)
		}
	})
}
