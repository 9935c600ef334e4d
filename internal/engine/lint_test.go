package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// lintEnv is that of a firm with feedback, whose connectors all bring items.
func lintEnv() engine.LintEnv {
	return engine.LintEnv{Feedback: true, Instance: work.Auto, BringsItems: func(string) bool { return true }}
}

// remarks are what lint says, as "check place: what", those of the named checks
// only.
func remarks(rules *engine.Rules, env engine.LintEnv, checks ...string) []string {
	var told []string
	for _, r := range rules.Lint(env) {
		if slices.Contains(checks, r.Check) {
			told = append(told, r.Check+" "+string(r.At)+": "+r.What)
		}
	}
	return told
}

const lintTeams = `
people: {ana: {jira: a}, cy: {jira: c}}
teams: {pay: {roles: {pm: ana, po: cy}, places: {jira: [PAY], github: [acme/pay]}, capacity: {effort: 40, every: 2w}}}
`

func TestRoutesThatAreNeverReachedAreFound(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
route:
  routes:
    - {if: 'item.kind == "bug"', accountable: po, because: bugs}
    - {if: 'item.kind == "bug" && item.severity == 1', accountable: pm, because: severe}
    - if: 'item.kind == "epic"'
      routes:
        - {if: 'item.kind == "story"', accountable: pm}
        - {if: 'item.goal == unknown', accountable: pm}
    - {if: 'item.effort > 3 && item.effort < 2', accountable: po}
    - {if: 'item.kind == "epic" && item.effort > 5', accountable: po}
`)
	want := []string{
		`unreachable_route /route/routes/1: the route is never reached: wherever it holds, "bugs" (route 1) holds too and comes first`,
		`unreachable_route /route/routes/2/routes/0: the route is never reached: its condition contradicts that of route 3 around it`,
		`never_true /route/routes/3/if: the condition contradicts itself and never holds`,
	}
	if diff := cmp.Diff(want, remarks(rules, lintEnv(), "unreachable_route", "never_true")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTwoWritersOfOneNativeFieldAreFound(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
fields:
  priority: {owner: tandem, jira: {field: priority}}
  severity: {owner: jira, jira: {field: priority, values: {1: [Highest], 2: [High]}}}
  horizon: {owner: tandem, jira: {label: 'plan/{value}'}, github: {label: 'plan/{value}'}}
  theme: {owner: jira, jira: {label: 'plan/theme-{value}', values: {trust: [trust]}}}
route:
  routes:
    - {if: 'item.kind == "bug"', accountable: po, label: plan/triage, because: bugs}
`)
	want := []string{
		`two_writers /fields/severity/jira: severity is read from the jira field priority, which priority writes: what Tandem writes comes back as something else`,
		`two_writers /fields/theme/jira: horizon and theme both have jira labels that begin with "plan/": people cannot tell whose a label is`,
		`two_writers /route/routes/0/label: the label "plan/triage" looks like one of horizon, which writes labels that begin with "plan/" on github`,
	}
	got := remarks(rules, lintEnv(), "two_writers")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnOwnerOfTheOtherHatIsFound(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
fields:
  goal: {owner: github, github: {label: 'goal/{value}', values: {a: [a]}}}
  theme: {owner: github, github: {label: 'theme/{value}', values: {a: [a]}}}
  severity: {owner: github, github: {label: 'sev/{value}', values: {1: ['1']}}}
  effort: {owner: jira, jira: {field: customfield_1}}
`)
	want := []string{"owner_of_other_hat /fields/severity/owner: severity is the PO's answer, and github is the PM's tool here: it owns goal, theme"}
	if diff := cmp.Diff(want, remarks(rules, lintEnv(), "owner_of_other_hat")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRulesThatReadWhatNobodyFillsAreFound(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
goals: {grow: {themes: [export]}}
readiness: [{if: 'item.effort == unknown', because: no estimate}]
route:
  routes:
    - {if: 'item.severity <= 2', accountable: po}
    - {if: 'evidence.accounts > 3', accountable: pm}
    - preset: pm-po
`)
	env := lintEnv()
	env.Feedback = false
	got := strings.Join(remarks(rules, env, "unfilled_field", "goal_unserved"), "\n")
	for _, want := range []string{
		"/route/routes/0/if: no connector fills severity", "/route/routes/1/if: the condition reads evidence, and no connector brings feedback",
		"/readiness/0/if: no connector fills effort", "/route/routes/2/preset: preset pm-po reads fields that no connector fills:",
		"/goals/grow: no connector fills goal or theme", "/rank: the ranking reads fields that no connector fills",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not found in\n%s", want, got)
		}
	}
}

