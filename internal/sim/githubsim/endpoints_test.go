package githubsim_test

import (
	"fmt"
	"strings"
	"testing"

	"tandem/internal/sim/githubsim"
)

func TestEveryEndpointAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	comment := ""
	for _, c := range []struct {
		method, path string
		body         any
		status       int
	}{
		{"GET", "/user", nil, 200},
		{"GET", "/rate_limit", nil, 200},
		{"GET", "/orgs/acme/repos", nil, 200},
		{"GET", "/orgs/nobody/repos", nil, 404},
		{"GET", "/repos/acme/pay", nil, 200},
		{"GET", "/repositories/700000000", nil, 200},
		{"GET", "/repos/acme/none", nil, 404},
		{"GET", "/repos/acme/pay/issues?state=all&sort=updated&direction=asc&since=2026-11-19T13:00:00Z", nil, 200},
		{"GET", "/repositories/700000000/issues", nil, 200},
		{"POST", "/repos/acme/pay/issues", map[string]any{"title": "New", "labels": []string{"bug", "Fresh"}, "milestone": 1, "assignees": []string{"cy"}}, 201},
		{"GET", "/repos/acme/pay/issues/4", nil, 200},
		{"PATCH", "/repos/acme/pay/issues/4", map[string]any{"title": "Newer", "body": "Text", "state": "closed", "state_reason": "not_planned", "milestone": nil, "labels": []string{}}, 200},
		{"PATCH", "/repos/acme/pay/issues/4", map[string]any{"state": "open", "assignees": []string{}}, 200},
		{"GET", "/repos/acme/pay/issues/4/events", nil, 200},
		{"GET", "/repos/acme/pay/issues/99", nil, 404},
		{"GET", "/repos/acme/pay/issues/1/labels", nil, 200},
		{"POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"Foo", "bAr", "area/ui"}}, 200},
		{"DELETE", "/repos/acme/pay/issues/1/labels/area%2Fui", nil, 200},
		{"DELETE", "/repos/acme/pay/issues/1/labels/area%2Fui", nil, 404},
		{"PUT", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"bug"}}, 200},
		{"DELETE", "/repos/acme/pay/issues/1/labels", nil, 204},
		{"POST", "/repos/acme/pay/issues/1/assignees", map[string]any{"assignees": []string{"cy", "stranger"}}, 201},
		{"DELETE", "/repos/acme/pay/issues/1/assignees", map[string]any{"assignees": []string{"cy"}}, 200},
		{"POST", "/repos/acme/pay/issues/1/comments", map[string]any{"body": "Hello"}, 201},
		{"GET", "/repos/acme/pay/issues/1/comments", nil, 200},
		{"GET", "/repos/acme/pay/issues/comments?sort=updated&direction=asc&since=2026-11-21T12:00:00Z", nil, 200},
		{"GET", "/repos/acme/pay/issues/comments/{id}", nil, 200},
		{"PATCH", "/repos/acme/pay/issues/comments/{id}", map[string]any{"body": "Hello again"}, 200},
		{"DELETE", "/repos/acme/pay/issues/comments/{id}", nil, 204},
		{"GET", "/repos/acme/pay/labels", nil, 200},
		{"POST", "/repos/acme/pay/labels", map[string]any{"name": "priority/p1", "color": "B60205", "description": "First"}, 201},
		{"POST", "/repos/acme/pay/labels", map[string]any{"name": "Priority/P1", "color": "B60205"}, 422},
		{"POST", "/repos/acme/pay/labels", map[string]any{"name": "foo2", "color": "invalid"}, 422},
		{"POST", "/repos/acme/pay/labels", map[string]any{"name": strings.Repeat("é", 51)}, 422},
		{"POST", "/repos/acme/pay/labels", map[string]any{"name": "long", "description": strings.Repeat("é", 101)}, 422},
		{"GET", "/repos/acme/pay/labels/priority%2Fp1", nil, 200},
		{"PATCH", "/repos/acme/pay/labels/priority%2Fp1", map[string]any{"new_name": "priority/p2"}, 200},
		{"DELETE", "/repos/acme/pay/labels/priority%2Fp2", nil, 204},
		{"GET", "/repos/acme/pay/milestones", nil, 200},
		{"GET", "/repos/acme/pay/milestones?state=all&sort=completeness&direction=desc", nil, 200},
		{"GET", "/repos/acme/pay/milestones/1", nil, 200},
		{"GET", "/repos/acme/pay/milestones/9", nil, 404},
		{"GET", "/installation/repositories", nil, 403},
	} {
		got := d.call(c.method, strings.Replace(c.path, "{id}", comment, 1), c.body)
		if id, ok := got.body["id"].(float64); ok && strings.HasSuffix(c.path, "/comments") {
			comment = fmt.Sprintf("%.0f", id)
		}
		if got.status != c.status {
			t.Errorf("%s %s = %d, want %d: %s", c.method, c.path, got.status, c.status, got.raw)
		}
	}
	if got := d.wrong("GET", "/user/repos", nil); got.status != 200 || len(got.list) != 2 {
		t.Errorf("/user/repos = %d: %s", got.status, got.raw)
	}
	d.token = "app-token"
	if got := d.call("GET", "/installation/repositories", nil); got.status != 200 || at(got.body, "total_count") != 2.0 {
		t.Errorf("/installation/repositories = %d: %s", got.status, got.raw)
	}
	if got := d.call("GET", "/user", nil); got.status != 403 {
		t.Errorf("/user of an installation = %d: %s", got.status, got.raw)
	}
}

