package rank_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// drawSubject draws an item of which little or much is known. Its numbers have six
// decimals: by less than any person writes a formula may divide until its result
// is beyond all numbers, and counts as unknown.
func drawSubject(t *rapid.T) *expression.Subject {
	s := &expression.Subject{Item: &work.Item{ID: "i"}}
	for _, f := range []work.Field{
		work.Reach, work.Impact, work.Confidence, work.Effort, work.BusinessValue, work.TimeCriticality, work.RiskReduction,
		work.Ease, work.Importance, work.Satisfaction, work.CostOfDelay, work.Duration,
	} {
		if rapid.Bool().Draw(t, f.String()+" is known") {
			s.Item.Fields.Set(f, work.NewNumber(math.Round(1e6*rapid.Float64Range(-2, 30).Draw(t, f.String()))/1e6))
		}
	}
	if rapid.Bool().Draw(t, "category is known") {
		s.Item.Fields.Set(work.MoSCoW, work.NewText(rapid.SampledFrom([]string{"Must", "should have", "could", "won't", "perhaps"}).Draw(t, "category")))
	}
	if n := rapid.IntRange(0, 30).Draw(t, "accounts"); n > 0 {
		s.Evidence = work.Evidence{Accounts: n, Signals: n, Confidence: float64(n) / float64(n+3)}
		s.Evidence.Importance = drawAnswers(t, n)
		s.Evidence.Satisfaction = drawAnswers(t, n)
	}
	if rapid.Bool().Draw(t, "goal") {
		s.Goal = expression.Goal{Name: "keep", Weight: rapid.Float64Range(0, 9).Draw(t, "weight")}
	}
	return s
}

func drawAnswers(t *rapid.T, most int) work.Answers {
	sample := rapid.IntRange(0, most).Draw(t, "answers")
	return work.Answers{Top: float64(rapid.IntRange(0, sample).Draw(t, "top")), Sample: sample}
}

// every compiles each method, with the inputs that it ships.
func every(tb testing.TB) map[string]*rank.Ranker {
	tb.Helper()
	all := map[string]*rank.Ranker{
		"ice by product": compile(tb, rank.Spec{Lens: rank.Lens{Method: "ice", Combine: "product"}}),
		"weighted":       compile(tb, rank.Spec{Lens: rank.Lens{Method: "weighted", Weights: map[string]float64{"value": 3, "reach": 1, "effort": -2}}}),
		"expression":     compile(tb, rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "item.value / item.effort * 10"}}),
	}
	for _, m := range rank.Methods() {
		if all[m.Name] == nil {
			all[m.Name] = compile(tb, method(m.Name))
		}
	}
	return all
}

func drawScore(t *rapid.T) rank.Score {
	v := float64(rapid.IntRange(0, 20).Draw(t, "score")) * 5
	w := float64(rapid.IntRange(0, 2).Draw(t, "width")) * 7
	return rank.Score{Value: v, Low: max(0, v-w), High: min(100, v+w), Known: rapid.Bool().Draw(t, "known")}
}

func drawEntries(t *rapid.T) []rank.Entry {
	entries := make([]rank.Entry, rapid.IntRange(1, 12).Draw(t, "entries"))
	for i := range entries {
		entries[i] = rank.Entry{
			ID:      work.ItemID(fmt.Sprintf("i%d", i)),
			Team:    rapid.SampledFrom([]string{"", "pay", "web"}).Draw(t, "team"),
			Horizon: rapid.IntRange(0, 3).Draw(t, "horizon"),
			Scored:  rank.Scored{Why: drawScore(t), Next: drawScore(t)},
			Created: day(rapid.IntRange(0, 2).Draw(t, "created")),
			Previous: rank.Previous{
				Tier:  rapid.SampledFrom([]string{"", "1", "2", "3", "4", "gone"}).Draw(t, "tier"),
				Since: day(rapid.IntRange(-10, 0).Draw(t, "since")),
				Place: rapid.IntRange(0, 3).Draw(t, "place"),
			},
		}
	}
	return entries
}

