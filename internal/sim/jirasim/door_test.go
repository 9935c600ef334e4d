package jirasim_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

func TestEveryCallNeedsCredentials(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	for name, sign := range map[string]func(*http.Request){
		"anonymous":     func(*http.Request) {},
		"wrong token":   func(r *http.Request) { r.SetBasicAuth("bot@acme.example", "wrong") },
		"unknown email": func(r *http.Request) { r.SetBasicAuth("who@acme.example", "jira-token") },
		"bearer":        func(r *http.Request) { r.Header.Set("Authorization", "Bearer jira-token") },
	} {
		req := d.request(t.Context(), "GET", "/rest/api/2/myself", nil)
		sign(req)
		got, err := d.do(req)
		if err != nil || got.status != 401 {
			t.Errorf("%s: %d, %v; want 401", name, got.status, err)
		}
		if reason := got.header.Get("X-Seraph-LoginReason"); (reason != "") != (name != "anonymous") {
			t.Errorf("%s: X-Seraph-LoginReason = %q", name, reason)
		}
	}
	got, err := d.do(d.request(t.Context(), "GET", "/rest/api/2/serverInfo", nil))
	if err != nil || got.status != 200 || got.body["deploymentType"] != "Cloud" {
		t.Errorf("serverInfo without credentials: %d %s %v", got.status, got.raw, err)
	}
}

func TestTheRemovedSearchAnswersAsRecorded(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	want := `{"errorMessages":["The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"],"errors":{}}`
	for _, got := range []answer{
		d.call("GET", "/rest/api/2/search?jql=project=PAY", nil),
		d.call("POST", "/rest/api/3/search", fields{"jql": "project = PAY"}),
	} {
		if got.status != http.StatusGone || string(got.raw) != want {
			t.Errorf("%d %s\nwant 410 %s", got.status, got.raw, want)
		}
	}
}

func TestUnknownPathsAndBodiesAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.want(404, d.wrong("GET", "/rest/api/2/nonsense", nil))
	d.want(404, d.wrong("GET", "/rest/api/4/myself", nil))
	d.want(400, d.wrong("POST", "/rest/api/2/search/jql", fields{"jql": "project = PAY", "startAt": 0}))
	d.want(400, d.wrong("POST", "/rest/api/2/search/jql", `{"jql":"project = PAY"}{}`))
	d.want(400, d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{}}))
	d.want(400, d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": make([]string, 101)}))
	d.want(400, d.call("POST", "/rest/api/2/search/jql", fields{"jql": "project = PAY", "properties": []string{"1", "2", "3", "4", "5", "6"}}))
	req := d.request(t.Context(), "PUT", "/rest/api/2/issue/PAY-1", nil)
	req.SetBasicAuth("bot@acme.example", "jira-token")
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader("{}")), 2
	req = req.WithContext(judge.Deliberately(t.Context(), "no content type"))
	if got, err := d.do(req); err != nil || got.status != http.StatusUnsupportedMediaType {
		t.Errorf("a body without Content-Type: %d %v, want 415", got.status, err)
	}
}

