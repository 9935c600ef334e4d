package rank_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/config"
	"tandem/internal/work"
	"tandem/mapping/rank"
)

// load reads the section as an admin writes it and returns all mistakes.
func load(t *testing.T, text string) (rank.Spec, string) {
	t.Helper()
	document, found := config.ParseDocument("rules.yaml", []byte(text))
	if found != nil {
		t.Fatal(found)
	}
	var spec rank.Spec
	found = document.DecodeAt("/rank", &spec)
	_, problems := rank.Compile("/rank", spec)
	return spec, append(found, document.Diagnose(problems)...).Error()
}

func TestTheSectionReadsAsDocumented(t *testing.T) {
	t.Parallel()
	type inputs = map[string]work.Expression
	for _, tc := range []struct {
		name, text string
		want       rank.Spec
	}{
		{"one lens", "rank: {method: rice}\n", rank.Spec{Lens: rank.Lens{Method: "rice"}}},
		{
			"weights", "rank: {method: weighted, weights: {value: 2, effort: -1, revenue: 0.5}, revenue: evidence.value, priors: {effort: 5}, caps: {revenue: 1000}}\n",
			rank.Spec{Lens: rank.Lens{
				Method: "weighted", Weights: map[string]float64{"value": 2, "effort": -1, "revenue": 0.5}, Inputs: inputs{"revenue": "evidence.value"},
				Priors: map[string]float64{"effort": 5}, Caps: map[string]float64{"revenue": 1000},
			}},
		},
		{"product", "rank: {method: ice, combine: product}\n", rank.Spec{Lens: rank.Lens{Method: "ice", Combine: "product"}}},
		{
			"two lenses", `rank:
  why:  {method: rice, reach: evidence.accounts, confidence: evidence.confidence, impact: item.impact, effort: item.effort}
  next: {method: expression, expression: '60 / item.effort'}
  order: [horizon, next, why]
  tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}
  unknown: leave
  band: 5%
  dwell: 7d
`,
			rank.Spec{
				Why: &rank.Lens{Method: "rice", Inputs: inputs{
					"reach": "evidence.accounts", "confidence": "evidence.confidence", "impact": "item.impact", "effort": "item.effort",
				}},
				Next:    &rank.Lens{Method: "expression", Expression: "60 / item.effort"},
				Order:   []string{"horizon", "next", "why"},
				Tiers:   &rank.Tiers{Of: "next", Least: map[string]float64{"1": 80, "2": 60, "3": 30, "4": 0}},
				Unknown: "leave", Band: new(rank.DefaultBand), Dwell: new(rank.DefaultDwell),
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, mistakes := load(t, tc.text)
			if mistakes != "" {
				t.Fatal(mistakes)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMistakesAreFoundInTheFile(t *testing.T) {
	t.Parallel()
	_, got := load(t, `rank:
  why: {method: rise}
  next:
    method: wsjf
    efort: item.effort
    value: item.valeu
    priors: {size: 3}
  order: next
  tiers: {1: 80, 2: 60}
  unknown: keep
`)
	want := `rules.yaml:2:17: there is no method "rise"; write rice, ice, wsjf, cd3, opportunity, moscow, value_effort, weighted, expression
rules.yaml:5:5: wsjf has no input "efort"; did you mean "effort"?
rules.yaml:6:12: column 1: there is no item.valeu; did you mean "item.value"?
rules.yaml:7:14: wsjf has no input "size"; known are: value, time_criticality, risk_reduction, effort
rules.yaml:9:3: no priority covers the scores from 0 on; give the least urgent one the least score 0, as in 4: 0
rules.yaml:10:12: "keep" says nothing about missing inputs; write leave (the priority stays) or prior (the tier of the assumed score)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