func TestKeysWithoutEffectAreFound(t *testing.T) {
	t.Parallel()
	rules := compile(t, `
people: {ana: {jira: a}}
teams:
  pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY]}, write: auto}
  idle: {roles: {pm: ana}}
adopt: {ramp: {per: day}}
rank: {tiers: {1: 80, 2: 0}}
fields:
  horizon: {owner: tandem, respect: overrule, respect_for: 7d, jira: {label: 'r/{value}'}}
route:
  labels: never
  routes: [{if: 'item.kind == "bug"', accountable: po, label: x, waiting: true}]
`)
	env := lintEnv()
	env.Instance = work.Observe
	var got []string
	for _, r := range rules.Lint(env) {
		if r.Check == "without_effect" || r.Check == "team_without_places" {
			got = append(got, string(r.At))
		}
		if r.Remedy == "" {
			t.Errorf("%s has no remedy: %s", r.At, r.What)
		}
	}
	want := []string{
		"/teams/idle", "/adopt/ramp/per", "/fields/horizon/respect_for", "/rank/tiers",
		"/route/routes/0/label", "/route/routes/0/waiting", "/teams/pay/write",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStoredItemsTellWhatRulesDo(t *testing.T) {
	t.Parallel()
	rules := compile(t, lintTeams+`
fields:
  severity: {owner: jira, jira: {field: customfield_9}}
  theme: {owner: jira, jira: {field: customfield_8}}
goals: {grow: {themes: [export]}, shrink: {themes: [costs]}}
rank: {method: expression, expression: '10', tiers: {1: 80, 2: 0}}
readiness: [{if: 'item.kind == "story"', because: no stories}]
route:
  routes:
    - {if: 'item.kind in ["bug", "story"]', accountable: po, because: first}
    - {if: 'item.title startsWith "A"', accountable: pm, because: by title}
    - {if: 'item.title startsWith "Ab"', accountable: pm, because: shadowed}
    - {if: 'item.severity == 1', accountable: po, because: severe}
    - {if: 'item.kind == "epic"', accountable: pm, because: epics}
`)
	snap := snapshot(t, []byte(`
records:
  - {ref: 'jira:PAY-1', place: PAY, fields: {issuetype: Bug, summary: Abacus, customfield_8: export}}
  - {ref: 'jira:PAY-2', place: PAY, fields: {issuetype: Task, summary: Anvil}}
`))
	env := lintEnv()
	outcome := engine.Evaluate(rules, snap)
	env.Outcome = &outcome
	want := []string{
		`shadowed_route /route/routes/2: the route holds for 1 item and decides none of them: "first" (route 1) comes first`,
		`never_true /route/routes/3/if: the condition could not be answered for any of 2 items: what it reads is unknown`,
		`goal_unserved /goals/shrink: none of 2 items serves the goal shrink`,
		`tier_unreached /rank/tiers/1: no open item is in tier 1, from 80 on; the highest score is 10.0`,
		`never_true /readiness/0/if: the condition holds for none of 2 open items`,
		`overlapping_routes /route/routes/1: holds together with "first" (route 1) for 1 item: that one comes first and decides otherwise`,
		`never_true /route/routes/4/if: the condition holds for none of 2 items`,
	}
	got := remarks(rules, env, "shadowed_route", "never_true", "goal_unserved", "tier_unreached", "overlapping_routes", "unreachable_route")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALabelThatAServiceRefusesIsNamedAtItsRoute(t *testing.T) {
	t.Parallel()
	_, err := tryCompile(lintTeams + "route:\n  routes:\n    - {if: 'item.kind == \"bug\"', accountable: po, label: 'needs po'}\n")
	if err == nil || !strings.Contains(err.Error(), `rules.yaml:6:`) || !strings.Contains(err.Error(), `"needs po" contains a space, which jira refuses`) {
		t.Errorf("got %v", err)
	}
}
