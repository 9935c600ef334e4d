package replay

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

const hubHost = "github.replay.example"

// githubHub serves recorded issues in the envelope of GitHub's lists: pages with
// Link headers of the recorded form, ETags and 304.
type githubHub struct {
	t     *testing.T
	mux   *http.ServeMux
	repos map[string]*hubRepository // by full name in lower case
	waved [][]document
	// page is the most rows of a page: few, so that lists have several pages.
	page int
	// unchanged counts answers 304.
	unchanged int
}

type hubRepository struct {
	name  string
	id    int64
	raw   json.RawMessage
	shown []*hubIssue
	// newest is what is read by number.
	newest map[int]*hubIssue
}

type hubIssue struct {
	object

	raw     json.RawMessage
	id      int64
	number  int
	updated time.Time
	// whole tells that nothing is missing that every issue has.
	whole bool
}

// isHubIssue tells issues, pull requests among them, from what the API of pull
// requests answers.
func isHubIssue(o object) bool { return o.has("id", "number", "title", "labels_url", "repository_url") }

func isRepository(o object) bool { return o.has("id", "full_name", "private", "owner", "labels_url") }

func hubID(o object) string { return string(o["id"]) }

func newGithubHub(t *testing.T, docs []document) *githubHub {
	t.Helper()
	h := &githubHub{t: t, page: 7, mux: http.NewServeMux(), repos: map[string]*hubRepository{}}
	bodies := slices.Collect(find(docs, "labels_url", isHubIssue))
	h.waved = waves(bodies, hubID)
	for _, b := range bodies {
		o, _ := parseObject(b.raw)
		_, name, _ := strings.Cut(o.text("repository_url"), "/repos/")
		if h.repos[strings.ToLower(name)] == nil {
			// Where no answer about the repository was recorded this one is ours.
			id := int64(900 + len(h.repos))
			h.repos[strings.ToLower(name)] = &hubRepository{
				name: name, id: id, newest: map[int]*hubIssue{},
				raw: encode(t, map[string]any{"id": id, "full_name": name, "private": false, "visibility": "public"}),
			}
		}
	}
	for d := range find(docs, "full_name", isRepository) {
		o, _ := parseObject(d.raw)
		if r := h.repos[strings.ToLower(o.text("full_name"))]; r != nil {
			r.raw = d.raw
			o.into("id", &r.id)
		}
	}
	const api = "GET /api/v3"
	h.mux.HandleFunc(api+"/repos/{owner}/{name}", h.named(func(w http.ResponseWriter, _ *http.Request, repo *hubRepository) { _, _ = w.Write(repo.raw) }))
	h.mux.HandleFunc(api+"/repos/{owner}/{name}/issues", h.named(h.list))
	h.mux.HandleFunc(api+"/repos/{owner}/{name}/issues/{number}", h.named(h.issue))
	h.mux.HandleFunc(api+"/repositories/{id}/issues", h.numbered(h.list))
	return h
}

func (h *githubHub) host() string        { return hubHost }
func (h *githubHub) waves() [][]document { return h.waved }

func (h *githubHub) settings(tokenFile string) string {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(h.repos)) {
		names = append(names, h.repos[key].name)
	}
	return "  github:\n    kind: github\n    url: https://" + hubHost + "\n    auth: {token: {file: " + tokenFile + "}}\n" +
		"    repositories: [" + strings.Join(names, ", ") + "]\n"
}

// show puts a wave in the place of what lists hold. The newest whole body is
// what is read by number from then on.
func (h *githubHub) show(wave []document) {
	for _, r := range h.repos {
		r.shown = nil
	}
	for _, d := range wave {
		o, _ := parseObject(d.raw)
		i := &hubIssue{object: o, raw: d.raw}
		o.into("id", &i.id)
		o.into("number", &i.number)
		o.into("updated_at", &i.updated)
		i.whole = i.id > 0 && i.number > 0 && !i.updated.IsZero() && o.text("state") != ""
		_, name, _ := strings.Cut(o.text("repository_url"), "/repos/")
		r := h.repos[strings.ToLower(name)]
		r.shown = append(r.shown, i)
		if before := r.newest[i.number]; i.whole && (before == nil || !i.updated.Before(before.updated)) {
			r.newest[i.number] = i
		}
	}
	for _, r := range h.repos {
		slices.SortFunc(r.shown, func(a, b *hubIssue) int {
			return cmp.Or(a.updated.Compare(b.updated), cmp.Compare(a.number, b.number))
		})
	}
}

