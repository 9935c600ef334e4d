package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/work"
)

// label is an edit of one label of an issue.
func label(id int64, key string, verb work.Verb, name string) work.Edit {
	return work.Edit{
		ID: string(verb) + " " + name, Key: key, Verb: verb,
		Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(id)}, Path: work.NativeLabels, Element: name},
	}
}

// first is the id of acme/pay#1 in a hub where that is the first repository.
const first = 3_001_000_001

func add(name string) work.Edit    { return label(first, "acme/pay#1", work.AddLabel, name) }
func remove(name string) work.Edit { return label(first, "acme/pay#1", work.RemoveLabel, name) }

// send sends all batches of the edits.
func send(t *testing.T, c *connectors.Connector, edits ...work.Edit) []work.Result {
	t.Helper()
	var all []work.Result
	for _, batch := range c.Sink.Batches(edits) {
		all = append(all, c.Sink.Send(t.Context(), batch)...)
	}
	return all
}

func (h *hub) labelsOf(name string, number int) []string {
	var all []string
	for _, l := range h.repos[name].issues[number-1].Labels {
		all = append(all, fmt.Sprint(l["name"]))
	}
	return all
}

func TestAdditionsOfOneIssueAreOneRequest(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 1, start())
	h.repos["acme/pay"].labels["b"] = ""
	c := live(t, h, "repositories: [acme/pay]")
	for _, r := range send(t, c, add("a"), remove("bug"), add("b")) {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	want := []string{
		"GET repos/acme/pay/issues/1", "GET repos/acme/pay/labels/a", "POST repos/acme/pay/labels", "GET repos/acme/pay/labels/b",
		"POST repos/acme/pay/issues/1/labels", "DELETE repos/acme/pay/issues/1/labels/bug",
	}
	if diff := cmp.Diff(want, h.taken()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got := h.labelsOf("acme/pay", 1); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("labels %v", got)
	}
	if d := h.repos["acme/pay"].labels["a"]; !strings.Contains(d, "Tandem") || !strings.Contains(d, "hands-off") {
		t.Errorf("the new label is described as %q", d)
	}
}

func TestLabelsAreNeverReplacedAsASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		h := newHub()
		h.open("acme/pay", 2, start())
		c := live(t, h, "repositories: [acme/pay]")
		word := rapid.SampledFrom([]string{"bug", "BUG", "c#", "area/ui", "100%", "why?", "ä ö", "a;b", "...", "+1"})
		verb := rapid.SampledFrom([]work.Verb{work.AddLabel, work.RemoveLabel})
		var edits []work.Edit
		want := map[string]bool{"bug": true}
		for range rapid.IntRange(1, 8).Draw(rt, "edits") {
			name, v := word.Draw(rt, "label"), verb.Draw(rt, "verb")
			edits = append(edits, label(first, "acme/pay#1", v, name))
			want[strings.ToLower(name)] = v == work.AddLabel
		}
		for _, r := range send(t, c, edits...) {
			if r.State != work.Applied && r.State != work.Unchanged {
				rt.Errorf("%+v", r)
			}
		}
		got := map[string]bool{}
		for _, l := range h.labelsOf("acme/pay", 1) {
			got[strings.ToLower(l)] = true
		}
		for l, is := range want {
			if got[l] != is {
				rt.Errorf("label %q stands: %v, want %v; sent %v", l, got[l], is, h.calls)
			}
		}
		for _, call := range h.taken() {
			if strings.HasPrefix(call, "PUT") || strings.HasPrefix(call, "PATCH") || strings.Contains(call, "issues/2") {
				rt.Errorf("call %s", call)
			}
		}
	})
}

func TestAnIssueIsReadAgainUnlessItJustWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		h.open("acme/pay", 2, start())
		c := live(t, h, "repositories: [acme/pay]\nwrite_pause: 1s")
		reads := func() int {
			return len(slices.DeleteFunc(h.taken(), func(s string) bool { return s != "GET repos/acme/pay/issues/1" }))
		}
		began := time.Now()
		send(t, c, add("bug2"), remove("bug"), remove("bug2"))
		if n := reads(); n != 1 {
			t.Errorf("%d reads in one sequence, want 1", n)
		}
		if took := time.Since(began); took < 2*time.Second || took > 5*time.Second {
			t.Errorf("four writes with a pause of a second took %v", took)
		}
		time.Sleep(time.Minute)
		send(t, c, add("bug3"))
		if n := reads(); n != 1 {
			t.Errorf("%d reads a minute later, want 1", n)
		}
	})
}

