package plan_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// TestS1WhatWasWrittenOverIsGivenBack: ana set a in jira, and Tandem wrote b
// over it, as it did before in the file. The twin in github was not read.
func TestS1WhatWasWrittenOverIsGivenBack(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		shows     string // in jira
		back      bool
		failed    string
		hands     bool
		want      []string // edits, as "jira a for b"
		effective string
		cause     work.Cause
	}{
		"it travels, and is put back":        {shows: "b", want: []string{"file set a for b", "jira set a for b give_back"}, effective: "a", cause: work.ChangedByPerson},
		"it is back":                         {shows: "a", back: true, want: []string{"file set a for b"}, effective: "a", cause: work.ChangedByPerson},
		"the person put it back first":       {shows: "a", want: []string{"file set a for b"}, effective: "a", cause: work.ChangedByPerson},
		"somebody chose Tandem's value then": {shows: "b", back: true, effective: "b"},
		"somebody set another since":         {shows: "c", want: []string{"file set c for b"}, effective: "c", cause: work.ChangedByPerson},
		"it cannot be put back":              {shows: "b", failed: "no", want: []string{"file set a for b"}, effective: "a", cause: work.ChangedByPerson},
		"hands off":                          {shows: "b", hands: true, want: []string{"file set a for b"}, effective: "a", cause: work.HandsOff},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records[1].Fields = map[string]work.Value{}
			w.show(w.records[0], "b")
			w.show(w.records[2], c.shows)
			w.remember(w.records[0], "b")
			w.remember(w.records[2], "b")
			if c.hands {
				w.records[2].Fields[work.NativeLabels] = work.NewList(plan.HandsOffLabel)
			}
			over := plan.Displaced{
				Target: work.Target{RefID: w.records[2].RefID, Path: "p"}, Field: work.Priority, Value: work.NewText("a"), Wrote: work.NewText("b"),
				By: "ana", At: asOf, Written: asOf.Add(80 * time.Millisecond), Back: c.back, Failed: c.failed,
			}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf, Displaced: plan.DisplacedAt([]plan.Displaced{over})}
			settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
			v := plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Public}, state)
			var got []string
			for _, e := range v.Edits {
				text := e.Target.Connector + " set " + e.Value.String() + " for " + e.Expect.String()
				if e.Errand != "" {
					text += " " + string(e.Errand)
				}
				got = append(got, text)
			}
			slices.Sort(got)
			sortedEqual(t, "edits", c.want, got)
			if v.Effective.String() != c.effective {
				t.Errorf("effective %q, want %q", v.Effective, c.effective)
			}
			var causes []work.Cause
			for _, h := range v.Holds {
				causes = append(causes, h.Cause)
			}
			if (c.cause == "") != (len(causes) == 0) || len(causes) > 0 && causes[0] != c.cause {
				t.Errorf("holds %v, want %q", causes, c.cause)
			}
			if len(v.Adopted) > 0 && c.shows == "b" && !c.back {
				t.Errorf("adopted %v", v.Adopted)
			}
		})
	}
}

func TestOnlyAChangeThatTheEditDidNotExpectWasWrittenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	overruled := *w.rule
	overruled.Overrule = true
	e := work.Edit{ID: "e", Field: work.Priority, Value: work.NewText("b"), Expect: work.NewText("c")}
	for value, want := range map[string]bool{"a": true, "b": false, "c": false} {
		if _, is := plan.Displace(e, work.Replaced{EditID: "e", Value: work.NewText(value)}, w.rule); is != want {
			t.Errorf("what stood there was %s: written over %v, want %v", value, is, want)
		}
	}
	if _, is := plan.Displace(e, work.Replaced{EditID: "e", Value: work.NewText("a")}, &overruled); is {
		t.Error("a person whom the rules overrule gets a value back")
	}
	if _, is := plan.Displace(e, work.Replaced{EditID: "e"}, w.rule); is {
		t.Error("nobody knows what stood there, and something is given back")
	}
}

// TestS1AReleaseIsForTheValueThatThePersonSaw: a was held when somebody
// released it.
func TestS1AReleaseIsForTheValueThatThePersonSaw(t *testing.T) {
	t.Parallel()
	for shows, want := range map[string]int{"a": 1, "c": 0} {
		for what, have := range map[string]work.Value{"seen": work.NewText("a"), "not known": {}} {
			w := newWorld(t, "tandem", false)
			w.records[0].Fields, w.records[1].Fields = map[string]work.Value{}, map[string]work.Value{}
			w.show(w.records[2], shows)
			w.remember(w.records[2], "b")
			slot := plan.SlotRef{Ref: w.records[2].RefID, Field: work.Priority}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), Released: plan.Releases([]plan.Release{{Slot: slot, Have: have}})}
			settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
			v := plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Public}, state)
			if want := max(want, map[bool]int{true: 1}[!have.Known()]); len(v.Edits) != want || len(v.Holds) != 1-want {
				t.Errorf("%s, what was released is %s: %d edits, %d holds", shows, what, len(v.Edits), len(v.Holds))
			}
		}
	}
}