func TestScoresStayOnTheirScale(t *testing.T) {
	t.Parallel()
	rankers := every(t)
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		for name, r := range rankers {
			got := r.Score(s).Next
			if c := got.Confidence(); !(0 <= c && c <= 1) {
				t.Fatalf("%s: confidence %v", name, c)
			}
			if !(0 <= got.Low && got.Low <= got.Value && got.Value <= got.High && got.High <= 100) {
				t.Fatalf("%s: score %v is outside of its interval or scale", name, got)
			}
			if got.Gaps == nil && (!got.Known || got.Low != got.High && name != "opportunity") {
				t.Fatalf("%s: nothing is missing, and the score is %+v", name, got)
			}
			if got.Value != math.Round(got.Value*10)/10 {
				t.Fatalf("score %v has more than one decimal", got.Value)
			}
			for _, name := range refused(got) {
				if !slices.Contains(got.Missing(), name) {
					t.Fatalf("%s is refused and not missing: %+v", name, got)
				}
			}
		}
	})
}

func refused(s rank.Score) []string {
	if s.Gaps == nil {
		return nil
	}
	return s.Gaps.Refused
}

func TestMoreOfAGoodInputNeverLowersAScore(t *testing.T) {
	t.Parallel()
	rankers := every(t)
	good := map[string][]work.Field{
		"rice": {work.Impact}, "ice": {work.Impact, work.Ease}, "ice by product": {work.Impact, work.Ease},
		"wsjf": {work.BusinessValue, work.TimeCriticality, work.RiskReduction}, "cd3": {work.CostOfDelay},
		"opportunity": {work.Importance}, "value_effort": {work.BusinessValue}, "weighted": {work.BusinessValue}, "expression": {work.BusinessValue},
	}
	bad := map[string][]work.Field{
		"rice": {work.Effort}, "wsjf": {work.Effort}, "cd3": {work.Duration}, "opportunity": {work.Satisfaction}, "value_effort": {work.Effort},
		"weighted": {work.Effort}, "expression": {work.Effort},
	}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		// What makes no sense counts as missing, so the law holds from 0 on.
		from := rapid.Float64Range(0.01, 10).Draw(t, "from")
		to := rapid.Float64Range(from, 10).Draw(t, "to")
		weight := rapid.Float64Range(0.1, 5).Draw(t, "weight of the goal")
		heavier := weight + rapid.Float64Range(0, 3).Draw(t, "more weight")
		for name, r := range rankers {
			at := func(f work.Field, x float64) float64 {
				s.Item.Fields.Set(f, work.NewNumber(x))
				return r.Score(s).Next.Value
			}
			for _, f := range good[name] {
				if less, more := at(f, from), at(f, to); more < less {
					t.Fatalf("%s: %v from %v to %v moved the score from %v to %v", name, f, from, to, less, more)
				}
			}
			for _, f := range bad[name] {
				if less, more := at(f, from), at(f, to); more > less {
					t.Fatalf("%s: %v from %v to %v moved the score from %v to %v", name, f, from, to, less, more)
				}
			}
			s.Goal = expression.Goal{Name: "keep", Weight: weight}
			less := r.Score(s).Next.Value
			s.Goal.Weight = heavier
			if more := r.Score(s).Next.Value; more < less {
				t.Fatalf("%s: a goal of weight %v instead of %v moved the score from %v to %v", name, s.Goal.Weight, weight, less, more)
			}
		}
	})
}

func TestMoreEvidenceNeverRanksLower(t *testing.T) {
	t.Parallel()
	r := compile(t, method("rice"))
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		before := r.Score(s).Next.Value
		more := *s
		more.Evidence.Accounts += rapid.IntRange(1, 5).Draw(t, "more")
		more.Evidence.Signals = more.Evidence.Accounts
		more.Evidence.Confidence = max(0.0846, more.Evidence.Confidence) // of one review
		if after := r.Score(&more).Next.Value; after < before {
			t.Fatalf("more accounts moved the score from %v to %v", before, after)
		}
	})
}

