package scheduler_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func same(f *firm, what string, want, got any) {
	f.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestS4TheSecondCycleFindsNothingToDo(t *testing.T) {
	story(t, world{issues: append(issues("PAY", 8), issue("WEB-1", 90)), rows: map[string]string{"R-1": "PAY-8"}}, func(f *firm) {
		first := f.run()
		f.Log(edits(first), f.wrote(), holds(first))
		if first.Sent == 0 || first.Applied() != first.Sent {
			f.Fatalf("the first cycle sent %d edits, %d arrived", first.Sent, first.Applied())
		}
		f.pass(time.Minute)
		f.jira.ResetCounts()
		second := f.run()
		same(f, "edits of the second cycle", []string{"WEB-1 horizon +roadmap/now observe", "WEB-1 priority Medium→Highest observe"}, edits(second))
		if calls := f.jira.Calls("", ""); second.Sent > 0 || calls > 1 {
			f.Errorf("the second cycle sent %d edits by %d calls: %v", second.Sent, calls, f.jira.Counts())
		}
	})
}
