package replay

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

const (
	jiraHost = "tandem-replay.atlassian.example"
	jiraTime = "2006-01-02T15:04:05.000-0700"
)

// jiraSite serves recorded issues in the envelope of Jira Cloud's search and
// bulk fetch. Issues of several recorded sites stand in it side by side; no id
// repeats between sites, which newJiraSite makes sure of.
type jiraSite struct {
	t       *testing.T
	account json.RawMessage // a recorded user, who asks
	fields  json.RawMessage // the recorded list of fields
	zone    *time.Location
	keys    []string // of the projects
	waved   [][]document

	shown  []*jiraIssue          // what searches find
	newest map[string]*jiraIssue // what is read by id
	tokens map[string]jiraToken
	asked  []string // fields of the last search
	jql    string   // of the last search
}

type jiraIssue struct {
	object

	id, key string
	updated time.Time // zero where the body was cut down
}

// jiraToken is where a search goes on.
type jiraToken struct {
	jql  string
	from int
}

// isJiraIssue tells issues from their parents and links, which stand inside.
func isJiraIssue(o object) bool {
	fields, ok := parseObject(o["fields"])
	return ok && o.has("id", "key") && len(fields) > 0
}

func jiraID(o object) string { return o.text("id") }

func newJiraSite(t *testing.T, docs []document) *jiraSite {
	t.Helper()
	s := &jiraSite{t: t, tokens: map[string]jiraToken{}}
	s.forget()
	bodies := slices.Collect(find(docs, "fields", isJiraIssue))
	s.waved = waves(bodies, jiraID)
	home := map[string]string{}
	for _, b := range bodies {
		i := newJiraIssue(t, b)
		site, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(i.text("self"), "https://"), "http://"), "/")
		if other, known := home[i.id]; known && other != site {
			t.Fatalf("id %s stands for an issue of %s and one of %s: serve them from two sites", i.id, other, site)
		}
		home[i.id] = site
		s.keys = append(s.keys, i.project())
	}
	slices.Sort(s.keys)
	s.keys = slices.Compact(s.keys)
	s.account = json.RawMessage(`{"accountId":"1","timeZone":"Asia/Shanghai"}`) // unless a user was recorded
	for d := range find(docs, "timeZone", func(o object) bool { return o.has("timeZone", "displayName") }) {
		s.account = d.raw
		break
	}
	me, _ := parseObject(s.account)
	var err error
	if s.zone, err = time.LoadLocation(me.text("timeZone")); err != nil {
		t.Fatal(err)
	}
	list := []json.RawMessage{}
	for d := range find(docs, "clauseNames", func(o object) bool { return o.has("id", "name", "clauseNames", "searchable") }) {
		list = append(list, d.raw)
	}
	s.fields = encode(t, list)
	return s
}

func newJiraIssue(t *testing.T, d document) *jiraIssue {
	t.Helper()
	o, _ := parseObject(d.raw)
	i := &jiraIssue{object: o, id: o.text("id"), key: o.text("key")}
	if text := o.object("fields").text("updated"); text != "" {
		var err error
		if i.updated, err = time.Parse(jiraTime, text); err != nil {
			t.Fatalf("%s: %v", d.where, err)
		}
	}
	i.keepApart(t)
	return i
}

// keepApart gives types, statuses and priorities of each recorded site ids of
// their own: within one site an id means one thing.
func (i *jiraIssue) keepApart(t *testing.T) {
	t.Helper()
	fields := i.object.object("fields")
	for _, name := range []string{"issuetype", "status", "priority"} {
		thing, ok := parseObject(fields[name])
		if site, _, found := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(i.text("self"), "https://"), "http://"), "/"); ok && found {
			thing["id"] = encode(t, thing.text("id")+"@"+site)
			fields[name] = encode(t, thing)
		}
	}
	i.object = maps.Clone(i.object)
	i.object["fields"] = encode(t, fields)
}

func (i *jiraIssue) project() string {
	if key := i.object.object("fields").object("project").text("key"); key != "" {
		return key
	}
	key, _, _ := strings.Cut(i.key, "-")
	return key
}

func encode(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s *jiraSite) host() string        { return jiraHost }
func (s *jiraSite) waves() [][]document { return s.waved }

func (s *jiraSite) settings(tokenFile string) string {
	return "  jira:\n    kind: jira\n    url: https://" + jiraHost + "\n    auth: {email: bot@example.com, token: {file: " + tokenFile + "}}\n" +
		"    projects: [" + strings.Join(s.keys, ", ") + "]\n"
}

// show puts a wave in the place of what searches find. The newest body is what
// is read by id from then on; of two of the same time the later recorded one.
func (s *jiraSite) show(wave []document) {
	s.shown = nil
	for _, d := range wave {
		i := newJiraIssue(s.t, d)
		s.shown = append(s.shown, i)
		if before := s.newest[i.id]; !i.updated.IsZero() && (before == nil || !i.updated.Before(before.updated)) {
			s.newest[i.id] = i
		}
	}
	slices.SortFunc(s.shown, func(a, b *jiraIssue) int {
		return cmp.Or(a.updated.Compare(b.updated), cmp.Compare(a.key, b.key))
	})
}

// forget is the state before the first wave.
func (s *jiraSite) forget() { s.shown, s.newest = nil, map[string]*jiraIssue{} }

