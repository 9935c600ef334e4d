package jira

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// manyIssues were changed one a minute, newest last.
func manyIssues(n int, newest time.Time) []json.RawMessage {
	all := make([]json.RawMessage, n)
	for i := range n {
		all[i] = rawIssue(i+1, newest.Add(-time.Duration(n-1-i)*time.Minute), "")
	}
	return all
}

func TestAFirstImportReadsEveryPageOnce(t *testing.T) {
	t.Parallel()
	l := &listing{issues: manyIssues(250, time.Now()), size: 100}
	s := &stub{answer: l.answer}
	got := poll(t, connect(t, s, testConfig()), nil)
	if got.err != nil || !got.done || got.pages != 3 || len(got.records) != 250 {
		t.Fatalf("%d records on %d pages, done %v, %v", len(got.records), got.pages, got.done, got.err)
	}
	if d := cmp.Diff([]string{"GET search/jql", "GET search/jql", "GET search/jql"}, s.paths()); d != "" {
		t.Error(d)
	}
	q := s.calls[0].Query
	if want := `project in ("PAY", "WEB") ORDER BY updated ASC, key ASC`; q.Get("jql") != want || q.Get("maxResults") != "100" || q.Get("properties") != "tandem" {
		t.Errorf("asked for %v, want %s", q, want)
	}
	fields := strings.Split(q.Get("fields"), ",")
	want := []string{
		"assignee", "components", "created", "description", "duedate", "fixVersions", "issuelinks", "issuerestriction", "issuetype",
		"labels", "parent", "priority", "project", "reporter", "resolution", "security", "status", "summary", "updated",
	}
	if d := cmp.Diff(want, fields); d != "" {
		t.Error(d)
	}
	if s.open != 0 {
		t.Errorf("%d bodies were left open", s.open)
	}
}

func TestAPollWithoutChangesIsOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &listing{issues: manyIssues(3, time.Now()), size: 100, zone: "Europe/Berlin"}
		s := &stub{answer: l.answer}
		live := connect(t, s, testConfig())
		first := poll(t, live, nil)
		time.Sleep(time.Minute)
		s.reset()
		second := poll(t, live, first.cursor)
		if d := cmp.Diff([]string{"GET myself", "GET search/jql"}, s.paths()); d != "" {
			t.Errorf("the first poll with a bound: %s", d)
		}
		s.reset()
		time.Sleep(time.Minute)
		third := poll(t, live, second.cursor)
		fourth := poll(t, connect(t, s, testConfig()), third.cursor) // opened again
		if d := cmp.Diff([]string{"GET search/jql", "GET search/jql"}, s.paths()); d != "" {
			t.Errorf("later polls: %s", d)
		}
		if fourth.err != nil || !fourth.done || len(first.records) != 3 || len(fourth.records) != 0 {
			t.Errorf("%+v", fourth)
		}
		if string(second.cursor) != string(fourth.cursor) {
			t.Errorf("the cursor moved without a change: %s, then %s", second.cursor, fourth.cursor)
		}
	})
}

