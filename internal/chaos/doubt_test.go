package chaos_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// chronicled reports whether the service tells who changed a value in which
// order: there no lost answer leaves a doubt.
func (s slot) chronicled() bool { return strings.HasPrefix(s.where, "jira:") && s.field == "priority" }

// gives reports whether a write puts back what is owed to a person.
func (v *value) gives(to string) bool { return v.owed != nil && to == *v.owed }

// overruled notes what a person set in the middle of a cycle, that Tandem may have
// seen and replaced: to retire brings back that.
func (v *value) overruled(met string) {
	if v.before == nil {
		v.before = map[string]bool{v.is: true}
	}
	v.before[met] = true
}

// set notes that somebody else than Tandem set a value.
func (v *value) set(is string) {
	if v.by == tandem {
		v.reverts++
	}
	if v.by == tandem || v.back[v.is] && v.is == v.made { // to undo an undo makes it Tandem's again
		v.ours = v.is
	}
	if v.doubt != nil && *v.doubt == is {
		v.free[is] = true
	}
	v.by, v.at, v.predates, v.back, v.owed, v.is = person, time.Now(), false, nil, nil, is
}

// people notes that somebody else than Tandem set a value. Where no history tells,
// who comes back to what an undo left looks like nobody, and who sets the label that
// a process was about to add when it died looks like Tandem: known gaps.
func (b *book) people(at slot, v *value, is string) {
	back, stood := v.back, v.is
	if v.set(is); at.chronicled() {
		return
	}
	v.back, v.strayed = back, v.strayed || !back[is]
	if back[is] {
		v.at = v.left
	}
	if meant, died := b.meant[at]; died && meant == is && !strings.Contains(stood, is) {
		if v.before == nil {
			v.before = map[string]bool{}
		}
		v.before[stood] = true
	}
}

// outlived notes that Tandem saw people set something else than what an undo had left:
// if they come back to it, that is one of theirs like any other.
func (b *book) outlived(slots []plan.SlotRef) {
	for _, s := range slots {
		if v := b.slots[slot{s.Ref.String(), s.Field.String()}]; v != nil && v.strayed {
			v.back = nil
		}
	}
}

// means notes the label that an edit is about to add. Where a person has just set what
// an edit is about to write, Tandem takes that for its own.
func (b *book) means(e *work.Edit) {
	at := slot{e.Target.Connector + ":" + e.Target.ID, e.Field.String()}
	if _, label, is := strings.Cut(e.Target.Element, "/"); is && e.Verb == work.AddLabel {
		b.meant[at] = strings.TrimPrefix(label, "p")
	}
	if v := b.slots[at]; v != nil && v.is != "" && e.Verb == work.SetField && spelling(v.place, e.Value.Text()) == v.is {
		v.free[v.is] = true
	}
}

// theirs is what people set of what stands there: of several labels those that
// they put beside Tandem's. When Tandem takes them off and retires, only they come
// back.
func (v *value) theirs() string {
	several, many := strings.CutPrefix(v.is, "?")
	if !many {
		return v.is
	}
	theirs := slices.DeleteFunc(strings.Split(several, "+"), func(label string) bool { return label == v.ours })
	if len(theirs) > 1 {
		return "?" + strings.Join(theirs, "+")
	}
	return strings.Join(theirs, "")
}

// An undo left p3, and a person set p2: where Tandem saw that, p3 counts no more for
// who comes back to it.
func TestTheBookKnowsWhichUndoTandemSawOutlived(t *testing.T) {
	t.Parallel()
	for is, counts := range map[string]bool{"2": false, "3": true} {
		at := slot{"github:7004", "priority"}
		v := &value{is: "3", by: person, back: map[string]bool{"3": true}}
		b := &book{slots: map[slot]*value{at: v}}
		b.people(at, v, is)
		b.outlived([]plan.SlotRef{{Ref: work.RefID{Connector: "github", ID: "7004"}, Field: work.Priority}})
		if v.back["3"] != counts {
			t.Errorf("after %s it counts: %v", is, v.back)
		}
	}
}

// A person put p1 beside Tandem's p4, and Tandem took p1 off: when it retires, p1
// comes back, and p4 goes. Where Tandem had put neither there, both come back.
func TestTheBookKnowsWhatPeopleSetBesideTandemsLabel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		stood  string
		by     who
		is     string
		before []string
		redone bool // Tandem's, by an undo of an undo
	}{
		{name: "one beside Tandem's", stood: "4", by: tandem, is: "?1+4", before: []string{"1", "?1+4"}},
		{name: "two beside Tandem's", stood: "4", by: tandem, is: "?1+2+4", before: []string{"?1+2", "?1+2+4"}},
		{name: "two in place of Tandem's", stood: "3", by: tandem, is: "?1+4", before: []string{"?1+4"}},
		{name: "one beside a person's", stood: "4", by: person, is: "?1+4", before: []string{"?1+4"}},
		{name: "one beside Tandem's that is there anew", stood: "4", by: person, is: "?1+4", before: []string{"1", "?1+4"}, redone: true},
		{name: "one in place of Tandem's", stood: "4", by: tandem, is: "1", before: []string{"1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := slot{"github:7004", "priority"}
			v := &value{key: "acme/web#1", place: "acme/web", is: c.stood, by: c.by, written: true, free: map[string]bool{c.is: true}, before: map[string]bool{}}
			if c.redone {
				v.made, v.back = "4", map[string]bool{"4": true}
			}
			b, l := &book{slots: map[slot]*value{at: v}}, &life{checked: map[string]int{}}
			v.set(c.is)
			v.free[c.is] = true // it was released
			b.wrote(l, at, v, "4")
			if got := sortedKeys(v.before); !slices.Equal(got, c.before) {
				t.Errorf("by people it was %q, want %q", got, c.before)
			}
		})
	}
}

