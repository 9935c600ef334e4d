package chaos_test

import (
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/scheduler"
)

// A person deleted an issue, or everybody may read its place now, while a service
// refused what was written to another.
func TestTheBookLetsWaitOnlyWhatFollowsAtARecordThatIsGoneOrOpened(t *testing.T) {
	t.Parallel()
	edit := func(id, number string, field work.Field) plan.Planned {
		e := plan.Planned{Gate: plan.Ready}
		e.Place, e.Audience = opening, work.Internal
		e.ID, e.Item, e.Key, e.Field = id, work.ItemID("item "+number), "acme/pay#"+number, field
		e.Target = work.Target{RefID: work.RefID{Connector: "github", ID: number}}
		return e
	}
	for _, c := range []struct {
		name   string
		gone   bool
		public bool
		begun  []string
		want   bool
	}{
		{"it follows at a record that is gone", true, false, []string{"label", "elsewhere"}, false},
		{"nothing of the record that is gone was tried", true, false, []string{"elsewhere"}, true},
		{"another record waits", true, false, []string{"label"}, true},
		{"it follows at a record that stands", false, false, []string{"label", "elsewhere"}, true},
		{"it follows where everybody reads now", false, true, []string{"label", "elsewhere"}, false},
		{"nothing was tried where everybody reads now", false, true, []string{"elsewhere"}, true},
		{"it was tried", false, false, []string{"label", "comment", "elsewhere"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := &book{slots: map[slot]*value{}, begunNow: map[string]bool{}}
			if b.slots[slot{"github:2", "priority"}] = new(value); !c.gone {
				b.slots[slot{"github:1", "priority"}] = new(value)
			}
			for _, id := range c.begun {
				b.begunNow[id] = true
			}
			l := &life{checked: map[string]int{}, spoiled: "PAY-9"}
			edits := []plan.Planned{edit("label", "1", work.Priority), edit("comment", "1", work.Explanation), edit("elsewhere", "2", work.Priority)}
			b.others(l, scheduler.Report{Outcome: &engine.Outcome{Plan: plan.Plan{Edits: edits}}}, c.public)
			if got := len(l.found) > 0; got != c.want {
				t.Errorf("S15 is broken: %v, want %v; found %v", got, c.want, l.found)
			}
		})
	}
}
