package githubsim_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

func TestUnknownLabelsAreMadeAndKeepTheirCase(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	got := d.want(200, d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"Foo", "bAr", "BUG"}}))
	if diff := cmp.Diff([]string{"bug", "Foo", "bAr"}, column(any(got.list), "name")); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if color := at(got.list, 1, "color"); color != "ededed" {
		t.Errorf("colour of a made label = %v", color)
	}
	if id, _ := at(got.list, 1, "id").(float64); id < 1<<32 {
		t.Errorf("id %v fits 32 bits", id)
	}
	d.want(200, d.call("POST", "/repos/acme/pay/issues/1/labels", []string{"bare"}))
	removed := d.want(404, d.call("DELETE", "/repos/acme/pay/issues/1/labels/absent", nil))
	if removed.body["message"] != "Label does not exist" {
		t.Errorf("message = %v", removed.body["message"])
	}
	var names []string
	for n := range 101 {
		names = append(names, fmt.Sprint("l", n))
	}
	d.want(422, d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": names}))
	d.want(422, d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{strings.Repeat("x", 51)}}))
	effects := d.Writes().Effects(true)
	want := []sim.Effect{
		{Ref: "acme/pay#1", Field: "labels", To: "bug"},
		{Ref: "acme/pay#1", Field: "labels", To: "Foo"},
		{Ref: "acme/pay#1", Field: "labels", To: "bAr"},
		{Ref: "acme/pay#1", Field: "labels", To: "bare"},
	}
	if diff := cmp.Diff(want, effects); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

func TestUpdatedMovesWithTheIssueAndNotWithItsSurroundings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		moves bool
		act   func(d *desk)
	}{
		{"a label comes", true, func(d *desk) {
			d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"area/ui"}})
		}},
		{"a label that is there", false, func(d *desk) {
			d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"Bug"}})
		}},
		{"a label's name changes", false, func(d *desk) { d.call("PATCH", "/repos/acme/pay/labels/bug", map[string]any{"new_name": "defect"}) }},
		{"a label is deleted", false, func(d *desk) { d.call("DELETE", "/repos/acme/pay/labels/bug", nil) }},
		{"a comment comes", true, func(d *desk) { d.call("POST", "/repos/acme/pay/issues/1/comments", map[string]any{"body": "x"}) }},
		{"a comment goes", false, func(d *desk) { d.edit("acme/pay#1", func(i *githubsim.Issue) { i.Comments = nil }) }},
		{"a reaction comes", false, func(d *desk) {
			d.edit("acme/pay#1", func(i *githubsim.Issue) { i.Reactions = map[string]int{"+1": 3} })
		}},
		{"a person edits", true, func(d *desk) { d.edit("acme/pay#1", func(i *githubsim.Issue) { i.Body = "new" }) }},
		{"the same again", false, func(d *desk) {
			d.call("PATCH", "/repos/acme/pay/issues/1", map[string]any{"title": "acme/pay issue 1"})
		}},
	} {
		w := sample()
		w.Issues[0].Labels = []string{"bug"}
		w.Issues[0].Comments = []githubsim.Comment{{Author: "cy", Body: "old"}}
		d := open(t, w, githubsim.Options{})
		before, _ := d.Issue("acme/pay#1")
		c.act(d)
		after, _ := d.Issue("acme/pay#1")
		if moved := !after.Updated.Equal(before.Updated); moved != c.moves {
			t.Errorf("%s: moved = %v, want %v", c.name, moved, c.moves)
		}
	}
	d := open(t, sample(), githubsim.Options{})
	d.edit("acme/pay#1", func(i *githubsim.Issue) { i.Labels = []string{"bug"} })
	d.call("PATCH", "/repos/acme/pay/labels/bug", map[string]any{"new_name": "defect"})
	if i, _ := d.Issue("acme/pay#1"); !cmp.Equal(i.Labels, []string{"defect"}) {
		t.Errorf("labels after the label was renamed = %v", i.Labels)
	}
}

