package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// TestResult is what became of one case of `tests:`.
type TestResult struct {
	Name string `json:"name"`
	// Wrong lists what differs; empty where the case holds.
	Wrong []string `json:"wrong,omitempty"`
	// Because is why the route was taken.
	Because string `json:"because"`
	// Reached are the rules that decided what the case asks for.
	Reached []work.Pointer `json:"reached,omitempty"`
}

// Test runs the cases of the rule set.
func (r *Rules) Test(asOf time.Time) ([]TestResult, []work.Problem) {
	var results []TestResult
	var problems []work.Problem
	for i, spec := range r.spec.Tests {
		at := work.Pointer("/tests").Index(i)
		s, found := r.testSubject(at, spec, spec.day(asOf))
		problems = append(problems, found...)
		if len(found) > 0 {
			continue
		}
		result := r.judge(spec, s)
		more, found := r.judgeFeedback(at, spec, &result)
		problems = append(problems, found...)
		result.Reached = append(result.Reached, more...)
		results = append(results, result)
	}
	return results, problems
}

func (r *Rules) testSubject(at work.Pointer, spec TestSpec, asOf time.Time) (*expression.Subject, []work.Problem) {
	s := &expression.Subject{Item: &work.Item{ID: "test"}, AsOf: asOf}
	var problems []work.Problem
	for _, name := range slices.Sorted(maps.Keys(spec.Item)) {
		if special, err := setSpecial(s, name, spec.Item[name]); special {
			if err != nil {
				problems = append(problems, work.Problem{At: at.Key("item").Key(name), What: err.Error(), Remedy: "write a number of days, or a list of place, horizon, priority and objection"})
			}
			continue
		}
		field, ok := work.ParseField(name)
		if !ok {
			problems = append(problems, work.Problem{At: at.Key("item").Key(name), What: strconv.Quote(name) + " is no field of the shared model", Remedy: work.Suggest(name, work.FieldNames())})
			continue
		}
		v, err := valueOf(field.Info().Kind, spec.Item[name])
		if err != nil {
			problems = append(problems, work.Problem{At: at.Key("item").Key(name), What: err.Error(), Remedy: "write a " + field.Info().Kind.String()})
		}
		s.Item.Fields.Set(field, v)
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Evidence)) {
		if err := setEvidence(&s.Evidence, name, spec.Evidence[name]); err != nil {
			problems = append(problems, work.Problem{At: at.Key("evidence").Key(name), What: err.Error(), Remedy: work.Suggest(name, evidenceNames())})
		}
	}
	s.Goal = r.goalOf(s.Item)
	return s, problems
}

// valueOf reads a YAML value as a field's kind.
func valueOf(kind work.ValueKind, raw any) (work.Value, error) {
	switch x := raw.(type) {
	case []any:
		var list []string
		for _, e := range x {
			list = append(list, fmt.Sprint(e))
		}
		return work.NewList(list...), nil
	case nil:
		return work.Empty(), nil
	}
	text := fmt.Sprint(raw)
	switch kind {
	case work.Number:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return work.Value{}, fmt.Errorf("%q is no number", text)
		}
		return work.NewNumber(f), nil
	case work.Time:
		t, err := time.Parse("2006-01-02", text)
		if err != nil {
			return work.Value{}, fmt.Errorf("%q is no date such as 2026-11-21", text)
		}
		return work.NewTime(t), nil
	case work.List:
		return work.NewList(text), nil
	default:
		return work.NewText(text), nil
	}
}

