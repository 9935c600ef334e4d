package rank_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// compile compiles a spec that must be right.
func compile(tb testing.TB, spec rank.Spec) *rank.Ranker {
	tb.Helper()
	r, problems := rank.Compile("/rank", spec)
	for _, problem := range problems {
		tb.Errorf("unexpected problem: %v", problem)
	}
	if r == nil {
		tb.Fatal("no ranker")
	}
	return r
}

func method(name string) rank.Spec { return rank.Spec{Lens: rank.Lens{Method: name}} }

// fields are the known numbers of a test item.
type fields map[work.Field]float64

func subject(known fields, options ...func(*expression.Subject)) *expression.Subject {
	s := &expression.Subject{Item: &work.Item{ID: "i"}}
	for f, v := range known {
		s.Item.Fields.Set(f, work.NewNumber(v))
	}
	for _, o := range options {
		o(s)
	}
	return s
}

func heard(accounts int, confidence float64) func(*expression.Subject) {
	return func(s *expression.Subject) {
		s.Evidence = work.Evidence{Accounts: accounts, Signals: accounts, Confidence: confidence}
	}
}

func goal(weight float64) func(*expression.Subject) {
	return func(s *expression.Subject) { s.Goal = expression.Goal{Name: "keep", Weight: weight} }
}

// points is the documented scale, written out.
func points(raw, anchor float64) float64 {
	return math.Round(10*min(100, 100*math.Log(1+raw)/math.Log(1+anchor))) / 10
}

func known(value float64) rank.Score {
	return rank.Score{Value: value, Low: value, High: value, Known: true}
}

