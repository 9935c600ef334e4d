package jirasim_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// server is a Data Center with the sample's issues.
func server(t *testing.T, options jirasim.Options) *desk {
	t.Helper()
	options.Deployment = jirasim.DataCenter
	return open(t, sample(), options)
}

func TestEveryEndpointOfADataCenterAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Accounts[0].Admin = true
	for _, api := range []string{"/rest/api/2", "/rest/api/latest"} {
		d := open(t, w, jirasim.Options{Deployment: jirasim.DataCenter})
		comment := ""
		for _, c := range []struct {
			method, path string
			body         any
			status       int
		}{
			{"GET", "/serverInfo", nil, 200},
			{"GET", "/myself", nil, 200},
			{"GET", "/mypermissions?projectKey=PAY", nil, 200},
			{"GET", "/field", nil, 200},
			{"GET", "/priority", nil, 200},
			{"GET", "/priorityschemes", nil, 200},
			{"GET", "/priorityschemes/10001", nil, 200},
			{"GET", "/priorityschemes/77", nil, 404},
			{"GET", "/status", nil, 200},
			{"GET", "/issuetype", nil, 200},
			{"GET", "/project", nil, 200},
			{"GET", "/project/PAY", nil, 200},
			{"GET", "/project/PAY/versions", nil, 200},
			{"GET", "/project/PAY/statuses", nil, 200},
			{"GET", "/issue/createmeta/PAY/issuetypes", nil, 200},
			{"GET", "/issue/createmeta/PAY/issuetypes/10004?maxResults=200", nil, 200},
			{"PUT", "/issue/PAY-1?notifyUsers=false", fields{"fields": fields{
				"summary": "New", "description": "Why\nand *how*", "priority": fields{"id": "10101"}, "assignee": fields{"name": "a.araujo"},
				"customfield_10026": 5, "customfield_10040": fields{"id": "10021"}, "duedate": "2026-12-24",
			}, "properties": []any{fields{"key": "tandem", "value": fields{"seen": 1}}}}, 204},
			{"PUT", "/issue/PAY-1", fields{"update": fields{
				"labels": []any{fields{"add": "x"}}, "fixVersions": []any{fields{"add": fields{"id": "10300"}}},
			}}, 204},
			{"GET", "/issue/PAY-1?fields=*all&properties=*all&expand=changelog", nil, 200},
			{"GET", "/issue/PAY-1/editmeta", nil, 200},
			{"GET", "/search?jql=" + url.QueryEscape("project = PAY") + "&fields=summary,description&expand=changelog&startAt=1&maxResults=2", nil, 200},
			{"POST", "/search", fields{"jql": "project = PAY", "fields": []string{"*all"}, "startAt": 0, "maxResults": 2, "expand": []string{"changelog"}}, 200},
			{"POST", "/issue/PAY-1/remotelink", fields{"globalId": "g1", "object": fields{"url": "https://x.example", "title": "X"}}, 201},
			{"POST", "/issue/PAY-1/remotelink", fields{"globalId": "g1", "object": fields{"url": "https://y.example", "title": "Y"}}, 200},
			{"GET", "/issue/PAY-1/remotelink", nil, 200},
			{"GET", "/issue/PAY-1/remotelink?globalId=g1", nil, 200},
			{"DELETE", "/issue/PAY-1/remotelink?globalId=g1", nil, 204},
			{"PUT", "/issue/PAY-1/properties/p", fields{"a": 1}, 201},
			{"PUT", "/issue/PAY-1/properties/p", fields{"a": 2}, 200},
			{"GET", "/issue/PAY-1/properties", nil, 200},
			{"GET", "/issue/PAY-1/properties/p", nil, 200},
			{"DELETE", "/issue/PAY-1/properties/p", nil, 204},
			{"POST", "/issue/PAY-1/comment", fields{"body": "Hello"}, 201},
			{"PUT", "/issue/PAY-1/comment/{id}", fields{"body": "Hello again"}, 200},
			{"GET", "/issue/PAY-1/comment", nil, 200},
			{"GET", "/issue/PAY-1?fields=comment,description", nil, 200},
			{"DELETE", "/issue/PAY-1/comment/{id}", nil, 204},
			{"GET", "/issue/PAY-1/transitions", nil, 200},
			{"POST", "/issue/PAY-1/transitions", fields{"transition": fields{"id": "910001"}}, 204},
		} {
			got := d.call(c.method, api+strings.Replace(c.path, "{id}", comment, 1), c.body)
			if id, ok := got.body["id"].(string); ok && strings.HasSuffix(c.path, "/comment") {
				comment = id
			}
			if got.status != c.status {
				t.Errorf("%s %s%s = %d, want %d: %s", c.method, api, c.path, got.status, c.status, got.raw)
			}
			if strings.Contains(string(got.raw), "accountId") || strings.Contains(string(got.raw), "hierarchyLevel") {
				t.Errorf("%s %s speaks of the Cloud: %s", c.method, c.path, got.raw)
			}
		}
		if got := d.call("PUT", "/rest/agile/1.0/issue/rank", fields{"issues": []string{"PAY-1"}, "rankAfterIssue": "PAY-3"}); got.status != 204 {
			t.Errorf("rank = %d: %s", got.status, got.raw)
		}
	}
}

