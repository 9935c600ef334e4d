package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// firm has one person with two hats in ops, two people in pay, and routes with
// times to act.
const firm = `
people: {ana: {jira: a}, bo: {jira: b}, cy: {jira: c}, lea: {jira: l}}
teams:
  pay:
    roles: {pm: ana, po: cy, leadership: lea}
    deputies: {pm: {person: bo, from: 2026-11-23, until: 2026-11-24}}
    places: {jira: [PAY]}
  ops: {roles: {pm: cy, po: cy}, places: {jira: [OPS]}}
fields:
  severity: {owner: jira, jira: {field: customfield_3}}
  effort: {owner: jira, jira: {field: customfield_1}}
  acceptance: {owner: jira, jira: {field: customfield_4, values: {waiting: [Waiting], accepted: [Accepted]}}}
readiness:
  - {if: 'item.effort == unknown', because: 'no estimate'}
  - {if: 'item.parent == unknown', because: 'no epic'}
route:
  load: {waiting: 3, late: 1}
  default: {accountable: pm, because: 'triage', within: 3d, escalate: {role: leadership, takes_over: true}}
  routes:
    - {if: 'item.status == "done" && item.acceptance == "waiting"', accountable: po, because: 'finished, not accepted', within: 2d, escalate: pm}
    - {if: 'item.kind == "bug" && item.severity <= 2', accountable: po, informed: pm, because: 'severe', waiting: true}
    - {if: 'item.kind == "bug" && item.severity == 3', team: ops, accountable: po, because: 'for the others', waiting: true}
    - {if: 'item.kind == "story" && item.readiness != unknown', accountable: po, because: 'not ready', waiting: true}
    - {if: 'item.kind == "story"', accountable: po, because: 'backlog order'}
`

// issue is a record of Jira.
func issue(key, kind, status string, fields map[string]work.Value) *work.Record {
	place, _, _ := strings.Cut(key, "-")
	r := &work.Record{
		Ref: work.NewRef("jira", key, key), Place: place, Audience: work.Internal, Created: day.AddDate(0, 0, -9),
		Fields: map[string]work.Value{
			"summary": work.NewText(key), "issuetype": work.NewText(kind), "status_category": work.NewText(status), "labels": work.Empty(),
		},
	}
	for _, f := range []string{"customfield_1", "customfield_3", "customfield_4"} {
		r.Fields[f] = work.Empty()
	}
	maps.Copy(r.Fields, fields)
	return r
}

// labelsOf are those of the first record.
func labelsOf(snap engine.Snapshot) string {
	return strings.Join(snap.Records[0].Fields["labels"].List(), ",")
}

func TestWhatNobodyAnswersEscalatesOnceAndStaysSo(t *testing.T) {
	t.Parallel()
	rules := compile(t, firm)
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{issue("PAY-1", "Task", "new", nil)}}
	var got []string
	for range 8 {
		o := engine.Evaluate(rules, snap)
		d := o.Items[0]
		var counted []work.Late
		if d.Overdue() {
			counted = []work.Late{{Role: "leadership", Team: "pay", Count: 1, Due: day.AddDate(0, 0, 3)}}
		}
		if diff := cmp.Diff(counted, o.Run(1, rules, "").Late, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("what is late on %s (-want +got):\n%s", snap.AsOf, diff)
		}
		got = append(got, fmt.Sprintf("%s late=%t informed=%s since=%s edits=%d", d.Route.Accountable, d.Route.Late, strings.Join(d.Route.Informed, ","), d.RouteSince().Format("01-02"), len(o.Plan.Edits)))
		snap = apply(snap, &o, rules)
		if again := engine.Evaluate(rules, snap); len(again.Plan.Edits) > 0 {
			t.Fatalf("the same day gives edits again: %+v", again.Plan.Edits)
		}
		snap.AsOf = snap.AsOf.AddDate(0, 0, 1)
	}
	const waits, late = "pm late=false informed= since=11-21 edits=", "leadership late=true informed=pm since=11-21 edits="
	want := []string{waits + "1", waits + "0", waits + "0", waits + "0", late + "2", late + "0", late + "0", late + "0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	if labels := labelsOf(snap); labels != "role/leadership" {
		t.Errorf("labels are %s", labels)
	}
	// The answer: it is a severe bug. Another route counts anew.
	snap.Records[0].Fields["issuetype"], snap.Records[0].Fields["customfield_3"] = work.NewText("Bug"), work.NewNumber(1)
	o := engine.Evaluate(rules, snap)
	if d := o.Items[0]; d.Route.Late || d.Route.Accountable != "po" || !d.RouteSince().Equal(snap.AsOf) {
		t.Errorf("after the answer: %+v since %s", d.Route.Rule, d.RouteSince())
	}
}