// ServeHTTP answers the calls that the connector makes to read.
func (s *jiraSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.t.Helper()
	if user, _, ok := r.BasicAuth(); !ok || user == "" {
		s.t.Errorf("%s %s came without credentials", r.Method, r.URL.Path)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	switch r.Method + " " + r.URL.Path {
	case "GET /rest/api/2/myself":
		_, _ = w.Write(s.account)
	case "GET /rest/api/2/field":
		_, _ = w.Write(s.fields)
	case "GET /rest/api/2/search/jql":
		s.search(w, r)
	case "POST /rest/api/2/issue/bulkfetch":
		s.bulkFetch(w, r)
	default:
		s.t.Errorf("nobody serves %s %s", r.Method, r.URL)
		http.NotFound(w, r)
	}
}

// sitePage is small, so that each folder has several pages.
const sitePage = 10

func (s *jiraSite) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.jql, s.asked = q.Get("jql"), strings.Split(q.Get("fields"), ",")
	if !strings.HasSuffix(s.jql, "ORDER BY updated ASC, key ASC") {
		s.t.Errorf("the search is in another order: %s", s.jql)
	}
	size, err := strconv.Atoi(q.Get("maxResults"))
	at := jiraToken{jql: s.jql}
	if text := q.Get("nextPageToken"); text != "" {
		at = s.tokens[text]
	}
	if err != nil || at.jql != s.jql {
		http.Error(w, `{"errorMessages":["The token does not belong to the query."],"errors":{}}`, http.StatusBadRequest)
		return
	}
	found := s.since(s.jql)
	to := min(at.from+min(size, sitePage), len(found))
	answer := map[string]any{"issues": s.bodies(found[at.from:to]), "isLast": to == len(found)}
	if to < len(found) {
		sum := sha256.Sum256([]byte(s.jql + strconv.Itoa(to)))
		token := hex.EncodeToString(sum[:])
		s.tokens[token] = jiraToken{s.jql, to}
		answer["nextPageToken"] = token
	}
	_, _ = w.Write(encode(s.t, answer))
}

// since applies the lower bound of a search, which Jira reads to the minute in
// the zone of the account.
func (s *jiraSite) since(jql string) []*jiraIssue {
	bound := regexp.MustCompile(`updated >= "([^"]*)"`).FindStringSubmatch(jql)
	if bound == nil {
		return s.shown
	}
	from, err := time.ParseInLocation("2006-01-02 15:04", bound[1], s.zone)
	if err != nil {
		s.t.Errorf("the bound of %s: %v", jql, err)
	}
	at, _ := slices.BinarySearchFunc(s.shown, from, func(i *jiraIssue, t time.Time) int { return i.updated.Compare(t) })
	return s.shown[at:]
}

// bodies writes issues with the fields that were asked for, as Jira does; each
// field is as it was recorded.
func (s *jiraSite) bodies(issues []*jiraIssue) []object {
	all := []object{}
	for _, i := range issues {
		body, fields := maps.Clone(i.object), object{}
		for key, raw := range i.object.object("fields") {
			if slices.Contains(s.asked, key) {
				fields[key] = raw
			}
		}
		body["fields"] = encode(s.t, fields)
		delete(body, "changelog") // comes with expand, which nobody asked for
		all = append(all, body)
	}
	return all
}

// bulkFetch answers by id, in the order of ids; what it does not know is
// silently absent.
func (s *jiraSite) bulkFetch(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		IDs    []string `json:"issueIdsOrKeys"`
		Fields []string `json:"fields"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || len(ask.IDs) > 100 {
		s.t.Errorf("bulk fetch of %d: %v", len(ask.IDs), err)
	}
	s.asked = ask.Fields
	var found []*jiraIssue
	for _, id := range ask.IDs {
		if i := s.newest[id]; i != nil {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b *jiraIssue) int {
		return cmp.Or(cmp.Compare(len(a.id), len(b.id)), cmp.Compare(a.id, b.id))
	})
	_, _ = w.Write(encode(s.t, map[string]any{"issues": s.bodies(found), "issueErrors": []any{}}))
}

// counted tells issues from pull requests, which Jira does not have.
func (s *jiraSite) counted(o object) (id string, pull bool) { return jiraID(o), false }

// audience is restricted by a security level, which webhooks write as its id,
// or by a restriction of a team-managed project.
func (s *jiraSite) audience(o object) work.Audience {
	fields := o.object("fields")
	restrictions := fields.object("issuerestriction").object("issuerestrictions")
	if level := string(fields["security"]); level != "" && level != "null" || len(restrictions) > 0 {
		return work.Restricted
	}
	return work.Internal
}

// said is what the newest body of each issue says, by id, for a comparison that
// no connector had a hand in.
func (s *jiraSite) said() map[string]saying {
	all := map[string]saying{}
	category := map[string]string{"new": "todo", "indeterminate": "doing", "done": "done"}
	for id, i := range s.newest {
		fields := i.object.object("fields")
		one := saying{
			Key: i.key, Title: fields.text("summary"), Place: i.project(),
			Status: category[fields.object("status").object("statusCategory").text("key")],
		}
		fields.into("labels", &one.Labels)
		all[id] = one
	}
	return all
}