func TestWhatTheClientHasIsNotSentAgainAndIsFree(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	ask := func(token, tag string) answer {
		req := d.request(t.Context(), "GET", "/repos/acme/web/issues?since=2026-11-01T00:00:00Z", nil)
		req.Header.Set("Authorization", "token "+token)
		req.Header.Set("If-None-Match", tag)
		got, err := d.do(req)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := d.want(200, ask("bot-token", ""))
	tag := first.header.Get("ETag")
	again := d.want(304, ask("bot-token", tag))
	if len(again.raw) > 0 || again.header.Get("ETag") != tag {
		t.Errorf("304 with body %q and tag %q, want none and %q", again.raw, again.header.Get("ETag"), tag)
	}
	if a, b := first.header.Get("X-RateLimit-Used"), again.header.Get("X-RateLimit-Used"); a != "1" || b != "1" {
		t.Errorf("used = %s, then %s, want 1 both times", a, b)
	}
	d.want(304, ask("bot-token", `"other", W/`+tag))
	d.want(200, ask("app-token", tag))
	d.edit("acme/web#1", func(i *githubsim.Issue) { i.Title = "changed" })
	changed := d.want(200, ask("bot-token", tag))
	if diff := cmp.Diff("private, max-age=60, s-maxage=60", changed.header.Get("Cache-Control")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Accept, Authorization, Cookie, X-GitHub-OTP", "Accept-Encoding, Accept, X-Requested-With"}, changed.header.Values("Vary")); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyKnownTokensGetIn(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Accounts = append(w.Accounts, githubsim.Account{Token: "short", Login: "tandem[bot]", App: true, Expires: noon().Add(time.Hour)})
	d := open(t, w, githubsim.Options{})
	d.token = "wrong"
	got := d.want(401, d.call("GET", "/repos/acme/pay/issues", nil))
	if diff := cmp.Diff(map[string]any{"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"}, got.body); diff != "" {
		t.Error(diff)
	}
	d.token = "short"
	d.want(200, d.call("GET", "/repos/acme/pay/issues", nil))
	d.clock.Advance(time.Hour)
	d.want(401, d.call("GET", "/repos/acme/pay/issues", nil))
}

func TestRightsDecideWhatIsSeenAndWritten(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	grant := func(name string, change func(*githubsim.Repository)) {
		if err := d.Configure(name, change); err != nil {
			t.Fatal(err)
		}
	}
	grant("acme/pay", func(r *githubsim.Repository) { r.Access = githubsim.None })
	d.want(404, d.call("GET", "/repos/acme/pay/issues", nil))
	d.want(404, d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"x"}}))
	grant("acme/web", func(r *githubsim.Repository) { r.Access = githubsim.Pull })
	d.want(200, d.call("GET", "/repos/acme/web/issues", nil))
	d.want(403, d.call("POST", "/repos/acme/web/issues/1/labels", map[string]any{"labels": []string{"x"}}))
	d.want(404, d.call("POST", "/repos/acme/web/labels", map[string]any{"name": "x"}))
	d.want(403, d.call("PATCH", "/repos/acme/web/issues/1", map[string]any{"title": "x"}))
	dropped := d.want(200, d.call("PATCH", "/repos/acme/web/issues/1", map[string]any{"labels": []string{"bug"}}))
	if labels := dropped.body["labels"].([]any); len(labels) != 0 {
		t.Errorf("labels without push access = %v, want none", labels)
	}
	grant("acme/web", func(r *githubsim.Repository) { r.Access, r.Archived = githubsim.Push, true })
	d.want(403, d.call("POST", "/repos/acme/web/issues/1/labels", map[string]any{"labels": []string{"x"}}))
	grant("acme/web", func(r *githubsim.Repository) { r.Archived, r.IssuesOff = false, true })
	d.want(410, d.call("GET", "/repos/acme/web/issues", nil))
	if effects := d.Writes().Effects(true); len(effects) > 0 {
		t.Errorf("something was written: %v", effects)
	}
}

func TestRenamedRepositoriesRedirect(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	if err := d.RenameRepository("acme/pay", "acme/payments"); err != nil {
		t.Fatal(err)
	}
	got := d.want(301, d.call("GET", "/repos/acme/pay/issues?state=all", nil))
	if want := "https://api.github.com/repositories/700000000/issues?state=all"; got.header.Get("Location") != want || got.body["url"] != want {
		t.Errorf("Location = %q, url = %v, want %q", got.header.Get("Location"), got.body["url"], want)
	}
	d.want(307, d.call("PATCH", "/repos/acme/pay/issues/1", map[string]any{"title": "x"}))
	followed := d.want(200, d.call("GET", "/repositories/700000000/issues?state=all", nil))
	if at(followed.list, 0, "repository_url") != "https://api.github.com/repos/acme/payments" {
		t.Errorf("repository_url = %v", at(followed.list, 0, "repository_url"))
	}
	d.want(200, d.call("PATCH", "/repositories/700000000/issues/1", map[string]any{"title": "x"}))
	if err := d.AddRepository(githubsim.Repository{Name: "acme/pay"}); err != nil {
		t.Fatal(err)
	}
	d.want(200, d.call("GET", "/repos/acme/pay/issues", nil))
}

