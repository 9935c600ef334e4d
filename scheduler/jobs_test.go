package scheduler_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

// told is what a job did.
type done struct {
	kind string
	scheduler.Report
}

// daemon is a node at work.
type daemon struct {
	*jobs.Host

	stop context.CancelFunc
	end  sync.WaitGroup
	mu   sync.Mutex
	done []done
}

// clock is the clock of the story, which the database does not have.
type clock struct{}

// NowUTC returns it.
func (clock) NowUTC() time.Time { return time.Now().UTC() }

// NowUTCOrNil returns it too.
func (c clock) NowUTCOrNil() *time.Time { return new(c.NowUTC()) }

// daemon starts a node.
func (f *firm) daemon() *daemon { return f.daemonOfHours(0, time.Minute) }

// seldom is how often the node of a story of hours looks: it has to hold its
// leases, but need not look several times a second.
const seldom = 10 * time.Second

// daemonOfHours starts a node that looks and reads so often.
func (f *firm) daemonOfHours(look, every time.Duration) *daemon {
	f.Helper()
	ctx, stop := context.WithCancel(f.Context())
	d := &daemon{stop: stop}
	failed := f.ok
	if f.killed { // its store is closed under its feet
		failed = func(error) {}
	}
	d.Host = jobs.New(jobs.Config{
		Cycle: scheduler.Config{
			Store: f.db, Rules: f.rules, Connectors: f.live, Guard: f.guard, ConfigHash: "test", Log: f.log(), Now: time.Now, Workers: f.workers(),
		},
		Leases: f.db, Under: under(f.db), Every: every, Look: look, Clock: clock{},
		Report: func(kind string, r scheduler.Report) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.done = append(d.done, done{kind, r})
		},
	})
	f.wake = d.Wake
	db := f.db
	d.end.Go(func() { failed(jobs.Run(ctx, riversqlite.New(db.DB()), d.Host)) })
	return d
}

func under(db *store.Store) func(...work.Lease) scheduler.Store {
	return func(leases ...work.Lease) scheduler.Store { return db.Under(leases...) }
}

// daemonThatIsKilled starts a node whose store will be closed while it works.
func (f *firm) daemonThatIsKilled() *daemon {
	f.killed = true
	defer func() { f.killed = false }()
	return f.daemon()
}

// did counts the jobs of a kind that are done.
func (d *daemon) did(kind string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, j := range d.done {
		if j.kind == kind {
			n++
		}
	}
	return n
}

// unfinished counts the jobs in the file that are not over.
func (f *firm) unfinished() (n int) {
	f.Helper()
	db, err := sql.Open("sqlite", filepath.Join(f.folder, "tandem.db")+"?_pragma=busy_timeout(5000)")
	f.ok(err)
	defer func() { _ = db.Close() }() // it was only read
	f.ok(db.QueryRowContext(f.Context(), "SELECT count(*) FROM river_job WHERE finalized_at IS NULL").Scan(&n))
	return n
}

// wakes lets the daemon look at once, where one runs.
func (f *firm) wakes() {
	if f.wake != nil {
		f.wake()
	}
}

// ends stops the node and returns what it did.
func (d *daemon) ends() []done {
	d.stop()
	d.end.Wait()
	return d.done
}

func TestADaemonReadsDecidesAndWrites(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		d := f.daemon()
		f.pass(5 * time.Second)
		same(f, "priorities", []string{"Trivial", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-3")})
		f.sets("PAY-1", 90)
		f.pass(2 * time.Minute)
		same(f, "after a poll", "Critical", f.priority("PAY-1"))
		counts := map[string]int{}
		for _, j := range d.ends() {
			counts[j.kind]++
		}
		f.Logf("jobs: %v", counts)
		f.writtenOnce()
	})
}
