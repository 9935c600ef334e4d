package evidence_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// used returns usage of a name, n days before day 100 of 2026.
func used(name string, n int32, count float64) evidence.Usage {
	return evidence.Usage{Connector: "posthog", Name: name, Day: evidence.DayNumber(day(100)) - n, Count: number(count), Audience: work.Internal}
}

func TestUsageIsComparedWithTheDaysBefore(t *testing.T) {
	t.Parallel()
	unknown := work.Value{}
	for _, tc := range []struct {
		name         string
		rows         []evidence.Usage
		total, trend work.Value
	}{
		{"nothing", nil, unknown, unknown},
		{"today is not over", []evidence.Usage{used("x", 0, 9)}, unknown, unknown},
		{"long ago", []evidence.Usage{used("x", 57, 9)}, unknown, unknown},
		{"new: nothing to compare with", []evidence.Usage{used("x", 1, 9), used("x", 28, 1)}, number(10), unknown},
		{"only before: how it is now is missing, not zero", []evidence.Usage{used("x", 29, 9)}, unknown, unknown},
		{"doubled", []evidence.Usage{used("x", 1, 8), used("x", 30, 4)}, number(8), number(1)},
		{"missing days are not zero", []evidence.Usage{used("x", 1, 4), used("x", 2, 4), used("x", 30, 4)}, number(8), number(0)},
		{"zero is zero", []evidence.Usage{used("x", 1, 0), used("x", 30, 4)}, number(0), number(-1)},
		{"after nothing but zeros no share is known", []evidence.Usage{used("x", 1, 4), used("x", 30, 0)}, number(4), unknown},
		{"a name that is new does not make a trend", []evidence.Usage{used("x", 1, 4), used("x", 30, 4), used("y", 1, 100)}, number(104), number(0)},
		{"who does not tell is not counted", []evidence.Usage{{Connector: "posthog", Name: "x", Day: evidence.DayNumber(day(99))}}, unknown, unknown},
	} {
		total, trend, audience := evidence.SumUsage(tc.rows, day(100))
		if !equalValue(total, tc.total) || !equalValue(trend, tc.trend) {
			t.Errorf("%s: %v, trend %v; want %v, %v", tc.name, total, trend, tc.total, tc.trend)
		}
		if want := total.Known() || trend.Known() || tc.name[:4] == "only"; (audience == work.Internal) != want {
			t.Errorf("%s: audience %v", tc.name, audience)
		}
	}
}

func TestInsightsAreCountedOnceEach(t *testing.T) {
	t.Parallel()
	about := func(id, target string, n int, a work.Audience) evidence.Finding {
		return evidence.Finding{Of: work.RefID{Connector: "notes", ID: id}, Target: target, Day: evidence.DayNumber(day(n)), Audience: a}
	}
	n, audience := evidence.CountFindings([]evidence.Finding{
		about("1", "jira:PAY-1", 10, work.Public), about("1", "github:acme/pay#1", 10, work.Public), about("2", "jira:PAY-1", 100, work.Restricted),
		about("3", "jira:PAY-1", 101, work.UnknownAudience),
	}, day(100))
	if n != 2 || audience != work.Restricted {
		t.Errorf("%d insights for %v, want 2 for restricted", n, audience)
	}
}

func TestLawsOfUsage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seen := map[[2]int32]bool{}
		var rows []evidence.Usage
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			name, n := rapid.Int32Range(0, 2).Draw(t, "name"), rapid.Int32Range(-2, 60).Draw(t, "day")
			if !seen[[2]int32{name, n}] {
				rows = append(rows, used(string(rune('a'+name)), n, float64(rapid.IntRange(0, 99).Draw(t, "count"))))
			}
			seen[[2]int32{name, n}] = true
		}
		total, trend, audience := evidence.SumUsage(rows, day(100))
		again, trendAgain, audienceAgain := evidence.SumUsage(rapid.Permutation(rows).Draw(t, "mixed"), day(100))
		if total != again || trend != trendAgain || audience != audienceAgain {
			t.Fatalf("another order gives %v %v, want %v %v", again, trendAgain, total, trend)
		}
		if f, ok := trend.Number(); ok && (f < -1 || !total.Known()) {
			t.Fatalf("impossible trend %v of %v", f, total)
		}
	})
}

func TestBoundsHoldTheScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 500).Draw(t, "n")
		e := work.Evidence{
			NPS: number(float64(rapid.IntRange(-100, 100).Draw(t, "nps"))), CSAT: number(rapid.Float64Range(0, 1).Draw(t, "csat")),
			NPSSample: n, CSATSample: n,
		}
		more := e
		more.NPSSample, more.CSATSample = 4*n, 4*n
		width := func(e *work.Evidence, bounds func(*work.Evidence) (low, high work.Value), score work.Value, least, most float64) float64 {
			low, high := bounds(e)
			a, _ := low.Number()
			b, _ := high.Number()
			s, _ := score.Number()
			if a > s+1e-9 || b < s-1e-9 || a < least || b > most {
				t.Fatalf("%v lies outside of %v to %v", s, a, b)
			}
			return b - a
		}
		if width(&e, (*work.Evidence).NPSBounds, e.NPS, -100, 100) <= width(&more, (*work.Evidence).NPSBounds, e.NPS, -100, 100) {
			t.Fatal("more answers made the NPS less sure")
		}
		if width(&e, (*work.Evidence).CSATBounds, e.CSAT, 0, 1) <= width(&more, (*work.Evidence).CSATBounds, e.CSAT, 0, 1) {
			t.Fatal("more answers made the CSAT less sure")
		}
	})
	one := work.Evidence{NPS: number(100), NPSSample: 1}
	low, high := one.NPSBounds()
	if a, _ := low.Number(); math.Abs(a - -46.0) > 1 || !equalValue(high, number(100)) {
		t.Errorf("one promoter says %v to %v", low, high)
	}
	if low, _ := new(work.Evidence).NPSBounds(); low.Known() {
		t.Error("nobody answered, and there are bounds")
	}
}

func TestTheStrongestVoicesComeFirstAsFarAsTheReaderMaySee(t *testing.T) {
	t.Parallel()
	p := compile(t, evidence.Spec{Segments: map[string]float64{"enterprise": 4}})
	row := func(id string, d evidence.Day, standing evidence.Standing) evidence.Said {
		return evidence.Said{Of: work.RefID{Connector: "hotjar", ID: id}, Day: d, Standing: standing}
	}
	strict := said("acme", 100, func(d *evidence.Day) { d.Audience = work.Restricted })
	rows := []evidence.Said{
		row("old", said("acme", 10), evidence.Counts), row("new", said("acme", 100), evidence.Counts), row("new", said("acme", 100, target("github:a/b#1")), evidence.Counts),
		row("dear", said("bolt", 10, segment("enterprise")), evidence.Counts), row("secret", strict, evidence.Counts),
		row("echo", said("acme", 100), evidence.Echoes), row("no", said("acme", 100), evidence.Rejected), row("later", said("acme", 101), evidence.Counts),
	}
	voices, restricted := p.Strongest(rows, day(100), 3, func(a work.Audience) bool { return a.Reaches(work.Internal) })
	var got []string
	for _, v := range voices {
		got = append(got, v.Of.ID)
	}
	if len(got) != 3 || got[0] != "dear" || got[1] != "new" || got[2] != "old" || restricted != 1 {
		t.Errorf("got %v and %d restricted", got, restricted)
	}
	if _, all := p.Strongest(rows, day(100), 9, func(work.Audience) bool { return true }); all != 0 {
		t.Errorf("%d restricted for who sees all", all)
	}
}

// TestUsageWindowsAreWholeDays makes sure that a trend does not move while a
// day goes by.
func TestUsageWindowsAreWholeDays(t *testing.T) {
	t.Parallel()
	rows := []evidence.Usage{used("x", 0, 1000), used("x", 1, 8), used("x", 30, 4)}
	a, b, _ := evidence.SumUsage(rows, day(100).Truncate(24*time.Hour))
	c, d, _ := evidence.SumUsage(rows, day(100).Truncate(24*time.Hour).Add(23*time.Hour))
	if a != c || b != d {
		t.Errorf("%v %v, later %v %v", a, b, c, d)
	}
}