func TestADataCenterLacksWhatWasMadeForTheCloud(t *testing.T) {
	t.Parallel()
	d := server(t, jirasim.Options{})
	for _, c := range []struct {
		method, path string
		body         any
	}{
		{"GET", "/rest/api/2/search/jql?jql=project=PAY", nil},
		{"POST", "/rest/api/2/search/jql", fields{"jql": "project = PAY"}},
		{"POST", "/rest/api/2/search/approximate-count", fields{"jql": "project = PAY"}},
		{"POST", "/rest/api/2/jql/parse?validation=strict", fields{"queries": []string{"project = PAY"}}},
		{"POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-1"}}},
		{"POST", "/rest/api/2/changelog/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-1"}}},
		{"GET", "/rest/api/2/issue/PAY-1/changelog", nil},
		{"GET", "/rest/api/2/priority/search", nil},
		{"GET", "/rest/api/2/project/search", nil},
		{"GET", "/rest/api/3/myself", nil},
	} {
		if got := d.wrong(c.method, c.path, c.body); got.status != http.StatusNotFound {
			t.Errorf("%s %s: %d, want 404", c.method, c.path, got.status)
		}
	}
	info := d.want(200, d.call("GET", "/rest/api/2/serverInfo", nil)).body
	if info["deploymentType"] != "Server" || !strings.HasPrefix(fmt.Sprint(info["version"]), "10.3.") {
		t.Errorf("serverInfo = %v", info)
	}
}

func TestAnOffsetSearchCountsAndCutsPages(t *testing.T) {
	t.Parallel()
	d := server(t, jirasim.Options{})
	page := func(body fields) answer {
		return d.want(200, d.call("POST", "/rest/api/2/search", body))
	}
	got := page(fields{"jql": "project in (PAY, WEB) ORDER BY key ASC", "startAt": 2, "maxResults": 3, "fields": []string{"summary"}})
	if diff := cmp.Diff([]string{"PAY-3", "WEB-1", "WEB-2"}, keys(got, "key")); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	if got.body["total"] != 6.0 || got.body["startAt"] != 2.0 || got.body["maxResults"] != 3.0 {
		t.Errorf("frame = %v %v %v", got.body["total"], got.body["startAt"], got.body["maxResults"])
	}
	if got := page(fields{"jql": "ORDER BY priority DESC, key DESC", "maxResults": 5000}); got.body["maxResults"] != 1000.0 || len(keys(got, "key")) != 9 {
		t.Errorf("everything = %v of %v, page of %v", len(keys(got, "key")), got.body["total"], got.body["maxResults"])
	}
	if got := page(fields{"jql": "project = PAY"}); got.body["maxResults"] != 50.0 {
		t.Errorf("usual page = %v", got.body["maxResults"])
	}
	if got := page(fields{"jql": "project = PAY", "startAt": 7}); len(keys(got, "key")) != 0 || got.body["total"] != 3.0 {
		t.Errorf("behind the end = %s", got.raw)
	}
	d.want(400, d.call("POST", "/rest/api/2/search", fields{"jql": "this is not jql"}))
	d.want(400, d.call("GET", "/rest/api/2/search?jql=project%20%3D%20NOPE", nil))
	loose := d.want(200, d.call("GET", "/rest/api/2/search?jql=project%20%3D%20NOPE&validateQuery=false", nil))
	if len(keys(loose, "key")) != 0 || loose.body["warningMessages"] == nil {
		t.Errorf("without validation: %s", loose.raw)
	}
	d.SetLag(time.Minute)
	if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Labels = []string{"late"} }); err != nil {
		t.Fatal(err)
	}
	if got := page(fields{"jql": "labels = late"}); got.body["total"] != 0.0 {
		t.Errorf("a late index knows at once: %s", got.raw)
	}
	d.clock.Advance(time.Minute)
	if got := page(fields{"jql": "labels = late"}); got.body["total"] != 1.0 {
		t.Errorf("a late index never learns: %s", got.raw)
	}
}