func TestTransferredAndDeletedIssuesLeaveTheLists(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Issues[0].Labels, w.Issues[0].Milestone = []string{"bug", "area/ui"}, 1
	w.Issues[0].Comments = []githubsim.Comment{{Author: "cy", Body: "stays"}}
	d := open(t, w, githubsim.Options{})
	key, err := d.Transfer("acme/pay#1", "ana", "acme/web")
	if err != nil || key != "acme/web#4" {
		t.Fatalf("transfer = %s, %v", key, err)
	}
	got := d.want(301, d.call("GET", "/repos/acme/pay/issues/1", nil))
	d.want(301, d.call("PATCH", "/repos/acme/pay/issues/1", map[string]any{"title": "x"}))
	d.want(404, d.call("GET", "/repos/acme/pay/issues/1/comments", nil))
	moved := d.want(200, d.call("GET", strings.TrimPrefix(got.header.Get("Location"), "https://"+host), nil))
	if moved.body["number"] != 4.0 || moved.body["comments"] != 1.0 || moved.body["milestone"] != nil || len(moved.body["labels"].([]any)) != 1 {
		t.Errorf("transferred issue: %s", moved.raw)
	}
	if err := d.Delete("acme/pay#3", "ana"); err != nil {
		t.Fatal(err)
	}
	d.want(410, d.call("GET", "/repos/acme/pay/issues/3", nil))
	list := d.want(200, d.call("GET", "/repos/acme/pay/issues?state=all", nil))
	if diff := cmp.Diff([]string{"2"}, column(any(list.list), "number")); diff != "" {
		t.Error(diff)
	}
	if next, _ := d.Create("ana", githubsim.Issue{Repository: "acme/pay", Title: "next"}); next != "acme/pay#4" {
		t.Errorf("next key = %s: numbers are never used again", next)
	}
}

func TestEventsTellWhoDidWhat(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	d.call("PATCH", "/repos/acme/pay/issues/1", map[string]any{"title": "Other", "labels": []string{"bug"}, "state": "closed", "state_reason": "not_planned"})
	d.edit("acme/pay#1", func(i *githubsim.Issue) { i.State, i.Labels, i.Assignees = githubsim.Open, nil, []string{"cy"} })
	got := d.want(200, d.call("GET", "/repos/acme/pay/issues/1/events", nil))
	var told []string
	for _, e := range got.list {
		told = append(told, fmt.Sprint(at(e, "actor", "login"), " ", at(e, "event")))
	}
	want := []string{"tandem-bot renamed", "tandem-bot closed", "tandem-bot labeled", "ana reopened", "ana unlabeled", "ana assigned"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if i, _ := d.Issue("acme/pay#1"); i.StateReason != "reopened" || !i.Closed.IsZero() {
		t.Errorf("reopened issue: %q closed %v", i.StateReason, i.Closed)
	}
}

func TestMalformedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	for _, c := range []struct {
		method, path string
		body         any
		status       int
	}{
		{"PATCH", "/repos/acme/pay/issues/1", `{"labels":"bug"}`, 422},
		{"PATCH", "/repos/acme/pay/issues/1", `{"milestone":9}`, 422},
		{"PATCH", "/repos/acme/pay/issues/1", `{"state":"done"}`, 422},
		{"PATCH", "/repos/acme/pay/issues/1", map[string]any{"title": strings.Repeat("x", 257)}, 422},
		{"PATCH", "/repos/acme/pay/issues/1", map[string]any{"body": strings.Repeat("x", 65_537)}, 422},
		{"POST", "/repos/acme/pay/issues", `{}`, 422},
		{"POST", "/repos/acme/pay/issues/1/labels", `{"labels":[1]}`, 422},
		{"POST", "/repos/acme/pay/issues/1/comments", `{"body":" "}`, 422},
		{"DELETE", "/repos/acme/pay/issues/1", nil, 404},
		{"GET", "/repos/acme/pay/nothing", nil, 404},
	} {
		if got := d.wrong(c.method, c.path, c.body); got.status != c.status {
			t.Errorf("%s %s %v = %d, want %d: %s", c.method, c.path, c.body, got.status, c.status, got.raw)
		}
	}
	// The description has no 400 for these; the documentation has it for all.
	d.client = &http.Client{Transport: sim.Network{host: d.Site}}
	for path, body := range map[string]string{"/repos/acme/pay/issues/1": `{"title":`, "/repos/acme/pay/issues/2": `[1]`} {
		d.want(400, d.call("PATCH", path, body))
	}
	if got := d.want(400, d.call("POST", "/repos/acme/pay/issues/1/labels", `{`)); got.body["message"] != "Problems parsing JSON" {
		t.Errorf("message = %v", got.body["message"])
	}
	if n := len(d.Writes().Effects(true)); n > 0 {
		t.Errorf("%d effects of refused writes", n)
	}
}

