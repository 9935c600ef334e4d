package leak_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// The planted secrets are hard to hide: other encodings spell them otherwise.
const (
	jiraToken   = `plantedjira&"<+/=é plantedjira`
	githubToken = `plantedgithub_+/=plantedgithub`
)

// planted finds pieces of planted secrets, however the rest is spelled.
func planted(text string) []string {
	var all []string
	pieces := []string{"plantedjira", "plantedgithub", "plantedhook", "plantedstore", "plantedproxy", "planteduser"}
	for _, p := range pieces {
		for at, form := range map[string]string{
			"plain": p, "base64": base64.StdEncoding.EncodeToString([]byte("bot@acme.example:" + jiraToken))[:40], "hex": fmt.Sprintf("%x", p),
		} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
				all = append(all, p+" ("+at+")")
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// echo answers with everything that the request said.
func echoes() map[string]http.HandlerFunc {
	said := func(r *http.Request) (all string) {
		for name, values := range r.Header {
			all += name + ": " + strings.Join(values, ",") + "\n"
		}
		if _, password, ok := r.BasicAuth(); ok {
			all += "password: " + password + "\n"
		}
		return all
	}
	answer := func(status int, contentType string, body func(string) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body(said(r)))
		}
	}
	reason := func(s string) string {
		text, _ := json.Marshal(s)
		return fmt.Sprintf(`{"message": %[1]s, "errorMessages": [%[1]s], "errors": [{"message": %[1]s, "type": "FORBIDDEN"}]}`, text)
	}
	page := func(s string) string {
		return "<!doctype html><title>" + html.EscapeString(s) + "</title><pre>" + html.EscapeString(s) + s + "</pre>"
	}
	redirect := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "http://127.0.0.1:1/"+url.PathEscape(said(r))+"?from="+url.QueryEscape(said(r)))
		w.WriteHeader(http.StatusFound)
	}
	own := func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			w.Header()["X-Echo-"+name] = values
		}
		w.Header().Set("Retry-After", said(r))
		w.Header().Set("RateLimit-Reason", strings.ReplaceAll(said(r), "\n", " "))
		w.WriteHeader(http.StatusForbidden)
	}
	return map[string]http.HandlerFunc{
		"401 that repeats the headers": answer(401, "application/json", reason),
		"400 that repeats the headers": answer(400, "application/json", reason),
		"403 that repeats the headers": answer(403, "application/json", reason),
		"200 with errors that repeat":  answer(200, "application/json", reason),
		"200 that is no JSON":          answer(200, "application/json", func(s string) string { return s }),
		"200 in an odd form":           answer(200, "application/json", func(s string) string { t, _ := json.Marshal(s); return "[" + string(t) + "]" }),
		"502 page of a proxy":          answer(502, "text/html", page),
		"200 page of a proxy":          answer(200, "text/html", page),
		"407 of a proxy":               answer(407, "text/plain", func(s string) string { return s }),
		"redirect that carries them":   redirect,
		"403 with headers that repeat": own,
	}
}

// TestS11NoServiceBringsASecretBack lets every service answer with what it was
// sent, in every form, and searches what is logged, printed and kept.
func TestS11NoServiceBringsASecretBack(t *testing.T) {
	t.Parallel()
	for name, handler := range echoes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := found(t, nil)
			f.write("jira.token", jiraToken)
			f.write("github.token", githubToken)
			for _, tap := range f.taps {
				tap.mu.Lock()
				tap.Handler = handler
				tap.mu.Unlock()
			}
			said := map[string]string{}
			commands := [][]string{{"run", "--once"}, {"status", "--json"}}
			if !strings.HasPrefix(name, "502") { // which is tried again and again
				commands = append(commands, [][]string{{"check"}, {"check", "--json"}, {"plan"}, {"plan", "--json"}, {"status"}, {"runs", "--json"}, {"explain", "plan:R-1", "--json"}}...)
			}
			for _, args := range commands {
				_, out, log := f.tandem(args...)
				said[strings.Join(args, " ")+" prints"] = out
				said[strings.Join(args, " ")+" logs"] = log
			}
			said["the database"] = string(f.bytesOf("tandem.db*"))
			heard := false
			for _, tap := range f.taps {
				heard = heard || len(planted(string(tap.heard()))) > 0
			}
			if !heard {
				t.Error("no service was sent a secret: nothing was tested")
			}
			for where, text := range said {
				if got := planted(text); len(got) > 0 {
					at := strings.Index(strings.ToLower(text), "planted")
					t.Errorf("%s shows %v: …%q…", where, got, text[max(0, at-200):min(len(text), max(0, at)+100)])
				}
			}
		})
	}
}

// TestS11MistakesInSettingsShowNoSecret writes secrets where they must not be.
func TestS11MistakesInSettingsShowNoSecret(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"a token that stands in the file":      {`token: {file: "FOLDER/jira.token"}`, `token: plantedjira`},
		"a token in a list":                    {`token: {file: "FOLDER/jira.token"}`, `token: [plantedjira]`},
		"a token as the name of a variable":    {`token: {file: "FOLDER/jira.token"}`, `token: {env: $plantedjira}`},
		"a token under another key":            {`token: {file: "FOLDER/jira.token"}`, `token: {value: plantedjira}`},
		"a token as a key":                     {`token: {file: "FOLDER/jira.token"}`, `token: {plantedjira: x}`},
		"a password in the address of Jira":    {`url: "SECRET"`, `url: "http://planteduser:plantedjira@127.0.0.1:1"`},
		"a password in the address of GitHub":  {`url: "HUB"`, `url: "http://planteduser:plantedgithub@127.0.0.1:1"`},
		"a password in the address of a store": {`store: "sqlite:FOLDER/tandem.db"`, `store: "postgres://planteduser:plantedstore@127.0.0.1:1/tandem?connect_timeout=1"`},
		"a store that cannot be read":          {`store: "sqlite:FOLDER/tandem.db"`, `store: "postgres://planteduser:plantedstore@127.0.0.1:x/tandem"`},
		"a store of another kind":              {`store: "sqlite:FOLDER/tandem.db"`, `store: "mysql://planteduser:plantedstore@127.0.0.1/tandem"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := found(t, func(f *firm) { f.settingsOf = strings.Replace(settings, change[0], change[1], 1) })
			for _, args := range [][]string{{"check", "--offline"}, {"check"}, {"plan", "--json"}, {"run", "--once"}, {"status", "--json"}} {
				_, out, log := f.tandem(args...)
				if got := planted(out + log); len(got) > 0 {
					t.Errorf("tandem %s shows %v: %s%s", strings.Join(args, " "), got, out, log)
				}
			}
		})
	}
}
