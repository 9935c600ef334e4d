package engine_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// plainRules is a rule set of which every place can be worked out by hand.
const plainRules = `
people:
  ana: {jira: a1}
teams:
  pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY]}, capacity: {effort: 10, every: 2w}}
fields:
  effort: {owner: jira, jira: {field: {name: SP, id: customfield_1}}}
  impact: {owner: jira, jira: {field: {name: Impact, id: customfield_2}}}
  priority: {owner: tandem, from: tiers, jira: {field: priority, values: {1: [High], 2: [Low]}}}
rank: {method: rice, tiers: {1: 20, 2: 0}}
roadmap: {dwell: 0d, now: {capacity: 1}, next: {capacity: 1}, later: {}}
`

// issue is an open issue with an effort and an impact of 1.
func sized(key string, effort float64) *work.Record {
	return &work.Record{
		Ref: work.NewRef("jira", key, key), Place: "PAY", Audience: work.Internal, Created: day.AddDate(0, 0, -40), Version: day,
		Fields: map[string]work.Value{
			"summary": work.NewText("issue " + key), "issuetype": work.NewText("Story"), "status_category": work.NewText("new"),
			"customfield_1": work.NewNumber(effort), "customfield_2": work.NewNumber(1), "labels": work.Empty(), "priority": work.NewText("Low"),
		},
	}
}

// asked lets n accounts ask for an issue.
func asked(key string, n int) []evidence.Day {
	var days []evidence.Day
	for i := range n {
		days = append(days, evidence.Day{
			Key:   evidence.Key{Target: "jira:" + key, Account: "account " + string(rune('a'+i)), Method: work.Request, Day: evidence.DayNumber(day) - 5},
			Count: 1, Audience: work.Internal,
		})
	}
	return days
}

func ground() engine.Snapshot {
	snap := engine.Snapshot{AsOf: day, Records: []*work.Record{sized("PAY-1", 2), sized("PAY-2", 4), sized("PAY-3", 6), sized("PAY-4", 8)}}
	for i, key := range []string{"PAY-1", "PAY-2", "PAY-3", "PAY-4"} {
		snap.Evidence = append(snap.Evidence, asked(key, 8-2*i)...)
	}
	return snap
}

// after is the snapshot of the next run, and what the last one was.
func after(rules *engine.Rules, snap engine.Snapshot, o *engine.Outcome) (engine.Snapshot, engine.Last) {
	next := snap
	run := o.Run(0, rules, "")
	next.Identities, next.Previous = run.Identities, run.Placements
	return next, engine.Last{Run: 1, At: snap.AsOf.Add(time.Hour), AsOf: snap.AsOf, RulesHash: rules.Hash()}
}

func compare(t *testing.T, rules *engine.Rules, before, now engine.Snapshot, last engine.Last) *engine.Stability {
	t.Helper()
	then, o := engine.Evaluate(rules, engine.Snapshot{AsOf: before.AsOf, Records: before.Records, Evidence: before.Evidence}), engine.Evaluate(rules, now)
	s := o.Compare(now.Previous, last)
	if s == nil {
		t.Fatal("nothing is compared")
	}
	s.Attribute(rules, &o, &then, &now, last)
	return s
}

func TestARunSaysWhatMovedAndWhy(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	snap := ground()
	first := engine.Evaluate(rules, snap)
	next, last := after(rules, snap, &first)
	for _, tc := range []struct {
		name    string
		change  func(*engine.Snapshot, *engine.Last)
		ref     string
		causes  []engine.Cause
		because string
	}{
		{"accounts asked", func(s *engine.Snapshot, _ *engine.Last) {
			s.Evidence = append(asked("PAY-4", 12), s.Evidence[:18]...)
		}, "jira:PAY-4", []engine.Cause{engine.SaidMore}, "10 more accounts asked"},
		{"an estimate changed", func(s *engine.Snapshot, _ *engine.Last) {
			s.Records = append([]*work.Record{sized("PAY-4", 0.5)}, s.Records[:3]...)
		}, "jira:PAY-4", []engine.Cause{engine.Estimated}, "effort 8 → 0.5"},
		{"both", func(s *engine.Snapshot, _ *engine.Last) {
			s.Records = append([]*work.Record{sized("PAY-4", 0.5)}, s.Records[:3]...)
			s.Evidence = append(asked("PAY-4", 3), s.Evidence[:18]...)
		}, "jira:PAY-4", []engine.Cause{engine.Estimated, engine.SaidMore}, "several causes: effort 8 → 0.5; 1 more account asked"},
		{"somebody else rose", func(s *engine.Snapshot, _ *engine.Last) {
			s.Records = append([]*work.Record{sized("PAY-4", 0.5)}, s.Records[:3]...)
			s.Evidence = append(asked("PAY-4", 12), s.Evidence[:18]...)
		}, "jira:PAY-1", []engine.Cause{engine.Others}, "others came before it"},
		{"the rules changed", func(s *engine.Snapshot, l *engine.Last) {
			l.RulesHash = "others"
			p := s.Previous["jira:PAY-1"]
			for id := range s.Previous {
				p = s.Previous[id]
				p.Place = 5 - p.Place
				s.Previous[id] = p
			}
		}, "jira:PAY-1", []engine.Cause{engine.NewRules}, "the rules changed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now, l := next, last
			now.Previous = map[work.ItemID]engine.Previous{}
			maps.Copy(now.Previous, next.Previous)
			now.Evidence = append([]evidence.Day(nil), next.Evidence...)
			tc.change(&now, &l)
			s := compare(t, rules, snap, now, l)
			for _, m := range s.Moves {
				if m.Ref != tc.ref {
					continue
				}
				if diff := cmp.Diff(tc.causes, m.Causes); diff != "" || m.Because != tc.because {
					t.Errorf("because %q, want %q; causes (-want +got):\n%s", m.Because, tc.because, diff)
				}
				return
			}
			t.Errorf("%s is not among the moves: %+v", tc.ref, s.Moves)
		})
	}
}

