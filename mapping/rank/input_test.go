package rank_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

func TestNumbersThatMakeNoSenseAreMissing(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	cases := []struct {
		name            string
		method          string
		s               *expression.Subject
		missing, refuse []string
	}{
		{"effort of nothing", "value_effort", subject(fields{work.BusinessValue: 3, work.Effort: 0}), []string{"effort"}, []string{"effort"}},
		{"value below nothing", "value_effort", subject(fields{work.BusinessValue: -3, work.Effort: 1}), []string{"value"}, []string{"value"}},
		{"job size of nothing", "wsjf", subject(fields{work.BusinessValue: 3, work.TimeCriticality: 1, work.RiskReduction: 1, work.Effort: 0}), []string{"effort"}, []string{"effort"}},
		{"no time at all", "cd3", subject(fields{work.CostOfDelay: 100, work.Duration: 0}), []string{"duration"}, []string{"duration"}},
		{"no effort in place of time", "cd3", subject(fields{work.CostOfDelay: 100, work.Effort: 0}), []string{"duration"}, []string{"duration"}},
		{"infinite cost", "cd3", subject(fields{work.CostOfDelay: inf, work.Duration: 2}), []string{"cost_of_delay"}, nil},
		{"a cost that is no number", "cd3", subject(fields{work.CostOfDelay: nan, work.Duration: 2}), []string{"cost_of_delay"}, nil},
		{"ease of no effort", "ice", subject(fields{work.Impact: 5, work.Effort: 0}), []string{"confidence", "ease"}, nil},
		{"importance of 80 %", "opportunity", subject(fields{work.Importance: 80, work.Satisfaction: 3}), []string{"importance"}, []string{"importance"}},
		{"infinite reach", "rice", subject(fields{work.Impact: inf, work.Effort: 1}, heard(3, 0.4)), []string{"impact"}, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := compile(t, method(tc.method)).Score(tc.s).Next
			if !cmp.Equal(*got.Gaps, rank.Gaps{Missing: tc.missing, Refused: tc.refuse}) || got.Known || math.IsNaN(got.Value) || !(got.Low < got.High) {
				t.Errorf("got %+v, want %v missing, %v refused", got, tc.missing, tc.refuse)
			}
		})
	}
}

func TestUnknownCategoriesAreNotGuessed(t *testing.T) {
	t.Parallel()
	spec := tiered(0.05, 0)
	spec.Method = "moscow"
	r := compile(t, spec)
	for category, tier := range map[string]string{"Must": "1", "SHOULD": "2", "could-have": "3", "Won't": "4", "perhaps": "", "": "", "must not": ""} {
		s := subject(nil)
		s.Item.Fields.Set(work.MoSCoW, work.NewText(category))
		if got := r.Order([]rank.Entry{{ID: "i", Scored: r.Score(s)}}, day(0))[0].Tier; got != tier {
			t.Errorf("%q has priority %q, want %q", category, got, tier)
		}
	}
	s := subject(nil)
	s.Item.Fields.Set(work.MoSCoW, work.NewText("perhaps"))
	want := "category perhaps makes no sense (item.moscow): 40 assumed, 0 to 80 possible; without it the score is not known"
	if got := r.Terms(s)[0].Text; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAGoalPullsWithinACategory(t *testing.T) {
	t.Parallel()
	r := compile(t, method("moscow"))
	said := func(category string, weight float64) float64 {
		s := subject(nil, goal(weight))
		s.Item.Fields.Set(work.MoSCoW, work.NewText(category))
		return r.Score(s).Next.Value
	}
	for _, tc := range []struct {
		category string
		weight   float64
		want     float64
	}{
		{"must", 1, 80}, {"must", 4, 89}, {"must", 99, 89}, {"must", 0.25, 71}, {"should", 2, 64.5}, {"could", 4, 49}, {"won't", 4, 0},
	} {
		if got := said(tc.category, tc.weight); got != tc.want {
			t.Errorf("%s with a goal of weight %v: got %v, want %v", tc.category, tc.weight, got, tc.want)
		}
	}
}

// TestUsageNeedsNoFeedback: what was measured counts where nobody said
// anything.
func TestUsageNeedsNoFeedback(t *testing.T) {
	t.Parallel()
	spec := rank.Spec{Lens: rank.Lens{Method: "weighted", Weights: map[string]float64{"use": 1}, Inputs: map[string]work.Expression{"use": "evidence.usage"}, Caps: map[string]float64{"use": 1000}}}
	s := subject(nil)
	s.Evidence.Usage = work.NewNumber(1000)
	if got := compile(t, spec).Score(s).Next; !got.Known || got.Value != 100 {
		t.Errorf("got %+v, want 100", got)
	}
}
