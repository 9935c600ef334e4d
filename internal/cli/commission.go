package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/view"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

const (
	// orderTime is how long an order may take, and how long one counts that nobody
	// set about.
	orderTime = time.Hour
	// mostAttempts is how often nodes set about an order before it is given up.
	mostAttempts = 5
)

// commissions carries out what clients of the API ordered, in place of the jobs
// of all nodes: the same as tandem undo and tandem retire do alone. What begins
// and is cut short is taken up by whichever node has all duties next.
func (s *session) commissions(ctx context.Context, host *jobs.Host) {
	ctx, cancel := context.WithTimeout(ctx, orderTime)
	defer cancel()
	err := host.Alone(ctx, s.commission)
	elsewhere, kept := errors.AsType[*jobs.ElsewhereError](err)
	switch {
	case kept:
		err = s.refuseElsewhere(ctx, elsewhere.Duties)
	case errors.Is(err, jobs.ErrBusy):
		return // another node is at it
	}
	switch {
	case err == nil:
	case errors.Is(err, work.ErrLeaseLost), errors.Is(err, context.Canceled):
		s.log.Warn("an order was broken off; the node that has the duties next goes on", "err", err)
	default:
		s.log.Error("an order failed; it is tried again", "err", err)
	}
}

// commission carries out the order that waits, and notes what became of it.
func (s *session) commission(ctx context.Context, c scheduler.Config) error {
	order, found, err := c.Store.TakeCommission(ctx)
	if err != nil || !found {
		return err
	}
	done, err := view.Undone{}, view.ErrBrokenOff
	if order.Tries <= mostAttempts && (order.Stage == work.Begun || c.Now().Sub(order.At) < orderTime) {
		done, err = s.fulfil(ctx, c, &order)
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, work.ErrLeaseLost):
		return err
	case err != nil && !view.Refuses(err) && order.Stage == work.Begun:
		return err
	case err != nil && !view.Refuses(err):
		s.log.Error("an order failed", "role", order.By, "kind", order.Errand, "err", err)
	}
	return s.conclude(ctx, c.Store, &order, &done, err)
}

// conclude notes what became of an order.
func (s *session) conclude(ctx context.Context, orders scheduler.Orders, order *work.Commission, done *view.Undone, refused error) error {
	told, err := view.Tell(order, done, refused, s.who)
	if err != nil {
		return err
	}
	if _, err := orders.EndCommission(ctx, order.ID, told); err != nil {
		return err
	}
	if done.Carried {
		s.log.Info("an order was carried out", "role", order.By, "kind", order.Errand, "count", done.Report.Sent+done.Before)
		s.tell(done.Report)
	}
	return nil
}

// fulfil plans an order, and writes where the client confirmed this plan. What
// had begun before is planned anew and goes on with what was confirmed.
func (s *session) fulfil(ctx context.Context, c scheduler.Config, order *work.Commission) (done view.Undone, err error) {
	live, wide, err := s.widened(ctx, c.Connectors)
	defer closeAll(wide)
	if err != nil {
		return done, err
	}
	c.Connectors = live
	cycle := scheduler.New(c)
	if err := settled(ctx, c.Store, cycle, order); err != nil {
		return done, err
	}
	report, err := cycle.Plan(ctx)
	if err != nil {
		return done, err
	}
	if report.Outcome == nil { // feedback is still being tied to work
		return done, view.ErrUnread
	}
	if err := s.planned(ctx, cycle, order, report, &done); err != nil {
		return done, err
	}
	switch {
	case order.Stage == work.Begun:
		done.Errand.Outcome.Number = order.Number
		if done.Before, err = arrivedOf(ctx, c.Store, order); err != nil {
			return done, err
		}
	case order.Errand == work.Undo && order.Run > 0 && len(done.Errand.Writes) == 0:
		return done, view.ErrNoRun
	case order.Confirm == "":
		return done, nil
	case order.Confirm != done.Hash:
		return done, view.ErrStale
	default:
		if err := begins(ctx, c.Store, order, &done); err != nil {
			return done, err
		}
	}
	return done, carries(ctx, c.Store, cycle, order, &done)
}

// settleTime is how long an order waits for the answers that a dead node did
// not get; some requests may be on their way still. settleEvery is how often it
// is looked.
const (
	settleTime  = time.Minute
	settleEvery = time.Second
)

var errUnsettled = errors.New("it is not known yet what arrived of what had begun")

// settled waits until it is known what arrived of an order that had begun.
func settled(ctx context.Context, journal scheduler.Journal, cycle *scheduler.Cycle, order *work.Commission) error {
	targets := targetsOf(order)
	for range settleTime / settleEvery {
		unsure, unread, err := journal.Pending(ctx)
		waits := func(e work.Edit) bool { return targets[e.Target] }
		if err != nil || !slices.ContainsFunc(unsure, waits) && !slices.ContainsFunc(unread, waits) {
			return err
		}
		if _, err := cycle.Follow(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(settleEvery):
		}
	}
	return errUnsettled
}