func TestDeliveriesAreListedAndDeliveredAgain(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"", "acme/pay", githubsim.AppHook} {
		w := sample()
		w.Accounts[0].Hooks = true
		w.Apps = []githubsim.App{{ID: 12, Installation: 34, Login: "tandem[bot]"}}
		d := open(t, w, githubsim.Options{Hook: &githubsim.Hook{Of: of}})
		place := map[string]string{"": "/orgs/acme/hooks", "acme/pay": "/repos/acme/pay/hooks", githubsim.AppHook: "/app/hook"}[of]
		if of == githubsim.AppHook {
			d.token = unsigned(d.clock.Now())
			if got := d.call("GET", place+"/config", nil); got.status != 200 {
				t.Errorf("%s = %d: %s", place, got.status, got.raw)
			}
		} else {
			got := d.call("GET", place, nil)
			if len(got.list) != 1 {
				t.Fatalf("%s = %d: %s", place, got.status, got.raw)
			}
			place += fmt.Sprintf("/%.0f", at(got.list[0], "id"))
		}
		for range 3 {
			if err := d.Comment("acme/pay#1", "ana", "Hello"); err != nil {
				t.Fatal(err)
			}
		}
		lost := d.Miss()
		if err := d.Comment("acme/pay#1", "ana", "Hello"); err != nil {
			t.Fatal(err)
		}
		d.Deliveries()
		failed := d.call("GET", place+"/deliveries?status=failure&per_page=2", nil)
		if len(failed.list) != 2 || at(failed.list[0], "guid") != lost[2].ID || !strings.Contains(failed.header.Get("Link"), "cursor=") {
			t.Fatalf("%s: %s", place, failed.raw)
		}
		rest := d.call("GET", strings.TrimPrefix(strings.Trim(strings.Split(failed.header.Get("Link"), ">")[0], "<"), "https://api.github.com"), nil)
		if len(rest.list) != 1 || at(rest.list[0], "guid") != lost[0].ID {
			t.Errorf("%s: the second page is %s", place, rest.raw)
		}
		one := fmt.Sprintf("%s/deliveries/%.0f", place, at(rest.list[0], "id"))
		if got := d.call("GET", one, nil); got.status != 200 || at(got.body, "request", "payload", "action") != "created" {
			t.Errorf("%s: %s", one, got.raw)
		}
		if got := d.call("POST", one+"/attempts", nil); got.status != 202 {
			t.Errorf("%s: %d %s", one, got.status, got.raw)
		}
		if again := d.Deliveries(); len(again) != 1 || again[0].ID != lost[0].ID {
			t.Errorf("%s: delivered again: %v", place, again)
		}
		if got := d.call("GET", place+"/deliveries", nil); len(got.list) != 5 {
			t.Errorf("%s: %s", place, got.raw)
		}
	}
}