func TestAcceptanceGoesFromTheIssueToTheLabelAndBack(t *testing.T) {
	t.Parallel()
	rules := compile(t, firm)
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{issue("PAY-1", "Story", "done", map[string]work.Value{"customfield_4": work.NewText("Waiting")})}}
	for passed, want := range []string{"po", "po", "po", "po+pm late", "po+pm late"} {
		o := engine.Evaluate(rules, snap)
		d := o.Items[0]
		got := strings.Join(append([]string{d.Route.Accountable}, d.Route.Informed...), "+")
		if d.Route.Late {
			got += " late"
		}
		if got != want {
			t.Errorf("after %d days %s, want %s", passed, got, want)
		}
		snap = apply(snap, &o, rules)
		if labels := labelsOf(snap); labels != "role/po" {
			t.Errorf("after %d days labels are %q", passed, labels)
		}
		snap.AsOf = snap.AsOf.AddDate(0, 0, 1)
	}
	snap.Records[0].Fields["customfield_4"] = work.NewText("Accepted")
	o := engine.Evaluate(rules, snap)
	snap = apply(snap, &o, rules)
	if labels := labelsOf(snap); labels != "" {
		t.Errorf("once it is accepted labels are %q", labels)
	}
	if run := o.Run(0, rules, ""); len(run.Placements) > 0 {
		t.Errorf("finished work is remembered: %+v", run.Placements)
	}
}

func TestWhyAnItemIsNotReadyReachesTheLabel(t *testing.T) {
	t.Parallel()
	rules := compile(t, firm)
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{issue("PAY-1", "Story", "new", nil)}}
	o := engine.Evaluate(rules, snap)
	d := o.Items[0]
	if diff := cmp.Diff([]string{"no estimate", "no epic"}, d.NotReady); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if d.Item.Fields.Get(work.Readiness).Text() != "no estimate; no epic" || d.Route.Because != "not ready" {
		t.Errorf("readiness is %s, the route %s", d.Item.Fields.Get(work.Readiness), d.Route.Because)
	}
	if snap = apply(snap, &o, rules); labelsOf(snap) != "role/po" {
		t.Errorf("labels are %s", labelsOf(snap))
	}
}

func TestReadinessThatRoutesReadIsAsStrictAsItsConditions(t *testing.T) {
	t.Parallel()
	rules := compile(t, `
people: {ana: {jira: a}}
teams: {pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY]}}}
readiness: [{if: 'evidence.people > 0', because: 'somebody complained'}]
route:
  labels: always
  routes: [{if: 'item.readiness != unknown', accountable: po, because: 'not ready'}]
`)
	r := issue("PAY-1", "Story", "new", nil)
	r.Audience = work.Public
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{r}}
	snap.Evidence = append(snap.Evidence, voice(r, work.Restricted))
	if o := engine.Evaluate(rules, snap); len(o.Plan.Edits) > 0 || o.Held()[work.LeakGuard] == 0 {
		t.Errorf("a label tells in public what only a restricted voice said: %+v, holds %v", o.Plan.Edits, o.Held())
	}
}

