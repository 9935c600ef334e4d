package engine_test

import (
	"strings"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/work"
)

func TestWhatCannotBeSaidIsRefusedWithItsRemedy(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(wordRules, "horizon: {owner: tandem, jira: {label: 'roadmap/{value}'}}",
		"horizon: {owner: jira, jira: {label: 'roadmap/{value}'}}", 1))
	snap := letters("ab")
	snap.Records[1].Fields["status_category"] = work.NewText("done")
	o := engine.Evaluate(rules, snap)
	a, _ := o.FindKey("PAY-a")
	b, _ := o.FindKey("PAY-b")
	for _, c := range []struct {
		item         *engine.Decided
		kind         work.OverrideKind
		value        string
		reason, want string
	}{
		{a, work.Pin, "1", "so be it", ""},
		{a, work.SetPriority, "2", "so be it", ""},
		{a, work.Objection, "", "so be it", ""},
		{a, work.Pin, "1", " ", "nobody would know why"},
		{a, work.Pin, "1", strings.Repeat("x", 501), "the reason is longer than 500 characters"},
		{a, work.Pin, "1", "so\nbe it", "the reason has more than one line"},
		{a, work.Pin, "0", "so be it", `"0" is no place`},
		{a, work.SetPriority, "high", "so be it", `"high" is no priority of the rules`},
		{a, work.MoveHorizon, "now", "so be it", "horizon is jira's"},
		{b, work.Pin, "1", "so be it", "jira:PAY-b is finished: nothing is decided of it any more"},
	} {
		said := c.item.Speak("", c.kind, c.value)
		said.Reason = c.reason
		what, remedy := rules.Misfit(o.AsOf, c.item, &said)
		if what != c.want || what != "" && remedy == "" {
			t.Errorf("%s %q: %q, %q; want %q", c.kind, c.value, what, remedy, c.want)
		}
	}
}

func TestQuartersThatAreOverAreNoAdvice(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(wordRules, "roadmap: {now: {capacity: 1}, next: {capacity: 1}, later: {}, band: 0%}", "roadmap: {quarters: {count: 2}}", 1))
	snap := letters("ab")
	snap.Overrides = words("horizon a 2020-Q1")
	o := engine.Evaluate(rules, snap)
	for _, f := range o.Plan.Findings {
		if strings.Contains(f.What, "ignored") {
			t.Errorf("a word of long ago is not known any more: %s", f.What)
		}
	}
	a, _ := o.FindKey("PAY-a")
	said := a.Speak("", work.MoveHorizon, "2020-Q1")
	said.Reason = "so be it"
	if what, remedy := rules.Misfit(o.AsOf, a, &said); what == "" || strings.Contains(remedy, "2020") || strings.Count(remedy, "Q") > 2 {
		t.Errorf("%q, %q", what, remedy)
	}
	b, _ := o.FindKey("PAY-b")
	if c := o.Climb(rules, &snap, b); c.HorizonSays != "nothing: it is the nearest" {
		t.Errorf("the nearest quarter: %q for %s", c.HorizonSays, b.Horizon)
	}
}
