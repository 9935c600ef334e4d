package jirasim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

func TestOddRecordsAreWrittenAsAsked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mangle func(map[string]any)
		want   string // what the answer holds
	}{
		"a time with Z":  {jirasim.Zulu, `"updated":"2026-11-19T12:00:00.000Z"`},
		"ids as numbers": {jirasim.NumericID, `"id":10000,`},
		"few fields":     {jirasim.Bare, `"fields":{"summary":"PAY issue 1","updated":"2026-11-19T13:00:00.000+0100"}`},
		"nulls":          {jirasim.Nulls, `"labels":null`},
		"no fields":      {jirasim.Undecodable, `"fields":"<!-- not available -->"`},
		"anything":       {func(issue map[string]any) { issue["key"] = nil }, `"key":null`},
	} {
		d := open(t, sample(), jirasim.Options{})
		d.Mangle("PAY-1", c.mangle)
		for _, got := range []answer{
			d.call("GET", "/rest/api/2/issue/PAY-1", nil),
			d.call("POST", "/rest/api/2/search/jql", fields{"jql": "key = PAY-1", "fields": []string{"*all"}}),
			d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-1"}}),
		} {
			d.want(200, got)
			if !strings.Contains(string(got.raw), c.want) || got.header.Get(sim.FaultHeader) == "" {
				t.Errorf("%s: %s\nhas not %s", name, got.raw, c.want)
			}
		}
		d.Mangle("PAY-1", nil)
		if got := d.call("GET", "/rest/api/2/issue/PAY-1", nil); strings.Contains(string(got.raw), c.want) || got.header.Get(sim.FaultHeader) != "" {
			t.Errorf("%s: still there after it was ended: %s", name, got.raw)
		}
	}
}

func TestOneIssueThatCannotBeDecodedLeavesTheRestOfThePage(t *testing.T) {
	t.Parallel()
	w := jirasim.Sample()
	jirasim.Populate(&w, 100, 1, noon())
	d := open(t, w, jirasim.Options{})
	broken := w.Issues[41].Key
	d.Mangle(broken, jirasim.Undecodable)
	got := d.want(200, d.call("POST", "/rest/api/2/search/jql", fields{"jql": "project in (PAY, WEB, OPS)", "fields": []string{"summary"}, "maxResults": 100}))
	list, _ := got.body["issues"].([]any)
	bad := []string{}
	for _, i := range list {
		raw, err := json.Marshal(at(i, "fields"))
		if err != nil {
			t.Fatal(err)
		}
		var typed struct{ Summary string }
		if json.Unmarshal(raw, &typed) != nil {
			bad = append(bad, fmt.Sprint(at(i, "key")))
		}
	}
	if len(list) != 100 || len(bad) != 1 || bad[0] != broken {
		t.Errorf("%d issues, broken are %v, want %s of 100", len(list), bad, broken)
	}
}

func TestKnownRefusalsHaveTheirKnownBodies(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	for name, c := range map[string]struct {
		fault  *sim.Fault
		status int
		want   string
	}{
		"an endpoint that is gone":  {jirasim.Removed(), 410, `{"errorMessages":["The requested API has been removed. Please migrate to the newer API."],"errors":{}}`},
		"too many remote links":     {jirasim.TooMuch("remote issue links"), 413, `{"errorMessages":["The per-issue limit for remote issue links has been breached."],"errors":{}}`},
		"a token without the scope": {jirasim.OutOfScope(), 401, `{"code":401,"message":"Unauthorized; scope does not match"}`},
		"a page of the gateway":     {sim.HTMLPage(502), 502, `<title>502 Bad Gateway</title>`},
		"a page of maintenance":     {sim.HTMLPage(503), 503, `<title>503 Service Unavailable</title>`},
	} {
		d.SetFault(func(*http.Request) *sim.Fault { return c.fault })
		got := d.call("POST", "/rest/api/2/issue/PAY-1/remotelink", fields{"object": fields{"url": "https://x.example", "title": "x"}})
		if got.status != c.status || !strings.Contains(string(got.raw), c.want) {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if issue, _ := d.Issue("PAY-1"); len(issue.Remote) != 0 {
		t.Errorf("a refused call left %v", issue.Remote)
	}
}
