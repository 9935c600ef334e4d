package engine_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// weighted asks for impact and effort; what changes hands can be worked out.
const weighted = `{method: weighted, weights: {impact: 2, effort: -1}, order: [next], tiers: {1: 50, 2: 0}}`

func TestTheSmallestChangeOfAWeightIsWhereItSwaps(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(plainRules, "{method: rice, tiers: {1: 20, 2: 0}}", weighted, 1))
	snap := ground()
	snap.Records[3].Fields["customfield_2"] = work.NewNumber(3) // much impact, large
	o := engine.Evaluate(rules, snap)
	found := 0
	for _, s := range o.Sensitivity(rules, &snap, 1, "", true) {
		if s.First == nil {
			continue
		}
		found++
		name := strings.TrimPrefix(s.Number, "rank.weights.")
		now := map[string]float64{"impact": 2, "effort": -1}
		first := func(w float64) string {
			weights := map[string]float64{"impact": now["impact"], "effort": now["effort"]}
			weights[name] = w
			text := fmt.Sprintf("weights: {impact: %v, effort: %v}", weights["impact"], weights["effort"])
			r := compile(t, strings.Replace(strings.Replace(plainRules, "{method: rice, tiers: {1: 20, 2: 0}}", weighted, 1), "weights: {impact: 2, effort: -1}", text, 1))
			o := engine.Evaluate(r, snap)
			return o.Items[0].Item.Key()
		}
		base := first(now[name])
		beyond := now[name] * (1 + 1.02*(s.First.Factor-1))
		before := now[name] * (1 + 0.98*(s.First.Factor-1))
		if first(beyond) == base || first(before) != base {
			t.Errorf("%s: %s is first, %s at %v, %s at %v", s.Number, base, first(before), before, first(beyond), beyond)
		}
		if s.First.In[0] != first(beyond) {
			t.Errorf("%s: said is %v, is %s", s.Number, s.First.In, first(beyond))
		}
	}
	if found != 2 {
		t.Errorf("%d of the two weights change the top", found)
	}
}

func TestAThresholdTellsItsNearestItem(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	o := engine.Evaluate(rules, ground())
	all := o.Thresholds(rules, "", true)
	if len(all) != 1 || all[0].Number != "rank.tiers.1" {
		t.Fatalf("got %+v", all)
	}
	for _, d := range o.Items {
		if math.Abs(d.Scored.Next.Value-20) < math.Abs(all[0].Score-20) {
			t.Errorf("%s is nearer than %s", d.Item.Key(), all[0].Ref)
		}
	}
}

func TestTensionIsWhereTheLensesDisagree(t *testing.T) {
	t.Parallel()
	one := compile(t, plainRules)
	o := engine.Evaluate(one, ground())
	if got := o.Tensions(one, "", true, 10); got != nil {
		t.Errorf("one lens disagrees with itself: %+v", got)
	}
	text := strings.Replace(plainRules, "{method: rice, tiers: {1: 20, 2: 0}}", "{why: {method: weighted, weights: {impact: 1}}, next: {method: weighted, weights: {effort: -1}}}", 1)
	text = strings.Replace(text, "  priority: {owner: tandem, from: tiers, jira: {field: priority, values: {1: [High], 2: [Low]}}}\n", "", 1)
	two := compile(t, text)
	snap := ground()
	snap.Records[3].Fields["customfield_2"] = work.NewNumber(3)
	o = engine.Evaluate(two, snap)
	all := o.Tensions(two, "", true, 10)
	if len(all) == 0 || all[0].Ref != "jira:PAY-4" || all[0].Why != 1 || all[0].Next != 4 || all[0].Gap() != 3 {
		t.Fatalf("got %+v", all)
	}
	if !strings.Contains(all[0].WhyTerm, "impact 3") || !strings.Contains(all[0].NextTerm, "effort 8") {
		t.Errorf("because %q and %q", all[0].WhyTerm, all[0].NextTerm)
	}
}

func TestOtherRulesMoveWhatTheyShould(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	snap := ground()
	then := engine.Evaluate(rules, snap)
	same := engine.Evaluate(rules, snap)
	if w := same.WhatIf(rules, &then, rules, &snap); w.Moved+w.Priorities+w.Horizons+len(w.Follow)+len(w.Drop)+w.Later != 0 {
		t.Errorf("the same rules change %+v", w)
	}
	other := compile(t, strings.Replace(plainRules, "1: 20", "1: 1", 1))
	now := engine.Evaluate(other, snap)
	w := now.WhatIf(other, &then, rules, &snap)
	if w.Tau != 1 || w.Moved != 0 || w.Priorities != 3 || w.HoldsCame[work.PredatesTandem] != 3 {
		t.Errorf("a lower threshold: %+v", w)
	}
}
