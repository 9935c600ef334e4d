package jira_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// Two Tandems have the same Jira in their settings. The second writes nothing
// to what the first has marked, and says whose it is.
func TestNothingIsWrittenWhereAnotherTandemLeftItsMarker(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	as := func(o connectors.Owner) {
		w.owner = o
		w.Connector = w.open(t)
		w.calls = nil
	}
	as(connectors.Owner{Instance: "acme", Store: "A"})
	w.want(t, field(0, "marker", text("github:123"), work.Empty()), work.Applied, "")
	w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
	if got := strings.TrimSpace(string(w.issue(t, "PAY-1").Properties["tandem"])); got != `{"by":"acme/A","in":"PAY","twin":"github:123"}` {
		t.Errorf("property %s", got)
	}
	for _, second := range []connectors.Owner{{Instance: "acme", Store: "B"}, {Instance: "staging", Store: "A"}} {
		as(second)
		batch := []work.Edit{
			field(0, "priority", text("Minor"), text("Critical")), edit(0, "labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
			field(0, "status", text("In Progress"), text("To Do")), field(0, "marker", work.Empty(), text("github:123")),
		}
		for _, e := range batch {
			r := w.one(t, e)
			if r.State != work.Rejected || !strings.Contains(r.Detail, "acme/A") || !strings.Contains(r.Detail, "--over acme/A") {
				t.Errorf("%s: %+v", e.Target.Path, r)
			}
		}
		if len(w.writes()) != 0 {
			t.Errorf("%v wrote %v", second, w.writes())
		}
		w.want(t, field(1, "priority", text("Minor"), text("Major")), work.Rejected, "acme/A") // what is not marked stands in the same project
	}
	as(connectors.Owner{Instance: "acme", Store: "B", Former: []string{"A"}})
	w.want(t, field(0, "priority", text("Minor"), text("Critical")), work.Applied, "")
	as(connectors.Owner{Instance: "new", Store: "C", Former: []string{"acme/B"}})
	w.want(t, field(0, "priority", text("Critical"), text("Minor")), work.Applied, "")
}

// as opens the connector anew, as another Tandem.
func (w *writing) as(t *testing.T, store string, former ...string) {
	t.Helper()
	w.owner = connectors.Owner{Instance: "acme", Store: store, Former: former}
	w.Connector = w.open(t)
	w.calls = nil
}

// Whatever goes out first to an issue carries the signature, in the same
// request, whether rules mark twins or not.
func TestEveryWrittenIssueIsSigned(t *testing.T) {
	t.Parallel()
	signed := `{"by":"acme/A","in":"PAY"}`
	for name, e := range map[string]work.Edit{
		"a field":      field(0, "priority", text("Critical"), text("Major")),
		"a label":      edit(0, "labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		"a transition": field(0, "status", text("In Arbeit"), text("To Do")),
	} {
		w := write(t, setup{world: reviewed})
		w.as(t, "A")
		w.want(t, e, work.Applied, "")
		if got := string(w.issue(t, "PAY-1").Properties["tandem"]); got != signed {
			t.Errorf("%s: property %s", name, got)
		}
		if len(w.writes()) != 1 {
			t.Errorf("%s: %v", name, w.writes())
		}
	}
}

// What rules noted at the issue stays when it is signed, and a signature of
// this Tandem is not written again.
func TestASignatureKeepsTheTwinAndIsWrittenOnce(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		w.Issues[0].Properties = map[string]json.RawMessage{"tandem": json.RawMessage(`{"twin":"github:1","by":"acme/OLD"}`)}
	}})
	w.as(t, "A", "OLD")
	w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
	if got := string(w.issue(t, "PAY-1").Properties["tandem"]); got != `{"by":"acme/A","in":"PAY","twin":"github:1"}` {
		t.Errorf("property %s", got)
	}
	version := w.issue(t, "PAY-1").Version
	w.want(t, field(0, "priority", text("Minor"), text("Critical")), work.Applied, "")
	if got := len(w.writes()); got != 2 || w.issue(t, "PAY-1").Version == version {
		t.Errorf("%d writes", got)
	}
}

