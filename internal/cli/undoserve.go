package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/api"
	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

// undoFor carries out what clients of the API order, in place of the jobs of a
// host: the same as tandem undo does alone.
func (s *session) undoFor(host *jobs.Host) func(context.Context, api.UndoOrder) (api.Undone, error) {
	return func(ctx context.Context, o api.UndoOrder) (done api.Undone, err error) {
		err = host.Alone(ctx, func(ctx context.Context, c scheduler.Config) error {
			done, err = s.undoOrder(ctx, c, &o)
			return err
		})
		if elsewhere, ok := errors.AsType[*jobs.ElsewhereError](err); ok {
			return done, s.elsewhere(ctx, elsewhere.Duties)
		}
		if errors.Is(err, jobs.ErrBusy) {
			return done, fmt.Errorf("%w: %w", api.ErrBusy, err)
		}
		if err == nil && done.Carried {
			s.tell(done.Report)
		}
		return done, err
	}
}

// undoOrder plans an undo, and writes where the client confirmed this plan.
func (s *session) undoOrder(ctx context.Context, c scheduler.Config, o *api.UndoOrder) (done api.Undone, err error) {
	live, wide, err := s.widened(ctx, c.Connectors)
	defer closeAll(wide)
	if err != nil {
		return done, err
	}
	c.Connectors = live
	cycle := scheduler.New(c)
	report, err := cycle.Plan(ctx)
	if err != nil {
		return done, err
	}
	if report.Outcome == nil { // feedback is still being tied to work
		return done, api.ErrUnread
	}
	if o.Item != "" {
		d, ok := report.Outcome.FindKey(o.Item)
		if !ok {
			return done, api.ErrNoItem
		}
		for _, p := range d.Item.Parts {
			o.Scope.Refs = append(o.Scope.Refs, p.RefID)
		}
	}
	if done.Errand, err = cycle.PlanUndo(ctx, o.Run, o.Scope, o.By); err != nil {
		return done, err
	}
	switch {
	case o.Run > 0 && len(done.Errand.Writes) == 0:
		return done, api.ErrNoRun
	case o.Confirm == "":
		return done, nil
	case o.Confirm != done.Errand.Hash():
		return done, api.ErrStale
	}
	done.Report, err = cycle.Carry(ctx, done.Errand, func(plan.Planned) bool { return true })
	done.Carried = err == nil
	return done, err
}

// elsewhere says which nodes have the duties.
func (s *session) elsewhere(ctx context.Context, duties []string) error {
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
	return fmt.Errorf("%w that an undo needs here: %s", api.ErrElsewhere, strings.Join(told, ", "))
}

func closeAll(all []*connectors.Connector) {
	for _, c := range all {
		if c.Close != nil {
			_ = c.Close() // it was only read by
		}
	}
}
