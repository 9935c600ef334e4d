package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/work"
)

// desk is one issue that can be read and written.
type desk struct {
	mu     sync.Mutex
	fields map[string]string // raw JSON by field id
	meta   string
	// refuse answers a PUT; nil lets it through.
	refuse func(w http.ResponseWriter, body update) bool
	bodies []string
}

const editScreen = `{"fields":{
 "priority":{"name":"Priority","schema":{"type":"priority"},"allowedValues":[{"id":"1","name":"Critical"},{"id":"2","name":"Major"}]},
 "labels":{"name":"Labels","schema":{"type":"array","items":"string"}},
 "customfield_1":{"name":"Points","schema":{"type":"number"}},
 "customfield_2":{"name":"Tier","schema":{"type":"option"},"allowedValues":[{"id":"11","value":"Gold"},{"id":"12","value":"Silver"}]},
 "customfield_3":{"name":"Goal","schema":{"type":"string"}},
 "customfield_4":{"name":"Launch","schema":{"type":"date"}},
 "customfield_5":{"name":"Gate","schema":{"type":"datetime"}},
 "customfield_6":{"name":"Owner","schema":{"type":"user"}},
 "customfield_7":{"name":"Areas","schema":{"type":"array","items":"option"}}
}}`

func newDesk() *desk {
	return &desk{meta: editScreen, fields: map[string]string{
		"issuetype": `{"id":"10001","name":"Story"}`, "project": `{"key":"PAY"}`, "priority": `{"id":"2","name":"Major"}`,
		"labels": `["a","b"]`, "customfield_1": `null`, "customfield_2": `{"value":"Silver"}`, "customfield_3": `"old"`,
		"customfield_4": `"2026-01-01"`, "customfield_5": `null`, "customfield_6": `null`, "customfield_7": `[]`,
	}}
}

func (d *desk) answer(w http.ResponseWriter, c call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch at := strings.TrimPrefix(c.Path, "/rest/api/2/"); {
	case at == "field":
		_, _ = w.Write([]byte(`[{"id":"customfield_1","name":"Story Points"},{"id":"customfield_8","name":"Twice"},{"id":"customfield_9","name":"Twice"}]`))
	case at == "issue/10001/editmeta":
		_, _ = w.Write([]byte(d.meta))
	case at == "issue/10001" && c.Method == http.MethodGet:
		fields := map[string]json.RawMessage{}
		for f := range strings.SplitSeq(c.Query.Get("fields"), ",") {
			if raw, ok := d.fields[f]; ok {
				fields[f] = json.RawMessage(raw)
			}
		}
		b, _ := json.Marshal(map[string]any{"id": "10001", "key": "PAY-1", "fields": fields})
		_, _ = w.Write(b)
	case at == "issue/10001":
		d.bodies = append(d.bodies, c.Body)
		var body update
		if json.Unmarshal([]byte(c.Body), &body) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if d.refuse != nil && d.refuse(w, body) {
			return
		}
		d.change(body)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errorMessages":["Issue does not exist or you do not have permission to see it."]}`))
	}
}

func (d *desk) change(body update) {
	for id, v := range body.Fields {
		if m, ok := v.(map[string]any); ok && id == "priority" {
			v = map[string]any{"id": m["id"], "name": map[string]string{"1": "Critical", "2": "Major"}[fmt.Sprint(m["id"])]}
		}
		b, _ := json.Marshal(v)
		d.fields[id] = string(b)
	}
	var labels []string
	_ = json.Unmarshal([]byte(d.fields["labels"]), &labels)
	for _, op := range body.Update["labels"] {
		if l, ok := op["add"]; ok && !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
		labels = slices.DeleteFunc(labels, func(l string) bool { return l == op["remove"] })
	}
	b, _ := json.Marshal(labels)
	d.fields["labels"] = string(b)
}

func target(path, element string) work.Target {
	return work.Target{RefID: work.RefID{Connector: "jira", ID: "10001"}, Path: path, Element: element}
}