// told is an inbox in words.
func told(boxes []engine.Inbox) []string {
	var lines []string
	for _, b := range boxes {
		for _, d := range b.Duties {
			hats := func(all []engine.Hat) string {
				var names []string
				for _, h := range all {
					name := h.Role + "@" + h.Team
					if h.Instead != "" {
						name += " for " + h.Instead
					}
					names = append(names, name)
				}
				return strings.Join(names, "+")
			}
			line := b.Person + ": " + d.Item.Item.Key() + " acts " + hats(d.Acts) + " told " + hats(d.Told)
			if d.Late {
				line += " late"
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func all(*engine.Decided) bool { return true }

func TestOnePersonWithTwoHatsGetsOneNotice(t *testing.T) {
	t.Parallel()
	rules := compile(t, firm)
	severe := map[string]work.Value{"customfield_3": work.NewNumber(1), "customfield_1": work.NewNumber(5)}
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{
		issue("OPS-1", "Bug", "new", severe), issue("PAY-1", "Bug", "new", severe), issue("PAY-2", "Task", "new", nil),
		issue("PAY-3", "Bug", "new", map[string]work.Value{"customfield_3": work.NewNumber(3)}), issue("WEB-1", "Task", "new", nil),
		issue("PAY-4", "Story", "indeterminate", map[string]work.Value{"customfield_1": work.NewNumber(2)}),
	}}
	today := engine.Evaluate(rules, snap)
	want := []string{
		": jira:WEB-1 acts pm@ told ", // of no team
		"ana: jira:PAY-2 acts pm@pay told ",
		"ana: jira:PAY-1 acts  told pm@pay",
		"cy: jira:PAY-1 acts po@pay told ",
		"cy: jira:PAY-3 acts po@ops told ",
		"cy: jira:PAY-4 acts po@pay told ",
		"cy: jira:OPS-1 acts po@ops told pm@ops", // both hats, once
	}
	got := told(today.Inboxes(rules, all))
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first day (-want +got):\n%s", diff)
	}
	snap = apply(snap, &today, rules)
	snap.AsOf = day.AddDate(0, 0, 3) // ana is away
	away := engine.Evaluate(rules, snap)
	if got := told(away.Inboxes(rules, all)); !slices.Contains(got, "bo: jira:PAY-2 acts pm@pay for ana told ") {
		t.Errorf("the deputy has nothing to do:\n%s", strings.Join(got, "\n"))
	}
	snap = apply(snap, &away, rules)
	snap.AsOf = day.AddDate(0, 0, 4)
	late := engine.Evaluate(rules, snap)
	got = told(late.Inboxes(rules, all))
	for _, line := range []string{"lea: jira:PAY-2 acts leadership@pay told  late", "ana: jira:PAY-2 acts  told pm@pay late"} {
		if !slices.Contains(got, line) {
			t.Errorf("there is no %q:\n%s", line, strings.Join(got, "\n"))
		}
	}
	if rest := late.Inboxes(rules, func(d *engine.Decided) bool { return d.Item.Team == "ops" }); len(rest) != 1 || len(rest[0].Duties) != 1 {
		t.Errorf("what may not be seen shows: %v", told(rest))
	}
}

func TestTheLoadIsToldPerHatAndSaysWhenItIsTooMuch(t *testing.T) {
	t.Parallel()
	rules := compile(t, firm)
	severe := func(effort float64) map[string]work.Value {
		return map[string]work.Value{"customfield_3": work.NewNumber(1), "customfield_1": work.NewNumber(effort)}
	}
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{
		issue("OPS-1", "Bug", "new", severe(5)), issue("OPS-2", "Bug", "new", severe(3)), issue("OPS-3", "Task", "new", nil),
		issue("OPS-4", "Story", "done", nil), issue("PAY-1", "Bug", "new", severe(8)), issue("PAY-2", "Story", "done", map[string]work.Value{"customfield_4": work.NewText("Waiting")}),
	}}
	var got []string
	o := engine.Evaluate(rules, snap)
	for _, l := range o.Loads(rules, all) {
		for _, h := range l.Hats {
			got = append(got, fmt.Sprintf("%s %s@%s: %d items, %g effort, %d without, %d waiting, %d late", l.Person, h.Role, h.Team, h.Items, h.Effort, h.Unestimated, h.Waiting, h.Late))
		}
		if l.Second != "" {
			got = append(got, l.Person+" "+l.Second)
		}
	}
	want := []string{
		"ana pm@pay: 0 items, 0 effort, 0 without, 0 waiting, 0 late",
		"cy pm@ops: 1 items, 0 effort, 1 without, 1 waiting, 0 late",
		"cy po@ops: 2 items, 8 effort, 0 without, 2 waiting, 0 late",
		"cy po@pay: 2 items, 8 effort, 0 without, 2 waiting, 0 late",
		"cy 5 items wait, for one person 3 at most; most of them as po of team ops",
		"lea leadership@pay: 0 items, 0 effort, 0 without, 0 waiting, 0 late",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("load (-want +got):\n%s", diff)
	}
}

// Whatever the world: everything that waits is somebody's or shown as nobody's,
// exactly once, and nobody gets one item twice.
func TestEverythingThatWaitsIsInExactlyOneInboxToActOn(t *testing.T) {
	t.Parallel()
	rules := compile(t, firm)
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		o := engine.Evaluate(rules, snap)
		snap = apply(snap, &o, rules)
		snap.AsOf = snap.AsOf.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "days"))
		o = engine.Evaluate(rules, snap)
		acts, waiting := map[work.ItemID]int{}, 0
		for _, box := range o.Inboxes(rules, all) {
			seen := map[work.ItemID]bool{}
			for _, d := range box.Duties {
				id := d.Item.Item.ID
				if seen[id] || len(d.Acts)+len(d.Told) == 0 {
					t.Fatalf("%s gets %s twice or for nothing", box.Person, id)
				}
				seen[id] = true
				acts[id] += len(d.Acts)
			}
		}
		for _, d := range o.Items {
			if d.Route.Waiting {
				waiting++
				if acts[d.Item.ID] != 1 {
					t.Fatalf("%s waits for %d people", d.Item.ID, acts[d.Item.ID])
				}
			}
		}
		total := 0
		for _, l := range o.Loads(rules, all) {
			total += l.Waiting
		}
		if total != waiting {
			t.Fatalf("%d items wait, and the load counts %d", waiting, total)
		}
	})
}

