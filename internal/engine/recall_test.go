package engine_test

import (
	"strings"
	"testing"

	"tandem/internal/engine"
)

func TestARouteSeesHowLongAnItemIsInItsHorizon(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(wordRules, "route: {default",
		`route: {routes: [{if: 'item.horizon == "now" && item.days_in_horizon > 20', accountable: po, because: planned for long}], default`, 1)+`
tests:
  - {name: planned for long, item: {kind: story, horizon: now, days_in_horizon: 21}, want: {because: planned for long}}
  - {name: planned of late, item: {kind: story, horizon: now, days_in_horizon: 20}, want: {because: triage}}
`)
	results, problems := rules.Test(day)
	for _, r := range results {
		if len(r.Wrong) > 0 {
			t.Errorf("%s: %v", r.Name, r.Wrong)
		}
	}
	if len(problems) > 0 || len(results) != 2 {
		t.Errorf("%d cases, %v", len(results), problems)
	}
	snap := letters("abcd")
	first := engine.Evaluate(rules, snap)
	next, _ := after(rules, snap, &first)
	for days, want := range map[int]string{20: "triage", 21: "planned for long"} {
		next.AsOf = day.AddDate(0, 0, days)
		o := engine.Evaluate(rules, next)
		if a, _ := o.FindKey("PAY-a"); a.Route.Because != want {
			t.Errorf("after %d days: %q", days, a.Route.Because)
		}
	}
}
