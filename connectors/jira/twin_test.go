package jira_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

const linkRoute = "/rest/api/2/issue/{issueIdOrKey}/remotelink"

func TestTheMarkerGoesWithTheChange(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	twin := field(0, "marker", text("github:123"), work.Empty())
	batch := []work.Edit{twin, field(0, "priority", text("Critical"), text("Major")), edit(0, "labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false))}
	for _, want := range []work.ResultState{work.Applied, work.Unchanged} {
		for _, r := range w.Sink.Send(t.Context(), batch) {
			if r.State != want {
				t.Errorf("%+v, want %s", r, want)
			}
		}
	}
	if diff := cmp.Diff([]string{"PUT issue/10000"}, w.writes()); diff != "" {
		t.Error(diff)
	}
	if got := string(w.issue(t, "PAY-1").Properties["tandem"]); got != `{"twin":"github:123"}` {
		t.Errorf("property %s", got)
	}
	for page, err := range w.Reader.Read(t.Context(), []work.Ref{twin.Ref()}) {
		if err != nil || page.Records[0].Fields[work.NativeMarker] != text("github:123") {
			t.Errorf("%v %v", page.Records, err)
		}
	}
	// Alone it changes nothing else, and people hear nothing.
	mails := len(w.site.Mails())
	w.want(t, field(1, "marker", text("github:124"), work.Empty()), work.Applied, "")
	if len(w.site.Mails()) != mails {
		t.Error("a marker was mailed")
	}
	// What another instance wrote is not overwritten.
	w.want(t, field(0, "marker", text("github:999"), work.Empty()), work.Conflict, "marker is github:123, the plan expected empty")
	w.want(t, field(0, "marker", work.Empty(), text("github:123")), work.Applied, "")
	w.want(t, field(0, "marker", work.Empty(), text("github:123")), work.Unchanged, "")
	if _, ok := w.issue(t, "PAY-1").Properties["tandem"]; ok {
		t.Error("a trace is left")
	}
}

// link is the edit that writes the link to a twin.
func link(n int, url string) work.Edit {
	e := edit(n, work.NativeRemoteLink, "tandem:github:123", work.PutLink, text(url), work.Empty())
	e.Because = "twin acme/pay#12"
	return e
}

func TestTheLinkToTheTwinIsWrittenOnce(t *testing.T) {
	t.Parallel()
	const here, there = "https://github.example/acme/pay/issues/12", "https://github.example/acme/money/issues/12"
	w := write(t, setup{})
	if err := w.site.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) {
		i.Remote = append(i.Remote, jirasim.RemoteLink{ID: 7, GlobalID: "confluence", Body: json.RawMessage(`{"object":{"url":"https://wiki.example","title":"wiki"}}`)})
	}); err != nil {
		t.Fatal(err)
	}
	w.want(t, link(0, here), work.Applied, "")
	w.want(t, link(0, here), work.Unchanged, "")
	w.want(t, link(0, there), work.Applied, "")
	links := w.issue(t, "PAY-1").Remote
	if len(links) != 2 || !strings.Contains(string(links[1].Body), there) || !strings.Contains(string(links[1].Body), `"title":"twin acme/pay#12"`) || !strings.Contains(string(links[1].Body), `"name":"Tandem"`) {
		t.Errorf("links %v", links)
	}
	gone := link(0, here)
	gone.Verb, gone.Value = work.ClearField, work.Empty()
	w.want(t, gone, work.Applied, "")
	w.want(t, gone, work.Unchanged, "")
	if links := w.issue(t, "PAY-1").Remote; len(links) != 1 || links[0].GlobalID != "confluence" {
		t.Errorf("links %v", links)
	}
	// Without an id Jira would remove them all.
	gone.Target.Element = ""
	w.want(t, gone, work.Rejected, "does not say which link")
	w.want(t, link(0, "javascript:alert(1)"), work.Rejected, "no web address")
	if len(w.writes()) != 3 {
		t.Errorf("%v", w.writes())
	}
}

// TestNothingIsCreatedTwice: the answer is lost, or the daemon is killed before
// it hears it; the next cycle plans the same edit.
func TestNothingIsCreatedTwice(t *testing.T) {
	t.Parallel()
	const commentRoute = "/rest/api/2/issue/{issueIdOrKey}/comment"
	cases := []struct {
		name, route string
		edit        work.Edit
		count       func(jirasim.Issue) int
	}{
		{"link", linkRoute, link(0, "https://github.example/acme/pay/issues/12"), func(i jirasim.Issue) int { return len(i.Remote) }},
		{"comment", commentRoute, field(0, work.NativeComment, text("Because."), work.Empty()), func(i jirasim.Issue) int { return len(i.Comments) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := write(t, setup{})
				w.site.SetFault(sim.Script(http.MethodPost, c.route, sim.Unavailable(1), sim.LostAnswer()))
				w.want(t, c.edit, work.Uncertain, "")
				w.want(t, c.edit, work.Uncertain, "")
				if n := c.count(w.issue(t, "PAY-1")); n != 1 || len(w.writes()) != 2 {
					t.Fatalf("%d after %v", n, w.writes())
				}
				w.want(t, c.edit, work.Unchanged, "")
				w.Connector = w.open(t) // after a crash
				w.want(t, c.edit, work.Unchanged, "")
				if n := c.count(w.issue(t, "PAY-1")); n != 1 {
					t.Errorf("%d were made", n)
				}
			})
		})
	}
}
