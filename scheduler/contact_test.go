package scheduler_test

import (
	"net/http"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

// broken lets every request to GitHub fail until it is mended.
func (f *firm) broken() (mend func()) {
	f.github.SetFault(func(*http.Request) *sim.Fault { return status(http.StatusUnauthorized)() })
	return func() { f.github.SetFault(nil) }
}

func TestS17NothingIsWrittenBeforeEveryConnectorWasReadWhole(t *testing.T) {
	w := hubbed()
	w.issues = issues("PAY", 4)
	w.github = []githubsim.Issue{twin("acme/pay", 1, "PAY-1", "priority/p1"), twin("acme/pay", 2, "PAY-2")}
	story(t, w, func(f *firm) {
		mend := f.broken()
		for range 3 {
			report := f.run()
			same(f, "sent", 0, report.Sent)
			same(f, "waits for", []string{"github"}, report.Outcome.Plan.FirstRead)
			if waiting := report.Outcome.Plan.Count(plan.FirstRead); waiting == 0 || waiting != len(report.Outcome.Plan.Edits) {
				f.Errorf("%d of %d edits wait for the first read", waiting, len(report.Outcome.Plan.Edits))
			}
			f.pass(time.Minute)
			f.restart()
		}
		same(f, "written", []string{}, f.wrote())
		snapshot, err := f.db.Snapshot(f.Context(), time.Now())
		f.ok(err)
		same(f, "remembered as right", 0, len(snapshot.Ledger))
		same(f, "places that later ones lean on", 0, len(snapshot.Previous))
		figures, err := f.db.Figures(f.Context())
		f.ok(err)
		same(f, "told", []string{"github"}, figures.FirstRead)

		mend()
		report := f.run()
		same(f, "waits for", []string(nil), report.Outcome.Plan.FirstRead)
		same(f, "in Jira, as a person had it in GitHub", "Critical", f.priority("PAY-1"))
		same(f, "in GitHub", []string{"priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		same(f, "sent after it", 0, f.run().Sent)
	})
}

func TestAFirstReadHappensOnceWhateverFailsLater(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		mend := f.broken()
		f.pass(time.Minute)
		f.restart()
		f.sets("PAY-1", 90)
		same(f, "waits for", []string(nil), f.run().Outcome.Plan.FirstRead)
		same(f, "in Jira", "Critical", f.priority("PAY-1"))
		mend()
	})
}

func TestAPersonMayLetAConnectorCountAsRead(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		defer f.broken()()
		same(f, "sent", 0, f.run().Sent)
		f.ok(f.db.BelieveRead(f.Context(), "github"))
		report := f.run()
		same(f, "waits for", []string(nil), report.Outcome.Plan.FirstRead)
		same(f, "in Jira", "Trivial", f.priority("PAY-1"))
	})
}

func TestAConnectorOfFeedbackAloneIsNotWaitedFor(t *testing.T) {
	w := world{issues: issues("PAY", 2), rows: map[string]string{"R-1": "PAY-2"}}
	story(t, w, func(f *firm) {
		f.write("tandem.yaml", w.settings(f.folder)+"  voices: {kind: file, feedback: drop/*.csv, columns: absent.yaml}\n")
		f.load()
		f.restart()
		report := f.run()
		if report.Failures["voices"] == nil {
			f.Fatal("the feedback was read")
		}
		same(f, "waits for", []string(nil), report.Outcome.Plan.FirstRead)
		same(f, "in Jira", "Critical", f.priority("PAY-2"))
	})
}
