package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// A swap of labels is two writes. Where only the first arrived, both labels are
// Tandem's: nobody has to be asked which one counts.
func TestAHalfSwapOfLabelsIsFinished(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		ledger map[string]bool // what Tandem last wrote
		edits  []string
		holds  []work.Cause
	}{
		{"both are Tandem's", map[string]bool{"p/a": true, "p/b": true}, []string{"remove_label p/a"}, nil},
		{"a person added one", map[string]bool{"p/a": false, "p/b": true}, nil, []work.Cause{work.AmbiguousLabel}},
		{"nothing is Tandem's", nil, nil, []work.Cause{work.AmbiguousLabel}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			for _, r := range w.records {
				w.show(r, "b")
				if r.Connector != "github" {
					w.remember(r, "b")
					continue
				}
				r.Fields[labelPath] = work.NewList("p/b", "team", "p/a")
				for label, on := range tc.ledger {
					w.entries = append(w.entries, plan.Entry{Target: work.Target{RefID: r.RefID, Path: labelPath, Element: label}, Value: work.NewFlag(on), Written: true})
				}
			}
			v := w.decide(work.NewText("b"))
			var edits []string
			for _, e := range v.Edits {
				edits = append(edits, string(e.Verb)+" "+e.Target.Element)
			}
			var holds []work.Cause
			for _, h := range v.Holds {
				holds = append(holds, h.Cause)
			}
			if diff := cmp.Diff(tc.edits, edits); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.holds, holds); diff != "" {
				t.Errorf("holds (-want +got):\n%s", diff)
			}
		})
	}
}
