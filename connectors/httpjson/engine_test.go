package httpjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/work"
)

// read walks a stream to its end.
func read(tb testing.TB, c *connectors.Connector, stream string, from connectors.Cursor) ([]connectors.Page, error) {
	tb.Helper()
	var pages []connectors.Page
	for page, err := range c.Source.Pages(tb.Context(), stream, from) {
		if err != nil {
			return pages, err
		}
		pages = append(pages, page)
	}
	if len(pages) == 0 || !pages[len(pages)-1].Done {
		tb.Fatalf("%s ended without saying so, after %d pages", stream, len(pages))
	}
	return pages, nil
}

func mustRead(tb testing.TB, c *connectors.Connector, stream string, from connectors.Cursor) []connectors.Page {
	tb.Helper()
	pages, err := read(tb, c, stream, from)
	if err != nil {
		tb.Fatalf("read %s: %v", stream, err)
	}
	return pages
}

func feedbackOf(pages []connectors.Page) []work.Feedback {
	var all []work.Feedback
	for _, p := range pages {
		all = append(all, p.Feedback...)
	}
	return all
}

func rejectsOf(pages []connectors.Page) []work.Reject {
	var all []work.Reject
	for _, p := range pages {
		all = append(all, p.Rejects...)
	}
	return all
}

func metricsOf(pages []connectors.Page) []work.Metric {
	var all []work.Metric
	for _, p := range pages {
		all = append(all, p.Metrics...)
	}
	return all
}

func endOf(pages []connectors.Page) connectors.Cursor { return pages[len(pages)-1].Cursor }

// texts are id=text of all feedback, as a store would keep it.
func texts(pages []connectors.Page) map[string]string {
	kept := map[string]string{}
	for _, f := range feedbackOf(pages) {
		kept[f.ID] = f.Text
	}
	return kept
}

// answering is a service that answers every request alike.
func answering(status int, contentType string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}

// simple is one stream with the given keys.
func simple(keys ...string) string {
	return "tool:\n  kind: http\n  url: https://api.example.com\n  max_mb: 1\n  otherwise: export a CSV and read it with kind drop\n  streams:\n    s:\n      yields: feedback\n" +
		"      fields: {id: id, at: at, version: v, text: text, score: score}\n      " + strings.Join(keys, "\n      ") + "\n"
}

func TestACutWalkLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{
		"cursor":   "request: {path: /cursor, query: {since: '{since}', cursor: '{cursor}'}}\n      page: {kind: cursor, next: next}",
		"next_url": "request: {path: /next_url, query: {since: '{since}'}}\n      page: {kind: next_url, next: next}",
		"offset":   "request: {path: /offset, query: {since: '{since}', offset: '{offset}', limit: '{limit}'}}\n      page: {kind: offset, size: 7, short: true}",
		"page":     "request: {path: /page, query: {since: '{since}', page: '{page}'}}\n      page: {kind: page, more: more}",
		"last":     "request: {path: /last, query: {since: '{since}', after: '{last}'}}\n      page: {kind: last_item, item: id}",
		"key":      "request: {method: POST, path: /key, body: {filter: {from: '{key}'}, limit: '{limit}'}}\n      page: {kind: sort_key, item: at, size: 7}",
		"windows":  "request: {path: /window, query: {from: '{since}', to: '{until}'}}\n      since: {format: rfc3339, first: 30d, window: 2d, overlap: 1h}",
		"fan-out":  "request: {path: '/of/{parent}', query: {since: '{since}', cursor: '{cursor}'}}\n      page: {kind: cursor, next: next}\n      for_each: {request: {path: /parents}, records: '.', id: id}",
		"newest":   "request: {path: /newest, query: {cursor: '{cursor}'}}\n      page: {kind: cursor, next: next}\n      since: {newest_first: true, overlap: 1h}",
	}
	for name, keys := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry := simple(append(strings.Split(keys, "\n      "), "records: rows")...)
			if name == "key" {
				entry += "      since: {first: 60d}\n"
			}
			instance := prepare(t, entry)
			rapid.Check(t, func(r *rapid.T) {
				tool := newDepot(r, time.Now())
				live := openAgain(t, instance, to(tool))
				stored, at := map[string]string{}, connectors.Cursor(nil)
				cuts := rapid.SliceOfN(rapid.IntRange(1, 6), 0, 8).Draw(r, "cuts")
				for _, cut := range append(cuts, 1<<30) {
					n := 0
					for page, err := range live.Source.Pages(t.Context(), "s", at) {
						if err != nil {
							r.Fatal(err)
						}
						for _, f := range page.Feedback {
							stored[f.ID] = f.Text
						}
						at = page.Cursor
						if n++; n == cut {
							break // killed: the page and its cursor are stored
						}
					}
					if rapid.Bool().Draw(r, "open anew") {
						live = openAgain(t, instance, to(tool))
					}
				}
				if diff := cmp.Diff(tool.texts(), stored); diff != "" {
					r.Fatalf("(-want +stored):\n%s", diff)
				}
				tool.change(r)
				for _, f := range feedbackOf(mustRead(t, live, "s", at)) {
					stored[f.ID] = f.Text
				}
				if diff := cmp.Diff(tool.texts(), stored); diff != "" {
					r.Fatalf("after a change (-want +stored):\n%s", diff)
				}
			})
		})
	}
}