func TestADataCenterNamesUsersByLoginAndKey(t *testing.T) {
	t.Parallel()
	d := server(t, jirasim.Options{})
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", fields{"fields": fields{"assignee": fields{"name": "a.araujo"}}}))
	got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1?fields=assignee,updated&expand=changelog", nil))
	want := map[string]any{
		"self": "https://" + host + "/rest/api/2/user?username=a.araujo", "name": "a.araujo", "key": "ana", "displayName": "Ana Araújo",
		"emailAddress": "ana@acme.example", "active": true, "timeZone": "Europe/Lisbon",
	}
	user, _ := at(got.body, "fields", "assignee").(map[string]any)
	delete(user, "avatarUrls")
	if diff := cmp.Diff(want, user); diff != "" {
		t.Errorf("assignee (-want +got):\n%s", diff)
	}
	item := at(got.body, "changelog", "histories", 0, "items", 0)
	wantItem := map[string]any{
		"field": "assignee", "fieldtype": "jira", "from": nil, "fromString": nil, "to": "ana", "toString": "Ana Araújo",
	}
	if diff := cmp.Diff(wantItem, item); diff != "" {
		t.Errorf("changelog (-want +got):\n%s", diff)
	}
	if updated := at(got.body, "fields", "updated"); updated != "2026-11-21T12:00:00.000+0000" {
		t.Errorf("updated = %v, want the server's zone", updated)
	}
	found := d.want(200, d.call("POST", "/rest/api/2/search", fields{"jql": "assignee = a.araujo"}))
	if diff := cmp.Diff([]string{"PAY-1"}, keys(found, "key")); diff != "" {
		t.Errorf("assigned (-want +got):\n%s", diff)
	}
	d.want(400, d.call("PUT", "/rest/api/2/issue/PAY-1", fields{"fields": fields{"assignee": fields{"name": "nobody"}}}))
	if me := d.want(200, d.call("GET", "/rest/api/2/myself", nil)).body; me["name"] != "tandem" || me["key"] != "JIRAUSER10100" || me["accountId"] != nil {
		t.Errorf("myself = %v", me)
	}
}

func TestTheChangelogOfADataCenterIsWholeAndOldestFirst(t *testing.T) {
	t.Parallel()
	d := server(t, jirasim.Options{})
	for n := range 45 {
		d.clock.Advance(time.Minute)
		if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Summary = fmt.Sprint(n) }); err != nil {
			t.Fatal(err)
		}
	}
	found := d.want(200, d.call("GET", "/rest/api/2/search?jql=key=PAY-1&expand=changelog&fields=summary", nil))
	log, _ := at(found.body, "issues", 0, "changelog").(map[string]any)
	if log["total"] != 45.0 || at(log, "histories", 0, "items", 0, "toString") != "0" || at(log, "histories", 44, "items", 0, "toString") != "44" {
		t.Errorf("changelog has %v entries, first %v", log["total"], at(log, "histories", 0))
	}
}

func TestOnlyAdministratorsOfADataCenterKeepUsersFromBeingNotified(t *testing.T) {
	t.Parallel()
	d := server(t, jirasim.Options{})
	body := edit(fields{"summary": "Quiet"}, nil)
	d.want(403, d.call("PUT", "/rest/api/2/issue/PAY-1?notifyUsers=false", body))
	d.want(403, d.call("PUT", "/rest/api/2/issue/PAY-1?notifyUsers=0", body))
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1?notifyUsers=true", body))
	d.want(403, d.call("GET", "/rest/api/2/priorityschemes", nil))
	d.Administer(func(w *jirasim.World) { w.Accounts[0].Admin = true })
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1?notifyUsers=false", edit(fields{"summary": "Quieter"}, nil)))
}

