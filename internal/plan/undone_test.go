package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// TestS14WhatWasPutBackIsRespected: Tandem wrote b in two places, and ana let
// it put back what stood there before.
func TestS14WhatWasPutBackIsRespected(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		file, jira string // what stands there now
		days       int    // since the undo
		released   bool
		overrule   bool
		edits      int
		effective  string
		by         string // of the hold in jira
	}{
		"in one place, so it travels":      {file: "b", jira: "a", edits: 1, effective: "a", by: "ana"},
		"in both, alike":                   {file: "a", jira: "a", effective: "a", by: "ana"},
		"in both, each its own":            {file: "", jira: "a", effective: "b", by: "ana"},
		"a person set another since":       {file: "b", jira: "c", edits: 1, effective: "c"},
		"a person set another elsewhere":   {file: "c", jira: "a", effective: "c", by: "ana"},
		"its time is nearly over":          {file: "a", jira: "a", days: 29, effective: "a", by: "ana"},
		"its time is over":                 {file: "a", jira: "a", days: 30, edits: 2, effective: "b"},
		"released":                         {file: "b", jira: "a", released: true, edits: 1, effective: "b"},
		"though people are overruled":      {file: "b", jira: "a", overrule: true, edits: 1, effective: "a", by: "ana"},
		"until that is over, as ever":      {file: "b", jira: "a", overrule: true, days: 30, edits: 1, effective: "b"},
		"Tandem's own value is there anew": {file: "b", jira: "b", effective: "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			rule := *w.rule
			rule.Overrule = c.overrule
			if c.overrule {
				rule.RespectFor = 0
			}
			w.records[1].Fields = map[string]work.Value{} // github was not read
			w.show(w.records[0], c.file)
			w.show(w.records[2], c.jira)
			if c.file == "" {
				w.records[0].Fields["p"] = work.Empty()
			}
			w.remember(w.records[0], "b")
			w.remember(w.records[2], "b")
			var undone []plan.Undone
			for i, before := range map[int]work.Value{0: w.records[0].Fields["p"], 2: work.NewText("a")} {
				if c.file == "b" && i == 0 || c.file == "c" && i == 0 {
					continue
				}
				undone = append(undone, plan.Undone{
					Target: work.Target{RefID: w.records[i].RefID, Path: "p"}, Field: work.Priority, Value: before, By: "ana", At: asOf.AddDate(0, 0, -c.days),
				})
			}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf, Undone: plan.UndoneAt(undone), Released: map[plan.SlotRef]plan.Release{}}
			if c.released {
				state.Released[plan.SlotRef{Ref: w.records[2].RefID, Field: work.Priority}] = plan.Release{}
			}
			v := plan.Decide(plan.Settle(w.program, &rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Internal}, state)
			if len(v.Edits) != c.edits || v.Effective.Text() != c.effective {
				t.Errorf("edits %+v, effective %s; want %d and %s", v.Edits, v.Effective, c.edits, c.effective)
			}
			for _, h := range v.Holds {
				if h.Target.Connector != "jira" {
					continue
				}
				if h.By != c.by || c.by != "" && (h.Cause != work.ChangedByPerson || !strings.HasPrefix(h.Detail, "undone on ")) {
					t.Errorf("held as %+v", h)
				}
			}
		})
	}
}