func TestLimitsAreCountedAndEnforcedOnRequest(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{Limits: true, Quota: 3})
	for range 3 {
		d.want(200, d.call("GET", "/user", nil))
	}
	over := d.want(403, d.call("GET", "/user", nil))
	if over.header.Get("X-RateLimit-Remaining") != "0" || over.header.Get("X-RateLimit-Reset") != fmt.Sprint(noon().Add(time.Hour).Unix()) {
		t.Errorf("headers over the limit: %v", over.header)
	}
	d.want(200, d.call("GET", "/rate_limit", nil))
	d.clock.Advance(time.Hour)
	d.want(200, d.call("GET", "/user", nil))

	d = open(t, sample(), githubsim.Options{Limits: true})
	for n := range 180 {
		d.want(200, d.call("PUT", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{fmt.Sprint("l", n%2)}}))
	}
	second := d.want(403, d.call("GET", "/user", nil))
	if second.header.Get("X-RateLimit-Remaining") == "0" || second.header.Get("Retry-After") != "" {
		t.Errorf("headers of the secondary limit: %v", second.header)
	}
	d.SetFault(sim.Script("", "/user", githubsim.RateLimited(429, noon()), githubsim.SecondaryLimit(403, time.Minute, noon())))
	d.want(429, d.call("GET", "/user", nil))
	if got := d.want(403, d.call("GET", "/user", nil)); got.header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After = %q", got.header.Get("Retry-After"))
	}
}

func TestOddRecordsReplaceFields(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Issues[0].Raw = map[string]any{"user": nil, "body": "\u0000\u202e", "labels": []any{"text"}}
	d := open(t, w, githubsim.Options{})
	got := d.want(200, d.call("GET", "/repos/acme/pay/issues/1", nil))
	if got.body["user"] != nil || at(got.body, "labels", 0) != "text" {
		t.Errorf("odd issue: %s", got.raw)
	}
}

func TestEnterpriseServesBelowItsPrefix(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{Enterprise: true})
	bare := &http.Client{Transport: sim.Network{host: d.Site}} // the judge knows github.com only
	ask := func(path string) (status int, limit string) {
		t.Helper()
		resp, err := bare.Do(d.request(context.Background(), "GET", path, nil))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode, resp.Header.Get("X-RateLimit-Limit")
	}
	for path, want := range map[string]int{"/api/v3/repos/acme/pay/issues": 200, "/repos/acme/pay/issues": 404, "/api/v3/rate_limit": 404} {
		if status, limit := ask(path); status != want || limit != "" {
			t.Errorf("%s = %d, want %d; limit %q", path, status, want, limit)
		}
	}
	if n := d.Calls("GET", "/repos/{owner}/{repo}/issues"); n != 1 {
		t.Errorf("counted %d calls of the list, want 1", n)
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for k := range 20 {
				d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{fmt.Sprintf("l%d-%d", n, k%4)}})
				d.call("GET", "/repos/acme/pay/issues?sort=updated&since=2026-11-01T00:00:00Z", nil)
				_ = d.Comment("acme/pay#3", "ana", "hi")
				_ = d.World()
			}
		})
	}
	wg.Wait()
	if i, _ := d.Issue("acme/pay#1"); len(i.Labels) != 32 {
		t.Errorf("labels = %d, want 32", len(i.Labels))
	}
}

func TestTheWorldComesBackAsItWent(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	d.edit("acme/pay#1", func(i *githubsim.Issue) { i.Labels, i.Comments = []string{"bug"}, []githubsim.Comment{{Body: "x"}} })
	again := open(t, d.World(), githubsim.Options{})
	if diff := cmp.Diff(d.World(), again.World()); diff != "" {
		t.Errorf("world (-first +second):\n%s", diff)
	}
}