func TestTheSameSnapshotMovesNothing(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	snap := ground()
	first := engine.Evaluate(rules, snap)
	next, last := after(rules, snap, &first)
	s := compare(t, rules, snap, next, last)
	if s.Tau != 1 || s.Moved+s.Priorities+s.Horizons+len(s.Moves) != 0 {
		t.Errorf("got %+v", s)
	}
}

func TestWhatItTakesToClimbIsTrueWhenItIsDone(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	snap := ground()
	o := engine.Evaluate(rules, snap)
	d, _ := o.FindKey("jira:PAY-3")
	climb := o.Climb(rules, &snap, d)
	if len(climb.Place) == 0 {
		t.Fatalf("nothing helps: %+v", climb)
	}
	for _, step := range climb.Place {
		if step.Input != "effort" {
			continue
		}
		var effort float64
		if n, err := sscan(step.Text, &effort); n != 1 || err != nil {
			t.Fatal(step.Text)
		}
		with := func(effort float64) int {
			s := snap
			s.Records = []*work.Record{snap.Records[0], snap.Records[1], sized("PAY-3", effort), snap.Records[3]}
			o := engine.Evaluate(rules, s)
			d, _ := o.FindKey("jira:PAY-3")
			return d.TeamPlace
		}
		if got := with(effort); got != step.Place || got >= d.TeamPlace {
			t.Errorf("%s leads to place %d, said was %d", step.Text, got, step.Place)
		}
		if got := with(effort + 0.5); got < d.TeamPlace {
			t.Errorf("effort %v would do: %s is not the smallest change", effort+0.5, step.Text)
		}
	}
	top, _ := o.FindKey("jira:PAY-1")
	if got := o.Climb(rules, &snap, top).PlaceSays; got != "nothing: it is first" {
		t.Errorf("of the first it says %q", got)
	}
}

func TestMoreAccountsAreCountedAsTheyWouldBe(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	snap := ground()
	o := engine.Evaluate(rules, snap)
	d, _ := o.FindKey("jira:PAY-2")
	for _, step := range o.Climb(rules, &snap, d).Place {
		if step.Input != "accounts" {
			continue
		}
		var n int
		if _, err := sscan(step.Text, &n); err != nil {
			t.Fatal(step.Text)
		}
		with := func(n int) int {
			s := snap
			s.Evidence = append(asked("PAY-2", 6+n), snap.Evidence[:8]...)
			s.Evidence = append(s.Evidence, snap.Evidence[14:]...)
			o := engine.Evaluate(rules, s)
			d, _ := o.FindKey("jira:PAY-2")
			return d.TeamPlace
		}
		if with(n) != step.Place || with(n-1) < d.TeamPlace {
			t.Errorf("%s: place %d with them, %d with one less", step.Text, with(n), with(n-1))
		}
		return
	}
	t.Error("no number of accounts helps")
}

func TestNobodyClimbsAboveWhatAPersonSet(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(plainRules, "  priority:", "  horizon: {owner: jira, jira: {field: {name: Horizon, id: customfield_3}}}\n  priority:", 1))
	snap := ground()
	snap.Records[3].Fields["customfield_3"] = work.NewText("later")
	o := engine.Evaluate(rules, snap)
	d, _ := o.FindKey("jira:PAY-4")
	if got := o.Climb(rules, &snap, d).HorizonSays; d.Horizon != "later" || got != "a person set it" {
		t.Errorf("horizon %s: %q", d.Horizon, got)
	}
}

// TestAskingWhatItTakesLeavesNoTrace: items that need others and have a
// person's word are ranked once more, and the outcome stays as it is.
func TestAskingWhatItTakesLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rules := compile(t, plainRules)
	snap := ground()
	snap.Records[0].Fields["blocked_by"] = work.NewList("PAY-4")
	snap.Overrides = []work.Override{{Number: 1, Ref: snap.Records[0].Ref, Kind: work.Pin, Value: "1", By: "ana", Reason: "so be it", At: day, Until: day.AddDate(0, 0, 9)}}
	o := engine.Evaluate(rules, snap)
	before := frozen(&o)
	d, _ := o.FindKey("jira:PAY-3")
	o.Climb(rules, &snap, d)
	if diff := cmp.Diff(before, frozen(&o)); diff != "" {
		t.Errorf("the outcome changed (-before +after):\n%s", diff)
	}
}
