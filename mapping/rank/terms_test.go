package rank_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/rank"
)

func TestTermsSayWhy(t *testing.T) {
	t.Parallel()
	r := compile(t, rank.Spec{
		Why: &rank.Lens{Method: "rice", Inputs: map[string]work.Expression{"reach": "evidence.accounts * 2"}, Caps: map[string]float64{"reach": 100}},
		Next: &rank.Lens{
			Method: "weighted", Weights: map[string]float64{"value": 2, "effort": -1, "revenue": 0.5},
			Inputs: map[string]work.Expression{"revenue": "evidence.value"},
		},
	})
	s := subject(fields{work.Impact: 3.5, work.Effort: 0, work.BusinessValue: 8}, heard(12, 0.81649), goal(2))
	want := []string{
		"why: reach 24 (evidence.accounts (12) * 2): +59.1 points against the usual 1",
		"why: impact 3.5 (item.impact), counts as 3: +22.8 points against the usual 1",
		"why: confidence 0.82 (evidence.confidence): +53.5 points against the usual 0.05",
		"why: effort 0 makes no sense (item.effort): 3 assumed, 1 to 9 possible; without it the score is not known",
		"why: goal keep multiplies by 2: +14.5 points",
		"next: effort 0 makes no sense (item.effort): 3 assumed, 1 to 9 possible; without it the score is not known: 17.9 points",
		"next: revenue is unknown (evidence.value): 10000 assumed, 3333.33 to 30000 possible: 9.5 points",
		"next: value 8 (item.value): 41.2 points",
		"next: goal keep multiplies by 2: +31.3 points",
	}
	var got []string
	for _, term := range r.Terms(s) {
		got = append(got, term.Lens+": "+term.Text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("terms (-want +got):\n%s\n%s", diff, strings.Join(got, "\n"))
	}
}

func TestTermsCarryTheirParts(t *testing.T) {
	t.Parallel()
	got := compile(t, rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "item.value * 2"}}).Terms(subject(fields{work.BusinessValue: 8}))
	want := []rank.Term{{
		Lens: "rank", Name: "score", Source: "item.value * 2", Value: work.NewNumber(16), Contribution: 16,
		Text: "score 16 (item.value (8) * 2)",
	}}
	same := cmp.Comparer(func(a, b work.Value) bool { return a == b })
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	missing := compile(t, method("rice")).Terms(subject(nil))[0]
	if missing.Value.Known() || !missing.Prior {
		t.Errorf("reach without feedback is %v, prior %v; want unknown, true", missing.Value, missing.Prior)
	}
}

func TestWeightedTermsSumUpToTheScore(t *testing.T) {
	t.Parallel()
	r := compile(t, rank.Spec{Lens: rank.Lens{Method: "weighted", Weights: map[string]float64{"value": 3, "reach": 1, "effort": -2}}})
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		sum := 0.0
		for _, term := range r.Terms(s) {
			sum += term.Contribution
		}
		if score := r.Score(s).Next.Value; math.Abs(score-sum) > 0.3 { // each is rounded
			t.Fatalf("the terms sum up to %v, and the score is %v", sum, score)
		}
	})
}
