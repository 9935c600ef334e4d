package scheduler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// counted passes the time until a census and returns what it found.
func (f *firm) counted(d time.Duration) (found []scheduler.Census) {
	f.Helper()
	node := f.daemonOfHours(min(seldom, d/1000), max(time.Minute, d/100))
	f.pass(d)
	for _, j := range node.ends() {
		if c, ok := j.Census["jira"]; ok {
			found = append(found, c)
		}
	}
	return found
}

// calls that only a census makes.
func census(r *http.Request) bool {
	return strings.Contains(r.URL.RawQuery, "ORDER+BY+key")
}

func TestS5ACensusFindsWhatSilenceCannotTell(t *testing.T) {
	w := world{issues: issues("PAY", 12), where: "labels is EMPTY OR labels not in (elsewhere)", rows: map[string]string{"R-1": "PAY-5"}}
	story(t, w, func(f *firm) {
		f.run()
		deleted, away := f.issue("PAY-1").ID, f.issue("PAY-2").ID
		f.pass(time.Minute)
		f.ok(f.jira.Delete("PAY-1", jirasim.Ana))
		_, err := f.jira.Move("PAY-2", jirasim.Ana, "HR") // a project that Tandem does not read
		if err != nil {
			_, err = f.jira.Move("PAY-2", jirasim.Ana, "OPS")
		}
		f.ok(err)
		f.person("PAY-3", func(i *jirasim.Issue) { i.Labels = append(i.Labels, "elsewhere") })
		before := f.run()
		same(f, "items before", 13-1, len(before.Outcome.Items)) // twelve issues, one with a twin
		if f.stored(deleted) == nil {
			f.Error("an issue is gone before anybody looked")
		}
		found := f.counted(61 * time.Minute)
		same(f, "census", 1, len(found))
		same(f, "gone", 1, found[0].Gone)
		if f.stored(deleted) != nil || f.stored(away) == nil {
			f.Errorf("the deleted one is stored: %v, the moved one: %v", f.stored(deleted) != nil, f.stored(away) != nil)
		}
		// What only left the restriction is there all the same.
		if r := f.stored(f.issue("PAY-3").ID); r == nil {
			f.Error("what left the restriction is gone")
		}
		same(f, "items after", 12-1, len(f.run().Outcome.Items))
		f.writtenOnce()
	})
}

func TestACensusIsTakenEverySixHoursAlsoOverRestarts(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), unjudged: true}, func(f *firm) {
		taken := 0
		f.breaks(func(r *http.Request) *sim.Fault {
			if census(r) && !strings.Contains(r.URL.RawQuery, "updated") { // what was changed lately is a list of its own
				taken++
			}
			return nil
		})
		for range 24 * 4 {
			f.run()
			f.pass(15 * time.Minute)
			f.restart()
		}
		same(f, "taken in a day", 4, taken)
		status, err := f.db.Status(f.Context())
		f.ok(err)
		i := slices.IndexFunc(status.Streams, func(s work.StreamStatus) bool { return s.Stream == "census" })
		if i < 0 || status.Streams[i].LastRead.IsZero() || status.Streams[i].Failure != "" {
			f.Errorf("status of the census: %+v", status.Streams)
		}
	})
}

// An account that lost most of its sight is not a site where most was deleted.
func TestS5AnAccountThatSeesLittleMakesNothingGone(t *testing.T) {
	story(t, world{issues: issues("PAY", 30), unjudged: true}, func(f *firm) {
		f.run()
		for n := range 20 {
			f.ok(f.jira.Delete(fmt.Sprintf("PAY-%d", n+1), jirasim.Ana))
		}
		f.run()
		found := f.counted(61 * time.Minute)
		same(f, "census", 1, len(found))
		if want := "the account sees only 10 of 30 records"; !strings.Contains(found[0].Failure, want) {
			f.Errorf("failure %q does not say %q", found[0].Failure, want)
		}
		report := f.run()
		same(f, "items", 30, len(report.Outcome.Items))
		status, err := f.db.Status(f.Context())
		f.ok(err)
		if !slices.ContainsFunc(status.Streams, func(s work.StreamStatus) bool { return s.Stream == "census" && s.Failure == found[0].Failure }) {
			f.Errorf("status does not tell: %+v", status.Streams)
		}
		same(f, "an hour later it is tried again", 1, len(f.counted(61*time.Minute)))
	})
}

