package evidence_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

func number(f float64) work.Value { return work.NewNumber(f) }

func TestAFeedbackBecomesTheRowOfItsDay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("east", 2*60*60)) // 28 February in UTC
	key := func(m work.Method) evidence.Key {
		return evidence.Key{Target: "jira:PAY-1", Account: "acme", Person: "p", Method: m, Kind: "bug", Day: 20512}
	}
	cases := []struct {
		name string
		fb   work.Feedback
		want evidence.Day
	}{
		{"without a score", work.Feedback{Method: work.Request}, evidence.Day{Key: key(work.Request)}},
		{"with the account's value", work.Feedback{Method: work.Request, Value: number(500)}, evidence.Day{Key: key(work.Request), Value: number(500)}},
		{"with a value that is no number", work.Feedback{Method: work.Request, Value: work.NewText("gold")}, evidence.Day{Key: key(work.Request)}},
		{"promoter", work.Feedback{Method: work.NPS, Score: number(9)}, evidence.Day{Key: key(work.NPS), ScoreCount: 1, ScoreSum: 943718. / (1 << 20), Promoters: 1}},
		{"passive", work.Feedback{Method: work.NPS, Score: number(8), Scale: "0-10"}, evidence.Day{Key: key(work.NPS), ScoreCount: 1, ScoreSum: 838861. / (1 << 20)}},
		{"detractor", work.Feedback{Method: work.NPS, Score: number(6), Scale: "1-10"}, evidence.Day{Key: key(work.NPS), ScoreCount: 1, ScoreSum: 629146. / (1 << 20), Detractors: 1}},
		{"NPS on another scale", work.Feedback{Method: work.NPS, Score: number(4), Scale: "1-5"}, evidence.Day{Key: key(work.NPS)}},
		{"satisfied", work.Feedback{Method: work.CSAT, Score: number(4)}, evidence.Day{Key: key(work.CSAT), ScoreCount: 1, ScoreSum: 0.75, Promoters: 1}},
		{"satisfied of seven", work.Feedback{Method: work.CSAT, Score: number(4), Scale: "1 to 7"}, evidence.Day{Key: key(work.CSAT), ScoreCount: 1, ScoreSum: 0.5}},
		{"below a scale", work.Feedback{Method: work.CSAT, Score: number(0)}, evidence.Day{Key: key(work.CSAT)}},
		{"above a scale", work.Feedback{Method: work.CSAT, Score: number(80)}, evidence.Day{Key: key(work.CSAT)}},
		{"scale that nobody reads", work.Feedback{Method: work.CSAT, Score: number(4), Scale: "stars"}, evidence.Day{Key: key(work.CSAT)}},
		{"survey without a scale", work.Feedback{Method: work.Survey, Score: number(4)}, evidence.Day{Key: key(work.Survey)}},
		{"scale from below zero", work.Feedback{Method: work.Survey, Score: number(0), Scale: "-2..2"}, evidence.Day{Key: key(work.Survey), ScoreCount: 1, ScoreSum: 0.5}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.fb.Account, tc.fb.Person, tc.fb.Kind, tc.fb.At, tc.fb.Audience = "acme", "p", "bug", at, work.Internal
			tc.want.Count, tc.want.Audience = 1, work.Internal
			got := evidence.DayOf(&tc.fb, evidence.Link{Target: "jira:PAY-1"})
			if diff := cmp.Diff(tc.want, got, cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDaysAreCountedInUTC(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		at   time.Time
		want int32
	}{
		{time.Time{}, 0},
		{time.Unix(0, 0), 0},
		{time.Unix(-1, 0), -1},
		{time.Unix(86399, 0), 0},
		{time.Unix(86400, 0), 1},
		{time.Date(2026, 11, 21, 23, 59, 0, 0, time.FixedZone("west", -60*60)), 20779},
	} {
		if got := evidence.DayNumber(tc.at); got != tc.want {
			t.Errorf("%v is day %d, want %d", tc.at, got, tc.want)
		}
	}
}

func TestAFeedbackWithoutATimeCountsWhenItLastChanged(t *testing.T) {
	t.Parallel()
	got := evidence.DayOf(&work.Feedback{Version: time.Unix(3*86400, 0)}, evidence.Link{Target: "jira:PAY-1"}).Day
	if got != 3 {
		t.Errorf("got day %d, want 3", got)
	}
}

// drawDay draws a row with few different keys, so that rows meet.
func drawDay(t *rapid.T) evidence.Day {
	d := evidence.Day{
		Key: evidence.Key{
			Target:  rapid.SampledFrom([]string{"jira:PAY-1", "github:acme/pay#1"}).Draw(t, "target"),
			Account: rapid.SampledFrom([]string{"", "acme", "bolt", "crane"}).Draw(t, "account"),
			Person:  rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "person"),
			Method:  rapid.SampledFrom([]work.Method{work.Interview, work.NPS, work.CSAT, work.Request}).Draw(t, "method"),
			Kind:    rapid.SampledFrom([]string{"bug", "request"}).Draw(t, "kind"),
			Day:     rapid.Int32Range(20000, 20010).Draw(t, "day"),
		},
		Count:    rapid.Int32Range(1, 5).Draw(t, "count"),
		Audience: rapid.SampledFrom([]work.Audience{work.UnknownAudience, work.Public, work.Internal, work.Restricted}).Draw(t, "audience"),
	}
	if rapid.Bool().Draw(t, "scored") {
		d.ScoreCount = d.Count
		d.ScoreSum = float64(rapid.Int32Range(0, d.Count*8).Draw(t, "sum")) / 8
		d.Promoters = rapid.Int32Range(0, d.Count).Draw(t, "promoters")
		d.Detractors = d.Count - d.Promoters
	}
	if rapid.Bool().Draw(t, "priced") {
		d.Value = number(float64(rapid.IntRange(0, 9).Draw(t, "value")))
	}
	return d
}

func drawDays(t *rapid.T) []evidence.Day {
	return rapid.SliceOfN(rapid.Custom(drawDay), 0, 12).Draw(t, "days")
}

func TestFoldingIsTheSameInAnyOrderAndInParts(t *testing.T) {
	t.Parallel()
	same := cmp.Comparer(func(a, b work.Value) bool { return a == b })
	rapid.Check(t, func(t *rapid.T) {
		days := drawDays(t)
		whole := evidence.Fold(days)
		mixed := rapid.Permutation(days).Draw(t, "mixed")
		if diff := cmp.Diff(whole, evidence.Fold(mixed), same, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("another order (-want +got):\n%s", diff)
		}
		cut := rapid.IntRange(0, len(days)).Draw(t, "cut")
		parts := evidence.Fold(append(evidence.Fold(mixed[:cut]), evidence.Fold(mixed[cut:])...))
		if diff := cmp.Diff(whole, parts, same, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("in parts (-want +got):\n%s", diff)
		}
	})
}