func TestWhatGitHubDropsSilentlyIsNotApplied(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 1, start())
	h.repos["acme/pay"].push = false
	h.repos["acme/pay"].labels["role/po"] = ""
	c := live(t, h, "repositories: [acme/pay]")
	r := send(t, c, add("role/po"))[0]
	if r.State != work.Rejected || !strings.Contains(r.Detail, "no push access") {
		t.Errorf("got %+v", r)
	}
	if r = send(t, c, add("brand new"))[0]; r.State != work.Rejected || !strings.Contains(r.Detail, `"brand new"`) {
		t.Errorf("a label that may not be created: %+v", r)
	}
}

func TestRedirectsOfWritesAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		h := newHub()
		h.open("acme/pay", 1, start())
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				return false
			}
			w.Header().Set("Location", h.url+"/repositories/1/issues/1/labels")
			reply(w, status, map[string]any{"message": "Moved"})
			return true
		}
		c := live(t, h, "repositories: [acme/pay]")
		for _, r := range slices.Concat(send(t, c, add("bug2")), send(t, c, remove("bug"))) {
			if r.State != work.Conflict || !strings.Contains(r.Detail, "/repositories/1") {
				t.Errorf("%d: %+v", status, r)
			}
		}
		for _, call := range h.taken() {
			if strings.Contains(call, "repositories/1") {
				t.Errorf("%d: followed to %s", status, call)
			}
		}
	}
}

func TestATransferredOrRenamedIssueIsNotWritten(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 1, start())
	c := live(t, h, "repositories: [acme/pay]")
	if r := send(t, c, label(1, "acme/pay#1", work.AddLabel, "x"))[0]; r.State != work.Conflict || !strings.Contains(r.Detail, "another issue") {
		t.Errorf("another issue at the key: %+v", r)
	}
	h.repos["acme/pay"].issues[0].RepoURL = h.url + "/repos/acme/payments"
	if r := send(t, c, add("x"))[0]; r.State != work.Conflict || !strings.Contains(r.Detail, "acme/payments") {
		t.Errorf("a renamed repository: %+v", r)
	}
	for key, want := range map[string]work.ResultState{"acme/pay": work.Rejected, "pay#1": work.Rejected, "acme/pay#x": work.Rejected, "acme/pay#2": work.Conflict} {
		if r := send(t, c, label(first, key, work.AddLabel, "x"))[0]; r.State != want {
			t.Errorf("key %q: %+v", key, r)
		}
	}
	for _, call := range h.taken() {
		if !strings.HasPrefix(call, "GET") {
			t.Errorf("call %s", call)
		}
	}
}

func TestWhatLabelsCannotDoIsRejected(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 1, start())
	c := live(t, h, "repositories: [acme/pay]")
	field := add("x")
	field.Verb, field.Target.Path = work.SetField, "title"
	for _, e := range []work.Edit{field, add(strings.Repeat("x", 51)), add(""), remove("."), remove("..")} {
		if r := send(t, c, e)[0]; r.State != work.Rejected || r.Detail == "" {
			t.Errorf("%s %q: %+v", e.Verb, e.Target.Element, r)
		}
	}
	if calls := h.taken(); len(calls) > 0 {
		t.Errorf("calls %v", calls)
	}
}

// GitHub says that no such label stands there: somebody was faster. Where the same
// request was sent before, and GitHub may have done it, that was Tandem.
func TestALabelThatVanishedMeanwhileIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before []int // what the tries before were answered with
		want   work.ResultState
	}{
		"at once":                      {nil, work.Unchanged},
		"after a lost answer":          {[]int{http.StatusBadGateway}, work.Applied},
		"after a limit":                {[]int{http.StatusTooManyRequests}, work.Unchanged},
		"after a lost answer, a limit": {[]int{http.StatusGatewayTimeout, http.StatusTooManyRequests}, work.Applied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHub()
				h.open("acme/pay", 1, start())
				statuses := append(c.before, http.StatusNotFound)
				h.answer = func(w http.ResponseWriter, r *http.Request) bool {
					if r.Method == http.MethodDelete {
						reply(w, statuses[0], map[string]any{"message": "Label does not exist"})
						statuses = statuses[1:]
					}
					return r.Method == http.MethodDelete
				}
				connector := live(t, h, "repositories: [acme/pay]")
				if r := send(t, connector, remove("bug"))[0]; r.State != c.want {
					t.Errorf("got %+v, want %s", r, c.want)
				}
				if r := send(t, connector, add("bug"))[0]; r.State != work.Applied {
					t.Errorf("put there again: %+v", r)
				}
			})
		})
	}
}

