package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// write sends what the guard lets through, connectors side by side.
func (c *Cycle) write(ctx context.Context, approve Approve, report *Report) error {
	byConnector := map[string][]work.Edit{}
	now := c.c.Now()
	door := newDoor(&c.c.Guard.Calendar, now, approve)
	defer func() { c.reopens = door.reopens }()
	shut := map[plan.Scope]bool{}
	for _, e := range report.Outcome.Plan.Edits {
		out := door.lets(e)
		if out {
			report.Left++
		}
		out = out && c.waits.over(e.Edit, now)
		if scope := plan.ScopeOf(e.Edit); scope != (plan.Scope{}) { // a move stands behind an earlier one
			out = out && !shut[scope]
			shut[scope] = !out
		}
		if out {
			byConnector[e.Target.Connector] = append(byConnector[e.Target.Connector], e.Edit)
		}
	}
	var group sync.WaitGroup
	errs := make([]error, len(c.c.Connectors))
	for i, live := range c.c.Connectors {
		edits := byConnector[live.Name]
		if len(edits) == 0 || live.Failure != nil || live.Conn.Sink == nil || c.unread(live.Name) {
			continue
		}
		group.Go(func() { errs[i] = c.writeConnector(ctx, live, edits, door, report) })
	}
	group.Wait()
	for _, n := range report.Results {
		report.Left -= n
	}
	c.orderAnew(report)
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// writeConnector sends the batches of one connector: first what changes
// records, then the moves in its backlogs. A service that asks to wait is left
// alone until its time is over.
func (c *Cycle) writeConnector(ctx context.Context, live Live, edits []work.Edit, door *door, report *Report) error {
	edits, err := c.owing(ctx, live, edits)
	if err != nil {
		return err
	}
	var fields, moves []work.Edit
	for _, e := range edits {
		if e.Verb == work.MoveInBacklog {
			moves = append(moves, e)
		} else {
			fields = append(fields, e)
		}
	}
	if len(fields) > 0 {
		more, err := c.send(ctx, live, byRecord(live.Conn.Sink.Batches(fields)), live.Conn.Preparer, door, report)
		if err != nil || !more {
			return err
		}
	}
	if moves = unhindered(moves, report.unsettled()); len(moves) == 0 {
		return nil
	}
	_, err = c.send(ctx, live, byScope(live.Conn.Sink.Batches(moves)), nil, door, report)
	return err
}

// send sends groups of batches: those of a group one after the other, groups
// side by side. It reports whether the connector takes more.
func (c *Cycle) send(ctx context.Context, live Live, groups [][][]work.Edit, preparer connectors.Preparer, door *door, report *Report) (more bool, err error) {
	queue := make(chan [][]work.Edit)
	stop := make(chan struct{})
	var once sync.Once
	failures := make([]error, c.c.Workers)
	var workers sync.WaitGroup
	for i := range c.c.Workers {
		workers.Go(func() {
			for group := range queue {
				again, err := c.writeRecord(ctx, live, group, door, report)
				if err != nil {
					failures[i] = err
				}
				if err != nil || !again {
					once.Do(func() { close(stop) })
				}
			}
		})
	}
	func() {
		defer close(queue)
		for _, groups := range portions(groups) {
			if report.over(c.c.Now()) {
				return
			}
			if preparer != nil {
				preparer.Prepare(ctx, slices.Concat(slices.Concat(groups...)...))
			}
			for _, group := range groups {
				if report.over(c.c.Now()) {
					return
				}
				select {
				case <-stop:
					return
				case <-ctx.Done():
					return
				case queue <- group:
				}
			}
		}
	}()
	workers.Wait()
	select {
	case <-stop:
	default:
		more = true
	}
	return more, errors.Join(failures...)
}

// preparedAtOnce is how many records are read together before they are
// written: what services take in one call, and what is sent within a minute.
const preparedAtOnce = 100

// portions divides what is sent so that about as many records as are read
// together are in each.
func portions(groups [][][]work.Edit) [][][][]work.Edit {
	var all [][][][]work.Edit
	records := map[work.RefID]bool{}
	for _, group := range groups {
		if len(all) == 0 || len(records) >= preparedAtOnce {
			all = append(all, nil)
			clear(records)
		}
		all[len(all)-1] = append(all[len(all)-1], group)
		for _, batch := range group {
			for _, e := range batch {
				records[e.Target.RefID] = true
			}
		}
	}
	return all
}

// byRecord keeps batches together that touch the same record.
func byRecord(batches [][]work.Edit) [][][]work.Edit {
	at := map[work.RefID]int{}
	var groups [][][]work.Edit
	for _, batch := range batches {
		i, known := -1, false
		for _, e := range batch {
			if g, ok := at[e.Target.RefID]; ok {
				i, known = g, true
			}
		}
		if !known {
			i = len(groups)
			groups = append(groups, nil)
		}
		for _, e := range batch {
			at[e.Target.RefID] = i
		}
		groups[i] = append(groups[i], batch)
	}
	return groups
}

// writeRecord journals and sends, in order, the batches of one record, or of
// records that share a request. Once an edit is not plainly done, or a window
// closed meanwhile, later ones of its record wait, and no others (promise S15);
// each move waits behind the earlier ones of its backlog. It reports whether
// the connector takes more: it does not once writing is paused.
func (c *Cycle) writeRecord(ctx context.Context, live Live, batches [][]work.Edit, door *door, report *Report) (more bool, err error) {
	shut := map[line]bool{}
	for _, batch := range batches {
		if batch = unshut(batch, shut); len(batch) == 0 {
			continue
		}
		if report.over(c.c.Now()) {
			return false, nil
		}
		if !door.open(batch, c.c.Now()) {
			for i := range batch {
				shut[lineOf(batch[i])] = true
			}
			continue
		}
		err := c.c.Store.Begin(ctx, report.Outcome.Number, batch)
		if errors.Is(err, work.ErrPaused) {
			report.paused(err)
			return false, nil // what had begun is finished, the rest stays planned
		}
		if err != nil {
			return false, fmt.Errorf("journal edits of %s: %w", live.Name, err)
		}
		results := live.Conn.Sink.Send(ctx, batch)
		// The journal is closed even when the context has ended: the answer is
		// known and must not be lost.
		if err := c.c.Store.Finish(context.WithoutCancel(ctx), results); err != nil {
			return false, fmt.Errorf("journal results of %s: %w", live.Name, err)
		}
		report.results(batch, results)
		c.waits.note(batch, results)
		c.tried.note(batch, results, c.c.Now())
		c.tell(live, batch, results)
		if slices.ContainsFunc(results, asksToWait) {
			return false, nil
		}
		for i, r := range results {
			if unsettled(r) {
				shut[lineOf(batch[i])] = true
			}
		}
	}
	return true, nil
}

func unsettled(r work.Result) bool { return r.State != work.Applied && r.State != work.Unchanged }

// asksToWait reports whether the whole service asks to wait.
func asksToWait(r work.Result) bool { return r.State == work.Deferred && r.Scope != "issue" }

func (c *Cycle) tell(live Live, batch []work.Edit, results []work.Result) {
	for i, r := range results {
		e := batch[i]
		log := c.c.Log.With("connector", live.Name, "ref", e.Ref().String(), "field", e.Field.String(), "edit", e.ID)
		switch r.State {
		case work.Applied:
			why := e.Because
			if e.Word != 0 { // what people say has its audience, which a log has not
				why = "override " + strconv.FormatInt(e.Word, 10)
			}
			log.Info("value written", "rule", why)
		case work.Unchanged:
			log.Debug("value was already so")
		default:
			log.Warn("value not written", "kind", r.State, "err", r.Detail)
		}
	}
}
