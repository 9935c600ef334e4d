package work_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/work"
)

// TestNoNumberIsTakenForAnotherKind draws numbers by their bits, so that odd
// ones come too.
func TestNoNumberIsTakenForAnotherKind(t *testing.T) {
	t.Parallel()
	others := []work.Value{
		{}, work.Empty(), work.NewFlag(true), work.NewFlag(false), work.NewText("1"), work.NewList("1"), work.NewTime(time.Unix(1, 0)),
	}
	check := func(t rapid.TB, f float64) {
		v := work.NewNumber(f)
		got, ok := v.Number()
		if math.IsNaN(f) {
			if v.Known() || ok {
				t.Fatalf("NaN is %v", v)
			}
			return
		}
		if !ok || got != f || v.Kind() != work.Number || v != work.NewNumber(got) || !v.Present() {
			t.Fatalf("%v became %v (%s)", f, v, v.Kind())
		}
		for _, other := range others {
			if _, number := other.Number(); v == other || number || other.Kind() == work.Number {
				t.Fatalf("%v and %v (%s) are alike", v, other, other.Kind())
			}
		}
	}
	const nan = 0x7ff8_0000_0000_0000
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.Uint64().Draw(t, "bits")
		if rapid.Bool().Draw(t, "near NaN") {
			pattern = nan ^ pattern%64 ^ pattern>>63<<63
		}
		check(t, math.Float64frombits(pattern))
	})
	for _, f := range []float64{0, math.Copysign(0, -1), 1, math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, math.NaN()} {
		check(t, f)
	}
}
