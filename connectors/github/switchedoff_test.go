package github_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestARepositoryWithoutIssuesHoldsUpNoOther: forks have issues switched off,
// and any team may switch them off. There is nothing to read then; the others
// must not count as stale for it.
func TestARepositoryWithoutIssuesHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/fork", 2, start())
	h.open("acme/pay", 2, start())
	off, listed := true, true
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case off && strings.HasPrefix(r.URL.Path, "/repos/acme/fork/issues"):
			reply(w, 410, map[string]any{"message": "Issues are disabled for this repo"})
		case r.URL.Path == "/orgs/acme/repos":
			reply(w, 200, []map[string]any{{"full_name": "acme/fork", "has_issues": listed}, {"full_name": "acme/pay", "has_issues": true}})
		default:
			return false
		}
		return true
	}
	c := live(t, h, `repositories: ["acme/*"]`)
	first := read(t, c, nil)
	if len(first.Records) != 2 || !first.Done {
		t.Errorf("read %v, done %v", keys(first.Records), first.Done)
	}
	off = false
	if again := read(t, c, first.Cursor); len(again.Records) != 2 {
		t.Errorf("switched on, it shows %v", keys(again.Records))
	}
	// A listing that tells so costs no request for it.
	off, listed = true, false
	c = live(t, h, `repositories: ["acme/*"]`)
	h.taken()
	if page := read(t, c, nil); len(page.Records) != 2 {
		t.Errorf("read %v", keys(page.Records))
	}
	for _, call := range h.taken() {
		if strings.Contains(call, "acme/fork") {
			t.Errorf("asked %s", call)
		}
	}
}

// TestADeletedRepositoryUnderAGlobHoldsUpOneReadOnly: the globs are looked up
// again at once and not after an hour.
func TestADeletedRepositoryUnderAGlobHoldsUpOneReadOnly(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 2, start())
	h.open("acme/web", 2, start())
	c := live(t, h, `repositories: ["acme/*"]`)
	cursor := read(t, c, nil).Cursor
	delete(h.repos, "acme/web")
	failed := 0
	for range 3 {
		for page, err := range c.Source.Pages(t.Context(), "issues", cursor) {
			if err != nil {
				failed++
				continue
			}
			cursor = page.Cursor
		}
	}
	if failed != 1 {
		t.Errorf("%d reads failed, want the first", failed)
	}
}
