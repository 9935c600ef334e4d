package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

const backlogRules = `
teams: {pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY]}}}
people: {ana: {jira: u-ana}}
fields:
  value: {owner: jira, jira: {field: customfield_1}}
  rank: {owner: tandem, jira: {backlog: true, never_move: [active_sprint]}}
rank: {method: expression, expression: 'item.value', order: [next], band: 0%, dwell: 0d, tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}}
route: {default: {accountable: pm, because: triage}}
`

// ranked is a backlog of one-letter issues that Tandem wants in the order of
// wanted.
func ranked(observed, wanted string) engine.Snapshot {
	snap := engine.Snapshot{AsOf: day}
	for i, id := range strings.Split(wanted, "") {
		snap.Records = append(snap.Records, &work.Record{
			Ref: work.NewRef("jira", id, "PAY-"+id), Place: "PAY", Audience: work.Internal, Created: day,
			Fields: map[string]work.Value{
				"labels": work.Empty(), "status_category": work.NewText("new"), "customfield_1": work.NewNumber(float64(90 - i)),
			},
		})
	}
	ids := strings.Split(observed, "")
	snap.Backlogs = []backlog.State{{Connector: "jira", Order: work.Order{Scope: "PAY", IDs: ids}, Confirmed: ids}}
	return snap
}

// first is the record of issue a.
func first(snap engine.Snapshot) *work.Record {
	i := slices.IndexFunc(snap.Records, func(r *work.Record) bool { return r.ID == "a" })
	return snap.Records[i]
}

// moves are the planned ones as "a after b", heldRanks the holds.
func moves(o engine.Outcome) []string {
	all := []string{}
	for _, e := range o.Plan.Edits {
		if e.Verb == work.MoveInBacklog {
			all = append(all, e.Target.ID+" "+e.Value.Text())
		}
	}
	return all
}

func heldRanks(o engine.Outcome) []string {
	all := []string{}
	for _, h := range o.Plan.Holds {
		all = append(all, fmt.Sprintf("%s %s %s→%s", h.Key, h.Cause, h.Have, h.Want))
	}
	return all
}

func wantRank(t *testing.T, what string, o engine.Outcome, edits, holds []string) {
	t.Helper()
	if diff := cmp.Diff([][]string{edits, holds}, [][]string{moves(o), heldRanks(o)}); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestMovesCarryWhatThePlanSaw(t *testing.T) {
	t.Parallel()
	snap := ranked("abcd", "dabc")
	o := engine.Evaluate(compile(t, backlogRules), snap)
	if len(o.Plan.Edits) != 1 {
		t.Fatalf("edits %v", o.Plan.Edits)
	}
	got := o.Plan.Edits[0].Edit
	want := work.Edit{
		ID: plan.EditID(&got), Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "d"}, Path: work.NativeRank, Element: "PAY"},
		Key: "PAY-d", Place: "PAY", Verb: work.MoveInBacklog, Value: work.NewText("before a"), Expect: work.NewText(snap.Backlogs[0].Fingerprint()),
		Item: got.Item, Team: "pay", Field: work.Rank, Because: "before PAY-a: place 1 of team pay, score 90.0, horizon later",
		From: work.NewText("after c"), Audience: work.Internal,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	run := o.Run(1, compile(t, backlogRules), "")
	if diff := cmp.Diff([]engine.Backlog{{Connector: "jira", Scope: "PAY", Seen: snap.Backlogs[0].Fingerprint()}}, run.Backlogs); diff != "" {
		t.Error(diff)
	}
}

func TestWhatMayNotMoveStaysAndSaysWhy(t *testing.T) {
	t.Parallel()
	rules := compile(t, backlogRules)
	all := []string{"c after d", "b after c", "a after b"}
	cases := []struct {
		name   string
		change func(s *engine.Snapshot)
		edits  []string
		holds  []string
	}{
		{"nothing is in the way", func(*engine.Snapshot) {}, all, []string{}},
		{"an active sprint", func(s *engine.Snapshot) {
			first(*s).Fields[work.NativeSprintState] = work.NewText("active")
		}, []string{"c after d", "b after c"}, []string{}},
		{"a future sprint, which rules let move", func(s *engine.Snapshot) {
			first(*s).Fields[work.NativeSprintState] = work.NewText("future")
		}, all, []string{}},
		{"finished", func(s *engine.Snapshot) {
			first(*s).Fields["status_category"] = work.NewText("done")
		}, []string{"c after d", "b after c"}, []string{}},
		{"a record that nobody read", func(s *engine.Snapshot) {
			s.Records = slices.DeleteFunc(s.Records, func(r *work.Record) bool { return r.ID == "a" })
		}, []string{"c after d", "b after c"}, []string{}},
		{"hands off", func(s *engine.Snapshot) {
			first(*s).Fields["labels"] = work.NewList(plan.HandsOffLabel)
		}, []string{"c after d", "b after c"}, []string{"PAY-a hands_off 1→4"}},
		{"an edit that failed for good", func(s *engine.Snapshot) {
			s.Blocked = map[work.ItemID]string{"jira:a": "no right to rank"}
		}, []string{"c after d", "b after c"}, []string{"PAY-a dead_letter 1→4"}},
		{"a public place", func(s *engine.Snapshot) {
			first(*s).Audience = work.Public
		}, all, []string{}}, // what is derived from it alone may show there
		{"nobody knows who reads it", func(s *engine.Snapshot) {
			first(*s).Audience = work.UnknownAudience
		}, []string{"c after d", "b after c"}, []string{"PAY-a leak_guard 1→4"}},
		{
			"the connector is stale", func(s *engine.Snapshot) { s.Stale = []string{"jira"} },
			[]string{},
			[]string{"PAY-c connector_stale 3→2", "PAY-b connector_stale 2→3", "PAY-a connector_stale 1→4"},
		},
		{"an answer is out", func(s *engine.Snapshot) { s.Backlogs[0].Waiting = true }, []string{}, []string{}},
		{"a person's move", func(s *engine.Snapshot) {
			s.Backlogs[0].Confirmed = strings.Split("bcda", "")
		}, []string{"c after d", "b after c"}, []string{"PAY-a changed_by_person 1→4"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			snap := ranked("abcd", "dcba")
			c.change(&snap)
			wantRank(t, c.name, engine.Evaluate(rules, snap), c.edits, c.holds)
		})
	}
}

