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
		what, remedy := rules.Misfit(c.item, &said)
		if what != c.want || what != "" && remedy == "" {
			t.Errorf("%s %q: %q, %q; want %q", c.kind, c.value, what, remedy, c.want)
		}
	}
}
