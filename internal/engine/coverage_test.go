package engine_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
)

func TestRulesThatNoCaseReachesAreCounted(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
evidence:
  link:
    - {tags: {export: 'jira:PAY-1'}}
    - {phrases: [drops rows], to: 'jira:PAY-2'}
    - {metrics: [exports], to: 'jira:PAY-1'}
readiness:
  - {if: 'item.kind == "epic"', because: too large}
  - {if: 'item.effort == unknown', because: no estimate}
rank: {method: expression, expression: '(item.value ?? 0)', tiers: {1: 10, 2: 0}}
route:
  default: {accountable: pm, because: triage}
  routes:
    - if: 'item.kind == "bug"'
      routes:
        - {if: 'item.severity == 1', accountable: po, because: severe}
        - {accountable: pm, because: bug}
    - {if: 'item.kind == "epic"', accountable: pm, because: epic}
    - preset: pm-po
tests:
  - {name: severe, item: {kind: bug, severity: 1, value: 20}, want: {accountable: po, tier: 1}}
  - {name: nothing asked, item: {kind: epic}, want: {ready: false}}
  - {name: said, feedback: {text: 'The export drops many rows.'}, want: {linked: 'jira:PAY-2'}}
  - {name: about nothing, feedback: {text: 'Nice.'}, want: {linked: none}}
`)
	results, problems := rules.Test(day)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, r := range results {
		if len(r.Wrong) > 0 {
			t.Errorf("%s: %q", r.Name, r.Wrong)
		}
	}
	c := rules.Cover(results)
	var got []string
	for _, r := range c.Rules {
		got = append(got, fmt.Sprintf("%s %s %s: %d", r.Kind, r.At, r.Name, r.Cases))
	}
	want := []string{
		"route /route/routes/0/routes/0 severe: 1",
		"route /route/routes/0/routes/1 bug: 0",
		"route /route/routes/1 epic: 0",
		"route /route/default triage: 0",
		"readiness /readiness/0 too large: 1",
		"readiness /readiness/1 no estimate: 1",
		"tier /rank/tiers/1 tier 1: 1",
		"tier /rank/tiers/2 tier 2: 0",
		"evidence.link /evidence/link/0 tags export: 0",
		`evidence.link /evidence/link/1 phrases "drops rows" for jira:PAY-2: 1`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(c.Presets) != 1 || c.Presets[0].Name != "pm-po" || len(c.Presets[0].Routes) < 20 {
		t.Fatalf("presets are %+v", c.Presets)
	}
	if reached, all := engine.Count(c.Presets[0].Routes); reached != 0 || all != len(c.Presets[0].Routes) {
		t.Errorf("%d of %d routes of the preset are reached", reached, all)
	}
	if reached, _ := c.Count(); reached != 5 {
		t.Errorf("%d rules are reached, want 5", reached)
	}
}

func TestFeedbackThatIsTiedElsewhereFailsItsCase(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
evidence: {link: [{tags: {export: 'jira:PAY-1'}}]}
tests: [{name: x, feedback: {tags: [Export]}, want: {linked: 'jira:PAY-9'}}]
`)
	results, _ := rules.Test(day)
	if len(results) != 1 || len(results[0].Wrong) != 1 || results[0].Wrong[0] != `linked is "jira:PAY-1", want "jira:PAY-9"` {
		t.Errorf("got %+v", results)
	}
}