func TestRolesThatNobodyHasAreNoted(t *testing.T) {
	t.Parallel()
	rules := compile(t, `
people: {ana: {jira: a}}
teams: {pay: {roles: {po: ana}, places: {jira: [PAY]}}}
route: {preset: pm-po}
`)
	var notes []string
	for _, n := range rules.Notes() {
		notes = append(notes, n.Subject+": "+n.What)
	}
	if want := "team pay: routes make pm accountable, and nobody there has that role"; !slices.Contains(notes, want) {
		t.Errorf("there is no note %q: %q", want, notes)
	}
}

// voice is one signal on a record.
func voice(r *work.Record, audience work.Audience) evidence.Day {
	return evidence.Day{
		Key: evidence.Key{Target: r.String(), Account: "a", Method: work.Survey, Day: evidence.DayNumber(day) - 3}, Count: 2, Audience: audience,
	}
}

func TestAnObjectionWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	rules := compile(t, everybody+"route: {preset: pm-po}\n")
	r := issue("PAY-1", "Story", "new", nil)
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{r}, Overrides: []work.Override{
		{Number: 1, Ref: r.Ref, Kind: work.Objection, By: "ana", Reason: "not yet", At: day, Until: day.AddDate(0, 0, 9)},
	}}
	o := engine.Evaluate(rules, snap)
	x := o.Explain(rules, o.Items[0])
	if x.Route.Because != "somebody objected: answer" || !x.Route.Waiting || x.Acting.Person != "cy" || len(x.Route.Path) == 0 {
		t.Errorf("%s acts because %s", x.Acting, x.Route.Because)
	}
	for range 9 {
		snap = apply(snap, &o, rules)
		snap.AsOf = snap.AsOf.AddDate(0, 0, 1)
		o = engine.Evaluate(rules, snap)
	}
	if because := o.Items[0].Route.Because; because != "no acceptance criteria" {
		t.Errorf("after the objection has ended: %s", because)
	}
}