// targetsOf are those of the confirmed plan.
func targetsOf(order *work.Commission) map[work.Target]bool {
	targets := map[work.Target]bool{}
	for _, t := range order.Targets {
		targets[t] = true
	}
	return targets
}

// planned plans what is put back or removed.
func (s *session) planned(ctx context.Context, cycle *scheduler.Cycle, order *work.Commission, report scheduler.Report, done *view.Undone) (err error) {
	scope := undo.Scope{Connector: order.Connector, Team: order.Team}
	if field, ok := work.ParseField(order.Field); ok {
		scope.Fields = []work.Field{field}
	}
	if order.Item != "" {
		d, ok := report.Outcome.FindKey(order.Item)
		if !ok {
			return view.ErrNoItem
		}
		for _, p := range d.Item.Parts {
			scope.Refs = append(scope.Refs, p.RefID)
		}
	}
	switch {
	case order.Errand == work.Undo:
		done.Errand, err = cycle.PlanUndo(ctx, order.Run, scope, order.By)
	case order.Orphans:
		var orphans []undo.Orphan
		if orphans, err = s.orphans(ctx, s.store, report.Outcome); err == nil {
			done.Errand, err = cycle.PlanRelease(ctx, orphans, order.By)
		}
	default:
		done.Errand, err = cycle.PlanRetire(ctx, scope, order.By)
	}
	if err != nil {
		return err
	}
	if done.Hash = done.Errand.Hash(); order.Errand == work.Retire {
		done.Swept = cycle.Sweep(ctx, done.Errand, true)
		done.Hash = hashOf(done.Hash, order, done.Swept)
	}
	return nil
}

// hashOf stands for a retirement: what it is of, and all that it removes.
func hashOf(errand string, order *work.Commission, swept []scheduler.Swept) string {
	body, _ := json.Marshal(swept) // strings and numbers
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %t %s", errand, order.Team, order.Connector, order.Orphans, body))
	return hex.EncodeToString(sum[:16])
}

// begins keeps what was confirmed, before anything of it goes out.
func begins(ctx context.Context, orders scheduler.Orders, order *work.Commission, done *view.Undone) error {
	order.Targets = planned(done)
	order.Number = done.Errand.Outcome.Number
	begun, err := orders.BeginCommission(ctx, order.ID, order.Number, order.Targets)
	if err != nil {
		return err
	}
	if !begun {
		return view.ErrBrokenOff
	}
	order.Stage = work.Begun
	return nil
}

// carries writes what was confirmed.
func carries(ctx context.Context, db scheduler.Store, cycle *scheduler.Cycle, order *work.Commission, done *view.Undone) (err error) {
	confirmed := targetsOf(order)
	if order.Errand == work.Retire && !order.Orphans { // before anything is removed, so that nobody writes it again
		kind, name := retiredAs(order.Team, order.Connector)
		if err := db.Retire(ctx, plan.Retirement{Kind: kind, Name: name, By: order.By}); err != nil {
			return err
		}
	}
	done.Report, err = cycle.Carry(ctx, done.Errand, func(e plan.Planned) bool { return confirmed[e.Target] })
	if err != nil {
		return err
	}
	done.Carried = true
	if order.Errand != work.Retire {
		return nil
	}
	done.Swept = cycle.Sweep(ctx, done.Errand, false)
	scope := &undo.Scope{Team: order.Team, Connector: order.Connector}
	if order.Orphans {
		scope = nil
	}
	_, err = cycle.Forget(ctx, done.Errand, scope, done.Swept)
	return err
}

// arrivedOf counts the edits of an order that arrived before it was taken up
// again.
func arrivedOf(ctx context.Context, past scheduler.Past, order *work.Commission) (n int, err error) {
	mine := targetsOf(order)
	written, err := past.Written(ctx, order.Number)
	for i := range written {
		if e := &written[i].Edit; e.Errand == order.Errand && e.By == order.By && mine[e.Target] {
			n++
		}
	}
	return n, err
}

// refuseElsewhere refuses an order of which nothing was done, since other nodes
// keep their duties.
func (s *session) refuseElsewhere(ctx context.Context, duties []string) error {
	order, found, err := s.store.NextCommission(ctx)
	if err != nil || !found || order.Stage != work.Placed {
		return err
	}
	held, err := s.store.Held(ctx)
	if err != nil {
		return err
	}
	var told []string
	for _, duty := range duties {
		who := "nobody yet"
		if i := slices.IndexFunc(held, func(l work.Lease) bool { return l.Duty == duty }); i >= 0 {
			who = "node " + held[i].Node
		}
		told = append(told, duty+" ("+who+")")
	}
	err = fmt.Errorf("%w that an order needs here: %s", view.ErrElsewhere, strings.Join(told, ", "))
	return s.conclude(ctx, s.store, &order, &view.Undone{}, err)
}

func closeAll(all []*connectors.Connector) {
	for _, c := range all {
		if c.Close != nil {
			_ = c.Close() // it was only read by
		}
	}
}
