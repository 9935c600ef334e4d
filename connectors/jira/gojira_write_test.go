package jira

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

// sent is one call of the connector with its body.
type sent struct{ call, body string }

// bench answers what writing asks for and keeps what was sent.
type bench struct {
	mu    sync.Mutex
	calls []sent
}

func (b *bench) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	b.calls = append(b.calls, sent{r.Method + " " + r.RequestURI, string(body)})
	b.mu.Unlock()
	at := strings.TrimPrefix(r.URL.Path, "/rest/api/2/")
	switch {
	case at == "myself":
		_, _ = w.Write([]byte(`{"accountId":"bot"}`))
	case at == "mypermissions":
		_, _ = w.Write([]byte(`{"permissions":{}}`))
	case strings.HasSuffix(at, "/editmeta"):
		_, _ = w.Write([]byte(editScreen))
	case strings.HasSuffix(at, "/transitions") && r.Method == http.MethodGet:
		_, _ = w.Write([]byte(`{"transitions":[{"id":"1","name":"Close","to":{"id":"2","name":"Done"},"fields":{"x":{"required":true,"name":"X"}}},{"id":11,"name":"Go","to":{"id":"2","name":"Done"}}]}`))
	case strings.HasSuffix(at, "/comment") && r.Method == http.MethodGet:
		_, _ = w.Write([]byte(`{"comments":[],"total":0}`))
	case strings.HasSuffix(at, "/remotelink") && r.Method == http.MethodGet:
		w.WriteHeader(http.StatusNotFound)
	case strings.HasSuffix(at, "/comment"), strings.HasSuffix(at, "/remotelink"):
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	case r.Method == http.MethodGet:
		status := `{"id":"1","name":"Open"}`
		if b.posted() {
			status = `{"id":"2","name":"Done"}`
		}
		_, _ = fmt.Fprintf(w, `{"id":10001,"key":"PAY-1","self":"http://evil.example/","fields":{"status":%s,"priority":{"id":"2","name":"Major","self":"http://evil.example/"},
			"customfield_3":"old","creator":{"accountId":"x"},"labels":["a"],"issuetype":{"id":"1"},"project":{"key":"PAY"}},"properties":{}}`, status)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

func (b *bench) posted() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		if strings.HasPrefix(c.call, "POST ") && strings.HasSuffix(c.call, "/transitions") {
			return true
		}
	}
	return false
}

