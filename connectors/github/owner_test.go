package github_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
)

// TestS5AnOwnerThatIsNotSeenAnyMoreEmptiesNoScope: organisations that were
// renamed answer 404 to their old name, and a token that lost its access gets
// an empty list. Repositories must not leave the scope silently for that,
// beside those of others.
func TestS5AnOwnerThatIsNotSeenAnyMoreEmptiesNoScope(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter){
		"renamed":    missing,
		"lost to us": func(w http.ResponseWriter) { reply(w, 200, []any{}) },
		"issues all off": func(w http.ResponseWriter) {
			reply(w, 200, []map[string]any{{"full_name": "acme/pay", "has_issues": false}})
		},
	} {
		h := newHub()
		h.open("acme/pay", 1, start())
		h.open("other/web", 1, start())
		gone := false
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case gone && r.URL.Path == "/orgs/acme/repos":
				answer(w)
			case r.URL.Path == "/user/repos":
				reply(w, 200, []map[string]any{{"full_name": "other/web"}, {"full_name": "bot/own"}})
			default:
				return false
			}
			return true
		}
		now := time.Now()
		c := connect(t, connectors.Env{Name: "gh", Transport: inProcess{h}, Now: func() time.Time { return now }}, hubSettings+`repositories: ["acme/*", "other/*"]`)
		cursor := read(t, c, nil).Cursor
		gone, now = true, now.Add(2*time.Hour)
		all, err := pages(t, c, cursor)
		if err == nil || !strings.Contains(err.Error(), "was acme renamed") {
			t.Errorf("%s: error %v", name, err)
		}
		asked := h.taken()
		if !slices.ContainsFunc(asked, func(call string) bool { return strings.HasPrefix(call, "GET repos/acme/pay/issues") }) {
			t.Errorf("%s: acme/pay was not read any more: %v, %d pages", name, asked, len(all))
		}
	}
}