func TestADataCenterLetsInByAccessTokenAndByPassword(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Accounts[0].Password = "secret"
	d := open(t, w, jirasim.Options{Deployment: jirasim.DataCenter})
	strict := open(t, w, jirasim.Options{Deployment: jirasim.DataCenter, NoBasic: true})
	ask := func(d *desk, sign func(*http.Request)) answer {
		req := d.request(t.Context(), "GET", "/rest/api/2/myself", nil)
		sign(req)
		got, err := d.do(req)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	basic := func(name, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(name, password) }
	}
	for name, c := range map[string]struct {
		desk *desk
		sign func(*http.Request)
		want int
	}{
		"token":               {d, bearer("jira-token"), 200},
		"password":            {d, basic("tandem", "secret"), 200},
		"token as password":   {d, basic("tandem", "jira-token"), 401},
		"e-mail as name":      {d, basic("bot@acme.example", "secret"), 401},
		"unknown token":       {d, bearer("nonsense"), 401},
		"nothing":             {d, func(*http.Request) {}, 401},
		"basic switched off":  {strict, basic("tandem", "secret"), 403},
		"token, no passwords": {strict, bearer("jira-token"), 200},
	} {
		if got := ask(c.desk, c.sign); got.status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, got.status, c.want, got.raw)
		}
	}
}

func TestTooManyWrongPasswordsLockTheNameOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		deployment jirasim.Deployment
		name       string
		denied     int
	}{{jirasim.Cloud, "bot@acme.example", 401}, {jirasim.DataCenter, "tandem", 403}} {
		d := open(t, sample(), jirasim.Options{Deployment: c.deployment})
		ask := func(password string) answer {
			req := d.request(t.Context(), "GET", "/rest/api/2/myself", nil)
			req.SetBasicAuth(c.name, password)
			got, err := d.do(req)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		for n := range 3 {
			if got := ask("wrong"); got.status != 401 || got.header.Get("X-Seraph-LoginReason") != "AUTHENTICATED_FAILED" {
				t.Errorf("wrong password %d: %d %v", n+1, got.status, got.header)
			}
		}
		if got := ask("jira-token"); got.status != c.denied || got.header.Get("X-Seraph-LoginReason") != "AUTHENTICATION_DENIED" {
			t.Errorf("the right password after three wrong ones: %d %v", got.status, got.header)
		}
		d.Unlock(c.name)
		ask("wrong")
		d.want(200, ask("jira-token"))
	}
}

func TestEveryAnswerOfADataCenterTellsOfTheBucket(t *testing.T) {
	t.Parallel()
	d := server(t, jirasim.Options{Limits: true, Bucket: jirasim.Bucket{Size: 3, Fill: 2, Every: 10 * time.Second}})
	headers := func(got answer) []string {
		out := []string{fmt.Sprint(got.status)}
		for _, name := range []string{"Limit", "Remaining", "FillRate", "Interval-Seconds"} {
			out = append(out, got.header.Get("X-RateLimit-"+name))
		}
		return append(out, got.header.Get("Retry-After"))
	}
	ask := func() []string { return headers(d.call("GET", "/rest/api/2/myself", nil)) }
	for _, want := range [][]string{
		{"200", "3", "2", "2", "10", "0"}, {"200", "3", "1", "2", "10", "0"}, {"200", "3", "0", "2", "10", "10"}, {"429", "3", "0", "2", "10", "10"},
	} {
		if diff := cmp.Diff(want, ask()); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
	}
	d.clock.Advance(4 * time.Second)
	if diff := cmp.Diff([]string{"429", "3", "0", "2", "10", "6"}, ask()); diff != "" {
		t.Errorf("too early (-want +got):\n%s", diff)
	}
	d.clock.Advance(6 * time.Second)
	if diff := cmp.Diff([]string{"200", "3", "1", "2", "10", "0"}, ask()); diff != "" {
		t.Errorf("filled up (-want +got):\n%s", diff)
	}
}