// TestS1ALabelThatSomebodySetAfterAnUndoIsRespectedAnew: 30 days ago ana let
// Tandem take p/b off again; since then somebody put p/a there. That is a choice
// of its own, though p/b is still not there.
func TestS1ALabelThatSomebodySetAfterAnUndoIsRespectedAnew(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		stands string
		edits  int
	}{
		"nothing stands there, and the time is over": {"", 1},
		"another label stands there":                 {"a", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records = w.records[1:2]
			w.item.Parts = w.item.Parts[1:2]
			w.show(w.records[0], c.stands)
			w.remember(w.records[0], "b")
			undone := []plan.Undone{{
				Target: work.Target{RefID: w.records[0].RefID, Path: labelPath, Element: "p/b"}, Field: work.Priority, Value: work.NewFlag(false), By: "ana", At: asOf.AddDate(0, 0, -30),
			}}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf, Undone: plan.UndoneAt(undone)}
			v := plan.Decide(plan.Settle(w.program, w.rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Internal}, state)
			if len(v.Edits) != c.edits {
				t.Errorf("edits %+v, holds %+v", v.Edits, v.Holds)
			}
			if c.stands != "" && (len(v.Holds) != 1 || v.Holds[0].Cause != work.ChangedByPerson || !v.Holds[0].Since.Equal(asOf)) {
				t.Errorf("holds %+v", v.Holds)
			}
		})
	}
}

// TestS1WhoComesBackToWhatAnUndoPutBackIsRespectedAnew: 31 days ago ana let Tandem
// put a back over its b. Somebody set c there since, and after that a.
func TestS1WhoComesBackToWhatAnUndoPutBackIsRespectedAnew(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	undid := asOf.AddDate(0, 0, -31)
	for name, c := range map[string]struct {
		touched  time.Time // by what the source tells
		overrule bool
		edits    int
	}{
		"nothing is told of it":              {edits: 1},
		"the source tells of the undo":       {touched: undid, edits: 1},
		"the source tells of a later change": {touched: undid.Add(time.Hour)},
		"people are overruled":               {touched: undid.Add(time.Hour), overrule: true, edits: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records, w.item.Parts = w.records[2:], w.item.Parts[2:]
			rule := *w.rule
			rule.Overrule = c.overrule
			w.show(w.records[0], "a")
			w.remember(w.records[0], "b")
			w.records[0].Touched = map[string]work.Touch{"p": {By: "bo", At: c.touched}}
			ref := w.records[0].RefID
			state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf, Undone: plan.UndoneAt([]plan.Undone{{
				Target: work.Target{RefID: ref, Path: "p"}, Field: work.Priority, Value: work.NewText("a"), By: "ana", At: undid,
			}})}
			v := plan.Decide(plan.Settle(w.program, &rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Internal}, state)
			held := slices.ContainsFunc(v.Holds, func(h work.Hold) bool { return h.Cause == work.ChangedByPerson })
			if len(v.Edits) != c.edits || held != (c.edits == 0) {
				t.Fatalf("edits %+v, holds %+v", v.Edits, v.Holds)
			}
			if held && (!v.Holds[0].Since.Equal(asOf) || v.Holds[0].By != "bo") {
				t.Errorf("held as %+v", v.Holds[0])
			}
		})
	}
}

