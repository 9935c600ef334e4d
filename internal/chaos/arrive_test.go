package chaos_test

import (
	"slices"
	"testing"
	"time"
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
