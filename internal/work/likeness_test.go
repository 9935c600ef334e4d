package work_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/work"
)

func TestValuesSayTheSameInOtherForms(t *testing.T) {
	t.Parallel()
	day := work.NewTime(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		a, b work.Value
		want bool
	}{
		{work.NewList("2026.12"), work.NewText("2026.12"), true},
		{work.NewList("2026.11", "2026.12"), work.NewText("2026.12"), false},
		{work.NewList("a", "b"), work.NewList("a"), false},
		{work.NewNumber(5), work.NewText("5.0"), true},
		{work.NewNumber(5), work.NewText("five"), false},
		{work.NewNumber(0), work.Empty(), false},
		{day, work.NewText("2026-12-01"), true},
		{day, work.NewText("2026-12-01T01:00:00+01:00"), true},
		{day, work.NewText("soon"), false},
		{work.NewText("5"), work.NewText("5.0"), false},
		{work.NewFlag(true), work.NewText("true"), false},
		{work.Value{}, work.Empty(), false},
		{work.Empty(), work.NewList(), true},
	} {
		if got := c.a.Says(c.b); got != c.want {
			t.Errorf("%s %v says %s %v: %v, want %v", c.a.Kind(), c.a, c.b.Kind(), c.b, got, c.want)
		}
	}
}

func TestSayingTheSameGoesBothWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SampledFrom([]work.Value{
			{},
			work.Empty(), work.NewText("5"), work.NewText("5.0"), work.NewNumber(5), work.NewList("5"), work.NewList("5", "6"),
			work.NewText("2026-12-01"), work.NewTime(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)), work.NewFlag(true), work.NewFlag(false),
		})
		a, b := some.Draw(t, "a"), some.Draw(t, "b")
		if a.Says(b) != b.Says(a) || !a.Says(a) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}