// What an undo put back counts until a run sees that people set something else, be
// it what Tandem wants.
func TestAnUndoIsOutlivedWherePeopleSetSomethingElse(t *testing.T) {
	t.Parallel()
	const github, jira = 1, 2
	put := func(element string, v work.Value) plan.Undone {
		return plan.Undone{Target: work.Target{Path: labelPath, Element: element}, Field: work.Priority, Value: v}
	}
	on, off := work.NewFlag(true), work.NewFlag(false)
	value := []plan.Undone{{Target: work.Target{Path: "p"}, Field: work.Priority, Value: work.NewText("a")}}
	swap := []plan.Undone{put("p/a", on), put("p/b", off)}
	cleared := []plan.Undone{put("p/a", off)}
	beside := []plan.Undone{put("p/a", work.NewList("p/a")), put("p/b", off)}
	for name, c := range map[string]struct {
		at      int
		undone  []plan.Undone
		shows   work.Value
		pending bool
		over    bool
	}{
		"as it was left":                    {at: jira, undone: value, shows: work.NewText("a")},
		"another value":                     {at: jira, undone: value, shows: work.NewText("c"), over: true},
		"Tandem's own":                      {at: jira, undone: value, shows: work.NewText("b"), over: true},
		"none":                              {at: jira, undone: value, shows: work.Empty(), over: true},
		"not read back yet":                 {at: jira, undone: value, shows: work.NewText("b"), pending: true},
		"not read":                          {at: jira, undone: value},
		"the label that was put back":       {at: github, undone: swap, shows: work.NewList("p/a", "bug")},
		"Tandem's label":                    {at: github, undone: swap, shows: work.NewList("p/b"), over: true},
		"both labels":                       {at: github, undone: swap, shows: work.NewList("p/a", "p/b"), over: true},
		"no label":                          {at: github, undone: swap, shows: work.Empty(), over: true},
		"none, as it was left":              {at: github, undone: cleared, shows: work.NewList("bug")},
		"another label where none was left": {at: github, undone: cleared, shows: work.NewList("p/b"), over: true},
		"the label that was left":           {at: github, undone: beside, shows: work.NewList("p/a")},
		"the other one":                     {at: github, undone: beside, shows: work.NewList("p/b"), over: true},
		"labels of before":                  {at: github, undone: []plan.Undone{put("q/a", on)}, shows: work.NewList("p/b")},
		"a field of before":                 {at: jira, undone: swap, shows: work.NewText("c")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			r := w.records[c.at]
			r.Fields = map[string]work.Value{}
			if path := map[int]string{github: labelPath, jira: "p"}[c.at]; c.shows.Known() {
				r.Fields[path] = c.shows
			}
			w.remember(r, "b")
			for i := range w.entries {
				w.entries[i].Pending = c.pending
			}
			undone := slices.Clone(c.undone)
			for i := range undone {
				undone[i].Target.RefID = r.RefID
			}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), Undone: plan.UndoneAt(undone)}
			settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
			if over := settled.Outlived(r.RefID, state); over != c.over {
				t.Errorf("over: %v", over)
			}
			if settled.Outlived(w.records[0].RefID, state) {
				t.Error("at a record of which nothing was undone")
			}
		})
	}
}

// TestS1WhoSetsWhatAnUndoTookAwayIsRespected: Tandem had written b, an undo put a
// back, and a person set b again. That it is what Tandem had written makes it no
// less theirs, when Tandem wants c by then: neither in the run that sees it first nor
// in later ones, for which the ledger tells of no value.
func TestS1WhoSetsWhatAnUndoTookAwayIsRespected(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 2} {
		for name, first := range map[string]bool{"the run that sees it first": true, "a later run": false} {
			t.Run(fmt.Sprint(at, " ", name), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, "tandem", false)
				r := *w.records[at]
				w.records[at], r.Fields = &r, map[string]work.Value{}
				w.show(&r, "a")
				undone := putBack(&r, "a")
				w.remember(&r, "b")
				r.Fields = map[string]work.Value{}
				w.show(&r, "b")
				if !first {
					undone = nil
					for i := range w.entries {
						w.entries[i].Value = work.Value{}
					}
				}
				state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Undone: plan.UndoneAt(undone)}
				settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
				v := plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText("c"), Audience: work.Internal}, state)
				for _, e := range v.Edits {
					if e.Target.RefID == r.RefID {
						t.Errorf("edit %s %s", e.Verb, e.Value)
					}
				}
				held := slices.ContainsFunc(v.Holds, func(h work.Hold) bool {
					return h.Target.RefID == r.RefID && h.Cause == work.ChangedByPerson
				})
				if !held {
					t.Errorf("holds %+v", v.Holds)
				}
			})
		}
	}
}

