package jirasim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// bodies lists the comments of an answer.
func bodies(got answer) []string {
	out := []string{}
	list, _ := got.body["comments"].([]any)
	for _, c := range list {
		out = append(out, fmt.Sprint(at(c, "body")))
	}
	return out
}

const commentsOf1 = "/rest/api/2/issue/PAY-1/comment"

func TestCommentsCarryProperties(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	mark := func(v any) []any { return []any{fields{"key": "tandem", "value": v}} }
	got := d.want(201, d.call("POST", commentsOf1+"?expand=properties", fields{"body": "one", "properties": mark(fields{"run": 1})}))
	if at(got.body, "properties", 0, "value", "run") != float64(1) {
		t.Errorf("posted: %s", got.raw)
	}
	one := commentsOf1 + "/" + fmt.Sprint(got.body["id"])
	got = d.want(200, d.call("PUT", one, fields{"body": "one", "properties": mark(fields{"run": 2})}))
	if got.body["properties"] != nil {
		t.Errorf("properties that nobody asked for: %s", got.raw)
	}
	got = d.want(200, d.call("GET", commentsOf1+"?expand=properties", nil))
	if at(got.body, "comments", 0, "properties", 0, "key") != "tandem" || at(got.body, "comments", 0, "properties", 0, "value", "run") != float64(2) {
		t.Errorf("list: %s", got.raw)
	}
	d.want(200, d.call("GET", one, nil))
	d.want(404, d.call("GET", commentsOf1+"/1", nil))
	d.want(400, d.wrong("POST", commentsOf1, fields{"body": "x", "properties": []any{fields{"key": "", "value": 1}}}))
}

func TestARestrictedCommentIsReadByItsRoleOnly(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Accounts = append(w.Accounts, jirasim.Account{Email: "ana@acme.example", Token: "ana", Person: jirasim.Ana, Roles: []string{"Developers"}})
	d := open(t, w, jirasim.Options{})
	if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) {
		for n, v := range []string{`{"type":"role","value":"Administrators"}`, `{"type":"role","value":"Developers"}`, `{"type":"group","identifier":"g-7"}`, ``} {
			c := jirasim.Comment{ID: int64(900 + n), Author: jirasim.Cy, Body: fmt.Sprint("comment ", n), Created: noon(), Updated: noon()}
			if v != "" {
				c.Visibility = []byte(v)
			}
			i.Comments = append(i.Comments, c)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"comment 3"}, bodies(d.want(200, d.call("GET", commentsOf1, nil)))); diff != "" {
		t.Errorf("the bot reads (-want +got):\n%s", diff)
	}
	req := d.request(t.Context(), "GET", commentsOf1, nil)
	req.SetBasicAuth("ana@acme.example", "ana")
	got, err := d.do(req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"comment 1", "comment 3"}, bodies(got)); diff != "" || at(got.body, "comments", 0, "visibility", "value") != "Developers" {
		t.Errorf("a developer reads (-want +got):\n%s\n%s", diff, got.raw)
	}
	d.want(404, d.call("PUT", commentsOf1+"/900", fields{"body": "mine now"}))
	d.want(404, d.call("DELETE", commentsOf1+"/902", nil))
	d.want(400, d.wrong("POST", commentsOf1, fields{"body": "x", "visibility": fields{"type": "friends", "value": "x"}}))
}

func TestARewrittenCommentStaysRestrictedOnlyIfThatIsSaidAgain(t *testing.T) {
	t.Parallel()
	role := fields{"type": "role", "value": "Administrators"}
	for keep, want := range map[bool]any{false: nil, true: "Administrators"} {
		d := open(t, sample(), jirasim.Options{KeepVisibility: keep})
		got := d.want(201, d.call("POST", commentsOf1, fields{"body": "one", "visibility": role}))
		one := commentsOf1 + "/" + fmt.Sprint(got.body["id"])
		got = d.want(200, d.call("PUT", one, fields{"body": "two", "visibility": role}))
		if at(got.body, "visibility", "value") != "Administrators" {
			t.Errorf("keep %v: resent: %s", keep, got.raw)
		}
		got = d.want(200, d.call("PUT", one, fields{"body": "three"}))
		if at(got.body, "visibility", "value") != want {
			t.Errorf("keep %v: not resent: %s", keep, got.raw)
		}
	}
}

func TestCommentsArePagedAndLimited(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{MostComments: 5})
	for n := range 5 {
		d.want(201, d.call("POST", commentsOf1, fields{"body": fmt.Sprint(n)}))
		d.clock.Advance(time.Second)
	}
	got := d.want(413, d.call("POST", commentsOf1, fields{"body": "one too many"}))
	if at(got.body, "errorMessages", 0) == nil {
		t.Errorf("refusal: %s", got.raw)
	}
	for query, want := range map[string][]string{
		"?startAt=3": {"3", "4"}, "?maxResults=2&startAt=1": {"1", "2"}, "?orderBy=-created&maxResults=2": {"4", "3"}, "?startAt=9": {},
	} {
		got := d.want(200, d.call("GET", commentsOf1+query, nil))
		if diff := cmp.Diff(want, bodies(got)); diff != "" || got.body["total"] != float64(5) {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}
