package engine_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// everyUse is realistic rules with what reads or writes places beside.
func everyUse(tb testing.TB) map[string]string {
	tb.Helper()
	plain := realistic(tb)
	sorted := strings.Replace(plain, "  effort: {owner", "  rank: {owner: tandem, jira: {backlog: true}}\n  explanation: {jira: {field: comment}}\n  effort: {owner", 1)
	return map[string]string{
		"plain":   plain,
		"ordered": strings.Replace(sorted, "key_at_start_of: github.title}]", "key_at_start_of: github.title}], mark: [jira]", 1),
		"placed": strings.Replace(strings.Replace(plain, "  effort: {owner", "  place: {jira: {field: customfield_9}}\n  effort: {owner", 1),
			"    - preset", "    - {if: 'item.place <= 2', accountable: po, because: 'first'}\n    - preset", 1),
		"quarters": strings.NewReplacer(
			"roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}", "roadmap: {quarters: {count: 2, frozen: true}, dwell: 3d}",
			"  effort: {owner", "  target_date: {owner: jira, jira: {field: customfield_5}}\n  effort: {owner",
			"effort: 20, every", "effort: 1, every").Replace(plain),
		"dates": strings.NewReplacer(
			"roadmap: {now: {capacity: 1}", "roadmap: {dwell: 3d, now: {capacity: 1}",
			"  effort: {owner", "  target_date: {owner: jira, jira: {field: customfield_5}}\n  effort: {owner",
			"next: {method: wsjf, effort: item.effort}", "next: {method: ice}", "of: next", "of: why").Replace(sorted),
		"late": strings.NewReplacer(
			"  effort: {owner", "  acceptance: {owner: jira, jira: {field: customfield_4, values: {waiting: [Waiting], accepted: [Accepted]}}}\n  effort: {owner",
			"next: {method: wsjf, effort: item.effort}", "next: {method: cd3}",
			"because: 'unknown signals: triage'}", "because: 'unknown signals: triage', within: 3d, escalate: {role: po, takes_over: true}}",
			"because: 'finished, not accepted'}", "because: 'finished, not accepted', within: 1d, escalate: pm}",
			"    - preset: pm-po", "    - {if: 'item.readiness != unknown && item.kind == \"story\"', accountable: po, because: 'not ready', waiting: true}\n"+
				"    - {if: 'item.days_in_priority > 1', accountable: pm, because: 'for long'}\n    - {if: '\"horizon\" in item.overrides', accountable: po, because: 'moved'}\n    - preset: pm-po",
		).Replace(sorted),
	}
}

// manyWorlds draws worlds that have what only some rules read, too.
func manyWorlds(t *rapid.T) engine.Snapshot {
	snap := anyWorld(t)
	for _, r := range snap.Records {
		if r.Connector == "jira" {
			r.Fields["customfield_4"] = rapid.SampledFrom([]work.Value{work.Empty(), work.NewText("Waiting"), work.NewText("Accepted")}).Draw(t, "acceptance")
			r.Fields["customfield_5"] = rapid.SampledFrom([]work.Value{work.Empty(), work.NewText("2026-11-30"), work.NewText("2026-12-20"), work.NewText("2027-02-02")}).Draw(t, "date")
			r.Former = rapid.SampledFrom([][]string{nil, nil, {"PAY-99"}}).Draw(t, "former")
		}
	}
	return snap
}

// TestS16DecidingWhatChangedEqualsDecidingAll follows worlds through changes of
// every kind.
func TestS16DecidingWhatChangedEqualsDecidingAll(t *testing.T) {
	t.Parallel()
	for name, text := range everyUse(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var steps, quick atomic.Int64
			rules := compile(t, text)
			rapid.Check(t, func(t *rapid.T) {
				w := &moving{rules: rules, snap: manyWorlds(t), evaluator: engine.NewEvaluator(rules)}
				w.order(t)
				w.last = w.evaluator.Evaluate(w.snap)
				for range rapid.IntRange(1, 6).Draw(t, "steps") {
					before := frozen(&w.last)
					old := w.last
					steps.Add(1)
					if w.step(t) {
						quick.Add(1)
					}
					if diff := cmp.Diff(before, frozen(&old)); diff != "" {
						t.Fatalf("the last outcome changed (-before +after):\n%s", diff)
					}
				}
			})
			t.Logf("%d of %d steps were quick", quick.Load(), steps.Load())
			if steps.Load() > 100 && quick.Load() < steps.Load()/2 {
				t.Errorf("only %d of %d steps were quick", quick.Load(), steps.Load())
			}
		})
	}
}

// frozen is what an outcome says, as text.
func frozen(o *engine.Outcome) string {
	var text strings.Builder
	for _, d := range o.Items {
		fmt.Fprintf(&text, "%v %d %d %s %s %+v %+v\n", d.Item.ID, d.Place, d.TeamPlace, d.HorizonBecause, d.HorizonRisk, d.Standing, *d.Judged)
		if d.Words != nil {
			fmt.Fprintf(&text, "%+v %d\n", d.Words.All(), len(d.Words.Doubts))
		}
	}
	for _, e := range o.Plan.Edits {
		fmt.Fprintf(&text, "%+v\n", e.Edit)
	}
	fmt.Fprintf(&text, "%+v\n%+v\n%+v\n%v", o.Plan.Holds, o.Plan.Adopted, o.Plan.Findings, o.Ledger.All())
	return text.String()
}