// What only named people may read decides where an issue of a looser place
// stands: the order would tell.
func TestS7AnOrderFromStricterDataIsNotWritten(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.NewReplacer(
		"jira: [PAY]", "jira: [PAY], github: [acme/pay]", "route:", "twins: {join: [marker]}\nroute:",
	).Replace(backlogRules))
	snap := ranked("abcd", "dcba")
	snap.Records = append(snap.Records, &work.Record{
		Ref: work.NewRef("github", "1", "acme/pay#1"), Place: "acme/pay", Audience: work.Restricted, Created: day.Add(time.Hour),
		Fields: map[string]work.Value{"title": work.NewText("secret"), work.NativeMarker: work.NewText("jira:a"), "labels": work.Empty(), "state": work.NewText("open")},
	})
	o := engine.Evaluate(rules, snap)
	if got := moves(o); !slices.Equal(got, []string{"c after d", "b after c"}) {
		t.Errorf("moves %v", got)
	}
	if got := heldRanks(o); !slices.Contains(got, "PAY-a leak_guard 1→4") {
		t.Errorf("held %v", got)
	}
}

func TestAPinIsToldWithItsPersonAndItsEnd(t *testing.T) {
	t.Parallel()
	snap := ranked("abcd", "dcba")
	snap.Backlogs[0].Pins = []backlog.Pin{{ID: "a", Since: day.AddDate(0, 0, -3), By: "u-ana"}}
	rules := compile(t, backlogRules)
	o := engine.Evaluate(rules, snap)
	h := o.Plan.Holds[0]
	if h.By != "u-ana" || !h.Since.Equal(day.AddDate(0, 0, -3)) || h.Detail != "moved there on 2026-11-18, respected until 2026-12-18" {
		t.Errorf("held %+v", h)
	}
	d, _ := o.Find(work.RefID{Connector: "jira", ID: "a"})
	if x := o.Explain(rules, d); len(x.Holds) != 1 || x.Holds[0].By != "u-ana" {
		t.Errorf("explained %+v", x.Holds)
	}
	snap.Released = []plan.Release{{Slot: plan.SlotRef{Ref: work.RefID{Connector: "jira", ID: "a"}, Field: work.Rank}}}
	wantRank(t, "released", engine.Evaluate(rules, snap), []string{"c after d", "b after c", "a after b"}, []string{})
}

func TestS4S16BacklogsComeToRestWhateverOrderTheyComeIn(t *testing.T) {
	t.Parallel()
	rules := compile(t, backlogRules)
	snap := ranked("abcdefgh", "hgfedcba")
	snap.Backlogs = append(snap.Backlogs, backlog.State{Connector: "jira", Order: work.Order{Scope: "OPS", IDs: []string{"x", "y"}}})
	o := engine.Evaluate(rules, snap)
	turned := snap
	turned.Backlogs = slices.Clone(snap.Backlogs)
	slices.Reverse(turned.Backlogs)
	if diff := cmp.Diff(moves(o), moves(engine.Evaluate(rules, turned))); diff != "" {
		t.Errorf("in another order:\n%s", diff)
	}
	next := apply(snap, &o, rules)
	state := snap.Backlogs[0]
	for _, e := range o.Plan.Edits {
		to, _ := work.ParseAnchor(e.Value)
		state.IDs, _ = backlog.Follow(state.IDs, e.Target.ID, to)
	}
	state.Confirmed = state.IDs
	next.Backlogs = []backlog.State{state}
	wantRank(t, "afterwards", engine.Evaluate(rules, next), []string{}, []string{})
}