func set(path string, value, expect work.Value) work.Edit {
	verb := work.SetField
	if value == work.Empty() {
		verb = work.ClearField
	}
	return work.Edit{ID: "set " + path, Key: "PAY-1", Place: "PAY", Target: target(path, ""), Verb: verb, Value: value, Expect: expect}
}

func add(label string) work.Edit {
	return work.Edit{
		ID: "add " + label, Key: "PAY-1", Place: "PAY", Target: target("labels", label), Verb: work.AddLabel,
		Value: work.NewFlag(true), Expect: work.NewFlag(false),
	}
}

func remove(label string) work.Edit {
	return work.Edit{
		ID: "remove " + label, Key: "PAY-1", Place: "PAY", Target: target("labels", label), Verb: work.RemoveLabel,
		Value: work.NewFlag(false), Expect: work.NewFlag(true),
	}
}

func states(results []work.Result) []string {
	all := make([]string, len(results))
	for i, r := range results {
		all[i] = r.EditID + ": " + string(r.State)
	}
	return all
}

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
	body := `{"fields":{"customfield_1":5,"customfield_2":{"value":"Gold"},"customfield_3":null,"customfield_4":"2026-05-01",` +
		`"customfield_5":"2026-05-01T10:00:00.000+0000","customfield_6":{"accountId":"712020:aa"},"priority":{"id":"1"}},` +
		`"update":{"labels":[{"add":"roadmap/now"},{"remove":"a"}]}}`
	if len(d.bodies) != 1 {
		t.Fatalf("%d requests", len(d.bodies))
	}
	if d := cmp.Diff(indent(t, body), indent(t, d.bodies[0])); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"GET field", "GET issue/10001", "GET issue/10001/editmeta", "PUT issue/10001"}, s.paths()); d != "" {
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
		set("status", work.NewText("x"), work.NewText("y")),
		set("labels", work.NewList("x"), work.NewList("a", "b")),
		set("nonsense", work.NewText("x"), work.Empty()),
		{ID: "verb", Target: target("priority", ""), Verb: "delete_issue"},
		{ID: "no value", Target: target("priority", ""), Verb: work.SetField},
		{ID: "no label", Target: target("labels", ""), Verb: work.AddLabel},
		{ID: "other list", Target: target("components", "x"), Verb: work.AddLabel},
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
		{set("customfield_7", work.NewText("x"), work.Empty()), "field of type array, which this version does not write"},
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
	d.meta = `{"fields":{}}`
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
				set = set || field == "labels" && strings.Contains(message, op["add"]+"'")
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

// TestEveryStatusHasAnOutcome lists all answers that a write can get.
func TestEveryStatusHasAnOutcome(t *testing.T) {
	t.Parallel()
	special := map[int]work.ResultState{
		200: work.Applied, 204: work.Applied, 408: work.Uncertain, 409: work.Conflict, 412: work.Conflict,
		425: work.Deferred, 429: work.Deferred,
	}
	counts := map[work.ResultState]int{}
	var mu sync.Mutex
	t.Run("each", func(t *testing.T) {
		for status := 100; status < 600; status++ {
			want, ok := special[status]
			switch {
			case ok:
			case status < 300, status >= 500:
				want = work.Uncertain
			default:
				want = work.Rejected
			}
			t.Run(fmt.Sprint(status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := newDesk()
					d.refuse = func(w http.ResponseWriter, _ update) bool {
						w.(*statusWriter).status = status
						return true
					}
					s := &stub{}
					s.answer = d.answer
					got := connectRaw(t, s).Sink.Send(t.Context(), []work.Edit{add("x")})
					if len(got) != 1 || got[0].State != want || got[0].EditID != "add x" {
						t.Fatalf("%+v, want %s", got, want)
					}
					if (got[0].State == work.Deferred) == got[0].Until.IsZero() {
						t.Errorf("%+v: deferred needs a time, others none", got[0])
					}
					if want != work.Applied && got[0].Detail == "" || strings.Contains(got[0].Detail, token) {
						t.Errorf("detail %q", got[0].Detail)
					}
					mu.Lock()
					defer mu.Unlock()
					counts[want]++
				})
			})
		}
	})
	for _, state := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%s: %d statuses", state, counts[state])
	}
}

