package scheduler_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

func TestAnAdminsIntervalIsForStreamsOfTheUsualOne(t *testing.T) {
	t.Parallel()
	streams := []connectors.Stream{{Name: "issues", Every: time.Minute}, {Name: "rank", Every: 5 * time.Minute}, {Name: "census", Every: 6 * time.Hour}}
	for every, want := range map[time.Duration][]time.Duration{
		2 * time.Second:  {2 * time.Second, 5 * time.Minute, 6 * time.Hour},
		time.Minute:      {time.Minute, 5 * time.Minute, 6 * time.Hour},
		30 * time.Minute: {30 * time.Minute, 30 * time.Minute, 6 * time.Hour},
	} {
		for i, s := range scheduler.Paced(streams, every) {
			if s.Every != want[i] {
				t.Errorf("every %s: %s is read every %s, not %s", every, s.Name, s.Every, want[i])
			}
		}
	}
	if streams[0].Every != time.Minute {
		t.Error("the definition's own streams were changed")
	}
}

// paced gives a connector its interval.
func (f *firm) paced(connector string, every time.Duration) {
	for i := range f.live {
		if f.live[i].Name == connector {
			f.live[i].Streams = scheduler.Paced(f.live[i].Streams, every)
		}
	}
}

// looping runs the daemon until the returned function is called, which returns
// what its jobs did.
func (f *firm) looping() (stop func() []scheduler.Report) {
	d := f.daemon()
	return func() []scheduler.Report {
		var reports []scheduler.Report
		for _, j := range d.ends() {
			reports = append(reports, j.Report)
		}
		return reports
	}
}

func TestEachConnectorIsReadAtItsOwnInterval(t *testing.T) {
	w := hubbed()
	story(t, w, func(f *firm) {
		f.paced("jira", 10*time.Minute)
		f.paced("github", time.Minute)
		f.run()
		f.run()
		f.jira.ResetCounts()
		f.github.ResetCounts()
		stop := f.looping()
		f.pass(20*time.Minute + 30*time.Second)
		reports := stop()
		// GitHub has two repositories, each of which is one call; a new process
		// reads all at once, but this is the same one.
		jira, github := f.jira.Calls("", ""), f.github.Calls("GET", "/repos/{owner}/{repo}/issues")
		if jira < 2 || jira > 3 || github < 40 || github > 42 {
			f.Errorf("in 20 minutes Jira was called %d times, GitHub %d times, in %d jobs: %v", jira, github, len(reports), f.github.Counts())
		}
	})
}

// A read that is told to come back later comes back later, and nothing is
// written meanwhile.
func TestS10AReadThatIsToldToWaitWaits(t *testing.T) {
	w := pair()
	w.issues = issues("PAY", 3)
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		until := time.Now().Add(17 * time.Minute)
		var calls atomic.Int32
		f.breaks(func(*http.Request) *sim.Fault {
			calls.Add(1)
			if !time.Now().Before(until) {
				return nil
			}
			return jirasim.RateLimited("jira-quota-tenant-based", time.Until(until), time.Now())
		})
		stop := f.looping()
		f.pass(time.Minute)
		f.sets("PAY-1", 95)
		f.pass(15 * time.Minute)
		if calls.Load() != 1 {
			f.Errorf("Jira was asked %d times before the pause was over", calls.Load())
		}
		same(f, "before", "Trivial", f.priority("PAY-1"))
		f.pass(5 * time.Minute)
		reports := stop()
		same(f, "after", "Critical", f.priority("PAY-1"))
		failed := 0
		for _, r := range reports {
			if r.Failures["jira"] != nil {
				failed++
			}
		}
		same(f, "jobs that could not read Jira", 1, failed) // none tries before the pause is over
	})
}

// An edit that Jira put off is sent when its time is up, however rarely Jira
// is polled.
func TestAnEditThatWasPutOffDoesNotWaitForAPoll(t *testing.T) {
	story(t, world{issues: issues("PAY", 1)}, func(f *firm) {
		f.paced("jira", time.Hour)
		f.paced("plan", time.Hour)
		until := time.Now().Add(40 * time.Second)
		f.breaks(func(r *http.Request) *sim.Fault {
			if r.Method != http.MethodPut || !time.Now().Before(until) {
				return nil
			}
			return jirasim.RateLimited("jira-per-issue-on-write", time.Until(until), time.Now())
		})
		stop := f.looping()
		f.pass(30 * time.Second)
		same(f, "before", "Major", f.priority("PAY-1"))
		f.pass(15 * time.Second)
		same(f, "after", "Trivial", f.priority("PAY-1"))
		stop()
	})
}
