package jira_test

import (
	"strings"
	"testing"

	"tandem/connectors"
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
	if got := strings.TrimSpace(string(w.issue(t, "PAY-1").Properties["tandem"])); got != `{"by":"acme/A","twin":"github:123"}` {
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
		w.want(t, field(1, "priority", text("Major"), text("Major")), work.Unchanged, "") // what is not marked is anybody's
	}
	as(connectors.Owner{Instance: "acme", Store: "B", Former: []string{"A"}})
	w.want(t, field(0, "priority", text("Minor"), text("Critical")), work.Applied, "")
	as(connectors.Owner{Instance: "new", Store: "C", Former: []string{"acme/A"}})
	w.want(t, field(0, "priority", text("Critical"), text("Minor")), work.Applied, "")
}
