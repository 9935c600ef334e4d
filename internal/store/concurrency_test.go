package store_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// TestSnapshotSeesOneMoment writes pages in which everything carries the same
// number, and looks whether a snapshot ever mixes two of them.
func TestSnapshotSeesOneMoment(t *testing.T) {
	onBoth(t, func(k *kept) {
		turn := func(i int) connectors.Page {
			page := connectors.Page{Cursor: connectors.Cursor(strconv.Itoa(i))}
			for r := range 20 {
				page.Records = append(page.Records, issue(strconv.Itoa(r), i, strconv.Itoa(i)))
			}
			f := feedback("only", strconv.Itoa(i), "late")
			f.Version = noon.AddDate(0, 0, i)
			page.Feedback = append(page.Feedback, f)
			return page
		}
		k.save(turn(1), about("jira:PAY-1"))
		done := make(chan struct{})
		var readers sync.WaitGroup
		for range 3 {
			readers.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					snap, err := k.Snapshot(k.t.Context(), today)
					if err != nil {
						k.t.Errorf("snapshot: %v", err)
						return
					}
					if err := oneMoment(snap); err != nil {
						k.t.Error(err)
						return
					}
				}
			})
		}
		for i := 2; i < 60; i++ {
			k.save(turn(i), about("jira:PAY-1"))
		}
		close(done)
		readers.Wait()
		diff(k.t, "the last turn", "59", k.snapshot().Records[0].Fields["priority"].Text())
	})
}

func oneMoment(snap engine.Snapshot) error {
	want := snap.Records[0].Fields["priority"].Text()
	for _, r := range snap.Records {
		if got := r.Fields["priority"].Text(); got != want {
			return fmt.Errorf("one snapshot has the turns %s and %s", want, got)
		}
	}
	if len(snap.Evidence) != 1 || snap.Evidence[0].Account != "hotjar:"+want {
		return fmt.Errorf("records are of turn %s, evidence is %+v", want, snap.Evidence)
	}
	return nil
}

// TestWritersSideBySide lets everything write at once, as the scheduler does.
func TestWritersSideBySide(t *testing.T) {
	onBoth(t, func(k *kept) {
		const each = 12
		var group sync.WaitGroup
		for w := range 4 {
			group.Go(func() {
				for i := range each {
					id := fmt.Sprintf("%d-%d", w, i)
					e := edit(id, "High", "Low")
					_, err := k.SavePage(k.t.Context(), "jira", "stream"+strconv.Itoa(w), connectors.Page{Records: []work.Record{issue(id, 1, "High")}}, nil)
					if err != nil {
						k.t.Errorf("page: %v", err)
					}
					if err := k.Begin(k.t.Context(), 1, []work.Edit{e}); err != nil {
						k.t.Errorf("begin: %v", err)
					}
					if err := k.Finish(k.t.Context(), []work.Result{result(e, work.Applied)}); err != nil {
						k.t.Errorf("finish: %v", err)
					}
					if _, err := k.SaveRun(k.t.Context(), fullRun()); err != nil {
						k.t.Errorf("run: %v", err)
					}
				}
			})
		}
		group.Go(func() {
			for i := range each {
				link := func(*work.Feedback) []evidence.Link { return about("jira:PAY-" + strconv.Itoa(i)) }
				k.hear([]work.Feedback{feedback(strconv.Itoa(i), "a", "late")}, about("jira:PAY-0"))
				if _, err := k.Relink(k.t.Context(), strconv.Itoa(i), linker(link), 0); err != nil {
					k.t.Errorf("relink: %v", err)
				}
				if _, err := k.Status(k.t.Context()); err != nil {
					k.t.Errorf("status: %v", err)
				}
			}
		})
		group.Wait()
		snap := k.snapshot()
		if len(snap.Records) != 4*each || snap.Sent != 4*each || snap.SentFirst != 4*each {
			k.t.Errorf("%d records, %d edits, %d first ones; want %d of each", len(snap.Records), snap.Sent, snap.SentFirst, 4*each)
		}
		last := func(*work.Feedback) []evidence.Link { return about("jira:PAY-" + strconv.Itoa(each-1)) }
		diff(k.t, "evidence", k.recount(last), snap.Evidence)
	})
}
