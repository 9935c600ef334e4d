package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// day is the as_of of all tests.
var day = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

// schemas are like those of the shipped connectors, cut to what tests need.
func schemas() map[string]work.Schema {
	jira := work.Schema{Kind: "jira", Labels: true, MaxLabel: 255, Features: []string{"backlog", "mark", "touched"}, Fields: []work.NativeField{
		{Name: "summary", Kind: work.Text, Shared: work.Title},
		{Name: "issuetype", Kind: work.Text, Shared: work.Type, Values: map[string]string{"Bug": "bug", "Story": "story", "Epic": "epic", "Task": "task"}},
		{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "indeterminate": "doing", "done": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
		{Name: "priority", Kind: work.Text, Writable: true},
		{Name: "marker", Kind: work.Text, Writable: true},
		{Name: "comment", Kind: work.Text, Writable: true, Blind: true},
		{Name: "customfield_*", Writable: true},
		{Name: work.NativeSprint, Kind: work.Text, OnDemand: true, Shared: work.Sprint},
		{Name: work.NativeSprintState, Kind: work.Text, OnDemand: true},
		{Name: "blocked_by", Kind: work.List, Shared: work.Dependencies},
	}}
	github := work.Schema{Kind: "github", Labels: true, MaxLabel: 50, LabelSpaces: true, LabelsFold: true, Fields: []work.NativeField{
		{Name: "title", Kind: work.Text, Shared: work.Title},
		{Name: "state", Kind: work.Text, Shared: work.Status, Values: map[string]string{"open": "todo", "closed": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
	}}
	return map[string]work.Schema{"jira": jira, "github": github}
}

func compile(tb testing.TB, rules string) *engine.Rules {
	tb.Helper()
	r, err := tryCompile(rules)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func tryCompile(rules string) (*engine.Rules, error) {
	doc, found := config.ParseDocument("rules.yaml", []byte(rules))
	if len(found) > 0 {
		return nil, found
	}
	var spec engine.Spec
	if found := doc.Decode(&spec); len(found) > 0 {
		return nil, found
	}
	r, problems := engine.Compile(spec, engine.Env{Schemas: schemas(), Places: map[string][]string{"jira": {"PAY", "OPS"}, "github": {"acme/pay"}}})
	if len(problems) > 0 {
		return nil, doc.Diagnose(problems)
	}
	return r, nil
}

// recordSpec is one record of a golden case.
type recordSpec struct {
	Ref      string         `yaml:"ref"`
	Place    string         `yaml:"place"`
	Audience string         `yaml:"audience"`
	Created  string         `yaml:"created"`
	Fields   map[string]any `yaml:"fields"`
	// Touched says who changed a field last; - is nobody ever.
	Touched map[string]string `yaml:"touched"`
	// Last is what the ledger remembers: field path or label → value.
	Last map[string]string `yaml:"last"`
}

// snapshot reads records.yaml.
func snapshot(t *testing.T, body []byte) engine.Snapshot {
	t.Helper()
	doc, found := config.ParseDocument("records.yaml", body)
	if len(found) > 0 {
		t.Fatal(found)
	}
	var specs struct {
		Records []recordSpec `yaml:"records"`
	}
	if found := doc.Decode(&specs); len(found) > 0 {
		t.Fatal(found)
	}
	snap := engine.Snapshot{AsOf: day}
	for i, s := range specs.Records {
		connector, key, _ := work.ParseRef(s.Ref)
		r := &work.Record{
			Ref: work.NewRef(connector, fmt.Sprintf("%03d", i+1), key), Place: s.Place, Audience: work.Internal,
			Created: day.AddDate(0, 0, -30+i), Fields: map[string]work.Value{"labels": work.Empty(), "marker": work.Empty()},
			URL: "https://" + connector + ".example/" + key,
		}
		for path, by := range s.Touched {
			touch := work.Touch{By: by, At: day.AddDate(0, 0, -1)}
			if by == "-" {
				touch = work.Touch{Untouched: true}
			}
			if r.Touched == nil {
				r.Touched = map[string]work.Touch{}
			}
			r.Touched[path] = touch
		}
		switch s.Audience {
		case "public":
			r.Audience = work.Public
		case "restricted":
			r.Audience = work.Restricted
		case "unknown":
			r.Audience = work.UnknownAudience
		}
		for name, v := range s.Fields {
			r.Fields[name] = native(v)
		}
		snap.Records = append(snap.Records, r)
		for path, v := range s.Last {
			e := plan.Entry{Target: work.Target{RefID: r.RefID, Path: path}, Value: work.NewText(v), Written: true}
			if label, ok := strings.CutPrefix(path, "label "); ok {
				e.Target.Path, e.Target.Element, e.Value = "labels", label, work.NewFlag(v == "true")
			}
			snap.Ledger = append(snap.Ledger, e)
		}
	}
	return snap
}

func native(v any) work.Value {
	switch x := v.(type) {
	case nil:
		return work.Empty()
	case []any:
		var l []string
		for _, e := range x {
			l = append(l, fmt.Sprint(e))
		}
		return work.NewList(l...)
	case int, int64, uint64, float64:
		var f float64
		_, _ = fmt.Sscan(fmt.Sprint(x), &f)
		return work.NewNumber(f)
	default:
		return work.NewText(fmt.Sprint(x))
	}
}

// apply does to a snapshot what services and journal do when all edits arrive.
func apply(snap engine.Snapshot, o *engine.Outcome, rules *engine.Rules) engine.Snapshot {
	next := snap
	next.Records = nil
	byID := map[work.RefID]*work.Record{}
	for _, r := range snap.Records {
		c := *r
		c.Fields = maps.Clone(r.Fields)
		byID[c.RefID] = &c
		next.Records = append(next.Records, &c)
	}
	entries := slices.Clone(o.Plan.Adopted)
	for _, e := range o.Plan.Edits {
		r := byID[e.Target.RefID]
		switch e.Verb {
		case work.SetField, work.ClearField:
			r.Fields[e.Target.Path] = e.Value
		case work.AddLabel:
			r.Fields["labels"] = work.NewList(append(r.Fields["labels"].List(), e.Target.Element)...)
		case work.RemoveLabel:
			r.Fields["labels"] = work.NewList(slices.DeleteFunc(r.Fields["labels"].List(), func(l string) bool { return l == e.Target.Element })...)
		case work.PutLink, work.MoveInBacklog: // the record does not show them
		}
		entries = append(entries, plan.Entry{Target: e.Target, Value: e.Value, Written: true})
	}
	ledger := map[work.Target]plan.Entry{}
	for _, e := range append(slices.Clone(snap.Ledger), entries...) {
		ledger[e.Target] = e
	}
	next.Ledger = nil
	for _, e := range ledger {
		next.Ledger = append(next.Ledger, e)
	}
	run := o.Run(0, rules, "")
	next.Identities, next.Previous, next.Holds = run.Identities, run.Placements, o.Plan.Holds
	return next
}
