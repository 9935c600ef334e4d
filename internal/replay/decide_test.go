package replay

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// snapshot is what an evaluation would see had the newest records been stored.
func (w *world) snapshot() engine.Snapshot {
	snap := engine.Snapshot{AsOf: day()}
	for _, r := range w.newest {
		snap.Records = append(snap.Records, &r)
	}
	return snap
}

// evaluate decides, and lets everything out that the rules do not hold back.
func evaluate(rules *engine.Rules, snap engine.Snapshot) engine.Outcome {
	o := engine.Evaluate(rules, snap)
	guard := plan.Guard{Instance: work.Auto, BrakeEdits: -1, Items: len(o.Items), Teams: map[string]work.WriteMode{}, Ledger: o.Ledger}
	for _, team := range rules.Org().Teams() {
		guard.Teams[team.Name] = team.Write
	}
	guard.Apply(&o.Plan)
	return o
}

// describe tells an outcome as text: everything that people and services would
// see of it.
func describe(t *testing.T, rules *engine.Rules, o *engine.Outcome) string {
	t.Helper()
	var b strings.Builder
	for _, d := range o.Items {
		fields, err := json.Marshal(d.Item.Fields)
		if err != nil {
			t.Fatal(err)
		}
		x := o.Explain(rules, d)
		fmt.Fprintf(&b, "%s %s place %d, tier %s, horizon %s because %s, %s because %s, not ready %v, %d terms\n  %s\n",
			d.Item.ID, d.Item.Key(), d.Place, d.Tier, d.Horizon, d.HorizonBecause, d.Route.Accountable, d.Route.Because, d.NotReady, len(x.Terms), fields)
	}
	edits, err := json.Marshal(o.Plan)
	if err != nil {
		t.Fatal(err)
	}
	b.Write(edits)
	return b.String()
}

// apply does to a snapshot what services and journal do when all edits arrive.
func apply(t *testing.T, snap engine.Snapshot, o *engine.Outcome, rules *engine.Rules) engine.Snapshot {
	t.Helper()
	next := snap
	next.Records = nil
	byID := map[work.RefID]*work.Record{}
	for _, r := range snap.Records {
		c := *r
		c.Fields = maps.Clone(r.Fields)
		byID[c.RefID] = &c
		next.Records = append(next.Records, &c)
	}
	ledger := map[work.Target]plan.Entry{}
	for _, e := range slices.Concat(snap.Ledger, o.Plan.Adopted) {
		ledger[e.Target] = e
	}
	for _, e := range o.Plan.Edits {
		fields := byID[e.Target.RefID].Fields
		labels := fields[work.NativeLabels].List()
		switch e.Verb {
		case work.SetField, work.ClearField:
			fields[e.Target.Path] = e.Value
		case work.AddLabel:
			fields[work.NativeLabels] = work.NewList(append(labels, e.Target.Element)...)
		case work.RemoveLabel:
			fields[work.NativeLabels] = work.NewList(slices.DeleteFunc(labels, func(l string) bool { return l == e.Target.Element })...)
		default:
			t.Fatalf("the verb %s is not among those that services know", e.Verb)
		}
		ledger[e.Target] = plan.Entry{Target: e.Target, Value: e.Value, Written: true}
	}
	next.Ledger = slices.Collect(maps.Values(ledger))
	run := o.Run(0, rules, "")
	next.Identities, next.Previous, next.Holds = run.Identities, run.Placements, o.Plan.Holds
	return next
}
