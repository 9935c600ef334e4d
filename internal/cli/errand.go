package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"
)

// errand is what a person wants put back or removed, and how it is asked and
// told.
type errand struct {
	order work.Commission
	// check finds names that the settings and rules do not have.
	check func(s *setup) error
	title string
	// question is asked before anything is written; empty counts the edits.
	question string
	// notes are said below the plan, after below what was done.
	notes []string
	after string
	// dry only shows, yes does not ask.
	dry, yes bool
}

// clerk plans an errand and carries it out: alone, or by the daemon that has
// the store.
type clerk interface {
	plan(ctx context.Context, order work.Commission) (view.Order, error)
	// carry writes what was planned. The error is view.ErrStale where the plan
	// would be another one by now.
	carry(ctx context.Context, order work.Commission, planned view.Order) (view.Order, error)
}

// run does an errand: by itself where nobody works on the store, else by the
// daemon, since two processes never write from one store.
func (e *errand) run(a *app, cmd *cobra.Command) error {
	if a.json && !e.yes && !e.dry {
		return wrong("%s --json asks nobody; add --dry-run to look, or --yes to write", cmd.Name())
	}
	e.order.By = person()
	s, inUse := a.work(cmd)
	if errors.Is(inUse, store.ErrInUse) {
		return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
			if alive, err := db.Alive(ctx); err != nil || len(alive) == 0 { // another command has it
				return errors.Join(err, inUse)
			}
			return e.settle(ctx, a, s, db, &ordering{app: a, db: db})
		})
	}
	if inUse != nil {
		return inUse
	}
	defer s.end()
	return e.settle(cmd.Context(), a, s.setup, s.store, &working{s: s})
}

// settle plans, shows, asks, writes and tells.
func (e *errand) settle(ctx context.Context, a *app, s *setup, db *store.Store, by clerk) error {
	if err := e.check(s); err != nil {
		return err
	}
	planned, err := by.plan(ctx, e.order)
	if err != nil {
		return e.explain(ctx, db, err)
	}
	if e.dry || !e.yes {
		if err := e.show(a, &planned); err != nil || e.dry {
			return err
		}
		if ok, err := e.ask(a, &planned); err != nil || !ok {
			return err
		}
	}
	done, err := by.carry(ctx, e.order, planned)
	for tries := 1; e.yes && errors.Is(err, view.ErrStale) && tries < mostAttempts; tries++ { // nobody asked to see it
		if planned, err = by.plan(ctx, e.order); err == nil {
			done, err = by.carry(ctx, e.order, planned)
		}
	}
	if err != nil {
		return e.explain(ctx, db, err)
	}
	return e.tell(a, &done)
}

func (e *errand) ask(a *app, planned *view.Order) (bool, error) {
	if e.question != "" {
		return a.confirm(e.question)
	}
	n := 0
	for _, edit := range planned.Edits {
		if !isShut(edit.Gate) {
			n++
		}
	}
	return a.ask(n)
}

// explain says in the words of a terminal why an errand cannot be done.
func (e *errand) explain(ctx context.Context, db *store.Store, err error) error {
	switch {
	case errors.Is(err, view.ErrNoItem):
		return wrong("there is no item %q, or several; name it as CONNECTOR:KEY, such as jira:PAY-12", e.order.Item)
	case errors.Is(err, view.ErrNoRun):
		return noSuchRun(ctx, db, e.order.Run)
	case errors.Is(err, view.ErrStale):
		return refused("something changed meanwhile: what would be written now is not what you saw; type the same again, and look. Nothing was written")
	case errors.Is(err, view.ErrBusy):
		return refused("something else is being put back or removed at this moment; try again once it is done: tandem status")
	case errors.Is(err, view.ErrElsewhere):
		return refused("%w; see what these nodes do: tandem status. Nodes of an older version do not give duties away: stop them first", err)
	case errors.Is(err, view.ErrUnread):
		return refused("the daemon has decided nothing yet that an errand could start from; try again in a minute: tandem status")
	case errors.Is(err, view.ErrBrokenOff):
		return refused("it was broken off: no node brought it to its end. Type the same again: what is done stays so, and nothing is done twice")
	default:
		return err
	}
}

// working works by itself.
type working struct {
	s    *session
	done view.Undone
}

func (w *working) plan(ctx context.Context, order work.Commission) (view.Order, error) {
	report, err := w.s.prepare(ctx)
	if err != nil {
		return view.Order{}, err
	}
	w.done = view.Undone{}
	if err := w.s.planned(ctx, w.s.cycle, &order, report, &w.done); err != nil {
		return view.Order{}, err
	}
	if order.Errand == work.Undo && order.Run > 0 && len(w.done.Errand.Writes) == 0 {
		return view.Order{}, view.ErrNoRun
	}
	return view.OrderOf(&order, &w.done, w.s.who), nil
}

func (w *working) carry(ctx context.Context, order work.Commission, _ view.Order) (view.Order, error) {
	order.Targets = planned(&w.done)
	if err := carries(ctx, w.s.store, w.s.cycle, &order, &w.done); err != nil {
		return view.Order{}, err
	}
	return view.OrderOf(&order, &w.done, w.s.who), nil
}

// planned are the targets of an errand's plan.
func planned(done *view.Undone) (all []work.Target) {
	for i := range done.Errand.Outcome.Plan.Edits {
		all = append(all, done.Errand.Outcome.Plan.Edits[i].Target)
	}
	return all
}

// isShut reports that a gate opens for nobody here.
func isShut(g plan.Gate) bool {
	return g == plan.Observed || g == plan.Paused || g == plan.Retired || g == plan.Frozen || g == plan.FirstRead
}
