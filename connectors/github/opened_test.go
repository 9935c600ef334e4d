package github_test

import (
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// closed is a site with a private repository, whose issues bear priority/p2.
func closed(t *testing.T, issues int) *githubsim.Site {
	t.Helper()
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
	}
	for _, name := range []string{"priority/p1", "priority/p2", "priority/p3"} {
		w.Repositories[0].Labels = append(w.Repositories[0].Labels, githubsim.Label{Name: name})
	}
	for range issues {
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/pay", Title: "Issue", Author: "ana", Labels: []string{"priority/p2"}, Updated: time.Now().Add(-time.Hour)})
	}
	site, err := githubsim.New(w, githubsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// publishes lets everybody read the repository.
func publishes(t *testing.T, site *githubsim.Site) {
	t.Helper()
	if err := site.Configure("acme/pay", func(r *githubsim.Repository) { r.Private = false }); err != nil {
		t.Fatal(err)
	}
}

// adding puts a label on every record; it was planned for an audience.
func adding(records []work.Record, label string, planned work.Audience) (edits []work.Edit) {
	for _, r := range records {
		edits = append(edits, work.Edit{
			ID: r.Key + label, Key: r.Key, Place: r.Place, Audience: planned, Verb: work.AddLabel, Value: work.NewFlag(true),
			Target: work.Target{RefID: r.RefID, Path: work.NativeLabels, Element: label},
		})
	}
	return edits
}

// TestS7NothingIsWrittenWhereARepositoryBecamePublic: visibility is looked at
// once a day where nothing changes, and a webhook may be lost. So every write
// looks: what was decided for members must not show to everybody.
func TestS7NothingIsWrittenWhereARepositoryBecamePublic(t *testing.T) {
	t.Parallel()
	for how, count := range map[string]int{"one by one": 1, "many together": 5} {
		site := closed(t, count)
		now := time.Now()
		c := connect(t, connectors.Env{Name: "gh", Transport: inProcess{site}, Now: func() time.Time { return now }}, hubSettings+"repositories: [acme/pay]")
		first := read(t, c, nil)
		publishes(t, site)
		now = now.Add(2 * time.Minute)
		for _, r := range c.Sink.Send(t.Context(), adding(first.Records, "priority/p1", work.Internal)) {
			if r.State != work.Conflict || !strings.Contains(r.Detail, "is public now, and the edit was planned for internal readers") {
				t.Errorf("%s: %+v", how, r)
			}
		}
		if writes := site.Writes().Effects(true); len(writes) > 0 {
			t.Errorf("%s: wrote %v", how, writes)
		}
		retires := adding(first.Records, "priority/p2", work.Internal)
		for i := range retires { // it takes away, and tells nobody anything
			retires[i].Verb, retires[i].Value, retires[i].Errand = work.RemoveLabel, work.NewFlag(false), work.Retire
		}
		for _, r := range c.Sink.Send(t.Context(), retires) {
			if r.State != work.Applied {
				t.Errorf("%s: %+v", how, r)
			}
		}
		again := read(t, c, first.Cursor)
		if len(again.Records) != count {
			t.Errorf("%s: %d records were read again, want all %d", how, len(again.Records), count)
		}
		for _, r := range again.Records {
			if r.Audience != work.Public {
				t.Errorf("%s: %s is %s", how, r.Key, r.Audience)
			}
		}
		for _, r := range c.Sink.Send(t.Context(), adding(first.Records, "priority/p1", work.Public)) { // the rules may allow it
			if r.State != work.Applied {
				t.Errorf("%s: %+v", how, r)
			}
		}
	}
}

// TestS7AClockThatIsSetBackHidesNoRepositoryThatBecamePublic: what was looked at
// before the clock was set back seems to come from the future. It is not younger
// than a minute for that.
func TestS7AClockThatIsSetBackHidesNoRepositoryThatBecamePublic(t *testing.T) {
	t.Parallel()
	for how, count := range map[string]int{"one by one": 1, "many together": 5} {
		site := closed(t, count)
		now := time.Now().Round(0)
		c := connect(t, connectors.Env{Name: "gh", Transport: inProcess{site}, Now: func() time.Time { return now }}, hubSettings+"repositories: [acme/pay]")
		first := read(t, c, nil)
		for _, r := range c.Sink.Send(t.Context(), adding(first.Records, "priority/p1", work.Internal)) {
			if r.State != work.Applied {
				t.Errorf("%s: %+v", how, r)
			}
		}
		publishes(t, site)
		now = now.Add(-30 * time.Minute)
		for _, r := range c.Sink.Send(t.Context(), adding(first.Records, "priority/p3", work.Internal)) {
			if r.State != work.Conflict || !strings.Contains(r.Detail, "is public now") {
				t.Errorf("%s: %+v", how, r)
			}
		}
	}
}

// TestWhatAReadByIDSeesOfARepositoryTheWalkSeesToo: one record that carries the
// new audience must not leave the others with the old one.
func TestWhatAReadByIDSeesOfARepositoryTheWalkSeesToo(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 3, start())
	now := time.Now()
	c := connect(t, connectors.Env{Name: "gh", Transport: inProcess{h}, Now: func() time.Time { return now }}, hubSettings+"repositories: [acme/pay]")
	first := read(t, c, nil)
	h.repos["acme/pay"].private = false
	now = now.Add(2 * time.Hour) // the walk alone would look after a day
	for page, err := range c.Reader.Read(t.Context(), []work.Ref{first.Records[0].Ref}) {
		if err != nil || len(page.Records) != 1 || page.Records[0].Audience != work.Public {
			t.Fatalf("%v %v", page.Records, err)
		}
	}
	if again := read(t, c, first.Cursor); len(again.Records) != 3 || again.Records[2].Audience != work.Public {
		t.Errorf("the walk read %v", keys(again.Records))
	}
}