func TestTimesAreInTheAccountsZone(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Accounts = append(w.Accounts, jirasim.Account{Email: "cy@acme.example", Token: "cy", Person: jirasim.Cy})
	w.Issues[0].Updated = time.Date(2021, 3, 28, 8, 6, 8, 713e6, time.UTC)
	w.Issues[0].Created = w.Issues[0].Updated
	d := open(t, w, jirasim.Options{})
	ask := func(path string) answer {
		req := d.request(t.Context(), "GET", "/rest/api/2"+path, nil)
		req.SetBasicAuth("cy@acme.example", "cy")
		got, err := d.do(req)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := at(ask("/issue/PAY-1?fields=updated").body, "fields", "updated"); got != "2021-03-28T16:06:08.713+0800" {
		t.Errorf("updated = %v", got)
	}
	if got := ask("/myself").body["timeZone"]; got != "Asia/Shanghai" {
		t.Errorf("timeZone = %v", got)
	}
	// The minute of the query is read in Shanghai as well.
	got := ask("/search/jql?fields=key&jql=updated+%3E%3D+%222021-03-28+16%3A06%22+AND+updated+%3C+%222021-03-28+16%3A07%22")
	if diff := cmp.Diff([]string{"PAY-1"}, keys(got, "key")); diff != "" {
		t.Errorf("search (-want +got):\n%s", diff)
	}
}

func TestFaultsBreakExchangesAsAsked(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	put := func(label string) (answer, error) {
		req := d.request(t.Context(), "PUT", "/rest/api/2/issue/PAY-1", edit(nil, fields{"labels": []any{fields{"add": label}}}))
		req.SetBasicAuth("bot@acme.example", "jira-token")
		return d.do(req)
	}
	route := "/rest/api/2/issue/{issueIdOrKey}"
	d.SetFault(sim.Script("PUT", route,
		sim.Refused(), sim.LostAnswer(), sim.HTMLPage(502), nil,
		jirasim.RateLimited("jira-quota-global-based", 1847*time.Second, noon()),
	))
	_, err := put("refused")
	if !errors.Is(err, io.EOF) {
		t.Errorf("refused: %v, want EOF", err)
	}
	if _, err = put("lost"); !errors.Is(err, io.EOF) {
		t.Errorf("lost: %v, want EOF", err)
	}
	if got, err := put("page"); err != nil || got.status != 502 || !strings.Contains(string(got.raw), "<html>") {
		t.Errorf("page: %d %s %v", got.status, got.raw, err)
	}
	if got, err := put("through"); err != nil || got.status != 204 {
		t.Errorf("through: %d %v", got.status, err)
	}
	got, err := put("limited")
	if err != nil || got.status != 429 || got.header.Get("Retry-After") != "1847" || got.header.Get("RateLimit-Reason") != "jira-quota-global-based" {
		t.Errorf("limited: %d %v %v", got.status, got.header, err)
	}
	issue, _ := d.Issue("PAY-1")
	if diff := cmp.Diff([]string{"lost", "through"}, issue.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	writes := d.Writes().All()
	if len(writes) != 2 || writes[0].Lost != "lost answer" || writes[1].Lost != "" {
		t.Errorf("log = %+v", writes)
	}
	d.SetFault(sim.Script("GET", route, sim.CutOff(10)))
	req := d.request(t.Context(), "GET", "/rest/api/2/issue/PAY-1", nil)
	req.SetBasicAuth("bot@acme.example", "jira-token")
	if got, err := d.do(req); !errors.Is(err, io.ErrUnexpectedEOF) || len(got.raw) != 10 {
		t.Errorf("cut off: %q %v", got.raw, err)
	}
}

func TestFaultsWorkOverARealConnection(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	server := httptest.NewServer(d.Site)
	defer server.Close()
	get := func() (answer, error) {
		req := d.request(t.Context(), "GET", "/rest/api/2/issue/PAY-1", nil)
		req.URL.Scheme, req.URL.Host = "http", strings.TrimPrefix(server.URL, "http://")
		req.Host = req.URL.Host
		req.SetBasicAuth("bot@acme.example", "jira-token")
		resp, err := server.Client().Do(req)
		if err != nil {
			return answer{}, err
		}
		raw, err := io.ReadAll(resp.Body)
		return answer{status: resp.StatusCode, raw: raw}, errors.Join(err, resp.Body.Close())
	}
	if got, err := get(); err != nil || got.status != 200 || !strings.Contains(string(got.raw), server.URL+"/rest/api/2/issue/10000") {
		t.Errorf("plain: %d %s %v", got.status, got.raw, err)
	}
	d.SetFault(sim.Script("", "", sim.CutOff(10)))
	if got, err := get(); !errors.Is(err, io.ErrUnexpectedEOF) || len(got.raw) != 10 {
		t.Errorf("cut off: %q %v", got.raw, err)
	}
	lost := sim.LostAnswer()
	d.SetFault(func(*http.Request) *sim.Fault { return lost })
	if _, err := get(); err == nil {
		t.Error("a lost answer is no error")
	}
}

func TestLatencyDelaysAndRespectsTheCaller(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.SetLatency(30 * time.Millisecond)
	start := time.Now()
	d.want(200, d.call("GET", "/rest/api/2/myself", nil))
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
}

func TestPublishedLimitsAreEnforcedOnDemand(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{Limits: true})
	for n := range 20 {
		body := edit(fields{"customfield_10026": n}, nil)
		d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", body))
	}
	got := d.want(429, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"customfield_10026": 99}, nil)))
	if got.header.Get("RateLimit-Reason") != "jira-per-issue-on-write" || got.header.Get("Retry-After") != "2" {
		t.Errorf("headers = %v", got.header)
	}
	for range 29 {
		d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-2", edit(nil, nil))) // no change, but calls
		d.clock.Advance(100 * time.Millisecond)
	}
	d.clock.Advance(time.Second)
	var last answer
	for range 51 {
		last = d.call("PUT", "/rest/api/2/issue/OPS-1/properties/p", `1`)
		d.clock.Advance(time.Millisecond)
		if last.status == 429 {
			break
		}
	}
	if last.header.Get("RateLimit-Reason") != "jira-per-issue-on-write" {
		t.Errorf("the last of many writes to one issue: %d %v", last.status, last.header)
	}
	d.clock.Advance(time.Minute)
	n := 0
	for ; n < 200; n++ {
		if last = d.call("GET", "/rest/api/2/myself", nil); last.status == 429 {
			break
		}
	}
	if n != 100 || last.header.Get("RateLimit-Reason") != "jira-burst-based" {
		t.Errorf("after %d calls: %d %v, want 100 and a burst", n, last.status, last.header)
	}
}