// moving is a world that changes.
type moving struct {
	rules     *engine.Rules
	snap      engine.Snapshot
	evaluator *engine.Evaluator
	last      engine.Outcome
}

// step changes the world and compares. It reports whether Next could follow.
func (w *moving) step(t *rapid.T) bool {
	d := engine.Delta{Evidence: map[string][]evidence.Day{}}
	if d.Kept = rapid.IntRange(0, 4).Draw(t, "kept") > 0; d.Kept {
		w.keep()
	}
	if rapid.Bool().Draw(t, "records change") {
		w.records(t, &d)
	}
	if rapid.Bool().Draw(t, "ledger changes") {
		w.ledger(t, &d)
	}
	if rapid.Bool().Draw(t, "feedback comes") {
		w.voices(t, &d)
	}
	w.people(t)
	w.order(t)
	d.Now = w.snap
	d.Now.Records, d.Now.Ledger, d.Now.Holds, d.Now.Identities, d.Now.Evidence, d.Now.Previous = nil, nil, nil, nil, nil, nil
	want := engine.Evaluate(w.rules, w.snap)
	got, quick := w.evaluator.Next(d)
	if !quick {
		got = w.evaluator.Evaluate(w.snap)
	}
	equal(t, w.rules, &got, &want)
	w.last = got
	if rapid.Bool().Draw(t, "gated") {
		guard := plan.Guard{Instance: work.Auto, BrakeEdits: rapid.IntRange(-1, 2).Draw(t, "brake")}
		w.last.Gate(guard, w.snap)
	}
	return quick
}

// keep does to the snapshot what storing the last outcome does.
func (w *moving) keep() {
	run := w.last.Run(0, w.rules, "")
	ids := maps.Clone(w.snap.Identities)
	if ids == nil {
		ids = map[work.RefID]work.ItemID{}
	}
	maps.Copy(ids, run.Identities)
	w.snap.Identities, w.snap.Previous, w.snap.Holds = ids, run.Placements, run.Plan.Holds
}

func (w *moving) records(t *rapid.T, d *engine.Delta) {
	next := manyWorlds(t) // of other records under the same ids, and some more
	byRef := map[work.RefID]*work.Record{}
	for _, r := range w.snap.Records {
		byRef[r.RefID] = r
	}
	for _, r := range next.Records {
		if rapid.IntRange(0, 2).Draw(t, "changes") > 0 {
			continue
		}
		if old := byRef[r.RefID]; old != nil && rapid.Bool().Draw(t, "a little") {
			c := *old
			c.Fields = maps.Clone(old.Fields)
			field := rapid.SampledFrom(slices.Sorted(maps.Keys(r.Fields))).Draw(t, "field")
			c.Fields[field] = r.Fields[field]
			r = &c
		}
		byRef[r.RefID] = r
		d.Records = append(d.Records, r)
	}
	if len(w.snap.Records) > 0 && rapid.IntRange(0, 4).Draw(t, "goes") == 0 {
		gone := rapid.SampledFrom(w.snap.Records).Draw(t, "gone").RefID
		if !slices.ContainsFunc(d.Records, func(r *work.Record) bool { return r.RefID == gone }) {
			delete(byRef, gone)
			d.Gone = append(d.Gone, gone)
		}
	}
	w.snap.Records = slices.Collect(maps.Values(byRef))
}

func (w *moving) ledger(t *rapid.T, d *engine.Delta) {
	lines := map[work.Target]plan.Entry{}
	for _, e := range w.snap.Ledger {
		lines[e.Target] = e
	}
	for _, e := range w.last.Plan.Adopted {
		if rapid.Bool().Draw(t, "adopts") {
			lines[e.Target], d.Ledger = e, append(d.Ledger, e)
		}
	}
	for _, e := range w.last.Plan.Edits {
		if rapid.IntRange(0, 3).Draw(t, "wrote") == 0 && !slices.ContainsFunc(d.Ledger, func(o plan.Entry) bool { return o.Target == e.Target }) {
			line := plan.Entry{Target: e.Target, Value: e.Value, Written: true, Pending: rapid.Bool().Draw(t, "pending")}
			lines[e.Target], d.Ledger = line, append(d.Ledger, line)
		}
	}
	if len(w.snap.Ledger) > 0 && rapid.Bool().Draw(t, "forgets") {
		gone := rapid.SampledFrom(w.snap.Ledger).Draw(t, "line").Target
		if !slices.ContainsFunc(d.Ledger, func(o plan.Entry) bool { return o.Target == gone }) {
			delete(lines, gone)
			d.Dropped = append(d.Dropped, gone)
		}
	}
	w.snap.Ledger = slices.SortedFunc(maps.Values(lines), func(a, b plan.Entry) int { return a.Target.Compare(b.Target) })
}