// statusWriter lets a stub answer statuses that net/http's recorder refuses.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func connectRaw(t *testing.T, s *stub) *connectors.Connector {
	t.Helper()
	inner := s.answer
	live := connect(t, s, testConfig())
	raw := live.Sink.(*sink).site
	status := 0
	s.answer = func(w http.ResponseWriter, c call) {
		sw := &statusWriter{ResponseWriter: w}
		inner(sw, c)
		status = sw.status
	}
	client, err := newClient(connectors.Env{Name: "jira", Transport: rewrite(func(r *http.Request) (*http.Response, error) {
		status = 0
		resp, err := s.RoundTrip(r)
		if err == nil && status != 0 {
			resp.StatusCode = status
		}
		return resp, err
	})}, testConfig())
	if err != nil {
		t.Fatal(err)
	}
	raw.client = client
	return live
}

type rewrite func(*http.Request) (*http.Response, error)

func (f rewrite) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTroubleBeforeTheWriteLeavesNoDoubt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		status int
		header map[string]string
		want   work.ResultState
		scope  string
	}{
		{401, nil, work.Rejected, ""},
		{403, nil, work.Rejected, ""},
		{404, nil, work.Rejected, ""},
		{410, nil, work.Rejected, ""},
		{500, nil, work.Deferred, "connector"},
		{502, nil, work.Deferred, "connector"},
		{200, map[string]string{"Content-Type": "text/html"}, work.Deferred, "connector"},
		{429, map[string]string{"Retry-After": "3600", "RateLimit-Reason": "jira-quota-global-based"}, work.Deferred, "connector"},
		{429, map[string]string{"Retry-After": "40", "RateLimit-Reason": "jira-per-issue-on-write"}, work.Deferred, "issue"},
		{429, map[string]string{"RateLimit-Reason": "jira-per-issue-on-write"}, work.Deferred, "issue"},
	}
	for _, c := range cases {
		synctest.Test(t, func(t *testing.T) {
			s := &stub{answer: func(w http.ResponseWriter, _ call) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
			}}
			got := connect(t, s, testConfig()).Sink.Send(t.Context(), []work.Edit{add("x"), set("priority", work.NewText("Critical"), work.NewText("Major"))})
			for _, r := range got {
				if r.State != c.want || r.Scope != c.scope || r.Detail == "" {
					t.Errorf("%d %v: %+v", c.status, c.header, r)
				}
			}
			for _, p := range s.paths() {
				if strings.HasPrefix(p, "PUT") {
					t.Errorf("%d: wrote all the same", c.status)
				}
			}
		})
	}
}

func TestALostAnswerIsADoubt(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	cases := []struct {
		name string
		err  error
		want work.ResultState
	}{
		{"reset", reset, work.Uncertain},
		{"timeout", context.DeadlineExceeded, work.Uncertain},
		{"no connection", refused, work.Deferred},
	}
	for _, c := range cases {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk()
			s := &stub{answer: d.answer}
			live := connect(t, s, testConfig())
			client, err := newClient(connectors.Env{Name: "jira", Transport: rewrite(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPut {
					return nil, c.err
				}
				return s.RoundTrip(r)
			})}, testConfig())
			if err != nil {
				t.Fatal(err)
			}
			live.Sink.(*sink).site.client = client
			if got := live.Sink.Send(t.Context(), []work.Edit{add("x")}); got[0].State != c.want {
				t.Errorf("%s: %+v", c.name, got)
			}
		})
	}
}

func TestACancelledSendWritesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := &stub{answer: d.answer}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := connect(t, s, testConfig()).Sink.Send(ctx, []work.Edit{add("x")})
	if got[0].State != work.Deferred || len(d.bodies) != 0 {
		t.Errorf("%+v after %v", got, s.paths())
	}
	// Cancelled between the read and the write.
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	s.answer = func(w http.ResponseWriter, c call) {
		cancel()
		d.answer(w, c)
	}
	got = connect(t, s, testConfig()).Sink.Send(ctx, []work.Edit{add("x")})
	if got[0].State != work.Deferred || len(d.bodies) != 0 {
		t.Errorf("%+v after %v", got, s.paths())
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
