package chaos_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

// arrived is what is known of a slot that was not there before. An issue that was
// transferred takes along what is known of its values, but for those that the
// move left behind: they are there again before anybody chose anything.
func (b *book) arrived(at slot, now *value) *value {
	if old := b.slots[slot{b.moved[at.where], at.field}]; old != nil && old.is == now.is {
		moved := *old
		moved.key, moved.place, moved.group, moved.own, moved.stopped = now.key, now.place, now.group, now.own, now.stopped
		return &moved
	}
	now.free, now.predates, now.by = map[string]bool{"": now.is == ""}, now.is != "", person
	return now
}

// released notes that somebody let go of what was shown at a slot, whatever stands
// there by now, and wherever the issue was transferred since.
func (b *book) released(at slot, shown work.Value) {
	if v := b.slots[at]; v != nil {
		v.free[v.is], v.owed = true, nil
	}
	for _, now := range sorted(b.slots) {
		v := b.slots[now]
		here := now == at || now.field == at.field && b.moved[now.where] == at.where
		if is := spelling(v.place, shown.Text()); here && (is != "" || !shown.Present()) {
			v.free[is] = true
		}
	}
}

// spelling is how the book spells a value of a place; empty where that has none.
func spelling(place, native string) string {
	if tier := slices.Index(priorities(place), native); tier > 0 {
		return fmt.Sprint(tier)
	}
	for _, axis := range []string{"priority/p", "severity/", "roadmap/"} {
		if is, ok := strings.CutPrefix(native, axis); ok {
			return is
		}
	}
	return ""
}

// Who releases what an issue had where it was means it where it is.
func TestTheBookFollowsAReleaseToATransferredIssue(t *testing.T) {
	t.Parallel()
	was, is, other := slot{"github:7001", "priority"}, slot{"github:7099", "priority"}, slot{"github:7002", "priority"}
	b := &book{slots: map[slot]*value{}, moved: map[string]string{is.where: was.where}}
	for _, at := range []slot{is, other} {
		b.slots[at] = &value{key: "acme/pay#2", place: "acme/pay", is: "4", by: person, predates: true, free: map[string]bool{}}
	}
	b.released(was, work.NewText("priority/p4"))
	b.released(was, work.Empty())
	if !b.slots[is].free["4"] || !b.slots[is].free[""] || len(b.slots[other].free) > 0 {
		t.Errorf("where it is %v, at another issue %v", b.slots[is].free, b.slots[other].free)
	}
}

// What Tandem wrote before an issue was transferred is its own after it, and what
// a person set is that person's.
func TestTheBookFollowsATransferredIssue(t *testing.T) {
	t.Parallel()
	was, is := slot{"github:7001", "priority"}, slot{"github:7099", "priority"}
	for _, c := range []struct {
		name  string
		known *value // where the issue was
		shows string // where it is
		free  bool   // Tandem may change it
	}{
		{"Tandem wrote it", &value{is: "4", by: tandem, written: true, free: map[string]bool{"4": true}}, "4", true},
		{"a person set it", &value{is: "4", by: person, written: true, free: map[string]bool{"3": true}}, "4", false},
		{"a person let go of it", &value{is: "4", by: person, written: true, free: map[string]bool{"4": true}}, "4", true},
		{"it was older than Tandem", &value{is: "4", by: person, predates: true, free: map[string]bool{}}, "4", false},
		{"an undo left nothing", &value{by: person, written: true, undone: true, free: map[string]bool{"4": true}, back: map[string]bool{"": true}}, "", false},
		{"it was left behind", &value{is: "4", by: person, free: map[string]bool{}}, "", true},
		{"another one came", &value{is: "4", by: tandem, written: true, free: map[string]bool{"4": true}}, "2", false},
		{"nothing is known of it", nil, "4", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, l := &book{slots: map[slot]*value{}, moved: map[string]string{is.where: was.where}}, &life{checked: map[string]int{}}
			l.shape.keep = true
			if c.known != nil {
				c.known.at = time.Now()
				b.slots[was] = c.known
			}
			v := b.arrived(is, &value{key: "acme/pay#2", place: "acme/pay", is: c.shows})
			if v.key != "acme/pay#2" || v.place != "acme/pay" || v.is != c.shows {
				t.Errorf("it is %+v", v)
			}
			b.wrote(l, is, v, "3")
			if blamed := slices.ContainsFunc(l.found, func(f violation) bool { return f.promise == "S1" }); blamed == c.free {
				t.Errorf("to change it breaks S1: %v", blamed)
			}
		})
	}
}