// forget is the state before the first wave.
func (h *githubHub) forget() {
	for _, r := range h.repos {
		r.shown, r.newest = nil, map[int]*hubIssue{}
	}
}

// ServeHTTP answers the calls that the connector makes to read.
func (h *githubHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		h.t.Errorf("%s %s came without credentials", r.Method, r.URL.Path)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if strings.HasSuffix(r.URL.Path, "/graphql") { // nothing of it was recorded here: reading goes on by REST
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if _, pattern := h.mux.Handler(r); pattern == "" {
		h.t.Errorf("nobody serves %s %s", r.Method, r.URL)
	}
	h.mux.ServeHTTP(w, r)
}

type repositoryHandler func(http.ResponseWriter, *http.Request, *hubRepository)

func (h *githubHub) named(serve repositoryHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if repo := h.repos[strings.ToLower(r.PathValue("owner")+"/"+r.PathValue("name"))]; repo != nil {
			serve(w, r, repo)
			return
		}
		notFound(w)
	}
}

func (h *githubHub) numbered(serve repositoryHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, repo := range h.repos {
			if strconv.FormatInt(repo.id, 10) == r.PathValue("id") {
				serve(w, r, repo)
				return
			}
		}
		notFound(w)
	}
}

func notFound(w http.ResponseWriter) {
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`{"message":"Not Found","documentation_url":"https://docs.github.com/rest"}`))
}

func (h *githubHub) issue(w http.ResponseWriter, r *http.Request, repo *hubRepository) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if i := repo.newest[number]; err == nil && i != nil {
		_, _ = w.Write(i.raw)
		return
	}
	notFound(w)
}

// list answers as GitHub does: by since, page by page, unchanged as 304.
func (h *githubHub) list(w http.ResponseWriter, r *http.Request, repo *hubRepository) {
	q := r.URL.Query()
	if q.Get("state") != "all" || q.Get("sort") != "updated" || q.Get("direction") != "asc" {
		h.t.Errorf("the list is asked for in another order: %s", r.URL)
	}
	rows := repo.shown
	if text := q.Get("since"); text != "" {
		since, err := time.Parse(time.RFC3339, text)
		if err != nil {
			h.t.Errorf("%s: %v", r.URL, err)
		}
		at, _ := slices.BinarySearchFunc(rows, since, func(i *hubIssue, t time.Time) int { return i.updated.Compare(t) })
		rows = rows[at:]
	}
	page := max(1, atoi(q.Get("page")))
	size := min(h.page, max(1, atoi(q.Get("per_page"))))
	from := min((page-1)*size, len(rows))
	to := min(from+size, len(rows))
	body := []json.RawMessage{}
	for _, i := range rows[from:to] {
		body = append(body, i.raw)
	}
	if to < len(rows) {
		w.Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, nextPage(r, repo, page+1)))
	}
	raw := encode(h.t, body)
	sum := sha256.Sum256(raw)
	tag := `"` + hex.EncodeToString(sum[:]) + `"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		h.unchanged++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(raw)
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// nextPage has the recorded form: https://HOST/repositories/ID/issues?…&page=2.
func nextPage(r *http.Request, repo *hubRepository, page int) *url.URL {
	q := r.URL.Query()
	q.Set("page", strconv.Itoa(page))
	return &url.URL{
		Scheme: "https", Host: hubHost, Path: fmt.Sprintf("/api/v3/repositories/%d/issues", repo.id), RawQuery: q.Encode(),
	}
}

// counted tells issues from pull requests.
func (h *githubHub) counted(o object) (id string, pull bool) {
	_, pull = parseObject(o["pull_request"])
	return hubID(o), pull
}

// audience is that of the repository.
func (h *githubHub) audience(o object) work.Audience {
	_, name, _ := strings.Cut(o.text("repository_url"), "/repos/")
	repo, _ := parseObject(h.repos[strings.ToLower(name)].raw)
	if string(repo["private"]) == "true" {
		return work.Internal
	}
	return work.Public
}

// said is what the newest body of each issue says, by id.
func (h *githubHub) said() map[string]saying {
	all := map[string]saying{}
	state := map[string]string{"open": "todo", "closed": "done"}
	for _, repo := range h.repos {
		for _, i := range repo.newest {
			if id, pull := h.counted(i.object); !pull {
				one := saying{
					Key: repo.name + "#" + strconv.Itoa(i.number), Title: i.text("title"), Place: repo.name, Status: state[i.text("state")],
				}
				var labels []struct{ Name string }
				i.into("labels", &labels)
				for _, l := range labels {
					one.Labels = append(one.Labels, l.Name)
				}
				all[id] = one
			}
		}
	}
	return all
}
