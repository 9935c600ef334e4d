package route_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/route"
)

// days is a time to act.
func days(n int) *work.Span {
	span := work.Span(n) * work.Span(24*time.Hour)
	return &span
}

// agreed has routes with a time to act.
func agreed(labels route.LabelPolicy) route.Spec {
	no := false
	return route.Spec{
		Labels:  labels,
		Default: route.Target{Accountable: "pm", Because: "triage", Within: days(7), Escalate: &route.EscalationSpec{To: "leadership"}},
		Routes: []route.RuleSpec{{
			If: `item.kind == "bug"`, Accountable: "po", Informed: []string{"pm", "leadership"}, Because: "bug", Within: days(2),
			Escalate: &route.EscalationSpec{Role: "leadership", TakesOver: true},
			Routes: []route.RuleSpec{
				{If: `item.severity == 1`, Because: "worst", Within: days(1)},
				{If: `item.severity == 2`, Accountable: "leadership", Informed: []string{}, Because: "theirs already"},
				{If: `item.severity == 3`, Because: "whenever", Waiting: &no},
			},
		}},
	}
}

func TestLateItemsGoToWhomTheRulesSay(t *testing.T) {
	t.Parallel()
	tree := compiled(t, agreed(route.OnlyWaiting), everyone())
	for text, want := range map[string]string{
		"kind=x":              "pm; leadership; role/pm; 7d",
		"kind=bug":            "leadership; po,pm; role/leadership; 2d",
		"kind=bug severity=1": "leadership; po,pm; role/leadership; 1d",
		"kind=bug severity=2": "leadership; ; role/leadership; 2d",
		"kind=bug severity=3": "po; pm,leadership; ; 0s",
	} {
		before := tree.Match(subject(t, text))
		d := before.Escalated()
		if got := strings.Join([]string{d.Accountable, strings.Join(d.Informed, ","), d.Label, d.Within.String()}, "; "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if d.Late != (d.Within > 0) || d.Key() != before.Key() || d.Escalated().Key() != d.Key() {
			t.Errorf("%s: late %t, key %s, was %s", text, d.Late, d.Key(), before.Key())
		}
	}
	if diff := cmp.Diff([]string{"role/leadership", "role/pm", "role/po"}, tree.OwnedLabels()); diff != "" {
		t.Errorf("owned labels (-want +got):\n%s", diff)
	}
	if d := compiled(t, agreed(route.Never), everyone()).Match(subject(t, "kind=bug")).Escalated(); d.Label != "" {
		t.Errorf("labels are never set, and there is %s", d.Label)
	}
}

func TestAnItemIsLateWhenMoreWholeDaysHavePassedThanAgreed(t *testing.T) {
	t.Parallel()
	rule := compiled(t, agreed(route.OnlyWaiting), everyone()).Match(subject(t, "kind=bug")).Rule
	since := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for passed, want := range []bool{false, false, false, true, true} {
		if got := rule.Overdue(since, since.AddDate(0, 0, passed)); got != want {
			t.Errorf("after %d days late is %t", passed, got)
		}
	}
	if due := rule.DueOn(since); !due.Equal(since.AddDate(0, 0, 2)) {
		t.Errorf("due on %s", due)
	}
	if free := (route.Rule{}); free.Overdue(since, since.AddDate(9, 0, 0)) || !free.DueOn(since).IsZero() {
		t.Error("without an agreed time something is late")
	}
}

func TestARouteIsFoundAgainWhenOthersComeBeforeIt(t *testing.T) {
	t.Parallel()
	spec := agreed(route.OnlyWaiting)
	before := compiled(t, spec, everyone()).Match(subject(t, "kind=bug"))
	spec.Routes = append([]route.RuleSpec{{If: `item.kind == "epic"`, Accountable: "pm"}}, spec.Routes...)
	after := compiled(t, spec, everyone()).Match(subject(t, "kind=bug"))
	if before.At == after.At || before.Key() != after.Key() || before.Key() != "/po/bug" {
		t.Errorf("%s is %s, and then %s is %s", before.At, before.Key(), after.At, after.Key())
	}
}

func TestAPresetGivesLabelsAndDefaultWhereNoneAreWritten(t *testing.T) {
	t.Parallel()
	bug := subject(t, "kind=bug severity=1")
	safe := compiled(t, route.Spec{Preset: "safe"}, everyone())
	if d := safe.Match(bug); d.Accountable != "po" || d.Label != "" || !d.Waiting {
		t.Errorf("safe: %+v", d.Rule)
	}
	if d := compiled(t, route.Spec{Preset: "safe", Labels: route.OnlyWaiting}, everyone()).Match(bug); d.Label != "role/po" {
		t.Errorf("labels that are written do not count: %+v", d.Rule)
	}
	tree := compiled(t, route.Spec{
		Preset: "po-only", Default: route.Target{Accountable: "ux"},
		Routes: []route.RuleSpec{{If: `item.severity == 1`, Accountable: "pm", Because: "my own first"}},
	}, everyone())
	if d := tree.Match(bug); d.Because != "my own first" {
		t.Errorf("own routes do not come first: %+v", d.Rule)
	}
	if d := tree.Match(subject(t, "kind=x")); d.Accountable != "ux" {
		t.Errorf("the default that is written does not count: %+v", d.Rule)
	}
	if d := compiled(t, route.Spec{Preset: "po-only"}, route.Known{}).Match(subject(t, "kind=x")).Escalated(); len(d.Informed) > 0 || !d.Late {
		t.Errorf("a role that nobody has is told: %+v", d.Rule)
	}
}

func TestWrongTimesAndEscalationsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	hour, none, no := work.Span(time.Hour), work.Span(0), false
	_, problems := route.Compile("/route", route.Spec{
		Preset:  "pmpo",
		Default: route.Target{Within: &none},
		Routes: []route.RuleSpec{
			{If: `item.kind == "a"`, Accountable: "po", Within: &hour, Informed: []string{"pm", "po"}},
			{If: `item.kind == "b"`, Accountable: "po", Within: days(1), Waiting: &no},
			{If: `item.kind == "c"`, Accountable: "po", Within: days(1), Escalate: &route.EscalationSpec{To: "po"}},
			{If: `item.kind == "d"`, Accountable: "po", Escalate: &route.EscalationSpec{To: "ledership"}},
			{If: `item.kind == "e"`, Accountable: "po", Within: days(1), Escalate: &route.EscalationSpec{TakesOver: true}},
			{If: `item.kind == "f"`, Accountable: "ux", Team: "ops"},
			{If: `item.kind == "g"`, Team: "ops", Routes: []route.RuleSpec{{If: `item.kind == "h"`, Accountable: "ux"}, {If: `item.kind == "i"`, Accountable: "po"}}},
		},
	}, route.Known{Roles: everyone().Roles, Teams: everyone().Teams, Held: map[string][]string{"ops": {"pm", "po"}, "pay": {"pm", "po", "ux"}}})
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	want := []string{
		`/route/preset: there is no preset "pmpo"; did you mean "pm-po"?`,
		`/route/default/within: 0s is no number of whole days, in which items are decided; write at least one day, such as 1d, 3d or 2w`,
		`/route/routes/0/informed: po is both accountable and informed; remove it there: who must act knows`,
		`/route/routes/0/within: 1h0m0s is no number of whole days, in which items are decided; write at least one day, such as 1d, 3d or 2w`,
		`/route/routes/1/within: a time to act is given, and nobody must act; remove within: or waiting: false`,
		`/route/routes/2/escalate: late items of po would go to po; name another role`,
		`/route/routes/3/escalate: nothing is ever late here; add after how long, as in within: 3d`,
		`/route/routes/3/escalate: no team has the role ledership; did you mean "leadership"?`,
		`/route/routes/4/escalate: late items go to nobody; name the role that is told, as in escalate: leadership`,
		`/route/routes/5/team: team ops has nobody as ux, who must act; give it to somebody there, as in roles: {ux: ana}`,
		`/route/routes/6/routes/0/team: team ops has nobody as ux, who must act; give it to somebody there, as in roles: {ux: ana}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