func TestTheLowerBoundIsInTheAccountsZone(t *testing.T) {
	t.Parallel()
	newest := time.Date(2026, 3, 1, 12, 34, 56, 789e6, time.UTC)
	l := &listing{issues: []json.RawMessage{rawIssue(1, newest, "")}, size: 100, zone: "Asia/Shanghai"}
	s := &stub{answer: l.answer}
	c := testConfig()
	c.Where = `labels = "x" OR statusCategory != Done`
	live := connect(t, s, c)
	first := poll(t, live, nil)
	s.reset()
	if got := poll(t, live, first.cursor); got.err != nil {
		t.Fatal(got.err)
	}
	want := `project in ("PAY", "WEB") AND (labels = "x" OR statusCategory != Done) AND updated >= "2026-03-01 20:29" ORDER BY updated ASC, key ASC`
	if got := s.calls[1].Query.Get("jql"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAKilledFirstImportGoesOn(t *testing.T) {
	t.Parallel()
	l := &listing{issues: manyIssues(250, time.Now()), size: 100}
	s := &stub{answer: l.answer}
	var cursor connectors.Cursor
	for page, err := range connect(t, s, testConfig()).Source.Pages(t.Context(), issueStream, nil) {
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Cursor
		break // killed after the first page
	}
	s.reset()
	got := poll(t, connect(t, s, testConfig()), cursor)
	if got.err != nil || !got.done || len(got.records) != 150 || got.records[0].Key != "PAY-101" {
		t.Errorf("%d records from %v, done %v, %v", len(got.records), keys(got.records)[:1], got.done, got.err)
	}
	if n := len(s.calls); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

func TestADeadTokenStartsTheWalkAnew(t *testing.T) {
	t.Parallel()
	l := &listing{issues: manyIssues(30, time.Now()), size: 10}
	dead := true
	s := &stub{answer: func(w http.ResponseWriter, c call) {
		if c.Query.Get("nextPageToken") != "" && dead {
			dead = false
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"errorMessages":["The token is invalid."]}`))
			return
		}
		l.answer(w, c)
	}}
	live := connect(t, s, testConfig())
	got := poll(t, live, nil)
	if got.err != nil || !got.done || len(got.records) < 30 || len(slices.Compact(slices.Sorted(slices.Values(keys(got.records))))) != 30 {
		t.Errorf("%d records, done %v, %v; want the first page, then all", len(got.records), got.done, got.err)
	}
	again := poll(t, live, got.cursor)
	if again.err == nil && !again.done {
		t.Error("the walk has no end")
	}
}

func TestWrongJQLIsAnErrorWithWhatJiraSays(t *testing.T) {
	t.Parallel()
	s := &stub{answer: func(w http.ResponseWriter, _ call) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"errorMessages":["The value 'PAY' does not exist for the field 'project'."],"errors":{}}`))
	}}
	got := poll(t, connect(t, s, testConfig()), nil)
	if got.err == nil || !strings.Contains(got.err.Error(), "The value 'PAY' does not exist") || len(s.calls) != 1 {
		t.Errorf("%v after %d calls", got.err, len(s.calls))
	}
}

func TestARepeatedTokenEndsTheWalk(t *testing.T) {
	t.Parallel()
	n := 0
	s := &stub{answer: func(w http.ResponseWriter, _ call) {
		n++
		_, _ = fmt.Fprintf(w, `{"issues":[%s],"nextPageToken":"same","isLast":false}`, rawIssue(n, time.Now(), ""))
	}}
	live := connect(t, s, testConfig())
	got := poll(t, live, nil)
	if !errors.Is(got.err, errRepeatedToken) || got.pages != 2 || len(s.calls) != 2 {
		t.Fatalf("%d pages, %d calls, %v", got.pages, len(s.calls), got.err)
	}
	var c cursor
	if err := json.Unmarshal(got.cursor, &c); err != nil || c.Walk != nil || !c.Updated.IsZero() {
		t.Errorf("the cursor stays in the circle: %s", got.cursor)
	}
}

func TestThePageSizeIsNeverAssumed(t *testing.T) {
	t.Parallel()
	pages := []string{
		`{"issues":[%s],"nextPageToken":"a"}`,
		`{"issues":[],"nextPageToken":"b","isLast":false}`, // nothing on it, but not the last
		`{"issues":[%s]}`, // no token: the last, whatever isLast says
	}
	n := 0
	s := &stub{answer: func(w http.ResponseWriter, _ call) {
		page := pages[n]
		n++
		if strings.Contains(page, "%s") {
			page = fmt.Sprintf(page, rawIssue(n, time.Now(), ""))
		}
		_, _ = w.Write([]byte(page))
	}}
	got := poll(t, connect(t, s, testConfig()), nil)
	if got.err != nil || !got.done || len(got.records) != 2 || got.pages != 3 {
		t.Errorf("%d records on %d pages, done %v, %v", len(got.records), got.pages, got.done, got.err)
	}
}

func TestOneOddIssueIsSetAsideAndThePageGoesOn(t *testing.T) {
	t.Parallel()
	l := &listing{size: 100, issues: []json.RawMessage{
		rawIssue(1, time.Now(), ""), rawIssue(2, time.Now(), `"labels":{"odd":1}`), []byte(`"odd"`), rawIssue(4, time.Now(), `"timespent":1.5`),
	}}
	got := poll(t, connect(t, &stub{answer: l.answer}, testConfig()), nil)
	if got.err != nil || !got.done || !slices.Equal(keys(got.records), []string{"PAY-1", "PAY-4"}) || len(got.rejects) != 2 || got.rejects[0].Where != "PAY-2" {
		t.Errorf("%v, %+v, %v", keys(got.records), got.rejects, got.err)
	}
}

// TestAFailedReadIsNeverAnEmptySource is promise S5.
func TestAFailedReadIsNeverAnEmptySource(t *testing.T) {
	t.Parallel()
	whole := fmt.Sprintf(`{"issues":[%s,%s],"isLast":true}`, rawIssue(1, time.Now(), ""), rawIssue(2, time.Now(), ""))
	cases := []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   string
	}{
		{"cut off", 200, nil, whole[:len(whole)/2], "cut off"},
		{"cut off at the end", 200, nil, whole[:len(whole)-1], "cut off"},
		{"empty", 200, nil, "", "cut off"},
		{"other JSON", 200, nil, `{}`, "not the form of Jira's"},
		{"null issues", 200, nil, `{"issues":null,"isLast":true}`, "not the form of Jira's"},
		{"web page", 200, map[string]string{"Content-Type": "text/html"}, "<html>Log in</html>", "is a proxy in between?"},
		{"credentials", 401, nil, `{"code":401,"message":"Unauthorized; scope does not match"}`, "scope does not match; check auth.email and auth.token"},
		{"captcha", 403, map[string]string{"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}, `<html>`, "log in once with this account in a browser"},
		{"permission", 403, nil, `{"errorMessages":["Forbidden"]}`, "permission scheme"},
		{"not found", 404, nil, `{"errorMessage":"Not here"}`, "Not here; it does not exist or the account cannot see it"},
		{"removed", 410, nil, `{"errorMessages":["The requested API has been removed."],"errors":{}}`, "a newer version of Tandem is needed"},
		{"moved", 301, map[string]string{"Location": "https://other.example/rest/api/2/search/jql?x=y"}, "", "redirected to https://other.example/rest/api/2/search/jql, which was not followed"},
		{"server error", 500, nil, `{"errorMessages":["Internal server error"]}`, "500 Internal Server Error: Internal server error"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &stub{answer: func(w http.ResponseWriter, _ call) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}}
			got := poll(t, connect(t, s, testConfig()), nil)
			if got.err == nil || got.pages != 0 || got.cursor != nil {
				t.Fatalf("%d pages, %v", got.pages, got.err)
			}
			if text := got.err.Error(); !strings.Contains(text, c.want) || strings.Contains(text, token) {
				t.Errorf("error is %q, want %q in it", text, c.want)
			}
			if s.open != 0 {
				t.Errorf("%d bodies were left open", s.open)
			}
		})
	}
}

func TestAQuotaReachesTheCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stub{answer: func(w http.ResponseWriter, _ call) {
			w.Header().Set("Retry-After", "1847")
			w.Header().Set("RateLimit-Reason", "jira-quota-tenant-based")
			w.WriteHeader(http.StatusTooManyRequests)
		}}
		got := poll(t, connect(t, s, testConfig()), nil)
		limit, ok := errors.AsType[*httpx.LimitError](got.err)
		if !ok || time.Until(limit.Until) != 1847*time.Second || limit.Reason != "jira-quota-tenant-based" || len(s.calls) != 1 {
			t.Errorf("%v after %d calls", got.err, len(s.calls))
		}
	})
}

func TestAShortLimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &listing{issues: manyIssues(1, time.Now()), size: 10}
		n := 0
		s := &stub{answer: func(w http.ResponseWriter, c call) {
			if n++; n == 1 {
				w.Header().Set("Retry-After", "5")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			l.answer(w, c)
		}}
		start := time.Now()
		got := poll(t, connect(t, s, testConfig()), nil)
		if took := time.Since(start); got.err != nil || len(got.records) != 1 || took < 5*time.Second {
			t.Errorf("%d records after %v, %v", len(got.records), took, got.err)
		}
	})
}

func TestAnotherScopeStartsFromTheBeginning(t *testing.T) {
	t.Parallel()
	l := &listing{issues: manyIssues(3, time.Now()), size: 100, zone: "UTC"}
	s := &stub{answer: l.answer}
	first := poll(t, connect(t, s, testConfig()), nil)
	wider := testConfig()
	wider.Projects = append(wider.Projects, "OPS")
	for name, live := range map[string]*connectors.Connector{
		"projects": connect(t, s, wider), "fields": connect(t, s, testConfig(), "customfield_1"),
	} {
		s.reset()
		if got := poll(t, live, first.cursor); got.err != nil || strings.Contains(s.calls[0].Query.Get("jql"), "updated >=") {
			t.Errorf("%s: %v, %v", name, s.calls, got.err)
		}
	}
	s.reset()
	if got := poll(t, connect(t, s, testConfig()), connectors.Cursor("no cursor of ours")); got.err != nil || len(got.records) != 3 {
		t.Errorf("a broken cursor: %+v", got)
	}
}

