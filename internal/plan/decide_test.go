package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/plan"
	"tandem/internal/work"
)

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
	w := agreed(t)
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
	w := agreed(t)
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
	w := agreed(t)
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

// Somebody releases b in Jira, which gives way to an empty label and cannot be empty:
// that is held until another value comes, so that the release does not end as one that
// has nothing to do.
func TestAReleasedValueThatCannotBeEmptyWaits(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.show(w.records[1], "")
	w.show(w.records[2], "b")
	w.rule.Slot("jira", "X").Required = true
	slot := plan.SlotRef{Ref: w.records[2].RefID, Field: work.Priority}
	state := &plan.State{Ledger: plan.NewLedger(w.entries), Released: map[plan.SlotRef]plan.Release{slot: {Slot: slot, Have: work.NewText("b")}}}
	v := plan.Decide(plan.Settle(w.program, w.rule, &w.item, w.records, state), &w.item, plan.Wish{Value: work.NewText("a"), Audience: work.Internal}, state)
	held := slices.ContainsFunc(v.Holds, func(h work.Hold) bool {
		return h.Target.RefID == slot.Ref && h.Cause == work.UnmappedValue && h.Have == work.NewText("b")
	})
	if !held || slices.ContainsFunc(v.Edits, func(e work.Edit) bool { return e.Target.Connector == "jira" }) {
		t.Errorf("holds %+v, edits %+v", v.Holds, v.Edits)
	}
}