// Where most was deleted, a person says so; nothing else makes it believed.
func TestAPersonsWordMakesACensusBelieved(t *testing.T) {
	story(t, world{issues: issues("PAY", 30), unjudged: true}, func(f *firm) {
		f.run()
		for n := range 20 {
			f.ok(f.jira.Delete(fmt.Sprintf("PAY-%d", n+1), jirasim.Ana))
		}
		found := f.counted(122 * time.Minute)
		if !strings.HasSuffix(found[0].Failure, "tandem release --gone jira") {
			f.Errorf("failure %q does not say what to do", found[0].Failure)
		}
		known, err := f.db.BelieveCensus(f.Context(), "jira", time.Now().Add(24*time.Hour))
		f.ok(err)
		same(f, "there was one", true, known)
		found = f.counted(time.Minute)
		same(f, "gone", []scheduler.Census{{Listed: 10, Asked: 20, Gone: 20}}, found)
		same(f, "items", 10, len(f.run().Outcome.Items))

		for n := range 9 { // the word was about these, and no others
			f.ok(f.jira.Delete(fmt.Sprintf("PAY-%d", n+21), jirasim.Ana))
		}
		f.ok(f.jira.Delete("PAY-30", jirasim.Ana))
		found = f.counted(7 * time.Hour)
		if found[0].Failure == "" {
			f.Error("what was deleted later is believed too")
		}
		same(f, "items in the end", 10, len(f.run().Outcome.Items))
	})
}

// A census that fails takes nothing for gone, stops no writing, and comes
// again.
func TestS5ACensusThatIsCutShortMakesNothingGone(t *testing.T) {
	story(t, world{issues: issues("PAY", 6), unjudged: true}, func(f *firm) {
		f.run()
		id := f.issue("PAY-1").ID
		f.ok(f.jira.Delete("PAY-1", jirasim.Ana))
		f.breaks(func(r *http.Request) *sim.Fault {
			if !census(r) {
				return nil
			}
			return &sim.Fault{Status: http.StatusBadGateway}
		})
		found := f.counted(62 * time.Minute)
		if len(found) != 1 || found[0].Failure == "" || f.stored(id) == nil {
			f.Fatalf("census %+v, still stored: %v", found, f.stored(id) != nil)
		}
		f.sets("PAY-2", 99)
		f.pass(time.Minute)
		f.run()
		same(f, "writing goes on", "Critical", f.priority("PAY-2"))
		f.mended()
		found = f.counted(62 * time.Minute)
		if len(found) != 1 || found[0].Gone != 1 || f.stored(id) != nil {
			f.Errorf("later: census %+v, still stored: %v", found, f.stored(id) != nil)
		}
	})
}

// What is gone and listed again is read by id: it came back.
func TestWhatACensusListsAgainIsBack(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), unjudged: true}, func(f *firm) {
		f.run()
		f.pass(time.Hour)
		f.person("PAY-3", func(i *jirasim.Issue) { i.Summary = "Do PAY-3 soon" })
		f.counted(3 * time.Hour) // polls no longer look again at the others
		r := f.stored(f.issue("PAY-2").ID)
		f.ok(f.db.SaveRead(f.Context(), []work.Ref{r.Ref}, nil)) // as if it had been hidden
		same(f, "items", 2, len(f.run().Outcome.Items))
		found := f.counted(6 * time.Hour)
		if len(found) != 1 || found[0].Back != 1 {
			f.Errorf("census %+v", found)
		}
		same(f, "items", 3, len(f.run().Outcome.Items))
	})
}

