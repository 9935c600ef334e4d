package demo_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
)

// carried is what undo and retire print.
type carried struct {
	Edits   []struct{ Ref string }
	Changed []struct{ Ref, Field string }
	Left    []struct{ Ref, Why string }
	Result  struct {
		Sent    int
		Results map[string]int
		Unsent  int
	}
}

// pastless is the world without what tells of the past.
func (w world) pastless() world {
	w.jira.Issues, w.github.Issues = slices.Clone(w.jira.Issues), slices.Clone(w.github.Issues)
	for n := range w.jira.Issues {
		w.jira.Issues[n].Updated, w.jira.Issues[n].History, w.jira.Issues[n].Version = time.Time{}, nil, 0
	}
	for n := range w.github.Issues {
		i := &w.github.Issues[n]
		i.Labels = slices.Sorted(slices.Values(i.Labels))
		i.Updated, i.Events = time.Time{}, nil
	}
	return w
}

func (f *firm) stands(what string, want, got world) {
	f.Helper()
	want, got = want.pastless(), got.pastless()
	unchanged(f, what+": Jira", want.jira, got.jira)
	unchanged(f, what+": GitHub", want.github, got.github)
}

// The first run is undone; what the PO set by hand meanwhile is listed and
// stays, and nothing is written again. Then Tandem retires, and the world is
// one that never saw it.
func TestS14TheFirstRunIsUndoneAndTandemRetires(t *testing.T) {
	t.Parallel()
	f := found(t, 3, size())
	before := f.look()
	sent := f.cycle()
	key := f.overrides(before)

	var undone carried
	tandem(f, &undone, "undo", "1", "--yes", "-c", f.Config())
	if len(undone.Changed) != 1 || undone.Changed[0].Ref != "jira:"+key || undone.Changed[0].Field != "priority" {
		t.Errorf("changed since: %+v", undone.Changed)
	}
	if undone.Result.Results["applied"] != sent-1 || undone.Result.Unsent != 0 {
		t.Errorf("%d edits were sent; undone: %+v, left: %+v", sent, undone.Result, undone.Left)
	}
	after := f.look()
	after.github.Repositories = before.github.Repositories // definitions stay until Tandem retires
	for i := range after.jira.Issues {                     // and so do signatures
		after.jira.Issues[i].Properties = unsigned(after.jira.Issues[i])
	}
	f.stands("after the undo", before, after)
	if n := f.cycle(); n > 0 {
		t.Errorf("%d edits were written after the undo", n)
	}

	var retired carried
	tandem(f, &retired, "retire", "--yes", "-c", f.Config())
	f.stands("after retiring", before, f.look())
	if n := f.cycle(); n > 0 {
		t.Errorf("%d edits were written after retiring", n)
	}
}

func TestS18ARetiredTandemLeavesTheFirmAsItWas(t *testing.T) {
	t.Parallel()
	f := found(t, 4, size())
	before := f.look()
	f.cycle()
	var retired carried
	tandem(f, &retired, "retire", "--yes", "-c", f.Config())
	if len(retired.Changed)+len(retired.Left) > 0 || retired.Result.Unsent > 0 {
		t.Errorf("%+v", retired)
	}
	f.stands("as if Tandem had never been there", before, f.look())
	if n := f.cycle(); n > 0 {
		t.Errorf("%d edits were written after retiring", n)
	}
}

// overrides lets somebody set a priority in PAY that neither stood there before
// nor was written. The world before gets it too. It returns the issue's key.
func (f *firm) overrides(before world) string {
	f.Helper()
	for n, is := range f.look().jira.Issues {
		was := &before.jira.Issues[n]
		if is.Project != "PAY" || is.Priority == was.Priority {
			continue
		}
		for _, p := range before.jira.Priorities {
			if p.ID != is.Priority && p.ID != was.Priority && slices.Contains([]string{"Critical", "Major", "Minor", "Trivial"}, p.Name) {
				was.Priority = p.ID
				f.ok(f.Jira.Edit(is.Key, "", func(i *jirasim.Issue) { i.Priority = p.ID }))
				return is.Key
			}
		}
	}
	f.Fatal("Tandem wrote no priority in PAY")
	return ""
}
