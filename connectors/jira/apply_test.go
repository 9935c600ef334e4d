package jira

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
)

func TestAllEditsOfAnIssueAreOneRequest(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := &stub{answer: d.answer}
	live := connect(t, s, testConfig(), "name:Story Points")
	batch := []work.Edit{
		set("priority", work.NewText("Critical"), work.NewText("Major")),
		add("roadmap/now"), remove("a"), add("b"), remove("c"),
		set("name:Story Points", work.NewNumber(5), work.Empty()),
		set("customfield_2", work.NewText("Gold"), work.NewText("Silver")),
		set("customfield_3", work.Empty(), work.NewText("old")),
		set("customfield_4", work.NewTime(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)), work.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))),
		set("customfield_5", work.NewTime(time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)), work.Empty()),
		set("customfield_6", work.NewText("712020:aa"), work.Empty()),
	}
	got := live.Sink.Send(t.Context(), batch)
	want := []string{
		"set priority: applied", "add roadmap/now: applied", "remove a: applied", "add b: unchanged", "remove c: unchanged",
		"set name:Story Points: applied", "set customfield_2: applied", "set customfield_3: applied", "set customfield_4: applied",
		"set customfield_5: applied", "set customfield_6: applied",
	}
	if d := cmp.Diff(want, states(got)); d != "" {
		t.Errorf("%s %+v", d, got)
	}
	body := `{"fields":{"customfield_1":5,"customfield_2":{"id":"11"},"customfield_3":null,"customfield_4":"2026-05-01",` +
		`"customfield_5":"2026-05-01T10:00:00.000+0000","customfield_6":{"accountId":"712020:aa"},"priority":{"id":"1"}},` +
		`"update":{"labels":[{"add":"roadmap/now"},{"remove":"a"}]}}`
	if len(d.bodies) != 1 {
		t.Fatalf("%d requests", len(d.bodies))
	}
	if d := cmp.Diff(indent(t, body), indent(t, d.bodies[0])); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"GET field", "GET issue/10001", "GET issue/10001/editmeta", "GET mypermissions", "PUT issue/10001"}, s.paths()); d != "" {
		t.Error(d)
	}

	// Once more: everything is as wished, nothing is sent (promise S3).
	s.reset()
	for _, r := range live.Sink.Send(t.Context(), batch) {
		if r.State != work.Unchanged {
			t.Errorf("%+v", r)
		}
	}
	if d := cmp.Diff([]string{"GET issue/10001"}, s.paths()); d != "" {
		t.Error(d)
	}
}

func TestWhatAPersonChangedIsAConflict(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := &stub{answer: d.answer}
	got := connect(t, s, testConfig()).Sink.Send(t.Context(), []work.Edit{
		set("priority", work.NewText("Critical"), work.NewText("Minor")), // somebody set Major
		set("customfield_1", work.NewNumber(3), work.Value{}),            // nobody knew what stands there
		set("customfield_3", work.NewText("new"), work.NewText("old")),
	})
	want := []string{"set priority: conflict", "set customfield_1: conflict", "set customfield_3: applied"}
	if d := cmp.Diff(want, states(got)); d != "" {
		t.Error(d)
	}
	if !strings.Contains(got[0].Detail, "priority is Major, the plan expected Minor") {
		t.Errorf("detail %q", got[0].Detail)
	}
	if len(d.bodies) != 1 || strings.Contains(d.bodies[0], "priority") {
		t.Errorf("sent %v", d.bodies)
	}
}

func TestNothingElseIsEverWritten(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := &stub{answer: d.answer}
	edits := []work.Edit{
		set("summary", work.NewText("x"), work.NewText("y")),
		set("status", work.Empty(), work.NewText("y")),
		set("labels", work.NewList("x"), work.NewList("a", "b")),
		set("nonsense", work.NewText("x"), work.Empty()),
		{ID: "verb", Target: target("priority", ""), Verb: "delete_issue"},
		{ID: "no value", Target: target("priority", ""), Verb: work.SetField},
		{ID: "no label", Target: target("labels", ""), Verb: work.AddLabel},
		{ID: "other list", Target: target("priority", "x"), Verb: work.AddLabel},
		add("two words"), add(strings.Repeat("x", 256)),
		set("name:Twice", work.NewText("x"), work.Empty()),
		set("name:Nowhere", work.NewText("x"), work.Empty()),
	}
	got := connect(t, s, testConfig()).Sink.Send(t.Context(), edits)
	for i, r := range got {
		if r.State != work.Rejected || r.Detail == "" || r.EditID != edits[i].ID {
			t.Errorf("%+v", r)
		}
	}
	if !strings.Contains(got[10].Detail, "customfield_8, customfield_9") {
		t.Errorf("detail %q names no ids", got[10].Detail)
	}
	if d := cmp.Diff([]string{"GET field"}, s.paths()); d != "" {
		t.Error(d)
	}
}

