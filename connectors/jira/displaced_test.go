package jira_test

import (
	"testing"

	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// Writes go by id: an issue that somebody moved since the plan is met in its
// new project, which may be none of Tandem's.
func TestS2AnIssueThatWasMovedAwayIsNotWrittenToThere(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) { w.Accounts[0].Rights = nil }})
	edits := func(n int) []work.Edit {
		return []work.Edit{
			edit(n, work.NativeLabels, "roadmap/now", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
			field(n, "marker", text("github:1"), work.Empty()),
		}
	}
	for n, c := range map[int]struct {
		project string
		want    work.ResultState
	}{0: {"OPS", work.Rejected}, 1: {"WEB", work.Conflict}, 2: {"", work.Applied}} {
		key := []string{"PAY-1", "PAY-2", "PAY-3"}[n]
		if c.project != "" {
			var err error
			if key, err = w.site.Move(key, jirasim.Ana, c.project); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.Sink.Send(t.Context(), edits(n)) {
			if r.State != c.want {
				t.Errorf("%s: %+v, want %s", key, r, c.want)
			}
		}
		if i := w.issue(t, key); c.project != "" && (len(i.Labels) != 1 || i.Properties["tandem"] != nil) {
			t.Errorf("%s has %v and %v", key, i.Labels, i.Properties)
		}
	}
}
