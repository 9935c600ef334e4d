package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

func TestThirtyIdleDaysMoveNothing(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		before, roadmap := f.wrote(), f.roadmap()
		for range 30 {
			f.pass(24 * time.Hour)
			report := f.run()
			same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		}
		same(f, "Tandem's writes", before, f.wrote())
		same(f, "the file", roadmap, f.roadmap())
	})
}

func TestAConnectorThatCannotBeOpenedIsStaleAndTheOthersGoOn(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.look()
		open := f.live[0].Conn
		f.live[0].Failure, f.live[0].Conn = errors.New("the token file is missing"), scheduler.Live{}.Conn
		f.restart()
		report := f.run()
		if report.Failures["jira"] == nil {
			t.Error("nobody says that Jira could not be opened")
		}
		same(f, "held", []string{"PAY-1 horizon connector_stale", "PAY-1 priority connector_stale"}, holds(report))
		same(f, "the twin", "1", f.planned("R-1"))
		f.live[0].Failure, f.live[0].Conn = nil, open
		f.restart()
		same(f, "held once it is open", []string{}, holds(f.run()))
		same(f, "priority", "Critical", f.priority("PAY-1"))
	})
}

// The daemon is told to end while it writes: what is on its way is brought to
// its end, and nothing new begins.
func TestACycleThatIsToldToEndFinishesWhatItBegan(t *testing.T) {
	story(t, world{issues: issues("PAY", 40)}, func(f *firm) {
		ctx, end := context.WithCancel(f.Context())
		f.before("PUT", "/issue/", end)
		_, _ = f.cycle.Run(ctx, scheduler.None) // how it ends does not matter
		puts := f.jira.Calls("PUT", "/rest/api/2/issue/{issueIdOrKey}")
		if puts > 4 {
			f.Errorf("%d issues were written after the end was called for", puts)
		}
		f.restart()
		f.run()
		f.pass(time.Minute)
		report := f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		f.writtenOnce()
		f.audited()
	})
}

func TestAnIssueThatIsDeletedBeforeItIsWrittenStopsNoOther(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		path := f.path("PAY-2")
		tries := 0
		f.before("GET", path, func() { f.ok(f.jira.Delete("PAY-2", jirasim.Ana)) })
		f.breaks(at("GET", path, func() *sim.Fault { tries++; return nil }))
		f.run()
		for range 3 {
			f.pass(time.Minute)
			same(f, "left to do", []string{}, edits(f.run()))
		}
		same(f, "the others", []string{"Trivial", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-3")})
		if tries > 1 {
			f.Errorf("the deleted issue was tried %d times", tries)
		}
	})
}

// A moved issue has another key and another team, and is the same item.
func TestAnIssueThatMovesIsTheSameItemUnderItsNewTeam(t *testing.T) {
	story(t, world{issues: issues("PAY", 1)}, func(f *firm) {
		item := f.run().Outcome.Items[0].Item.ID
		f.pass(time.Hour)
		moved, err := f.jira.Move("PAY-1", jirasim.Ana, "WEB")
		f.ok(err)
		before := f.wrote()
		for range 3 {
			report := f.run()
			if got := report.Outcome.Items; len(got) != 1 || got[0].Item.ID != item || got[0].Item.Team != "web" {
				f.Fatalf("the item was %s; there are %d items, first %s of team %q", item, len(got), got[0].Item.ID, got[0].Item.Team)
			}
			same(f, "held", []string{moved + " priority changed_by_person"}, holds(report))
			f.pass(time.Minute)
		}
		same(f, "Tandem's writes since", before, f.wrote())
	})
}

// Whoever named the issue by its old key still means it: the row of the
// roadmap file by a link, the issue in GitHub by its title.
func TestTwinsJoinedByAnOldKeyStayJoinedAfterAMove(t *testing.T) {
	w := hubbed()
	w.rows = map[string]string{"R-1": "PAY-2"}
	story(t, w, func(f *firm) {
		same(f, "twins", 3, f.run().Outcome.Twins)
		f.pass(time.Hour)
		for _, key := range []string{"PAY-1", "PAY-2"} {
			_, err := f.jira.Move(key, jirasim.Ana, "WEB")
			f.ok(err)
		}
		for range 2 {
			report := f.run()
			same(f, "twins", 3, report.Outcome.Twins)
			same(f, "items", 3, len(report.Outcome.Items))
			f.pass(time.Minute)
			f.restart()
		}
	})
}