// What a person set right before a write arrived is put back days later, where
// the service was down. It is respected from when the person said it.
func TestWhatIsPutBackLateIsRespectedFromWhenItWasSaid(t *testing.T) {
	t.Parallel()
	for days, blamed := range map[int]bool{28: true, 30: false} {
		at := slot{"jira:10004", "priority"}
		v := &value{key: "PAY-4", place: "PAY", is: "1", by: tandem, at: time.Now().AddDate(0, 0, -days), written: true, owed: new("3")}
		b, l := &book{slots: map[slot]*value{at: v}}, &life{checked: map[string]int{}}
		b.wrote(l, at, v, "3")
		v.is = "3"
		b.wrote(l, at, v, "1")
		if len(l.found) > 0 != blamed {
			t.Errorf("after %d days: %v", days, l.found)
		}
	}
}

// A person set p1 in Jira right before Tandem's p3 arrived, and put hands-off on the
// issue before p1 was put back. It is still what that person said, so the twin bears
// it: there nobody keeps Tandem away.
func TestTheModelCountsWhatWaitsUnderHandsOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		owed    *string
		at      time.Duration // how long ago it was set
		another bool          // somebody said p2 at the twin
		twin    string
		judged  bool
	}{
		{"it travelled", new("1"), time.Hour, false, "1", false},
		{"the twin stays Tandem's", new("1"), time.Hour, false, "3", true},
		{"the twin bears another", new("1"), time.Hour, false, "2", true},
		{"nothing waits, and Tandem's stands", nil, time.Hour, false, "3", false},
		{"nothing waits, and the twin bears another", nil, time.Hour, false, "1", true},
		{"it may be respected no longer", new("1"), 29 * 24 * time.Hour, false, "3", false},
		{"somebody said another there", new("1"), time.Hour, true, "2", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			twin := &value{key: "acme/pay#3", place: "acme/pay", group: "10003", is: c.twin, by: tandem, at: time.Now(), written: true}
			if c.another {
				twin.by = person
			}
			l := &life{checked: map[string]int{}, book: book{slots: map[slot]*value{
				{"jira:10003", "priority"}: {
					key: "PAY-3", place: "PAY", group: "10003", is: "3", by: tandem, at: time.Now().Add(-c.at), written: true, owed: c.owed, stopped: true,
				},
				{"github:7003", "priority"}: twin,
			}}}
			if l.modelField("10003", wishes{tier: "3"}, "priority"); len(l.found) > 0 != c.judged {
				t.Errorf("found %v", l.found)
			}
		})
	}
}

// expected reports whether Tandem's newest edit that arrived at a priority in Jira
// wrote the one value and expected to find the other: it knew what it replaced.
func (l *life) expected(at slot, from, to string) bool {
	_, id, _ := strings.Cut(at.where, ":")
	entries, err := l.proc.db.Audit(l.Context(), work.RefID{Connector: "jira", ID: id}, 20)
	l.ok(err)
	tier := func(name string) string {
		i := slices.IndexFunc(l.jira.World().Priorities, func(p jirasim.Priority) bool { return p.Name == name })
		if i < 0 {
			return ""
		}
		return tierOfNative(l.book.slots[at].place, l.jira.World().Priorities[i].ID)
	}
	for _, e := range entries {
		if e.Edit.Field == work.Priority && e.State == work.Applied {
			return tier(e.Edit.Expect.Text()) == from && tier(e.Edit.Value.Text()) == to
		}
	}
	return false
}

// outdated reports whether another node has decided since, and this one could not.
func (l *life) outdated(o *engine.Outcome) bool {
	kept, err := l.proc.db.KeptRuns(l.Context(), 1)
	l.ok(err)
	return len(kept) > 0 && o.Number > 0 && o.Number < kept[0].Number
}

// A person set p4 in Jira in the middle of a cycle, and Tandem overruled that at once.
func TestTheBookKnowsWhatWasOverruledWithinACycle(t *testing.T) {
	t.Parallel()
	v := &value{is: "2"}
	v.overruled("4")
	if got := sortedKeys(v.before); !slices.Equal(got, []string{"2", "4"}) {
		t.Errorf("by people it was %q", got)
	}
}

// A person set Minor right before Tandem, which wanted that too by what it knew, would
// have written it: what Tandem wants next may replace it.
func TestTheBookKnowsWhatTandemWantedItself(t *testing.T) {
	t.Parallel()
	at := slot{"jira:10001", "priority"}
	for wanted, free := range map[string]bool{"Minor": true, "Trivial": false} {
		b := &book{slots: map[slot]*value{at: {place: "PAY", is: "3", by: person, free: map[string]bool{}}}}
		b.means(&work.Edit{Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "10001"}, Path: "priority"}, Field: work.Priority, Verb: work.SetField, Value: work.NewText(wanted)})
		if b.slots[at].free["3"] != free {
			t.Errorf("%s: free %v", wanted, b.slots[at].free)
		}
	}
}