func TestLawsOfTheOrder(t *testing.T) {
	t.Parallel()
	r := compile(t, tiered(0.05, 7*24*time.Hour))
	rapid.Check(t, func(t *rapid.T) {
		entries := drawEntries(t)
		got := r.Order(entries, day(0))

		// Total: every entry once, places without gaps.
		places := map[string]int{}
		seen := map[work.ItemID]bool{}
		for i, p := range got {
			e := entries[slices.IndexFunc(entries, func(e rank.Entry) bool { return e.ID == p.ID })]
			places[e.Team]++
			if seen[p.ID] || p.Overall != i+1 || p.Place != places[e.Team] || p.Tie < 1 || p.Tie > p.Place {
				t.Fatalf("placement %+v at %d, place %d of its team", p, i+1, places[e.Team])
			}
			seen[p.ID] = true
		}
		if len(seen) != len(entries) {
			t.Fatalf("%d entries have %d places", len(entries), len(seen))
		}

		// The order of the input changes nothing.
		mixed := rapid.Permutation(entries).Draw(t, "mixed")
		if diff := cmp.Diff(got, r.Order(mixed, day(0))); diff != "" {
			t.Fatalf("another order of entries (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(r.WhyOrder(entries), r.WhyOrder(mixed)); diff != "" {
			t.Fatalf("another order of entries by why (-want +got):\n%s", diff)
		}

		// One item less changes nobody's tier, and nobody's order among the rest.
		left := slices.Delete(slices.Clone(mixed), 0, 1)
		rest := r.Order(left, day(0))
		want := slices.DeleteFunc(slices.Clone(got), func(p rank.Placement) bool { return p.ID == mixed[0].ID })
		for i := range rest {
			if rest[i].ID != want[i].ID || rest[i].Tier != want[i].Tier || rest[i].Memory.Since != want[i].Memory.Since {
				t.Fatalf("without %s: got %+v, want %+v", mixed[0].ID, rest[i], want[i])
			}
		}
	})
}

func TestThirtyIdleDaysMoveNothing(t *testing.T) {
	t.Parallel()
	r := compile(t, tiered(0.05, 7*24*time.Hour))
	rapid.Check(t, func(t *rapid.T) {
		subjects := rapid.SliceOfN(rapid.Custom(drawSubject), 1, 8).Draw(t, "subjects")
		// run ranks everything at a day, from the memory of the last run.
		memory := map[work.ItemID]rank.Previous{}
		run := func(asOf time.Time) []rank.Placement {
			entries := make([]rank.Entry, 0, len(subjects))
			for i, s := range subjects {
				s.AsOf = asOf
				id := work.ItemID(fmt.Sprintf("i%d", i))
				entries = append(entries, rank.Entry{ID: id, Scored: r.Score(s), Previous: memory[id]})
			}
			placements := r.Order(entries, asOf)
			for _, p := range placements {
				memory[p.ID] = p.Memory
			}
			return placements
		}
		first := run(day(0))
		for n := 1; n <= 30; n++ {
			if diff := cmp.Diff(first, run(day(n))); diff != "" {
				t.Fatalf("idle day %d moved (-want +got):\n%s", n, diff)
			}
		}
	})
}

func TestTheBandHolds(t *testing.T) {
	t.Parallel()
	r := compile(t, tiered(0.05, 0))
	rapid.Check(t, func(t *rapid.T) {
		// A score that trembles around a threshold by less than half the band
		// changes its tier at most once: when it enters from elsewhere.
		threshold := rapid.SampledFrom([]float64{80, 60, 30}).Draw(t, "threshold")
		previous := rank.Previous{}
		changes := -1 // the first tier is none
		for n := range rapid.IntRange(1, 20).Draw(t, "days") {
			v := threshold + rapid.Float64Range(-2.4, 2.4).Draw(t, "off")
			p := r.Order([]rank.Entry{{ID: "i", Scored: rank.Scored{Next: score(v)}, Previous: previous}}, day(n))[0]
			if p.Memory.Tier != previous.Tier {
				changes++
			}
			previous = p.Memory
		}
		if changes > 0 {
			t.Fatalf("the tier changed %d times around %v", changes, threshold)
		}
	})
}
