package plan_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// A field that is written as a label has one value. Where people set a second
// label, Tandem says so and leaves both: it would not know which one goes.
func TestASecondLabelThatAPersonSetsIsHeldAndNeverFought(t *testing.T) {
	t.Parallel()
	both := func(w *world) { w.records[1].Fields[labelPath] = work.NewList("team", "p/a", "p/b") }
	cases := []struct {
		name, owner, knew, detail string
		want                      work.Value
		twins                     int // edits at the twins
	}{
		{"beside Tandem's own", mapping.Tandem, "a", "p/b was added beside p/a, which stood there; remove one", work.NewText("a"), 2},
		{"whatever Tandem wants by now", mapping.Tandem, "a", "p/b was added beside p/a, which stood there; remove one", work.NewText("b"), 2},
		{"where Tandem has no opinion", mapping.Tandem, "a", "p/b was added beside p/a, which stood there; remove one", work.Value{}, 0},
		{"before Tandem came", mapping.Tandem, "-", "two values of one field stand there: p/a, p/b; remove one", work.NewText("a"), 2},
		{"by the owner", "github", "-", "two values of one field stand there: p/a, p/b; remove one", work.NewText("a"), 0},
		{"at a twin of the owner's", "jira", "a", "p/b was added beside p/a, which stood there; remove one", work.NewText("a"), 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.owner, false)
			w.show(w.records[0], "")
			w.show(w.records[2], "")
			if c.owner == "jira" {
				w.show(w.records[2], "b")
			}
			w.remember(w.records[1], c.knew)
			both(w)
			for round := range 3 {
				v := w.decide(c.want)
				if len(v.Holds) != 1 || v.Holds[0].Cause != work.AmbiguousLabel || v.Holds[0].Detail != c.detail || v.Holds[0].Target.Connector != "github" {
					t.Fatalf("round %d: held %+v", round, v.Holds)
				}
				want := c.twins
				if round > 0 {
					want = 0
				}
				if len(v.Edits) != want {
					t.Fatalf("round %d: edits %+v", round, v.Edits)
				}
				w.apply(t, v)
			}
			w.records[1].Fields[labelPath] = work.NewList("team", "p/a") // the person decides
			for _, h := range w.decide(c.want).Holds {
				if h.Cause == work.AmbiguousLabel {
					t.Errorf("still held: %+v", h)
				}
			}
		})
	}
}

// Whatever labels stand there and whatever Tandem wants: where it writes, one
// label of the field is left.
func TestWhatIsWrittenHasOneLabel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		owner, jira := rapid.SampledFrom([]string{mapping.Tandem, "jira", "github"}).Draw(t, "owner"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "jira")
		w := newWorld(t, owner, rapid.Bool().Draw(t, "fill"))
		w.show(w.records[0], "")
		w.show(w.records[2], jira)
		w.remember(w.records[1], rapid.SampledFrom([]string{"-", "a", "b", ""}).Draw(t, "knew"))
		stands := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"p/a", "p/b", "team"}), func(s string) string { return s }).Draw(t, "stands")
		w.records[1].Fields[labelPath] = work.NewList(stands...)
		want := rapid.SampledFrom([]work.Value{{}, work.Empty(), work.NewText("a"), work.NewText("b")}).Draw(t, "want")
		v := w.decide(want)
		w.apply(t, v)
		left := 0
		for _, l := range w.records[1].Fields[labelPath].List() {
			if strings.HasPrefix(l, "p/") {
				left++
			}
		}
		wrote := false
		for _, e := range v.Edits {
			wrote = wrote || e.Target.Connector == "github"
		}
		held := false
		for _, h := range v.Holds {
			held = held || h.Cause == work.AmbiguousLabel
		}
		if wrote && left > 1 {
			t.Fatalf("%v and %v become %v", stands, want, w.records[1].Fields[labelPath])
		}
		alone := owner == "jira" && jira == "" // twins of an owner who never had a value are left alone
		if left > 1 && !held && !alone {
			t.Fatalf("two labels stand, and nobody is told: %v, want %v", stands, want)
		}
		if again := w.decide(want); len(again.Edits) > 0 {
			t.Fatalf("written again: %+v", again.Edits)
		}
	})
}

func TestAReleaseLetsTandemRemoveTheSecondLabel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mapping.Tandem, false)
	w.remember(w.records[1], "a")
	w.records[1].Fields[labelPath] = work.NewList("p/a", "p/b")
	state := &plan.State{Ledger: plan.NewLedger(w.entries), Released: plan.Releases([]plan.Release{{Slot: plan.SlotRef{Ref: w.records[1].RefID, Field: work.Priority}}})}
	v := plan.Decide(plan.Settle(w.program, w.rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("a"), Audience: work.Internal}, state)
	w.apply(t, v)
	if got := w.records[1].Fields[labelPath]; got != work.NewList("p/a") {
		t.Errorf("left are %v", got)
	}
	if len(v.Edits) != 1 || v.Edits[0].Keeps != work.NewList("p/a") {
		t.Errorf("the edit does not tell what it keeps: %+v", v.Edits)
	}
}

func TestASwapOfLabelsKeepsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mapping.Tandem, false)
	w.show(w.records[1], "a")
	w.remember(w.records[1], "a")
	for _, e := range w.decide(work.NewText("b")).Edits {
		if e.Keeps.Known() {
			t.Errorf("%s %s keeps %v", e.Verb, e.Target.Element, e.Keeps)
		}
	}
}

// Of two labels one goes, which stands in the place of none: with it go the lines of
// those that are gone already, such as Tandem's own that people took off. Otherwise
// what Tandem leaves there would pass for a change by a person.
func TestS8TheLabelThatGoesFromBesideAnotherNamesThoseThatAreGone(t *testing.T) {
	t.Parallel()
	schema := work.Schema{Kind: "x", Fields: []work.NativeField{{Name: "labels", Kind: work.List}}, Labels: true}
	program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{"priority": {Owner: mapping.Tandem, Targets: map[string]mapping.TargetSpec{
		"github": {Label: "p/{value}", Values: map[string]mapping.Spellings{"a": {"a"}, "b": {"b"}, "c": {"c"}}},
	}}}}, mapping.Env{Schemas: map[string]work.Schema{"github": schema}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w := newWorld(t, "tandem", false)
	w.records, w.item.Parts = w.records[1:2], w.item.Parts[1:2]
	w.records[0].Fields[labelPath] = work.NewList("team", "p/a", "p/b")
	slot := plan.SlotRef{Ref: w.records[0].RefID, Field: work.Priority}
	state := &plan.State{Ledger: plan.NewLedger(nil), Released: map[plan.SlotRef]plan.Release{slot: {Slot: slot}}}
	v := plan.Decide(plan.Settle(program, program.Rule(work.Priority), &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("b"), Audience: work.Internal}, state)
	if len(v.Edits) != 1 || v.Edits[0].Target.Element != "p/a" || !v.Edits[0].Keeps.Has("p/b") || !v.Edits[0].Unless.Has("p/c") || v.Edits[0].Unless.Has("p/b") {
		t.Errorf("edits %+v, holds %+v", v.Edits, v.Holds)
	}
}