// TestS4WhatAgreesBesideAnUndoChangesNothingLater: what is noted as agreeing with
// Tandem makes no edit of the next plan. It would where a person's value became
// Tandem's while another twin keeps what an undo put back: that would travel then.
func TestS4WhatAgreesBesideAnUndoChangesNothingLater(t *testing.T) {
	t.Parallel()
	shows, compiled := []string{"", "a", "b"}, newWorld(t, "tandem", false)
	// Of each record: what it shows, and whether that was there before, was set
	// over Tandem's value, or was put back.
	for i := range 9 * 9 * 9 {
		w := world{program: compiled.program, rule: compiled.rule, item: compiled.item}
		var undone []plan.Undone
		var stood [3]string
		for k, x := range []int{i % 9, i / 9 % 9, i / 81} {
			r := *compiled.records[k]
			r.Fields = map[string]work.Value{}
			w.records = append(w.records, &r)
			stood[k] = shows[x%3]
			if w.show(&r, stood[k]); stood[k] == "" && k != 1 {
				r.Fields["p"] = work.Empty()
			}
			if x/3 > 0 {
				w.remember(&r, map[string]string{"": "a", "a": "b", "b": "a"}[stood[k]])
			}
			if x/3 == 2 {
				undone = append(undone, putBack(&r, stood[k])...)
			}
		}
		n, first := len(undone), w.decideUndone(undone)
		w.apply(t, first)
		undone = slices.DeleteFunc(undone, func(u plan.Undone) bool { // as the store does
			return slices.ContainsFunc(first.Adopted, func(e plan.Entry) bool { return e.Target == u.Target })
		})
		if second := w.decideUndone(undone); len(second.Edits) > 0 {
			t.Errorf("%q, %d lines of an undo: the second plan has %s %s at %s", stood, n, second.Edits[0].Verb, second.Edits[0].Value, second.Edits[0].Key)
		}
	}
}

// putBack is what an undo noted that put back what a record shows.
func putBack(r *work.Record, shows string) (all []plan.Undone) {
	u := plan.Undone{Field: work.Priority, By: "ana", At: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Value: r.Fields["p"]}
	if u.Target = (work.Target{RefID: r.RefID, Path: "p"}); r.Connector != "github" {
		return []plan.Undone{u}
	}
	for _, x := range []string{"a", "b"} {
		u.Target.Path, u.Target.Element, u.Value = labelPath, "p/"+x, work.NewFlag(x == shows)
		all = append(all, u)
	}
	return all
}

// decideUndone decides where Tandem wants a.
func (w *world) decideUndone(undone []plan.Undone) plan.Verdict {
	state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Undone: plan.UndoneAt(undone)}
	settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
	return plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText("a"), Audience: work.Internal}, state)
}

// Beside Tandem's p/b somebody set p/a, and ana let Tandem take p/b off. What she
// left stays for a while where rules overrule people; elsewhere it is the choice of
// who set it, as ever.
func TestS14ALabelThatAnUndoLeftBesideIsRespected(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		stands   string
		overrule bool
		days     int // since the undo
		edits    int
		by       string // of the hold
	}{
		"people are overruled":             {"a", true, 0, 0, "ana"},
		"its time is over":                 {"a", true, 30, 2, ""},
		"somebody took it off since":       {"", true, 0, 1, ""},
		"people are respected":             {"a", false, 0, 0, ""},
		"people are, and its time is over": {"a", false, 30, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records, w.item.Parts = w.records[1:2], w.item.Parts[1:2]
			rule := *w.rule
			rule.Overrule = c.overrule
			w.show(w.records[0], c.stands)
			w.remember(w.records[0], "b")
			at := func(label string, value work.Value) plan.Undone {
				return plan.Undone{
					Target: work.Target{RefID: w.records[0].RefID, Path: labelPath, Element: label}, Field: work.Priority, Value: value, By: "ana", At: asOf.AddDate(0, 0, -c.days),
				}
			}
			undone := []plan.Undone{at("p/b", work.NewFlag(false)), at("p/a", work.NewList("p/a"))}
			state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf, Undone: plan.UndoneAt(undone)}
			v := plan.Decide(plan.Settle(w.program, &rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Internal}, state)
			if len(v.Edits) != c.edits {
				t.Errorf("edits %+v, holds %+v", v.Edits, v.Holds)
			}
			if c.edits == 0 && (len(v.Holds) != 1 || v.Holds[0].Cause != work.ChangedByPerson || v.Holds[0].By != c.by) {
				t.Errorf("holds %+v", v.Holds)
			}
		})
	}
}
