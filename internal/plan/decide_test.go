package plan_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// world is one item with three records and a ledger, for one field.
type world struct {
	program *mapping.Program
	rule    *mapping.FieldRule
	records []*work.Record
	item    work.Item
	entries []plan.Entry
}

const labelPath = work.NativeLabels

// newWorld maps "priority" to a field in jira and file, to a label in github.
func newWorld(t interface{ Fatalf(string, ...any) }, owner string, fill bool) *world {
	spec := mapping.FieldSpec{Owner: owner, Targets: map[string]mapping.TargetSpec{
		"jira":   {Field: mapping.FieldRef{Plain: "p"}},
		"file":   {Field: mapping.FieldRef{Plain: "p"}},
		"github": {Label: "p/{value}", Values: map[string]mapping.Spellings{"a": {"a"}, "b": {"b"}}},
	}}
	if fill {
		spec.Fill = mapping.Tandem
	}
	schema := work.Schema{Kind: "x", Fields: []work.NativeField{{Name: "p", Kind: work.Text, Writable: true}, {Name: "labels", Kind: work.List}}, Labels: true}
	program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{"priority": spec}}, mapping.Env{
		Schemas: map[string]work.Schema{"jira": schema, "file": schema, "github": schema},
	})
	if len(problems) > 0 {
		t.Fatalf("compile: %v", problems)
	}
	w := &world{program: program, rule: program.Rule(work.Priority)}
	for i, name := range []string{"file", "github", "jira"} {
		r := &work.Record{
			Ref: work.NewRef(name, "1", name+"-1"), Place: "X", Audience: work.Internal,
			Created: time.Date(2026, 1, 3-i, 0, 0, 0, 0, time.UTC), Fields: map[string]work.Value{},
		}
		w.records = append(w.records, r)
		w.item.Parts = append(w.item.Parts, work.Part{Ref: r.Ref, Place: r.Place, Audience: r.Audience, Created: r.Created})
	}
	w.item.ID, w.item.Birth = "item", w.records[2].RefID // jira is oldest
	return w
}

// without removes a record from the item.
func (w *world) without(connector string) {
	for i, r := range w.records {
		if r.Connector == connector {
			w.records = append(w.records[:i:i], w.records[i+1:]...)
			w.item.Parts = append(w.item.Parts[:i:i], w.item.Parts[i+1:]...)
			return
		}
	}
}

// show sets what stands at a record: "" is empty, "?" is not read.
func (w *world) show(r *work.Record, v string) {
	switch {
	case r.Connector == "github" && v == "":
		r.Fields[labelPath] = work.NewList("team")
	case r.Connector == "github" && v != "?":
		r.Fields[labelPath] = work.NewList("team", "p/"+v)
	case v == "?":
		delete(r.Fields, "p")
		delete(r.Fields, labelPath)
	default:
		r.Fields["p"] = work.NewText(v)
	}
}

// remember puts a value into the ledger: "-" is no entry.
func (w *world) remember(r *work.Record, v string) {
	if v == "-" {
		return
	}
	target := work.Target{RefID: r.RefID, Path: "p"}
	if r.Connector != "github" {
		w.entries = append(w.entries, plan.Entry{Target: target, Value: work.NewText(v), Written: true})
		return
	}
	for _, x := range []string{"a", "b"} {
		target.Path, target.Element = labelPath, "p/"+x
		w.entries = append(w.entries, plan.Entry{Target: target, Value: work.NewFlag(x == v), Written: true})
	}
}

// shown reads back what stands at a record.
func (w *world) shown(r *work.Record) string {
	if r.Connector != "github" {
		return r.Fields["p"].Text()
	}
	for _, l := range r.Fields[labelPath].List() {
		if len(l) > 2 && l[:2] == "p/" {
			return l[2:]
		}
	}
	return "empty"
}

func (w *world) decide(want work.Value) plan.Verdict {
	state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Adopt: plan.Adopt{ReplaceDefaults: true}}
	settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
	return plan.Decide(settled, &w.item, plan.Wish{Value: want, Audience: work.Internal}, state)
}