// go-jira sends back what it read ("Creator" twice, "Password"), adds empty
// authors, updates and fields, and cannot clear a field.
func TestOnlyWhatIsWishedIsSent(t *testing.T) {
	t.Parallel()
	b := &bench{}
	live, connections := serve(t, "", b.serve)
	comment := set(work.NativeComment, work.NewText("Because."), work.Empty())
	link := set(work.NativeRemoteLink, work.NewText("https://x.example/1"), work.Empty())
	link.Verb, link.Target.Element, link.Because = work.PutLink, "github:1", "acme/pay#1"
	for _, r := range live.Sink.Send(t.Context(), []work.Edit{
		set("priority", work.NewText("Critical"), work.NewText("Major")), set("customfield_3", work.Empty(), work.NewText("old")), remove("a"),
		set("status", work.NewText("Done"), work.NewText("Open")), comment, link,
	}) {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	want := map[string]string{
		"PUT /rest/api/2/issue/10001":              `{"fields":{"customfield_3":null,"priority":{"id":"1"}},"update":{"labels":[{"remove":"a"}]}}`,
		"POST /rest/api/2/issue/10001/transitions": `{"transition":{"id":"11"}}`,
		"POST /rest/api/2/issue/10001/remotelink":  `{"globalId":"github:1","application":{"name":"Tandem"},"object":{"url":"https://x.example/1","title":"acme/pay#1"}}`,
		"POST /rest/api/2/issue/10001/comment":     `{"body":"Tandem keeps this comment up to date.\n\nBecause.","properties":[{"key":"tandem","value":{"words":"` + words(bodyOf(work.NewText("Because."))) + `"}},{"key":"sd.public.comment","value":{"internal":true}}]}`,
	}
	got := map[string]string{}
	for _, c := range b.calls {
		if c.body != "" {
			got[c.call] = strings.TrimSpace(c.body)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// go-jira leaves the body of each of these calls open.
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// go-jira's UpdateIssue says "request failed. Please analyze the request body",
// and nothing of what Jira said; with an empty body it says that JSON could
// not be read.
func TestARefusedWriteSaysWhatJiraSaid(t *testing.T) {
	t.Parallel()
	cases := []struct {
		status       int
		body         string
		state        work.ResultState
		want, absent string
	}{
		{400, `{"errorMessages":["Nein."],"errors":{}}`, work.Rejected, "Nein.", ""},
		{400, `{"errors":{"labels":"Das Label ist ungültig."}}`, work.Rejected, "jira refuses labels of PAY-1: Das Label ist ungültig.", ""},
		{400, `{"errors":{"x":{"nested":["tief"]}}}`, work.Rejected, "tief", ""},
		{401, `{"code":401,"message":"Unauthorized; scope does not match"}`, work.Deferred, "scope does not match", ""},
		{429, ``, work.Deferred, "asks for a pause", "JSON"},
		{403, `<html><body>Proxy</body></html>`, work.Rejected, "web page", ""},
		{404, ``, work.Rejected, "404", "JSON"},
	}
	for _, c := range cases {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk()
			d.refuse = func(w http.ResponseWriter, _ update) bool {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
				return true
			}
			got := connect(t, &stub{answer: d.answer}, testConfig()).Sink.Send(t.Context(), []work.Edit{add("x")})
			if got[0].State != c.state || !strings.Contains(strings.ToLower(got[0].Detail), strings.ToLower(c.want)) ||
				c.absent != "" && strings.Contains(got[0].Detail, c.absent) {
				t.Errorf("%d %s: %+v, want %q", c.status, c.body, got[0], c.want)
			}
		})
	}
}

// go-jira puts ids into paths as they are, and honours an absolute address in
// a path: credentials would follow it.
func TestIdsCannotClimbOutOfTheirPlace(t *testing.T) {
	t.Parallel()
	b := &bench{}
	live, _ := serve(t, "", b.serve)
	for _, id := range []string{"../../../admin", "https://evil.example/x", "1?notifyUsers=true", "1#x", "..", "a/b", "%2e%2e", ""} {
		for _, path := range []string{"priority", "status", work.NativeComment, work.NativeRemoteLink, work.NativeMarker} {
			e := set(path, work.NewText("https://x.example"), work.Empty())
			e.Target.ID, e.Target.Element, e.Key = id, "x", ""
			for _, verb := range []work.Verb{work.SetField, work.ClearField, work.PutLink, work.AddLabel} {
				e.Verb = verb
				if got := live.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Rejected {
					t.Errorf("%+v", got)
				}
			}
		}
	}
	for _, c := range b.calls {
		t.Errorf("asked for %s", c.call)
	}
	if got := path("issue", "../x", "..", "a?b#c"); got != "rest/api/2/issue/..%2Fx/_/a%3Fb%23c" {
		t.Error(got)
	}
}

// go-jira's transitions know of their fields only that they are required, and
// of comments neither total nor start; see TestRequiredFieldsAreReported… and
// TestOneCommentIsKeptUpToDate for the whole.
func TestWhatWaysDemandIsRead(t *testing.T) {
	t.Parallel()
	var w way
	raw := `{"id":"31","name":"Close","to":{"id":"5","name":"Done"},"fields":{"b":{"required":true,"name":"B"},"a":{"required":true,"name":"A","hasDefaultValue":true},
		"c":{"required":false,"name":"C"},"d":{"required":true}}}`
	if err := json.Unmarshal([]byte(raw), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"B", "the field"}, w.demands()); diff != "" {
		t.Error(diff)
	}
}