func TestValuesThatTheFieldCannotTakeAreRejected(t *testing.T) {
	t.Parallel()
	cases := []struct {
		edit work.Edit
		want string
	}{
		{set("priority", work.NewText("Blocker"), work.NewText("Major")), `Priority has no value "Blocker" here; it has: Critical, Major`},
		{set("customfield_2", work.NewText("Bronze"), work.NewText("Silver")), `Tier has no value "Bronze" here; it has: Gold, Silver`},
		{set("customfield_1", work.NewText("many"), work.Empty()), "is no number"},
		{set("customfield_4", work.NewText("soon"), work.NewText("2026-01-01")), "is no date"},
		{set("customfield_14", work.NewText("x"), work.Empty()), "cannot be changed element by element"},
		{set("customfield_9", work.NewText("x"), work.Empty()), "customfield_9 that can be compared"},
	}
	for _, c := range cases {
		d := newDesk()
		live := connect(t, &stub{answer: d.answer}, testConfig())
		got := live.Sink.Send(t.Context(), []work.Edit{c.edit, add("x")})
		if got[0].State != work.Rejected || !strings.Contains(got[0].Detail, c.want) || got[1].State != work.Applied {
			t.Errorf("%+v, want %q", got, c.want)
		}
	}
	d := newDesk()
	d.meta = `{"fields":{"summary":{}}}`
	got := connect(t, &stub{answer: d.answer}, testConfig()).Sink.Send(t.Context(), []work.Edit{set("priority", work.NewText("Critical"), work.NewText("Major"))})
	if got[0].State != work.Rejected || !strings.Contains(got[0].Detail, "not on the edit screen") {
		t.Errorf("%+v", got)
	}
}

func TestTheEditScreenIsAskedForOncePerKind(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := &stub{answer: d.answer}
	live := connect(t, s, testConfig())
	for _, p := range []string{"Critical", "Major", "Critical"} {
		now := map[string]string{"Critical": "Major", "Major": "Critical"}[p]
		if got := live.Sink.Send(t.Context(), []work.Edit{set("priority", work.NewText(p), work.NewText(now))}); got[0].State != work.Applied {
			t.Fatalf("%+v", got)
		}
	}
	n := 0
	for _, p := range s.paths() {
		if strings.HasSuffix(p, "editmeta") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("asked %d times", n)
	}
	// A scheme that got a new priority is seen before anything is refused.
	d.meta = strings.Replace(editScreen, `{"id":"2","name":"Major"}`, `{"id":"2","name":"Major"},{"id":"3","name":"Minor"}`, 1)
	if got := live.Sink.Send(t.Context(), []work.Edit{set("priority", work.NewText("Minor"), work.NewText("Critical"))}); got[0].State != work.Applied {
		t.Errorf("%+v", got)
	}
}

func TestARefusedFieldDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	refusing := func(field, message string) func(http.ResponseWriter, update) bool {
		return func(w http.ResponseWriter, body update) bool {
			_, set := body.Fields[field]
			for _, op := range body.Update["labels"] {
				set = set || field == "labels" && strings.Contains(message, fmt.Sprint(op["add"])+"'")
			}
			if !set {
				return false
			}
			w.WriteHeader(http.StatusBadRequest)
			b, _ := json.Marshal(map[string]any{"errorMessages": []string{}, "errors": map[string]string{field: message}})
			_, _ = w.Write(b)
			return true
		}
	}
	unnamed := func(w http.ResponseWriter, body update) bool {
		if _, set := body.Fields["priority"]; !set {
			return false
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"errorMessages":["A validator says no."],"errors":{}}`))
		return true
	}
	batch := []work.Edit{
		set("priority", work.NewText("Critical"), work.NewText("Major")), add("x"), add("y"),
		set("customfield_1", work.NewNumber(5), work.Empty()),
	}
	cases := []struct {
		name     string
		refuse   func(http.ResponseWriter, update) bool
		want     []string
		requests int
	}{
		{"a field", refusing("priority", "The priority selected is invalid."), []string{"rejected", "applied", "applied", "applied"}, 2},
		{"a label", refusing("labels", "The label 'y' can't contain spaces."), []string{"applied", "applied", "rejected", "applied"}, 2},
		{"nobody knows", unnamed, []string{"rejected", "applied", "applied", "applied"}, 5},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			d.refuse = c.refuse
			got := connect(t, &stub{answer: d.answer}, testConfig()).Sink.Send(t.Context(), batch)
			for i, r := range got {
				if string(r.State) != c.want[i] {
					t.Errorf("%+v, want %s", r, c.want[i])
				}
			}
			if len(d.bodies) != c.requests {
				t.Errorf("%d requests, want %d", len(d.bodies), c.requests)
			}
		})
	}
}

func TestBatchesAreOneIssueEachAndKeepTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var edits []work.Edit
		for i := range rapid.IntRange(0, 40).Draw(t, "edits") {
			e := add(fmt.Sprint("l", rapid.IntRange(0, 3).Draw(t, "label")))
			e.ID = fmt.Sprint(i)
			e.Target.ID = fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "issue"))
			edits = append(edits, e)
		}
		last := map[string]string{}
		n := 0
		for _, batch := range (&sink{}).Batches(edits) {
			seen := map[work.Target]bool{}
			for _, e := range batch {
				n++
				if e.Target.ID != batch[0].Target.ID || seen[e.Target] {
					t.Fatalf("two issues, or one target twice, in %v", batch)
				}
				seen[e.Target] = true
				if before, ok := last[e.Target.ID]; ok && len(before) >= len(e.ID) && before > e.ID {
					t.Fatalf("edit %s of issue %s comes after %s", e.ID, e.Target.ID, before)
				}
				last[e.Target.ID] = e.ID
			}
		}
		if n != len(edits) {
			t.Fatalf("%d of %d edits", n, len(edits))
		}
	})
}

func TestStrangeIdsReachNoOtherPlace(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"../../../evil", "https://evil.example/x", "..", "1/../2", "1?fields=*all", "a b"} {
		s := &stub{answer: newDesk().answer}
		e := add("x")
		e.Target.ID = id
		got := connect(t, s, testConfig()).Sink.Send(t.Context(), []work.Edit{e})
		if got[0].State != work.Rejected {
			t.Errorf("%s: %+v", id, got)
		}
		for _, c := range s.calls {
			if !strings.HasPrefix(c.Path, "/rest/api/2/issue/") {
				t.Errorf("%s went to %s", id, c.Path)
			}
		}
	}
}
