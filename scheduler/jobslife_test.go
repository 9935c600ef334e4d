package scheduler_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

// A person changes an issue while the job reads it that was caused by an
// earlier change: the answer on its way is old, and what was announced
// meanwhile is read by another job.
func TestAHintThatComesWhileItsJobRunsIsWrittenOutToo(t *testing.T) {
	story(t, hooked(3), func(f *firm) {
		f.paced("jira", time.Hour)
		f.run()
		var awaited atomic.Bool
		f.transport["jira"] = road{f.site(), func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if strings.Contains(r.URL.Path, "issue/bulkfetch") && awaited.CompareAndSwap(true, false) {
				f.sets("PAY-1", 97)
				f.told()
			}
			return resp, err
		}}
		d := f.daemon()
		f.pass(10 * time.Second)
		f.jira.SetLag(time.Hour)
		f.told()
		f.pass(time.Second)
		awaited.Store(true)
		f.sets("PAY-1", 60)
		f.told()
		f.pass(2 * time.Second)
		same(f, "priority", "Critical", f.priority("PAY-1"))
		d.ends()
	})
}

var errKilled = errors.New("the process was killed")

// The process is killed while it writes: jobs stay as they were, the journal
// has edits whose answer nobody heard. The next one goes on at once, and waits
// for neither a lease (30 s) nor a rescue (90 s).
func TestAProcessThatWasKilledGoesOnWithinSeconds(t *testing.T) {
	t.Parallel()
	f := found(t, world{issues: issues("PAY", 60), unjudged: true})
	f.jira.SetLatency(10 * time.Millisecond)
	killed, dead := make(chan struct{}), make(chan struct{})
	puts := 0
	var mu sync.Mutex
	f.transport["jira"] = road{f.transport["jira"], func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		mu.Lock()
		if r.Method == http.MethodPut {
			puts++
		}
		cut := puts > 10
		if puts == 11 {
			puts++
			close(killed)
		}
		mu.Unlock()
		if !cut {
			return next.RoundTrip(r)
		}
		if r.Method == http.MethodPut {
			resp, err := next.RoundTrip(r) // it arrives, and nobody hears the answer
			if err == nil {
				_ = resp.Body.Close()
			}
		}
		<-dead
		return nil, errKilled
	}}
	first := f.daemonThatIsKilled()
	<-killed
	f.ok(f.db.Close())
	open := f.unfinished()
	f.untampered()
	f.start()
	began := time.Now()
	f.live = f.open(func(kind string) http.RoundTripper { return roads{f, kind} })
	d := f.daemon()
	wanted := func() bool {
		return !slices.ContainsFunc(f.world.issues, func(i jirasim.Issue) bool {
			value, _ := i.Custom[valueField].(float64)
			want := "Trivial"
			switch {
			case value >= 80:
				want = "Critical"
			case value >= 60:
				want = "Major"
			case value >= 30:
				want = "Minor"
			}
			return f.priority(i.Key) != want
		})
	}
	next := f.comes("the first write of the next process", 20*time.Second, func() bool { return len(f.jira.Writes().Effects(true)) > 40 })
	f.comes("the rest", 30*time.Second, wanted)
	f.Logf("killed with %d jobs unfinished; the next process wrote after %s and was done after %s", open, next, time.Since(began))
	d.ends()
	close(dead)
	first.stop()
	first.end.Wait()
	f.writtenOnce()
}

// A daemon that is told to stop finishes what it began, within ten seconds, and
// gives its duties back.
func TestADaemonThatStopsFinishesWhatItBegan(t *testing.T) {
	story(t, world{issues: issues("PAY", 40), oneWriter: true}, func(f *firm) {
		f.jira.SetLatency(300 * time.Millisecond)
		d := f.daemon()
		f.pass(4 * time.Second)
		began := time.Now()
		wrote := len(f.wrote())
		d.ends()
		took := time.Since(began)
		if took > 10*time.Second || wrote == 0 || len(f.wrote()) > wrote+4 {
			f.Errorf("it took %s, %d values were written before and %d after", took, wrote, len(f.wrote())-wrote)
		}
		same(f, "leases", 0, len(f.held()))
		unsure, _, err := f.db.Pending(f.Context())
		f.ok(err)
		same(f, "edits without an answer", 0, len(unsure))
		f.Logf("stopped after %s, with %d of 40 issues", took, len(f.wrote()))
		f.jira.SetLatency(0)
		d = f.daemon()
		f.pass(time.Minute)
		d.ends()
		same(f, "left", []string{}, edits(f.look()))
		f.writtenOnce()
	})
}

// Every answer to a write is lost: Tandem looks what became of it, and tries
// again with the next poll, not at once.
func TestAWriteThatFailsIsNotTriedAgainAtOnce(t *testing.T) {
	for name, fault := range map[string]func() *sim.Fault{
		"no answer": sim.Refused, "bad gateway": status(http.StatusBadGateway), "conflict": status(http.StatusConflict),
	} {
		t.Run(name, func(t *testing.T) {
			story(t, world{issues: issues("PAY", 1)}, func(f *firm) {
				tries := 0
				f.breaks(func(r *http.Request) *sim.Fault {
					if r.Method != http.MethodPut {
						return nil
					}
					tries++
					return fault()
				})
				d := f.daemon()
				f.pass(10 * time.Minute)
				d.ends()
				if tries == 0 || tries > 4*11 { // four for each poll: the client tries again too
					f.Errorf("%d requests in ten minutes", tries)
				}
			})
		})
	}
}