func TestAnAnswerEditedLaterReplacesTheOld(t *testing.T) {
	t.Parallel()
	body := `{"rows":[{"id":"1","at":"2026-01-01","v":"2026-01-03","text":"new"},{"id":"1","at":"2026-01-01","v":"2026-01-02","text":"old"}]}`
	live := open(t, to(answering(200, "application/json", []byte(body))), simple("request: {path: /s}", "records: rows"))
	if diff := cmp.Diff(map[string]string{"1": "new"}, texts(mustRead(t, live, "s", nil))); diff != "" {
		t.Error(diff)
	}
}

func TestADateInTheFutureDoesNotHideWhatComesBefore(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var asked []string
	env := to(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Query().Get("since"))
		w.Header().Set("Date", now.Add(-10*time.Minute).Format(http.TimeFormat)) // our clock is ahead
		_, _ = io.WriteString(w, `{"rows":[{"id":"1","at":"2099-01-01T00:00:00Z"}]}`)
	}))
	env.Now = func() time.Time { return now }
	live := open(t, env, simple("request: {path: /s, query: {since: '{since}'}}", "records: rows", "since: {overlap: 5m}"))
	mustRead(t, live, "s", endOf(mustRead(t, live, "s", nil)))
	if diff := cmp.Diff([]string{"", "2026-11-21T11:45:00Z"}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestACursorThatTheServiceForgotBeginsAnew(t *testing.T) {
	t.Parallel()
	forgotten := false
	live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch cursor := r.URL.Query().Get("cursor"); {
		case cursor == "":
			_, _ = io.WriteString(w, `{"rows":[{"id":"1","at":"2026-01-01"}],"next":"c2"}`)
		case forgotten:
			forgotten = false
			http.Error(w, `{"error":"cursor expired"}`, http.StatusBadRequest)
		default:
			_, _ = io.WriteString(w, `{"rows":[{"id":"2","at":"2026-01-01"}]}`)
		}
	})), simple("request: {path: /s, query: {cursor: '{cursor}'}}", "records: rows", "page: {kind: cursor, next: next}"))
	first := mustRead(t, live, "s", nil)[0].Cursor
	forgotten = true
	if got := slices.Sorted(maps.Keys(texts(mustRead(t, live, "s", first)))); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("after a forgotten cursor: %v", got)
	}
}

// Whoever writes another url: is not held by where the walk stood at the old one.
func TestAStoredAddressOfAnotherHostBeginsAnew(t *testing.T) {
	t.Parallel()
	next := `"https://elsewhere.example/next"`
	live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"rows":[{"id":"1","at":"2026-01-01"}],"next":%s}`, next)
	})), simple("page: {kind: next_url, next: next}", "records: rows"))
	before, err := read(t, live, "s", nil)
	if err == nil || len(before) == 0 {
		t.Fatalf("%d pages and %v, want a page and a refusal", len(before), err)
	}
	next = "null"
	if got := len(feedbackOf(mustRead(t, live, "s", endOf(before)))); got != 1 {
		t.Errorf("%d rows after the address was mended, want 1", got)
	}
}

func TestValuesGoIntoRequestsAsValues(t *testing.T) {
	t.Parallel()
	var path, query string
	var body map[string]any
	live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, query = r.URL.EscapedPath(), r.URL.Query().Get("q")
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, `{"rows":[]}`)
	})), simple(`request: {method: POST, path: '/p/{name}/x', query: {q: {e: '{name}'}}, body: {whole: '{n}', text: 'n={n}', sql: 'in ({names|sql})', none: '{cursor}', list: ['{names}']}}`,
		"records: rows")+"  params: {name: 'a/../b\"?c', n: 7, names: ['it''s', 'x\\']}\n")
	mustRead(t, live, "s", nil)
	if path != "/p/a%2F..%2Fb%22%3Fc/x" || query != `{"e":"a/../b\"?c"}` {
		t.Errorf("path %s, query %s", path, query)
	}
	want := map[string]any{"whole": 7.0, "text": "n=7", "sql": `in ('it\'s','x\\')`, "list": []any{[]any{"it's", `x\`}}}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Error(diff)
	}
}

func TestTheRateOfTheSettingsIsKept(t *testing.T) {
	t.Parallel()
	live := open(t, to(answering(200, "application/json", []byte(`{"rows":[{"id":"1","at":"2026-01-01"}]}`))),
		simple("request: {path: /s}", "records: rows", "page: {kind: page}")+"  rate: {requests: 3, per: 1h}\n")
	pages, err := read(t, live, "s", nil)
	var limit connectors.LimitedError
	if !errors.As(err, &limit) || len(pages) != 3 || time.Until(limit.ResumeAt()) < 50*time.Minute {
		t.Errorf("%d pages, %v", len(pages), err)
	}
}

func TestEveryMistakeIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	_, decoded, settings := decode(t, `
tool:
  kind: http
  url: ftp://x
  audience: everybody
  auth: {bearer: TOKEN, basic: {password: TOKEN}}
  rate: {requests: 3}
  params: {since: 1}
  streams:
    s:
      yields: feadback
      request: {method: PUT, path: 'https://other/{prject}', query: {a: '{sinc}'}, body: {a: 1}}
      page: {kind: curser}
      since: {format: epoc_s, zone: Nowhere, window: 1d}
      records: 'a[b'
      fields: {id: id, txt: x, at: {path: x, paths: [y]}, score: {path: x, time: never}}