// apply does what the edits say, as a service and the journal would.
func (w *world) apply(t interface{ Fatalf(string, ...any) }, v plan.Verdict) {
	entries := v.Adopted
	for _, e := range v.Edits {
		for _, r := range w.records {
			if r.RefID != e.Target.RefID {
				continue
			}
			switch e.Verb {
			case work.SetField, work.ClearField:
				if r.Fields[e.Target.Path] != e.Expect {
					t.Fatalf("edit expects %v, record shows %v", e.Expect, r.Fields[e.Target.Path])
				}
				r.Fields[e.Target.Path] = e.Value
			case work.AddLabel:
				r.Fields[labelPath] = work.NewList(append(r.Fields[labelPath].List(), e.Target.Element)...)
			case work.RemoveLabel:
				var kept []string
				for _, l := range r.Fields[labelPath].List() {
					if l != e.Target.Element {
						kept = append(kept, l)
					}
				}
				r.Fields[labelPath] = work.NewList(kept...)
			}
		}
		entries = append(entries, plan.Entry{Target: e.Target, Value: e.Value, Written: true})
	}
	for _, e := range entries {
		replaced := false
		for i := range w.entries {
			if w.entries[i].Target == e.Target {
				w.entries[i], replaced = e, true
			}
		}
		if !replaced {
			w.entries = append(w.entries, e)
		}
	}
}

// TestOwnershipHoldsForEveryCombination walks all combinations of what three
// records show, what the ledger remembers, who owns the field and what Tandem
// derives, and compares the verdict with design §2 told a second time, in
// plain steps.
func TestOwnershipHoldsForEveryCombination(t *testing.T) {
	t.Parallel()
	shows := []string{"", "a", "b"}
	ledgers := []string{"-", "", "a", "b"}
	n := 0
	for _, owner := range []string{"tandem", "jira", "github", ""} {
		for _, fill := range []bool{false, true} {
			if fill && owner == "tandem" {
				continue
			}
			for _, want := range []string{"?", "a", "b"} {
				for i := range 12 * 12 * 12 {
					c := combination{owner: owner, fill: fill, want: want}
					for k, x := range []int{i % 12, i / 12 % 12, i / 144} {
						c.show[k], c.ledger[k] = shows[x%3], ledgers[x/3]
					}
					c.check(t)
					n++
				}
			}
		}
	}
	t.Logf("%d combinations", n)
}

// combination is one row of the table; positions are file, github, jira.
type combination struct {
	owner        string
	fill         bool
	want         string
	show, ledger [3]string
}

func (c combination) check(t *testing.T) {
	t.Helper()
	w := newWorldCached(t, c.owner, c.fill)
	for k, r := range w.records {
		w.show(r, c.show[k])
		w.remember(r, c.ledger[k])
	}
	want := work.Value{}
	if c.want != "?" {
		want = work.NewText(c.want)
	}
	first := w.decide(want)
	final, held := c.oracle()
	w.apply(t, first)
	for k, r := range w.records {
		got := w.shown(r)
		if got == "empty" {
			got = ""
		}
		if got != final[k] {
			t.Fatalf("%+v: %s shows %q after applying, design says %q", c, r.Connector, got, final[k])
		}
	}
	if len(first.Holds) != held {
		t.Fatalf("%+v: %d holds %+v, design says %d", c, len(first.Holds), first.Holds, held)
	}
	if second := w.decide(want); len(second.Edits) > 0 {
		t.Fatalf("%+v: S4 broken: second plan has %+v", c, second.Edits)
	}
}

var worlds = map[string]func() *world{}

// newWorldCached compiles each rule once; records are made anew.
func newWorldCached(t *testing.T, owner string, fill bool) *world {
	t.Helper()
	key := fmt.Sprint(owner, fill)
	if worlds[key] == nil {
		compiled := newWorld(t, owner, fill)
		worlds[key] = func() *world {
			fresh := &world{program: compiled.program, rule: compiled.rule, item: compiled.item}
			for _, r := range compiled.records {
				c := *r
				c.Fields = map[string]work.Value{}
				fresh.records = append(fresh.records, &c)
			}
			return fresh
		}
	}
	return worlds[key]()
}

// oracle tells design §2 in its own words, without the code's notions: it
// returns what each record must show at the end and how many holds there are.
func (c combination) oracle() (final [3]string, holds int) {
	const github, jira = 1, 2
	ownerAt := map[string]int{"jira": jira, "github": github, "": jira, "tandem": -1}[c.owner]
	final = c.show
	byPerson := func(k int) bool { // a person's value stands there
		if c.ledger[k] == "-" {
			return c.show[k] != ""
		}
		return c.show[k] != c.ledger[k]
	}
	derived := ownerAt < 0 || c.fill && !byPerson(ownerAt)
	if !derived {
		value := c.show[ownerAt]
		for k := range 3 {
			switch {
			case k == ownerAt:
			case value == "" && c.ledger[k] == "-": // never had a value: left alone
			case !byPerson(k):
				final[k] = value
			case c.show[k] != value:
				holds++
			}
		}
		return final, holds
	}
	people := map[string]bool{}
	for k := range 3 {
		if byPerson(k) {
			people[c.show[k]] = true
		}
	}
	value, known := c.want, c.want != "?"
	if len(people) == 1 {
		for v := range people {
			value, known = v, true
		}
	}
	for k := range 3 {
		switch {
		case byPerson(k):
			if len(people) > 1 || c.want != "?" && c.show[k] != c.want {
				holds++
			}
		case len(people) <= 1 && known:
			final[k] = value
		}
	}
	return final, holds
}

