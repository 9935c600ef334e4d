package github_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/github"
)

// hub is a small GitHub: repositories, issues, labels.
type hub struct {
	mu     sync.Mutex
	url    string
	repos  map[string]*repo
	user   string
	calls  []string                                                 // method and address of each request
	answer func(w http.ResponseWriter, r *http.Request) (done bool) // may take over
	mux    *http.ServeMux
	after  bool // Link headers carry after= in place of page=
}

type repo struct {
	name    string
	private bool
	push    bool
	issues  []*issue
	labels  map[string]string // name → description
}

type issue struct {
	ID        int64            `json:"id"`
	Number    int              `json:"number"`
	Title     string           `json:"title"`
	Body      string           `json:"body"`
	State     string           `json:"state"`
	Labels    []map[string]any `json:"labels"`
	Created   time.Time        `json:"created_at"`
	Updated   time.Time        `json:"updated_at"`
	Pull      map[string]any   `json:"pull_request,omitempty"`
	RepoURL   string           `json:"repository_url"`
	HTMLURL   string           `json:"html_url"`
	Assignees []map[string]any `json:"assignees"`
}

func newHub() *hub {
	h := &hub{url: "http://127.0.0.1", repos: map[string]*repo{}, user: "bot", mux: http.NewServeMux()}
	h.mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, map[string]any{"login": h.user}) })
	h.mux.HandleFunc("GET /rate_limit", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, map[string]any{"resources": map[string]any{"core": map[string]any{"limit": 5000, "remaining": 4000}}})
	})
	h.mux.HandleFunc("GET /orgs/{owner}/repos", h.listRepos)
	h.mux.HandleFunc("GET /repos/{owner}/{name}", h.getRepo)
	h.mux.HandleFunc("GET /repos/{owner}/{name}/issues", h.listIssues)
	h.mux.HandleFunc("GET /repos/{owner}/{name}/issues/{number}", h.getIssue)
	h.mux.HandleFunc("GET /repos/{owner}/{name}/labels", func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, []any{}) })
	h.mux.HandleFunc("GET /repos/{owner}/{name}/labels/{label}", h.getLabel)
	h.mux.HandleFunc("POST /repos/{owner}/{name}/labels", h.createLabel)
	h.mux.HandleFunc("POST /repos/{owner}/{name}/issues/{number}/labels", h.addLabels)
	h.mux.HandleFunc("DELETE /repos/{owner}/{name}/issues/{number}/labels/{label}", h.removeLabel)
	h.mux.HandleFunc("GET /installation/repositories", func(w http.ResponseWriter, _ *http.Request) {
		var all []map[string]any
		for name := range h.repos {
			all = append(all, map[string]any{"full_name": name})
		}
		reply(w, 200, map[string]any{"total_count": len(all), "repositories": all})
	})
	h.mux.HandleFunc("GET /app/installations/34", func(w http.ResponseWriter, r *http.Request) {
		if !signed(r) {
			reply(w, 401, map[string]any{"message": "A JSON web token could not be decoded"})
			return
		}
		reply(w, 200, map[string]any{"app_slug": "tandem-acme", "permissions": map[string]any{"issues": "write"}, "suspended_at": nil})
	})
	h.mux.HandleFunc("POST /app/installations/34/access_tokens", func(w http.ResponseWriter, r *http.Request) {
		if !signed(r) {
			reply(w, 401, map[string]any{"message": "A JSON web token could not be decoded"})
			return
		}
		reply(w, 201, map[string]any{"token": connectortest.Token, "expires_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	})
	return h
}

func reply(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

func missing(w http.ResponseWriter) { reply(w, 404, map[string]any{"message": "Not Found"}) }

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	address := strings.TrimPrefix(r.URL.EscapedPath(), "/")
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	h.calls = append(h.calls, r.Method+" "+address)
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		reply(w, 401, map[string]any{"message": "Bad credentials"})
		return
	}
	if h.answer != nil && h.answer(w, r) {
		return
	}
	h.mux.ServeHTTP(w, r)
}

// taken returns the calls since the last look.
func (h *hub) taken() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	calls := h.calls
	h.calls = nil
	return calls
}

func (h *hub) repo(name string) *repo {
	r := h.repos[name]
	if r == nil {
		r = &repo{name: name, private: true, push: true, labels: map[string]string{"bug": ""}}
		h.repos[name] = r
	}
	return r
}

// open adds n issues, one a minute from the start.
func (h *hub) open(name string, n int, start time.Time) {
	r := h.repo(name)
	for range n {
		number := len(r.issues) + 1
		at := start.Add(time.Duration(number) * time.Minute)
		r.issues = append(r.issues, &issue{
			ID: 3_000_000_000 + int64(len(h.repos))*1_000_000 + int64(number), Number: number, Title: fmt.Sprint("Issue ", number), State: "open",
			Labels: []map[string]any{{"name": "bug"}}, Created: at, Updated: at, Assignees: []map[string]any{},
			RepoURL: h.url + "/repos/" + name, HTMLURL: fmt.Sprintf("https://github.com/%s/issues/%d", name, number),
		})
	}
}

func (h *hub) find(w http.ResponseWriter, r *http.Request) (*repo, *issue) {
	rp := h.repos[r.PathValue("owner")+"/"+r.PathValue("name")]
	number, _ := strconv.Atoi(r.PathValue("number"))
	if rp == nil || r.PathValue("number") != "" && (number < 1 || number > len(rp.issues) || rp.issues[number-1] == nil) {
		missing(w)
		return nil, nil
	}
	if number > 0 {
		return rp, rp.issues[number-1]
	}
	return rp, nil
}

func (h *hub) listRepos(w http.ResponseWriter, r *http.Request) {
	all := []map[string]any{}
	for name := range h.repos {
		if strings.HasPrefix(name, r.PathValue("owner")+"/") {
			all = append(all, map[string]any{"full_name": name})
		}
	}
	reply(w, 200, all)
}

func (h *hub) getRepo(w http.ResponseWriter, r *http.Request) {
	if rp, _ := h.find(w, r); rp != nil {
		reply(w, 200, map[string]any{"full_name": rp.name, "private": rp.private, "has_issues": true, "permissions": map[string]any{"push": rp.push}})
	}
}

func (h *hub) listIssues(w http.ResponseWriter, r *http.Request) {
	rp, _ := h.find(w, r)
	if rp == nil {
		return
	}
	q := r.URL.Query()
	since, _ := time.Parse(time.RFC3339, q.Get("since"))
	var found []*issue
	for _, i := range rp.issues {
		if i != nil && !i.Updated.Before(since) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b *issue) int { return a.Updated.Compare(b.Updated) })
	size, _ := strconv.Atoi(q.Get("per_page"))
	page := max(1, atoi(q.Get("page"))+atoi(q.Get("after")))
	from, to := min(len(found), (page-1)*size), min(len(found), page*size)
	body, err := json.Marshal(append([]*issue{}, found[from:to]...))
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(body)
	etag := `W/"` + hex.EncodeToString(sum[:]) + `"`
	w.Header().Set("Etag", etag)
	if to < len(found) {
		name := "page"
		if h.after {
			name = "after"
		}
		q.Set(name, strconv.Itoa(page+1))
		w.Header().Add("Link", `<https://docs.example/a,b>; rel="deprecation"; title="x, \"next\""`)
		w.Header().Add("Link", fmt.Sprintf(`<%s/repos/%s/issues?%s>; rel="next", <%s/last>; rel="last"`, h.url, rp.name, q.Encode(), h.url))
	}
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	reply(w, 200, json.RawMessage(body))
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

func (h *hub) getIssue(w http.ResponseWriter, r *http.Request) {
	if _, i := h.find(w, r); i != nil {
		reply(w, 200, i)
	}
}

func (h *hub) getLabel(w http.ResponseWriter, r *http.Request) {
	rp, _ := h.find(w, r)
	if rp == nil {
		return
	}
	for name := range rp.labels {
		if strings.EqualFold(name, r.PathValue("label")) {
			reply(w, 200, map[string]any{"name": name})
			return
		}
	}
	missing(w)
}

func (h *hub) createLabel(w http.ResponseWriter, r *http.Request) {
	rp, _ := h.find(w, r)
	if rp == nil {
		return
	}
	var l struct{ Name, Color, Description string }
	if err := json.NewDecoder(r.Body).Decode(&l); err != nil || len(l.Color) != 6 || len(l.Description) > 100 || !rp.push {
		missing(w)
		return
	}
	rp.labels[l.Name] = l.Description
	reply(w, 201, map[string]any{"name": l.Name})
}

func (h *hub) addLabels(w http.ResponseWriter, r *http.Request) {
	rp, i := h.find(w, r)
	if i == nil {
		return
	}
	var b struct{ Labels []string }
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
		reply(w, 422, map[string]any{"message": "Problems parsing JSON"})
		return
	}
	for _, l := range b.Labels {
		if rp.push && !slices.ContainsFunc(i.Labels, func(m map[string]any) bool { return strings.EqualFold(fmt.Sprint(m["name"]), l) }) {
			i.Labels = append(i.Labels, map[string]any{"name": l})
			i.Updated = time.Now().UTC().Truncate(time.Second)
		}
	}
	reply(w, 200, i.Labels)
}