`)
	found := allProblems(t, decoded, settings)
	want := []string{
		`5:10: this is no address; write url: https://api.example.com/v1`,
		`6:15: "everybody" is no audience; write public, internal or restricted`,
		`auth holds several kinds of credentials`, `basic needs a user`, `the rate is not complete`, `"since" is no name for a param`,
		`"feadback" is no kind of record; did you mean "feedback"?`, `"PUT" does not only read`, `a body goes with POST only`,
		`the path must be below the address`, `nothing fills in {prject}`, `nothing fills in {sinc}; did you mean "since"?`,
		`"curser" is no kind of paging; did you mean "cursor"?`, `"epoc_s" is no format of times; did you mean "epoch_s"?`,
		`"Nowhere" is no time zone`, `a walk in windows needs a beginning`, `this is no path: a[b`, `a field needs one source`, `"never" is no format of times`,
	}
	all := strings.Join(found, "\n")
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("nobody says %q in:\n%s", w, all)
		}
	}
}

// A long answer is handed over in pieces. A walk that is cut behind each of
// them gets on, also where the answer changes meanwhile.
func TestALongAnswerIsReadInPieces(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 1800 {
		rows = append(rows, fmt.Sprintf(`{"id":"r%d","at":"2026-01-01T00:00:00Z"}`, i))
	}
	live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "["+strings.Join(rows, ",")+"]")
	})), simple("request: {path: /s}"))
	stored, at, done, cuts := map[string]string{}, connectors.Cursor(nil), false, 0
	for !done {
		if cuts++; cuts > 20 {
			t.Fatal("the walk does not get on")
		}
		if cuts == 3 {
			rows = append([]string{`{"id":"before","at":"2026-01-01T00:00:00Z"}`}, rows[1:]...)
		}
		for page, err := range live.Source.Pages(t.Context(), "s", at) {
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(stored, texts([]connectors.Page{page}))
			at, done = page.Cursor, page.Done
			break
		}
	}
	if _, there := stored["before"]; len(stored) != 1801 || !there {
		t.Errorf("%d records, in %d cuts", len(stored), cuts)
	}
}

func TestPathsFindWhatTheySay(t *testing.T) {
	t.Parallel()
	record := `{"id":"1","at":"2026-01-01","a":{"b":[{"n":"x","v":1},{"n":"y","v":2}],"c.d":"dot"},"tags":["t1","t2"],"html":"<p>One &amp; two</p><ul><li>three < 4</li></ul><script>no()</script>"}`
	for path, want := range map[string]string{
		"'a.b[0].v'": "1", "'a.b[*].n'": "x\ny", "'a.b[?n=y].v'": "2", "'a[\"c.d\"]'": "dot", "tags": "t1\nt2", "'tags[1]'": "t2", "nothing.here": "", "'a.b[7].v'": "",
		"{path: html, html: true}": "One & two\nthree < 4", "{text: '{id}/{tags[0]}'}": "1/t1", "{path: id, map: {'1': one}}": "one",
		"{paths: [no, 'a.b[1].n'], prefix: 'p:'}": "p:y", "{path: 'tags[0]', lookup: {in: a.b, by: no, take: v}}": "", "{path: 'a.b[0].n', lookup: {in: a.b, by: n, take: v}}": "1",
	} {
		entry := strings.Replace(simple("request: {path: /s}"), "text: text", "text: "+path, 1)
		live := open(t, to(answering(200, "application/json", []byte("["+record+"]"))), entry)
		pages := mustRead(t, live, "s", nil)
		if got := texts(pages)["1"]; got != want {
			t.Errorf("%s is %q, want %q (%+v)", path, got, want, rejectsOf(pages))
		}
	}
}