// TestRespectCountsFromTheLastChange: a was held for 29 days.
func TestRespectCountsFromTheLastChange(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		days  int
		shows string
		since int // days ago
		edits int
	}{
		"the same value":         {days: 29, shows: "a", since: 29},
		"the same for long":      {days: 30, shows: "a", edits: 1},
		"another value":          {days: 29, shows: "c"},
		"another after its time": {days: 30, shows: "c"},
		"emptied after its time": {days: 30, shows: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records[0].Fields, w.records[1].Fields = map[string]work.Value{}, map[string]work.Value{}
			w.show(w.records[2], c.shows)
			if c.shows == "" {
				w.records[2].Fields["p"] = work.Empty()
			}
			w.remember(w.records[2], "b")
			key := plan.HoldKey{Slot: plan.SlotRef{Ref: w.records[2].RefID, Field: work.Priority}, Cause: work.ChangedByPerson}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf, Holds: map[plan.HoldKey]plan.Held{
				key: {Since: asOf.AddDate(0, 0, -c.days), Have: work.NewText("a")},
			}}
			settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
			v := plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Public}, state)
			if len(v.Edits) != c.edits || len(v.Holds) != 1 || (v.Holds[0].Cause == work.RespectOver) != (c.edits > 0) {
				t.Fatalf("%d edits, holds %+v", len(v.Edits), v.Holds)
			}
			if want := asOf.AddDate(0, 0, -c.since); c.edits == 0 && !v.Holds[0].Since.Equal(want) {
				t.Errorf("held since %s, want %s", v.Holds[0].Since, want)
			}
		})
	}
}

// TestASwapThatEndedHalfwayIsNobodysHold: both labels are Tandem's, unless the
// ledger knows of one only.
func TestASwapThatEndedHalfwayIsNobodysHold(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{true, false} {
		w := newWorld(t, "tandem", false)
		w.records[0].Fields, w.records[2].Fields = map[string]work.Value{}, map[string]work.Value{}
		w.records[1].Fields[labelPath] = work.NewList("team", "p/a", "p/b")
		for _, label := range []string{"p/a", "p/b"} {
			if label == "p/b" && !own {
				continue
			}
			w.entries = append(w.entries, plan.Entry{
				Target: work.Target{RefID: w.records[1].RefID, Path: labelPath, Element: label}, Value: work.NewFlag(true), Written: true,
			})
		}
		state := &plan.State{Ledger: plan.NewLedger(w.entries)}
		settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
		v := plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Public}, state)
		if own && (len(v.Edits) != 1 || v.Edits[0].Verb != work.RemoveLabel || v.Edits[0].Target.Element != "p/a") {
			t.Errorf("both are Tandem's: %+v %+v", v.Edits, v.Holds)
		}
		if !own && (len(v.Holds) != 1 || v.Holds[0].Cause != work.AmbiguousLabel) {
			t.Errorf("one is a person's: %+v %+v", v.Edits, v.Holds)
		}
	}
}

func sortedEqual(t *testing.T, what string, want, got []string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Errorf("%s %q, want %q", what, got, want)
			return
		}
	}
}

// A person's change is over after its time, and stays so until it is replaced: what
// is proposed then waits for a person, or for the end of quiet hours, and is still
// planned in the run after. What somebody sets meanwhile is respected anew.
func TestWhatWasRespectedForItsTimeStaysOverUntilItIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	w.records, w.item.Parts = w.records[2:], w.item.Parts[2:]
	w.show(w.records[0], "a")
	w.remember(w.records[0], "b")
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	state := &plan.State{Ledger: plan.NewLedger(w.entries)}
	runs := func(what string, days int, edits int, cause work.Cause, since int) {
		t.Helper()
		state.AsOf = day.AddDate(0, 0, days)
		v := plan.Decide(plan.Settle(w.program, w.rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Public}, state)
		if len(v.Edits) != edits || len(v.Holds) == 0 || v.Holds[0].Cause != cause || !v.Holds[0].Since.Equal(day.AddDate(0, 0, since)) {
			t.Fatalf("%s: edits %+v, holds %+v", what, v.Edits, v.Holds)
		}
		state.Holds = map[plan.HoldKey]plan.Held{}
		for _, h := range v.Holds {
			state.Holds[plan.HoldKey{Slot: plan.SlotRef{Ref: h.Target.RefID, Field: h.Field}, Cause: h.Cause}] = plan.Held{Since: h.Since, Have: h.Have}
		}
	}
	runs("it is held", 0, 0, work.ChangedByPerson, 0)
	runs("nearly over", 29, 0, work.ChangedByPerson, 0)
	runs("over", 30, 1, work.RespectOver, 0)
	runs("still over", 30, 1, work.RespectOver, 0)
	state.Stale = map[string]bool{"jira": true}
	runs("nothing can be written there", 31, 0, work.RespectOver, 0)
	state.Stale = nil
	runs("it can again", 32, 1, work.RespectOver, 0)
	w.show(w.records[0], "c")
	runs("somebody set another value", 33, 0, work.ChangedByPerson, 33)
	runs("that is over", 63, 1, work.RespectOver, 33)
	w.entries[0].At = day.AddDate(0, 0, 64)
	state.Ledger = plan.NewLedger(w.entries)
	runs("it was replaced, and somebody set it again before the next run", 65, 0, work.ChangedByPerson, 65)
	runs("the new time counts", 66, 0, work.ChangedByPerson, 65)
	w.records[0].Touched = map[string]work.Touch{"p": {By: "bo", At: day.AddDate(0, 0, 65).Add(9 * time.Hour)}}
	runs("the history tells of it", 67, 0, work.ChangedByPerson, 65)
	w.records[0].Touched["p"] = work.Touch{By: "bo", At: day.AddDate(0, 0, 96).Add(9 * time.Hour)}
	runs("they set another value and came back to it before the next run", 97, 0, work.ChangedByPerson, 97)
	runs("this time counts", 98, 0, work.ChangedByPerson, 97)
}