// A second Tandem with a store of its own writes nothing at all in a project
// where the first one writes: no field, no status, no link, no comment, no
// move, and no issue that the first one left alone.
func TestASecondTandemWritesNothingInTheProjectsOfTheFirst(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]setup{"cloud": {}, "data center": {options: jirasim.Options{Deployment: jirasim.DataCenter}}} {
		w := write(t, s)
		w.as(t, "A")
		w.want(t, field(4, "priority", text("Critical"), text("Major")), work.Applied, "")
		w.as(t, "B")
		for _, e := range []work.Edit{
			field(0, "priority", text("Minor"), text("Major")),
			edit(1, "labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
			field(2, "status", text("In Arbeit"), text("To Do")),
			field(3, "comment", text("Why"), work.Empty()),
			edit(3, work.NativeRemoteLink, "tandem=github:1", work.PutLink, text("https://github.com/acme/pay/issues/1"), work.Empty()),
			edit(3, "backlog", "PAY", work.MoveInBacklog, work.Anchor{ID: "10004"}.Value(), text("")),
		} {
			w.want(t, e, work.Rejected, "another Tandem, acme/A, writes here")
		}
		if got := w.writes(); len(got) > 0 {
			t.Errorf("%s: wrote %v", name, got)
		}
		w.as(t, "B", "A") // resume --over acme/A
		w.want(t, field(0, "priority", text("Minor"), text("Major")), work.Applied, "")
	}
}

// Two of them begin in the same moment: neither has seen the other one, and
// both find it at the first issue that both write.
func TestTwoThatBeginTogetherFindEachOther(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	w.as(t, "A")
	first := w.Connector
	w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
	if err := w.site.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Properties = nil }); err != nil { // as if B had looked before
		t.Fatal(err)
	}
	w.as(t, "B")
	w.want(t, field(1, "priority", text("Critical"), text("Major")), work.Applied, "")
	w.Connector = first
	w.want(t, field(1, "priority", text("Minor"), text("Critical")), work.Rejected, "acme/B")
	w.want(t, field(2, "priority", text("Minor"), text("Major")), work.Rejected, "acme/B")
}

// An issue keeps its properties when it is moved. A signature from another
// project says nothing of this one.
func TestASignatureThatWasMovedAlongBindsNobody(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		w.Issues[0].Properties = map[string]json.RawMessage{"tandem": json.RawMessage(`{"by":"other/X","in":"OPS"}`)}
	}})
	w.as(t, "A")
	w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
	if got := string(w.issue(t, "PAY-1").Properties["tandem"]); got != `{"by":"acme/A","in":"PAY"}` {
		t.Errorf("property %s", got)
	}
	w.want(t, field(1, "priority", text("Critical"), text("Major")), work.Applied, "")
}

// Where it cannot be found out who writes in a project, nothing is written.
func TestNothingIsWrittenBeforeTheProjectWasLookedAt(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	w.as(t, "A")
	w.site.SetFault(func(r *http.Request) *sim.Fault {
		if strings.Contains(r.URL.Path, "search/jql") {
			return &sim.Fault{Status: http.StatusUnauthorized, Body: "{}"}
		}
		return nil
	})
	r := w.one(t, field(0, "priority", text("Critical"), text("Major")))
	if r.State != work.Deferred || !strings.Contains(r.Detail, "another Tandem") || len(w.writes()) > 0 {
		t.Errorf("%+v, wrote %v", r, w.writes())
	}
}

// A comment that another Tandem keeps is not taken for the own one, though one
// account may have written both.
func TestTheCommentOfAnotherTandemIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	w.as(t, "A")
	w.want(t, field(0, "comment", text("Why"), work.Empty()), work.Applied, "")
	w.as(t, "B")
	w.want(t, field(0, "comment", text("Else"), work.Empty()), work.Rejected, "acme/A")
}

func TestASignatureIsSweptAndNothingElse(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		w.Issues[1].Properties = map[string]json.RawMessage{"tandem": json.RawMessage(`{"by":"other/X","in":"PAY"}`), "team": json.RawMessage(`1`)}
		w.Issues[2].Properties = map[string]json.RawMessage{"tandem": json.RawMessage(`{"by":"acme/A","in":"PAY","twin":"github:1"}`)}
		w.Issues[3].Properties = map[string]json.RawMessage{"tandem": json.RawMessage(`{"by":"acme/OLD","in":"PAY"}`), "team": json.RawMessage(`1`)}
	}})
	w.as(t, "A", "OLD")
	var refs []work.Ref
	for n := range 5 {
		refs = append(refs, field(n, "priority", text("x"), text("y")).Ref())
	}
	for _, look := range []bool{true, false} {
		swept, err := w.Sweeper.Sweep(t.Context(), "PAY", connectors.Remains{Records: refs}, look)
		if err != nil || len(swept.Records) != 1 || swept.Records[0].Key != "PAY-4" {
			t.Errorf("%+v %v", swept, err)
		}
	}
	if diff := cmp.Diff([]string{"DELETE issue/10003/properties/tandem"}, w.writes()); diff != "" {
		t.Error(diff)
	}
}