// setters are the parts of evidence that a case may say.
func setters(e *work.Evidence) map[string]func(float64) {
	count := func(n *int) func(float64) { return func(f float64) { *n = int(f) } }
	amount := func(n *float64) func(float64) { return func(f float64) { *n = f } }
	value := func(v *work.Value) func(float64) { return func(f float64) { *v = work.NewNumber(f) } }
	// A score of ten times a share stands for a hundred answers.
	answers := func(a *work.Answers) func(float64) {
		return func(f float64) { *a = work.Answers{Top: 10 * f, Sample: 100} }
	}
	return map[string]func(float64){
		"accounts": count(&e.Accounts), "people": count(&e.People), "signals": count(&e.Signals), "votes": count(&e.Votes),
		"weight": amount(&e.Weight), "reach": amount(&e.Reach), "value": value(&e.Value),
		"nps": value(&e.NPS), "csat": value(&e.CSAT), "nps_sample": count(&e.NPSSample), "csat_sample": count(&e.CSATSample),
		"confidence": amount(&e.Confidence), "insights": count(&e.Insights), "goal_insights": count(&e.GoalInsights),
		"importance": answers(&e.Importance), "satisfaction": answers(&e.Satisfaction),
		"usage": value(&e.Usage), "usage_trend": value(&e.UsageTrend),
	}
}

func evidenceNames() []string { return slices.Sorted(maps.Keys(setters(&work.Evidence{}))) }

func setEvidence(e *work.Evidence, name string, raw any) error {
	f, err := strconv.ParseFloat(fmt.Sprint(raw), 64)
	if err != nil {
		return fmt.Errorf("%v is no number", raw)
	}
	set := setters(e)[name]
	if set == nil {
		return fmt.Errorf("evidence has no %s", name)
	}
	set(f)
	return nil
}

func (r *Rules) judge(spec TestSpec, s *expression.Subject) TestResult {
	d := &Decided{Judged: &Judged{Item: *s.Item, Evidence: s.Evidence, Scored: r.ranker.Score(s)}}
	s.Item = &d.Item
	s.Score = work.NewNumber(d.Scored.Next.Value)
	d.Tier = r.ranker.Order([]rank.Entry{{ID: d.Item.ID, Scored: d.Scored}}, s.AsOf)[0].Tier
	d.show(work.Priority, d.Tier)
	if d.NotReady = r.notReady(s); !d.Item.Done() {
		d.show(work.Readiness, strings.Join(d.NotReady, "; "))
	}
	routed := r.tree.Match(s)
	if routed.Overdue(s.AsOf.Add(-time.Duration(spec.Waited)), s.AsOf) {
		routed = routed.Escalated()
	}
	d.Route = &routed
	result := TestResult{Name: spec.Name, Because: d.Route.Because, Reached: r.reached(spec, s, d)}
	differ := func(what, want, got string) {
		if want != "" && want != got {
			result.Wrong = append(result.Wrong, fmt.Sprintf("%s is %q, want %q", what, got, want))
		}
	}
	w := spec.Want
	differ("accountable", w.Accountable, d.Route.Accountable)
	differ("label", w.Label, d.Route.Label)
	differ("because", w.Because, d.Route.Because)
	differ("tier", w.Tier, d.Tier)
	differ("goal", w.Goal, s.Goal.Name)
	if w.Informed != nil && !slices.Equal(sortedTexts(w.Informed), sortedTexts(d.Route.Informed)) {
		differ("informed", strings.Join(w.Informed, ", "), strings.Join(d.Route.Informed, ", "))
	}
	if ready := len(d.NotReady) == 0; w.Ready != nil && ready != *w.Ready {
		result.Wrong = append(result.Wrong, fmt.Sprintf("ready is %t (%s), want %t", ready, strings.Join(d.NotReady, ", "), *w.Ready))
	}
	if w.Late != nil && *w.Late != d.Route.Late {
		result.Wrong = append(result.Wrong, fmt.Sprintf("late is %t, want %t", d.Route.Late, *w.Late))
	}
	if w.Person != "" {
		differ("person", w.Person, r.acting(d.Route.Accountable, d, s.AsOf).Person)
	}
	return result
}

func sortedTexts(texts []string) []string { return slices.Sorted(slices.Values(texts)) }
