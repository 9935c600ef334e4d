package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/plan/undo"
)

// Tandem replaced p1, ana let it put p1 back, and a person took p1 off. It looks as
// right after Tandem's write; to undo that once more brings nothing back.
func TestS14WhoTakesOffWhatAnUndoPutBackIsNotUndone(t *testing.T) {
	for name, read := range map[string]bool{"before it is read": false, "and it is read": true} {
		t.Run(name, func(t *testing.T) {
			w := hubbed()
			w.github[0] = twin("acme/pay", 1, "PAY-1", "priority/p1")
			w.patch = append(w.patch, "\nfields:", "\nadopt: {set_by_person: replace}\nfields:")
			story(t, w, func(f *firm) {
				f.sets("PAY-1", 50)
				run := f.run()
				same(f, "replaced", []string{"priority/p3", "roadmap/now"}, f.labels("acme/pay#1"))
				f.pass(time.Minute)
				f.undoes(run.Outcome.Number, undo.Scope{})
				same(f, "put back", []string{"priority/p1"}, f.labels("acme/pay#1"))
				f.pass(time.Minute)
				f.relabel("acme/pay#1")
				if read {
					f.run()
					f.pass(time.Minute)
				}
				errand, _ := f.undoes(run.Outcome.Number, undo.Scope{})
				same(f, "labels once it is undone once more", 0, len(f.labels("acme/pay#1")))
				if !slices.ContainsFunc(errand.Back.Changed, func(c undo.Changed) bool { return c.Target.Element == "priority/p1" }) {
					f.Errorf("changed since: %+v", errand.Back.Changed)
				}
			})
		})
	}
}
