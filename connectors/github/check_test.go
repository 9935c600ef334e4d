package github_test

import (
	"net/http"
	"strings"
	"testing"

	"tandem/internal/work"
)

func TestCheckSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHub()
	for _, name := range []string{"acme/fine", "acme/readonly", "acme/noissues", "acme/archived", "acme/renamed", "acme/unknown"} {
		h.open(name, 1, start())
	}
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		odd := map[string]map[string]any{
			"/repos/acme/readonly": {"full_name": "acme/readonly", "private": false, "permissions": map[string]any{"push": false}},
			"/repos/acme/noissues": {"full_name": "acme/noissues", "private": false, "has_issues": false},
			"/repos/acme/archived": {"full_name": "acme/archived", "private": true, "archived": true},
			"/repos/acme/renamed":  {"full_name": "acme/new", "visibility": "internal"},
			"/repos/acme/unknown":  {"full_name": "acme/unknown"},
		}[r.URL.Path]
		if odd != nil {
			reply(w, 200, odd)
		}
		return odd != nil
	}
	c := live(t, h, `repositories: ["acme/*", acme/hidden]`+"\nproject: {board: acme/7}")
	var all []string
	for _, f := range c.Checker.Check(t.Context()) {
		all = append(all, string(f.Level)+" "+f.Subject+": "+f.What+" → "+f.Remedy)
		if f.Level != work.Note && f.Remedy == "" {
			t.Errorf("no remedy: %+v", f)
		}
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"note gh auth: signed in as bot", "note gh project: no rule uses a field of the project", "note gh acme/fine: it is internal and can be",
		"warning gh acme/readonly: the credentials may not write", "warning gh acme/noissues: issues are switched off", "warning gh acme/archived: it is archived",
		"warning gh acme/renamed: it is called acme/new now", "warning gh acme/unknown: the service does not say", "error gh acme/hidden: ", "note gh quota: 4000 of 5000",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no finding says %q in\n%s", want, text)
		}
	}
	for _, call := range h.taken() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("a check did %s", call)
		}
	}
}