func (h *hub) removeLabel(w http.ResponseWriter, r *http.Request) {
	_, i := h.find(w, r)
	if i == nil {
		return
	}
	n := len(i.Labels)
	i.Labels = slices.DeleteFunc(i.Labels, func(m map[string]any) bool { return strings.EqualFold(fmt.Sprint(m["name"]), r.PathValue("label")) })
	if len(i.Labels) == n {
		reply(w, 404, map[string]any{"message": "Label does not exist"})
		return
	}
	i.Updated = time.Now().UTC().Truncate(time.Second)
	reply(w, 200, i.Labels)
}

// inProcess answers requests without sockets.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	p.handler.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// connect opens the connector with settings below the kind.
func connect(t *testing.T, env connectors.Env, settings string) *connectors.Connector {
	t.Helper()
	_, decode := connectortest.Settings("g:\n  kind: github\n  " + strings.ReplaceAll(strings.TrimSpace(settings), "\n", "\n  "))
	instance, problems := github.Definition().New(env.Name, decode)
	if len(problems) > 0 {
		t.Fatalf("settings: %v", problems)
	}
	live, err := instance.Open(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	return live
}

const hubSettings = "url: http://127.0.0.1\nauth: {token: {env: GITHUB_TEST_TOKEN}}\n"

// hubOf is an environment whose requests reach the handler.
func hubOf(handler http.Handler) connectors.Env {
	return connectors.Env{Name: "gh", Transport: inProcess{handler}, Now: time.Now}
}