func TestALabelThatSomebodyCreatedMeanwhileIsUsed(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 1, start())
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		ours := r.Method == http.MethodPost && r.URL.Path == "/repos/acme/pay/labels"
		if ours {
			reply(w, 422, map[string]any{"message": "Validation Failed", "errors": []any{map[string]any{"resource": "Label", "code": "already_exists", "field": "name"}}})
		}
		return ours
	}
	c := live(t, h, "repositories: [acme/pay]")
	if r := send(t, c, add("x"))[0]; r.State != work.Applied {
		t.Errorf("got %+v", r)
	}
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		ours := r.Method == http.MethodPost && r.URL.Path == "/repos/acme/pay/labels"
		if ours {
			reply(w, 422, map[string]any{"message": "Validation Failed", "errors": []any{map[string]any{"code": "invalid", "field": "name"}}})
		}
		return ours
	}
	if r := send(t, c, add("y"))[0]; r.State != work.Rejected {
		t.Errorf("an invalid name: %+v", r)
	}
}

func TestBatchesKeepTheOrderOfEachLabel(t *testing.T) {
	t.Parallel()
	c := live(t, newHub(), "repositories: [acme/pay]")
	rapid.Check(t, func(rt *rapid.T) {
		var edits []work.Edit
		for i := range rapid.IntRange(0, 12).Draw(rt, "n") {
			e := label(int64(rapid.IntRange(1, 2).Draw(rt, "issue")), "acme/pay#1", rapid.SampledFrom([]work.Verb{work.AddLabel, work.RemoveLabel}).Draw(rt, "verb"),
				rapid.SampledFrom([]string{"a", "A", "b"}).Draw(rt, "label"))
			e.ID = fmt.Sprint(i)
			edits = append(edits, e)
		}
		order := func(list []work.Edit) map[string][]string {
			m := map[string][]string{}
			for _, e := range list {
				k := e.Target.ID + strings.ToLower(e.Target.Element)
				m[k] = append(m[k], e.ID)
			}
			return m
		}
		batches := c.Sink.Batches(edits)
		if diff := cmp.Diff(order(edits), order(slices.Concat(batches...))); diff != "" {
			rt.Errorf("order (-want +got):\n%s", diff)
		}
		for _, b := range batches {
			for l, ids := range order(b) {
				if !strings.HasPrefix(l, b[0].Target.ID) || len(ids) > 1 && slices.ContainsFunc(b, func(e work.Edit) bool { return e.Verb != b[0].Verb }) {
					rt.Errorf("batch %v is of many issues, or changes a label in two ways", b)
				}
			}
		}
	})
}

func TestS1ALabelWhoseFieldAPersonChangedIsAConflict(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*work.Edit){
		"another label came":              func(e *work.Edit) { e.Unless = work.NewList("c", "BUG") },
		"the label that it replaces went": func(e *work.Edit) { e.While = work.NewList("c") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub()
			h.open("acme/pay", 1, start())
			c := live(t, h, "repositories: [acme/pay]")
			e := add("a")
			edit(&e)
			if r := send(t, c, e)[0]; r.State != work.Conflict {
				t.Errorf("%+v", r)
			}
			e.Unless, e.While = work.NewList("c"), work.NewList("Bug")
			if r := send(t, c, e, remove("bug")); r[0].State != work.Applied || r[1].State != work.Applied {
				t.Errorf("a swap: %+v", r)
			}
			if got := h.labelsOf("acme/pay", 1); !slices.Equal(got, []string{"a"}) {
				t.Errorf("labels %v", got)
			}
			gone := remove("bug")
			if gone.While = work.NewList("b"); send(t, c, gone)[0].State != work.Conflict {
				t.Error("what was taken off before another took its place counts as Tandem's")
			}
			if gone.While = work.NewList("A"); send(t, c, gone)[0].State != work.Unchanged {
				t.Error("a swap that was made already is a conflict")
			}
			last := remove("a")
			if last.Keeps = work.NewList("bug"); send(t, c, last)[0].State != work.Conflict {
				t.Error("the label was taken off though a person had taken off the one that was to stay")
			}
			send(t, c, add("bug"))
			if r := send(t, c, last); r[0].State != work.Applied {
				t.Errorf("one of two labels: %+v", r)
			}
		})
	}
}