func TestScoresFollowTheirMethod(t *testing.T) {
	t.Parallel()
	riced := fields{work.Impact: 2, work.Effort: 5}
	jobs := fields{work.BusinessValue: 13, work.TimeCriticality: 8, work.RiskReduction: 5, work.Effort: 3}
	weights := rank.Spec{Lens: rank.Lens{
		Method: "weighted", Weights: map[string]float64{"value": 2, "effort": -1, "revenue": 1},
		Inputs: map[string]work.Expression{"revenue": "evidence.value"},
	}}
	typed := rank.Spec{Lens: rank.Lens{Method: "rice", Inputs: map[string]work.Expression{"reach": "item.reach", "confidence": "item.confidence"}}}
	sum := rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "item.value * goal.weight"}}
	worth := func(s *expression.Subject) {
		s.Evidence = work.Evidence{Accounts: 1, Signals: 1, Value: work.NewNumber(1000)}
	}
	cases := []struct {
		name string
		spec rank.Spec
		s    *expression.Subject
		want rank.Score
	}{
		{"rice", method("rice"), subject(riced, heard(12, 0.8)), known(points(12*2*0.8/5, 100))},
		{"rice with a goal", method("rice"), subject(riced, heard(12, 0.8), goal(2)), known(points(2*12*2*0.8/5, 100))},
		{"rice with a goal beyond the bounds", method("rice"), subject(riced, heard(12, 0.8), goal(99)), known(points(4*12*2*0.8/5, 100))},
		{"rice with a goal without weight", method("rice"), subject(riced, heard(12, 0.8), goal(0)), known(points(12*2*0.8/5, 100))},
		{"rice beyond all bounds", method("rice"), subject(fields{work.Impact: 99, work.Effort: 0.01}, heard(5000, 1)), known(100)},
		{"rice without impact is nothing", method("rice"), subject(fields{work.Impact: 0, work.Effort: 1}, heard(5, 1)), known(0)},
		{"rice of people", typed, subject(fields{work.Reach: 800, work.Impact: 1, work.Confidence: 0.5, work.Effort: 4}), known(points(100, 10000))},
		{"confidence in percent", typed, subject(fields{work.Reach: 800, work.Impact: 1, work.Confidence: 50, work.Effort: 4}), known(points(100, 10000))},
		{"wsjf", method("wsjf"), subject(jobs), known(points(26./3, 60))},
		{"wsjf has a floor of one", method("wsjf"), subject(fields{work.BusinessValue: 0, work.TimeCriticality: 20, work.RiskReduction: 0, work.Effort: 2}), known(points(11, 60))},
		{"weighted", weights, subject(fields{work.BusinessValue: 8, work.Effort: 5}, worth), known(math.Round(1000*(0.5*math.Log1p(8)/math.Log1p(20)+
			0.25*(1-math.Log1p(5)/math.Log1p(40))+0.25*math.Log1p(1000)/math.Log1p(1e6))) / 10)},
		{"expression", sum, subject(fields{work.BusinessValue: 8}, goal(3)), known(24)},
		{"expression beyond the scale", sum, subject(fields{work.BusinessValue: 80}, goal(3)), known(100)},
		{
			"expression below the scale",
			rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "0 - item.value"}},
			subject(fields{work.BusinessValue: 8}),
			rank.Score{Value: 25, Low: 0, High: 100, Gaps: &rank.Gaps{Missing: []string{"score"}, Refused: []string{"score"}}},
		},
		{
			"expression beyond all numbers is unknown",
			rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "item.value / item.effort"}},
			subject(fields{work.BusinessValue: 8, work.Effort: 1e-308}),
			rank.Score{Value: 25, Low: 0, High: 100, Gaps: &rank.Gaps{Missing: []string{"score"}}},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := compile(t, tc.spec).Score(tc.s)
			if diff := cmp.Diff(rank.Scored{Why: tc.want, Next: tc.want}, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("scores (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissingIsNotZero(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		spec rank.Spec
		s    *expression.Subject
		want rank.Score
	}{
		{"rice without effort", method("rice"), subject(fields{work.Impact: 1}, heard(10, 0.5)), rank.Score{
			Value: points(5./3, 100), Low: points(5./9, 100), High: points(5, 100), Gaps: &rank.Gaps{Missing: []string{"effort"}},
		}},
		{"rice with an effort of nothing", method("rice"), subject(fields{work.Impact: 1, work.Effort: 0}, heard(10, 0.5)), rank.Score{
			Value: points(5./3, 100), Low: points(5./9, 100), High: points(5, 100), Gaps: &rank.Gaps{Missing: []string{"effort"}, Refused: []string{"effort"}},
		}},
		{"rice with an effort below nothing", method("rice"), subject(fields{work.Impact: 1, work.Effort: -3}, heard(10, 0.5)), rank.Score{
			Value: points(5./3, 100), Low: points(5./9, 100), High: points(5, 100), Gaps: &rank.Gaps{Missing: []string{"effort"}, Refused: []string{"effort"}},
		}},
		{"rice without feedback", method("rice"), subject(fields{work.Impact: 1, work.Effort: 1}), rank.Score{
			Value: points(0.05, 100), Low: points(0.05/9, 100), High: points(0.45, 100), Gaps: &rank.Gaps{Missing: []string{"reach", "confidence"}},
		}},
		{"wsjf without urgency", method("wsjf"), subject(fields{work.BusinessValue: 8, work.Effort: 2}), rank.Score{
			Value: points(5, 60), Low: points(5, 60), High: points(7, 60), Known: true, Gaps: &rank.Gaps{Missing: []string{"time_criticality", "risk_reduction"}},
		}},
		{"wsjf without anything", method("wsjf"), subject(nil), rank.Score{
			Value: points(5./3, 60), Low: points(3./9, 60), High: points(15, 60), Gaps: &rank.Gaps{Missing: []string{"value", "time_criticality", "risk_reduction", "effort"}},
		}},
		{
			"with a prior of the rules",
			rank.Spec{Lens: rank.Lens{Method: "wsjf", Priors: map[string]float64{"effort": 6}}},
			subject(fields{work.BusinessValue: 8, work.TimeCriticality: 1, work.RiskReduction: 1}),
			rank.Score{
				Value: points(10./6, 60), Low: points(10./18, 60), High: points(10./2, 60), Gaps: &rank.Gaps{Missing: []string{"effort"}},
			},
		},
		{
			"expression of unknown",
			rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "item.value", Priors: map[string]float64{"score": 40}}},
			subject(nil),
			rank.Score{Value: 40, Low: 0, High: 100, Gaps: &rank.Gaps{Missing: []string{"score"}}},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, compile(t, tc.spec).Score(tc.s).Next, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("score (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWithoutASectionTheMethodIsRice(t *testing.T) {
	t.Parallel()
	s := subject(fields{work.Impact: 2, work.Effort: 5}, heard(12, 0.8))
	r := compile(t, rank.Spec{})
	if diff := cmp.Diff(compile(t, method("rice")).Score(s), r.Score(s)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	if tiers := r.Tiers(); len(tiers) > 0 {
		t.Errorf("got tiers %v, want none", tiers)
	}
}

func TestTwoLensesAnswerTwoQuestions(t *testing.T) {
	t.Parallel()
	r := compile(t, rank.Spec{Why: &rank.Lens{Method: "rice"}, Next: &rank.Lens{Method: "wsjf"}})
	got := r.Score(subject(fields{work.Impact: 1, work.Effort: 2, work.BusinessValue: 8, work.TimeCriticality: 1, work.RiskReduction: 1}, heard(10, 0.5)))
	if got.Why.Value != points(2.5, 100) || got.Next.Value != points(5, 60) {
		t.Errorf("got %+v", got)
	}
}

func TestEveryMistakeIsToldWithItsPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	lens := func(l rank.Lens) rank.Spec { return rank.Spec{Lens: l} }
	type weights = map[string]float64
	type inputs = map[string]work.Expression
	cases := []struct {
		name string
		spec rank.Spec
		want []string // "pointer: part of what; part of remedy"
	}{
		{"method of a later version", method("kano"), []string{`/rank/method: no method "kano"; write rice, ice, wsjf, cd3, opportunity, moscow, value_effort, weighted, expression`}},
		{"method in a lens", rank.Spec{Why: &rank.Lens{Method: "RICE"}, Next: &rank.Lens{}}, []string{
			"/rank/next: no method; rice", `/rank/why/method: no method "RICE"; rice`,
		}},
		{"one lens and two", rank.Spec{Lens: rank.Lens{Method: "rice"}, Why: &rank.Lens{Method: "rice"}}, []string{"/rank/method: belongs to no lens; move it"}},
		{"stray input beside lenses", rank.Spec{Lens: rank.Lens{Inputs: inputs{"effrot": "1"}}, Next: &rank.Lens{Method: "rice"}}, []string{"/rank/effrot: belongs to no lens; move it"}},
		{"unknown input", lens(rank.Lens{Method: "rice", Inputs: inputs{"effrot": "item.effort", "tears": "1"}}), []string{
			`/rank/effrot: no input "effrot"; did you mean "effort"?`, `/rank/tears: no input "tears"; did you mean "tiers"?`,
		}},
		{"formula", lens(rank.Lens{Method: "rice", Inputs: inputs{"effort": "item.efort", "reach": `"many"`}}), []string{
			`/rank/effort: item.efort; did you mean "item.effort"?`, "/rank/reach: ; ",
		}},
		{"priors and caps", lens(rank.Lens{Method: "rice", Priors: weights{"effort": 0, "size": 3, "impact": nan}, Caps: weights{"reach": 0, "impact": nan, "confidence": 100, "scope": 1}}), []string{
			"/rank/caps/confidence: ends at 1; remove",
			"/rank/caps/impact: larger than 0; beyond which",
			"/rank/caps/reach: larger than 0; beyond which",
			`/rank/caps/scope: no input "scope"; `,
			"/rank/priors/effort: from 0.5 to 40; assume",
			"/rank/priors/impact: from 0 to 3; assume",
			`/rank/priors/size: no input "size"; `,
		}},
		{"weights of a method without", lens(rank.Lens{Method: "wsjf", Weights: weights{"value": 1}, Expression: "1"}), []string{
			"/rank/expression: no expression; method: expression", "/rank/weights: no weights; method: weighted",
		}},
		{"weighted without weights", method("weighted"), []string{"/rank: needs weights; weights: {value: 2, effort: -1}"}},
		{"weighted", lens(rank.Lens{Method: "weighted", Weights: weights{"value": 0, "effort": nan, "revenue": 1, "severity": 1, "demand": 1}, Inputs: inputs{"demand": "evidence.accounts / 2", "fit": "1"}}), []string{
			`/rank/fit: no input "fit"; give it a weight`,
			"/rank/weights/demand: nobody knows how large demand gets; caps: {demand:",
			"/rank/weights/effort: other than 0; below 0 if less is better",
			`/rank/weights/revenue: no input "revenue"; revenue: item.revenue`,
			"/rank/weights/severity: nobody knows how large severity gets; caps: {severity:",
			"/rank/weights/value: other than 0; below 0 if less is better",
		}},
		{"expression without its formula", method("expression"), []string{"/rank: needs its formula; expression:"}},
		{"expression with inputs", lens(rank.Lens{Method: "expression", Expression: "item.valu", Inputs: inputs{"effort": "1"}, Caps: weights{"score": 50}}), []string{
			"/rank/caps/score: ends at 100; remove",
			`/rank/effort: no input "effort"; `,
			`/rank/expression: item.valu; did you mean "item.value"?`,
		}},
		{"combine", lens(rank.Lens{Method: "ice", Combine: "sum"}), []string{`/rank/combine: by "sum"; average (the default) or product`}},
		{"combine of a method that does not", rank.Spec{Why: &rank.Lens{Method: "rice", Combine: "product"}, Next: &rank.Lens{Method: "ice", Combine: "product"}}, []string{"/rank/why/combine: in one way only; method: ice"}},
		{"combine beside lenses", rank.Spec{Lens: rank.Lens{Combine: "product"}, Next: &rank.Lens{Method: "ice"}}, []string{"/rank/combine: belongs to no lens; move it"}},
		{"moscow", lens(rank.Lens{Method: "moscow", Caps: weights{"category": 3}, Priors: weights{"category": 90}, Inputs: inputs{"category": "item.effort"}}), []string{
			"/rank/caps/category: points of the categories are fixed; remove",
			"/rank/category: a text is wanted; item.team",
			"/rank/priors/category: from 0 to 80; assume",
		}},
		{"opportunity beyond its scale", lens(rank.Lens{Method: "opportunity", Caps: weights{"importance": 5}, Priors: weights{"satisfaction": 11}}), []string{
			"/rank/caps/importance: ends at 10; remove", "/rank/priors/satisfaction: from 0 to 10; assume",
		}},
		{"weights that are no numbers", lens(rank.Lens{Method: "weighted", Weights: weights{"value": math.Inf(1), "effort": math.Inf(-1)}}), []string{
			"/rank/weights/effort: other than 0; below 0 if less is better", "/rank/weights/value: other than 0; below 0 if less is better",
		}},
		{"a cap without end", lens(rank.Lens{Method: "cd3", Caps: weights{"cost_of_delay": math.Inf(1), "duration": 0.1}}), []string{
			"/rank/caps/cost_of_delay: larger than 0; beyond which", "/rank/caps/duration: larger than 0.2; beyond which",
		}},
		{"order", rank.Spec{Lens: rank.Lens{Method: "rice"}, Order: []string{"horizon", "horizon", "nxt"}}, []string{
			"/rank/order: no score; next or why", "/rank/order/1: twice; remove", `/rank/order/2: "nxt"; did you mean "next"?`,
		}},
		{"tiers", rank.Spec{Lens: rank.Lens{Method: "rice"}, Tiers: &rank.Tiers{Of: "score", Least: weights{"1": 20, "2": 60, "3": 60, "4": 10, "5": -1, "6": nan}}}, []string{
			"/rank/tiers/1: smaller least score",
			"/rank/tiers/3: same least score; its own",
			"/rank/tiers/5: from 0 to 100; priority 5",
			"/rank/tiers/6: from 0 to 100; priority 6",
			`/rank/tiers/of: no lens "score"; next or why`,
		}},
		{"tiers that leave a gap", rank.Spec{Lens: rank.Lens{Method: "rice"}, Tiers: &rank.Tiers{Least: weights{"1": 50}}}, []string{"/rank/tiers: from 0 on; 4: 0"}},
		{"the rest", rank.Spec{Lens: rank.Lens{Method: "rice"}, Unknown: "keep", Band: new(work.Percent(0.6)), Dwell: new(work.Span(-1))}, []string{
			"/rank/band: at most 50%; 5%", "/rank/dwell: less than no time; 7d", `/rank/unknown: "keep"; leave`,
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, problems := rank.Compile("/rank", tc.spec)
			if r != nil {
				t.Error("got a ranker in spite of mistakes")
			}
			got := make([]string, 0, len(problems))
			for _, p := range problems {
				got = append(got, string(p.At)+": "+p.What+"; "+p.Remedy)
			}
			if len(problems) != len(tc.want) {
				t.Fatalf("got %d problems, want %d:\n%s", len(problems), len(tc.want), strings.Join(got, "\n"))
			}
			for i, want := range tc.want {
				at, rest, _ := strings.Cut(want, ": ")
				what, remedy, _ := strings.Cut(rest, "; ")
				p := problems[i]
				if string(p.At) != at || !strings.Contains(p.What, what) || !strings.Contains(p.Remedy, remedy) {
					t.Errorf("got %s\nwant %s", got[i], want)
				}
			}
		})
	}
}

func TestReadsAreThoseOfAllInputsAndTheGoal(t *testing.T) {
	t.Parallel()
	got := compile(t, rank.Spec{
		Why:  &rank.Lens{Method: "rice", Inputs: map[string]work.Expression{"reach": "item.reach"}},
		Next: &rank.Lens{Method: "expression", Expression: "item.age_days"},
	}).Reads()
	want := expression.Reads{
		Fields:   []work.Field{work.Created, work.Goal, work.Reach, work.Impact, work.Effort},
		Evidence: true, Goal: true, AsOf: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
	if alone := compile(t, rank.Spec{Lens: rank.Lens{Method: "expression", Expression: "item.value"}}).Reads(); alone.Goal || alone.Evidence {
		t.Errorf("a formula over item.value reads %+v", alone)
	}
}