// For some minutes the account may not see the project. What is announced
// meanwhile is not found by id, and nothing of it is gone.
func TestS5ARightThatIsTakenAwayForAWhileMakesNothingGone(t *testing.T) {
	story(t, world{issues: issues("PAY", 4), rows: map[string]string{"R-1": "PAY-2"}, hooks: true, unjudged: true}, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		before, twin := f.run(), f.planned("R-1")
		var rights map[string][]jirasim.Permission
		f.jira.Administer(func(w *jirasim.World) {
			rights = w.Accounts[0].Rights
			w.Accounts[0].Rights = map[string][]jirasim.Permission{"*": {}}
		})
		var hints []connectors.Hint
		for n := range 4 {
			key := fmt.Sprintf("PAY-%d", n+1)
			hints = append(hints, connectors.Hint{Ref: work.NewRef("jira", fmt.Sprint(f.issue(key).ID), key), Scope: connectors.Inside})
		}
		_, err := f.db.SaveHints(f.Context(), "jira", "d1", hints)
		f.ok(err)
		f.pass(time.Minute)
		f.run()
		for n := range 4 {
			if f.stored(f.issue(fmt.Sprintf("PAY-%d", n+1)).ID) == nil {
				f.Errorf("PAY-%d is gone", n+1)
			}
		}
		same(f, "its twin", twin, f.planned("R-1"))
		f.jira.Administer(func(w *jirasim.World) { w.Accounts[0].Rights = rights })
		f.pass(time.Minute)
		report := f.run()
		same(f, "items", len(before.Outcome.Items), len(report.Outcome.Items))
		same(f, "left to do", []string{}, edits(report))
		f.writtenOnce()
	})
}

func TestS5ACensusFindsWhatTheFirstReadDidNotShow(t *testing.T) {
	w := world{issues: issues("PAY", 6), where: "labels is EMPTY OR labels not in (elsewhere)"}
	w.issues[4].Labels = []string{"elsewhere"}
	w.issues[0].Updated = w.issues[0].Created.Add(-48 * time.Hour)
	story(t, w, func(f *firm) {
		f.jira.Vanish("PAY-1", 30*time.Minute) // its last change is older than what the next polls ask for
		f.run()
		f.pass(40 * time.Minute)
		f.run()
		if f.stored(f.issue("PAY-1").ID) != nil {
			t.Fatal("a poll found it; this test is about nothing")
		}
		found := f.counted(61 * time.Minute)
		if len(found) == 0 || found[0].Missed != 1 || found[0].Gone != 0 {
			t.Errorf("census: %+v", found)
		}
		if f.stored(f.issue("PAY-1").ID) == nil {
			t.Error("the census did not find what searches had hidden")
		}
		if f.stored(f.issue("PAY-5").ID) != nil {
			t.Error("the census reads what the restriction leaves out")
		}
	})
}

// An issue is edited while the search hides it, and is shown again when polls
// ask only for what changed later: the census lists its time of last change.
func TestACensusFindsAChangeThatSearchesHid(t *testing.T) {
	story(t, world{issues: issues("PAY", 6)}, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.jira.Vanish("PAY-1", 30*time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Summary = "Something else" })
		f.pass(20 * time.Minute)
		f.person("PAY-2", func(i *jirasim.Issue) { i.Summary = "Something later" })
		f.run()
		f.pass(20 * time.Minute)
		f.run()
		title := func() string { return f.stored(f.issue("PAY-1").ID).Fields["summary"].Text() }
		if title() == "Something else" {
			t.Fatal("a poll found it; this test is about nothing")
		}
		found := f.counted(61 * time.Minute)
		if len(found) == 0 || found[0].Missed != 1 || found[0].Asked != 1 {
			t.Errorf("census: %+v", found)
		}
		same(f, "title", "Something else", title())
	})
}