func TestS1APersonsChangeIsHeldAndTravelsToTheTwins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	for _, r := range w.records {
		w.show(r, "a")
		w.remember(r, "a")
	}
	w.show(w.records[2], "b") // a person in jira
	v := w.decide(work.NewText("a"))
	if len(v.Holds) != 1 || v.Holds[0].Cause != work.ChangedByPerson || v.Holds[0].Have != work.NewText("b") {
		t.Fatalf("holds %+v, want one changed_by_person with b", v.Holds)
	}
	w.apply(t, v)
	for _, r := range w.records {
		if got := w.shown(r); got != "b" {
			t.Errorf("%s shows %q, want b: the held value travels", r.Connector, got)
		}
	}
}

func TestS2LabelsOutsideTheOwnedSetAreNeverTouched(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, "tandem", false)
		labels := rapid.SliceOfN(rapid.SampledFrom([]string{"p/a", "p/b", "p/c", "P/a", "team", "p/", "x"}), 0, 6).Draw(t, "labels")
		github := w.records[1]
		github.Fields[labelPath] = work.NewList(labels...)
		w.remember(github, rapid.SampledFrom([]string{"-", "", "a", "b"}).Draw(t, "ledger"))
		want := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "want")
		for _, e := range w.decide(work.NewText(want)).Edits {
			if e.Target.Connector == "github" && e.Target.Element != "p/a" && e.Target.Element != "p/b" {
				t.Fatalf("edit of a label that is not owned: %+v", e)
			}
		}
	})
}

func TestS6UnknownIsNotEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "jira", false)
	for _, r := range w.records {
		w.show(r, "a")
		w.remember(r, "a")
	}
	w.show(w.records[2], "?") // jira did not say
	if v := w.decide(work.Value{}); len(v.Edits) > 0 {
		t.Fatalf("an unread owner cleared its twins: %+v", v.Edits)
	}
}

func TestS8OurOwnEchoIsNotAPersonsChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	for _, r := range w.records {
		w.show(r, "a")
		w.remember(r, "a")
	}
	if v := w.decide(work.NewText("b")); len(v.Holds) > 0 || len(v.Edits) == 0 {
		t.Fatalf("echo held: %+v", v)
	}
}

func TestS7StricterDataDoesNotReachALooserPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	for i, r := range w.records {
		w.show(r, "")
		if r.Connector == "github" {
			w.item.Parts[i].Audience = work.Public
		}
	}
	v := w.decide(work.NewText("a"))
	for _, e := range v.Edits {
		if e.Target.Connector == "github" {
			t.Errorf("internal data goes to a public place: %+v", e)
		}
	}
	if len(v.Holds) != 1 || v.Holds[0].Cause != work.LeakGuard {
		t.Errorf("holds %+v, want one leak_guard", v.Holds)
	}
}

func TestS17FinishedItemsAndOlderValuesAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	w.item.Fields.Set(work.Status, work.NewText("done"))
	for _, r := range w.records {
		w.show(r, "")
	}
	if v := w.decide(work.NewText("a")); len(v.Edits)+len(v.Holds) > 0 {
		t.Fatalf("a finished item was touched: %+v", v)
	}
}

func TestS18HandsOffStopsTandemOnThatRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	for _, r := range w.records {
		w.show(r, "")
	}
	w.records[1].Fields[labelPath] = work.NewList(plan.HandsOffLabel)
	v := w.decide(work.NewText("a"))
	for _, e := range v.Edits {
		if e.Target.Connector == "github" {
			t.Errorf("hands-off ignored: %+v", e)
		}
	}
	if len(v.Holds) != 1 || v.Holds[0].Cause != work.HandsOff {
		t.Errorf("holds %+v, want one hands_off", v.Holds)
	}
}

func TestAPlaceThatCannotBeEmptyIsNotCleared(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "tandem", false)
	for _, r := range w.records {
		w.show(r, "a")
		w.remember(r, "a")
	}
	w.show(w.records[1], "") // somebody takes the label off in github
	w.rule.Slot("jira", "X").Required = true
	v := w.decide(work.NewText("a"))
	for _, e := range v.Edits {
		if e.Target.Connector == "jira" {
			t.Errorf("a required field is cleared: %+v", e)
		}
	}
	if len(v.Holds) != 1 || len(v.Findings) != 1 {
		t.Errorf("holds %+v, findings %+v; want the hold and a note", v.Holds, v.Findings)
	}
}