func TestLongQueriesGoByPost(t *testing.T) {
	t.Parallel()
	var body map[string]any
	s := &stub{answer: func(w http.ResponseWriter, c call) {
		if err := json.Unmarshal([]byte(c.Body), &body); err != nil {
			t.Error(err)
		}
		_, _ = w.Write([]byte(`{"issues":[],"isLast":true}`))
	}}
	c := testConfig()
	c.Where = "labels in (" + strings.Repeat("xxxxxxxx, ", 1000) + "y)"
	got := poll(t, connect(t, s, c), nil)
	if got.err != nil || !slices.Equal(s.paths(), []string{"POST search/jql"}) || !strings.Contains(fmt.Sprint(body["jql"]), "labels in") {
		t.Errorf("%v, %v", s.paths(), got.err)
	}
}

func TestAnUnknownStreamIsAnError(t *testing.T) {
	t.Parallel()
	s := &stub{answer: func(http.ResponseWriter, call) {}}
	for _, err := range connect(t, s, testConfig()).Source.Pages(t.Context(), "comments", nil) {
		if err == nil || !strings.Contains(err.Error(), `has no stream "comments"`) {
			t.Errorf("got %v", err)
		}
	}
	if len(s.calls) != 0 {
		t.Errorf("called %v", s.paths())
	}
}

func TestCredentialsAreSentAndNeverShown(t *testing.T) {
	t.Parallel()
	s := &stub{answer: (&listing{size: 1}).answer}
	c := testConfig()
	_ = poll(t, connect(t, s, c), nil)
	c.Auth.Email = ""
	_ = poll(t, connect(t, s, c), nil)
	want := []string{"Basic Ym90QGFjbWUuZXhhbXBsZTpnZWhlaW0tdG9rZW4=", "Bearer " + token}
	if d := cmp.Diff(want, []string{s.calls[0].Auth, s.calls[1].Auth}); d != "" {
		t.Error(d)
	}
	c.CloudID = "1122-aa"
	if _ = poll(t, connect(t, s, c), nil); s.calls[2].Path != "/ex/jira/1122-aa/rest/api/2/search/jql" {
		t.Errorf("with a cloud id: %s", s.calls[2].Path)
	}
}
