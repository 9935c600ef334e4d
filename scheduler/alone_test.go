package scheduler_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

// plansUndo plans an undo with the settings of a host that does nothing else.
func (f *firm) plansUndo(ctx context.Context, c scheduler.Config, run int64) (*scheduler.Cycle, scheduler.Errand) {
	f.Helper()
	cycle := scheduler.New(c)
	_, err := cycle.Plan(ctx)
	f.ok(err)
	errand, err := cycle.PlanUndo(ctx, run, undo.Scope{}, "api:ana")
	f.ok(err)
	return cycle, errand
}

func TestS14AnUndoBesideARunningDaemonWritesNothingTwice(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		before := f.services()
		d := f.daemon()
		f.pass(5 * time.Second)
		same(f, "written", "Critical", f.priority("PAY-3"))
		wrote, err := f.db.Runs(f.Context(), 1)
		f.ok(err)
		jobsDone := func() int { return d.did("poll") + d.did("apply") + d.did("decide") + d.did("census") }
		f.ok(d.Alone(f.Context(), func(ctx context.Context, c scheduler.Config) error {
			_, errand := f.plansUndo(ctx, c, wrote[0].Run)
			done := jobsDone()
			f.pass(3 * time.Minute) // longer than leases last and than polls are apart
			same(f, "jobs meanwhile", done, jobsDone())
			if err := d.Alone(ctx, nil); !errors.Is(err, jobs.ErrBusy) {
				f.Errorf("a second one: %v", err)
			}
			cycle, again := f.plansUndo(ctx, c, wrote[0].Run)
			same(f, "hash", errand.Hash(), again.Hash())
			report, err := cycle.Carry(ctx, again, everything)
			same(f, "applied", len(errand.Back.Edits), report.Applied())
			return err
		}))
		f.equal("after the undo", before, f.services())
		done := jobsDone()
		f.pass(10 * time.Minute)
		if jobsDone() == done {
			f.Error("the daemon does not go on")
		}
		f.equal("later", before, f.services())
		f.sets("PAY-2", 99)
		f.pass(2 * time.Minute)
		f.ok(d.Alone(f.Context(), func(ctx context.Context, c scheduler.Config) error {
			_, errand := f.plansUndo(ctx, c, wrote[0].Run)
			same(f, "undone twice", 0, len(errand.Back.Edits))
			return nil
		}))
		d.ends()
		if err := d.Alone(f.Context(), nil); !errors.Is(err, jobs.ErrBusy) {
			f.Errorf("after the end: %v", err)
		}
		f.writtenOnce()
	})
}

// A node is cut off from its store while it undoes: nothing is written by it
// once another node may have its duties.
func TestAnUndoEndsWithALeaseThatIsLost(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		written := f.services()
		n := &node{Leases: f.db, db: f.db}
		host := jobs.New(jobs.Config{
			Cycle:  scheduler.Config{Store: f.db, Rules: f.rules, Connectors: f.live, Guard: f.guard, ConfigHash: "test", Log: f.log(), Now: time.Now},
			Leases: n, Under: under(f.db), Every: time.Minute, Clock: clock{},
		})
		ctx, stop := context.WithCancel(f.Context())
		var end sync.WaitGroup
		end.Go(func() { _ = jobs.Run(ctx, riversqlite.New(f.db.DB()), host) }) // it cannot give its leases back
		f.pass(5 * time.Second)
		err := host.Alone(f.Context(), func(ctx context.Context, c scheduler.Config) error {
			cycle, errand := f.plansUndo(ctx, c, run.Outcome.Number)
			if len(errand.Back.Edits) == 0 {
				f.Fatal("there is nothing to undo")
			}
			n.cut.Store(true)
			<-ctx.Done()
			if cause := context.Cause(ctx); !errors.Is(cause, work.ErrLeaseLost) {
				f.Errorf("it ended with %v", cause)
			}
			f.pass(10 * time.Second)
			if lease, got, err := f.db.Acquire(context.WithoutCancel(ctx), "jira", "another", time.Hour); !got || err != nil {
				f.Errorf("another node did not get Jira: %+v, %v", lease, err)
			}
			_, err := cycle.Carry(context.WithoutCancel(ctx), errand, everything)
			return err
		})
		if !errors.Is(err, work.ErrLeaseLost) {
			f.Errorf("it ended with %v", err)
		}
		f.equal("nothing was written", written, f.services())
		n.cut.Store(false)
		f.pass(10 * time.Second)
		elsewhere, ok := errors.AsType[*jobs.ElsewhereError](host.Alone(f.Context(), nil))
		if !ok || len(elsewhere.Duties) != 1 || elsewhere.Duties[0] != "jira" {
			f.Errorf("Jira is another node's: %+v", elsewhere)
		}
		stop()
		end.Wait()
		f.equal("nothing was written later", written, f.services())
	})
}

// A node that stops waits for an undo, and breaks one off that takes long,
// before it gives its leases back.
func TestANodeThatStopsWaitsForAnUndoAWhile(t *testing.T) {
	for name, c := range map[string]struct {
		takes, least, most time.Duration
		want               error
	}{
		"one that ends":       {5 * time.Second, 5 * time.Second, 6 * time.Second, nil},
		"one that takes long": {time.Hour, 10 * time.Second, 12 * time.Second, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
				d := f.daemon()
				f.pass(5 * time.Second)
				began, ended := make(chan struct{}), make(chan error, 1)
				go func() {
					ended <- d.Alone(f.Context(), func(ctx context.Context, _ scheduler.Config) error {
						close(began)
						select {
						case <-ctx.Done():
						case <-time.After(c.takes):
						}
						held, err := f.db.Held(context.WithoutCancel(ctx))
						f.ok(err)
						same(f, "duties, and that to work alone", 4, len(held))
						return ctx.Err()
					})
				}()
				<-began
				stopped := time.Now()
				d.ends()
				if took := time.Since(stopped); took < c.least || took > c.most {
					f.Errorf("the node ended after %s", took)
				}
				if err := <-ended; !errors.Is(err, c.want) {
					f.Errorf("it ended with %v, want %v", err, c.want)
				}
				same(f, "leases", 0, len(f.held()))
			})
		})
	}
}