func (w *moving) voices(t *rapid.T, d *engine.Delta) {
	for _, r := range w.snap.Records {
		if rapid.IntRange(0, 2).Draw(t, "voiced") > 0 {
			continue
		}
		target := r.String()
		var days []evidence.Day
		for i := range rapid.IntRange(0, 3).Draw(t, "days") {
			days = append(days, evidence.Day{Key: evidence.Key{Target: target, Account: fmt.Sprint("a", i), Method: work.Survey, Day: evidence.DayNumber(day) - int32(i)}, Count: int32(i + 1), Audience: work.Internal})
		}
		d.Evidence[target] = days
		w.snap.Evidence = slices.DeleteFunc(slices.Clone(w.snap.Evidence), func(e evidence.Day) bool { return e.Target == target })
		w.snap.Evidence = append(w.snap.Evidence, days...)
	}
}

// people do what people do.
func (w *moving) people(t *rapid.T) {
	if len(w.snap.Records) == 0 {
		return
	}
	ref := rapid.SampledFrom(w.snap.Records).Draw(t, "of").RefID
	field := rapid.SampledFrom([]work.Field{work.Priority, work.Horizon}).Draw(t, "of field")
	slot := plan.SlotRef{Ref: ref, Field: field}
	switch rapid.IntRange(0, 14).Draw(t, "people") {
	case 0:
		w.snap.Released = append(slices.Clone(w.snap.Released), plan.Release{Slot: slot})
	case 1:
		w.snap.Released = nil
	case 2:
		w.snap.Rejected = append(slices.Clone(w.snap.Rejected), plan.Rejection{Slot: slot, By: "ana", Because: "no", At: day})
	case 3:
		if d, found := w.last.Find(ref); found {
			w.snap.Blocked = map[work.ItemID]string{d.Item.ID: "refused"}
		}
	case 4:
		w.snap.Blocked = nil
	case 5:
		w.snap.Undone = []plan.Undone{{Target: work.Target{RefID: ref, Path: "priority"}, Field: work.Priority, Value: work.NewText("Major"), By: "ana", At: day}}
	case 6:
		w.snap.Displaced = []plan.Displaced{{Target: work.Target{RefID: ref, Path: "priority"}, Field: work.Priority, Value: work.NewText("Blocker"), Wrote: work.NewText("Major"), By: "ana", Written: day}}
	case 7:
		w.snap.Stale = rapid.SampledFrom([][]string{nil, {"github"}}).Draw(t, "stale")
	case 8:
		target := work.Target{RefID: ref, Path: "priority"}
		w.snap.Attempts = []plan.Attempt{{Target: target, Value: work.NewText("Major"), Expect: work.NewText("Minor")}, {Target: target, Value: work.NewText("Major"), Expect: work.NewText("Minor")}}
	case 9, 10:
		anyWords(t, &w.snap, everyKind()...)
		for i := range w.snap.Overrides { // of one number each
			w.snap.Overrides[i].Number = int64(i + 1)
		}
	case 11:
		w.snap.Overrides = w.snap.Overrides[:len(w.snap.Overrides)/2]
	case 12:
		w.snap.Rejected = append(slices.Clone(w.snap.Rejected), plan.Rejection{Slot: slot, By: "ana", Because: "not so", At: day, Inputs: w.last.InputsOf(w.rules, slot)})
	case 13:
		days := rapid.SampledFrom([]int{0, 0, 1, 40}).Draw(t, "days") // long enough for respect to end
		w.snap.AsOf = w.snap.AsOf.Add(time.Duration(days) * 24 * time.Hour)
	}
}

// order lets the backlog be as the records come.
func (w *moving) order(t *rapid.T) {
	var ids []string
	for _, r := range w.snap.Records {
		if r.Connector == "jira" {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	ids = rapid.Permutation(ids).Draw(t, "backlog")
	w.snap.Backlogs = []backlog.State{{Connector: "jira", Order: work.Order{Scope: "PAY", IDs: ids}, Confirmed: ids}}
}

// equal compares all that an outcome says.
func equal(t *rapid.T, rules *engine.Rules, got, want *engine.Outcome) {
	check := func(what string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%s differ:\ngot  %+v\nwant %+v", what, a, b)
		}
	}
	if len(got.Items) == len(want.Items) {
		for i := range got.Items {
			check("items", *got.Items[i].Judged, *want.Items[i].Judged)
		}
	}
	check("items", got.Items, want.Items)
	check("plans", got.Plan, want.Plan)
	check("unknown values", got.Unknowns, want.Unknowns)
	check("ledgers", append([]plan.Entry{}, got.Ledger.All()...), append([]plan.Entry{}, want.Ledger.All()...))
	check("runs", got.Run(1, rules, ""), want.Run(1, rules, ""))
	for i, d := range got.Items {
		a, b := got.Explain(rules, d), want.Explain(rules, want.Items[i])
		a.Above, a.Below, b.Above, b.Below = nil, nil, nil, nil
		check("explanations", a, b)
		for _, p := range d.Item.Parts {
			found, ok := got.Find(p.RefID)
			check("homes", ok && found == d, true)
		}
	}
}
