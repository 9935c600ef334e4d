package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/scheduler"
)

// applyBeside approves edits of the newest plan of a running daemon, which
// writes them: two processes never write from one store.
func (a *app) applyBeside(cmd *cobra.Command, o applied) error {
	return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
		run, ok, err := db.LastRun(ctx)
		if err != nil {
			return err
		}
		if !ok {
			return wrong("a daemon runs on this store and has planned nothing yet; wait for its first cycle: tandem status")
		}
		shown := &engine.Outcome{Number: run.Seq, AsOf: run.AsOf, Plan: run.Plan, Twins: run.Twins}
		ap, err := approve(shown, o)
		if err != nil {
			return err
		}
		if !o.yes {
			if !a.json {
				a.printer().line("A daemon runs on this store: this is its newest plan, of %s.\n", run.At.Local().Format("2006-01-02 15:04:05"))
			}
			v := sheet{Report: scheduler.Report{Outcome: shown}, items: run.Items, who: s.who, forecast: s.foretell(ctx, a.logger(quiet(s.settings)), run.Plan.Edits)}
			if err := a.showPlan(v); err != nil {
				return err
			}
			if ok, err := a.askBeside(&ap, &run.Plan); err != nil || !ok {
				return err
			}
		}
		approvals := ap.approvals(run.Seq, &run.Plan, ap.waits)
		if err := db.Approve(ctx, approvals); err != nil {
			return err
		}
		return a.sayApproved(len(approvals), s.interval())
	})
}

func (a *app) sayApproved(n int, every time.Duration) error {
	if n == 0 {
		return a.say(map[string]any{"approved": 0}, "Nothing of it waits for a person.")
	}
	return a.say(map[string]any{"approved": n}, fmt.Sprintf(
		"%s approved. The daemon writes them with its next cycle, within %s, and what waits for the end of quiet hours after that.\n"+
			"tandem status counts those that still wait, tandem explain REF shows what was written. An approval ends where the plan changes first.",
		plural(n, "edit is", "edits are"), every))
}

// askBeside asks whether to approve, and whether quiet hours count.
func (a *app) askBeside(ap *approval, pl *plan.Plan) (bool, error) {
	edits, quiet := 0, 0
	for _, e := range pl.Edits {
		if !ap.waits(e) {
			continue
		}
		if edits++; e.Gate == plan.Quiet {
			quiet++
		}
	}
	if edits == 0 {
		_, err := fmt.Fprintln(a.streams.Out, "There is nothing to approve.")
		return false, err
	}
	in := bufio.NewReader(a.streams.In)
	yes, err := a.answer(in, fmt.Sprintf("Approve %s?", plural(edits, "edit", "edits")))
	if err != nil {
		return false, err
	}
	if !yes {
		_, err = fmt.Fprintln(a.streams.Out, "Nothing was approved.")
		return false, err
	}
	if quiet > 0 && !ap.quiet {
		question := plural(quiet, "of them waits", "of them wait") + " for the end of quiet hours. Write now all the same?"
		// No answer is a no: who pipes one yes did not mean the night.
		if ap.quiet, err = a.answer(in, question); err != nil && !errors.Is(err, errNobody) {
			return false, err
		}
	}
	return true, nil
}

// waits reports whether an edit is one of those that were picked and waits for
// a person, now or after a window.
func (ap approval) waits(e plan.Planned) bool {
	return (ap.picked == nil || ap.picked[e.ID]) && (ap.team == "" || e.Team == ap.team) && plan.Unapprovable(e.Gate) == ""
}

// approvals are what a person lets out of what would not go by itself.
func (ap approval) approvals(run int64, pl *plan.Plan, lets func(plan.Planned) bool) []plan.Approval {
	ids := map[string]bool{}
	for i := range pl.Edits {
		if e := &pl.Edits[i]; e.Gate != plan.Ready && lets(*e) {
			ids[e.ID] = true
		}
	}
	all, _ := plan.Approve(pl, run, ids, person(), ap.quiet)
	return all
}
