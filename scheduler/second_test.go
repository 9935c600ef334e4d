package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
)

// second is another Tandem with a store of its own and the same places.
func (f *firm) second(owner connectors.Owner) *firm {
	f.Helper()
	other := &firm{TB: f.TB, world: f.world, jira: f.jira, github: f.github, folder: f.TempDir(), transport: f.transport}
	other.world.owner = owner
	other.world.patch = append(slices.Clone(f.world.patch), "priority/p{value}", "prio/{value}", "roadmap/{value}", "plan/{value}")
	other.settle()
	return other
}

// The rules of the second one wish for something else everywhere. It reads and
// decides, writes nothing, and says whose the places are; the first one goes on
// as if nobody else were there.
func TestASecondTandemInTheSamePlacesWritesNothing(t *testing.T) {
	w := hubbed()
	w.owner = connectors.Owner{Instance: "acme-test", Store: "A"}
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		stood := f.services()
		other := f.second(connectors.Owner{Instance: "acme-test", Store: "B"})
		for n := range 3 {
			f.sets("PAY-1", float64(90-n))
			stood.Jira.Issues[0].Custom[valueField] = float64(90 - n)
			r := other.run()
			if n == 0 && len(r.Refused) < 9 { // two labels in GitHub and one in Jira, of three twins
				f.Errorf("the second one wished for too little: %v", r.Refused)
			}
			same(f, "written by the second", 0, r.Applied())
			for _, x := range r.Refused {
				if want := connectors.Refusal("acme-test/A"); x.Result.Detail != want {
					f.Errorf("%s: %s", x.Edit.Key, x.Result.Detail)
				}
			}
			f.equal("with a second one", stood, f.services())
			f.pass(time.Hour)
		}
		r := f.run()
		same(f, "by the first", true, r.Applied() > 0 && len(holds(r)) == 0)
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		if len(edits(r)) == 0 {
			f.Error("the first one wrote nothing")
		}
	})
}
