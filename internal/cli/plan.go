package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

func (a *app) planCommand() *cobra.Command {
	var every bool
	cmd := &cobra.Command{
		Use: "plan", Short: "Read everything and show what would be written, and why; write nothing",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.work(cmd)
			if errors.Is(err, store.ErrInUse) {
				return a.planBeside(cmd, every)
			}
			if err != nil {
				return err
			}
			defer s.end()
			if err := s.expire(cmd.Context()); err != nil {
				return err
			}
			report, err := s.cycle.Plan(cmd.Context())
			if err != nil {
				return err
			}
			v := s.view(cmd.Context(), report, every)
			if v.orphans, err = s.orphans(cmd.Context(), s.store, report.Outcome); err != nil {
				return err
			}
			if err := a.showPlan(v); err != nil {
				return err
			}
			return unread(report)
		},
	}
	cmd.Flags().BoolVar(&every, "all", false, "show every edit and hold")
	return cmd
}

// view asks the connectors what writing the plan would set off.
func (s *session) view(ctx context.Context, r scheduler.Report, every bool) sheet {
	v := sheet{Report: r, who: s.who, every: every}
	var edits []work.Edit
	for i := range r.Outcome.Plan.Edits {
		if e := &r.Outcome.Plan.Edits[i]; e.Gate != plan.Observed {
			edits = append(edits, e.Edit)
		}
	}
	v.forecast = s.forecast(ctx, edits)
	return v
}

// who names a person as the rules do; the service's own id where they do not.
func (s *setup) who(connector, id string) string {
	if name, ok := s.rules.Org().PersonByNative(connector, id); ok {
		return name
	}
	return id
}

// planBeside shows the plan from what a running daemon has read.
func (a *app) planBeside(cmd *cobra.Command, every bool) error {
	return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
		snapshot, err := db.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
		if err != nil {
			return err
		}
		outcome := engine.Evaluate(s.rules, snapshot)
		outcome.Gate(s.guardNow(), snapshot)
		last, _, err := db.LastMade(ctx)
		if err != nil {
			return err
		}
		outcome.Number = last.Run
		if outcome.Stability, err = scheduler.Compare(ctx, db, s.rules, &snapshot, &outcome); err != nil {
			return err
		}
		if !a.json {
			a.printer().line("A daemon runs on this store: this is the plan from what it has read.\n")
		}
		orphans, err := s.orphans(ctx, db, &outcome)
		if err != nil {
			return err
		}
		return a.showPlan(sheet{
			Report: scheduler.Report{Outcome: &outcome}, who: s.who, every: every, orphans: orphans,
			forecast: s.foretell(ctx, a.logger(quiet(s.settings)), outcome.Plan.Edits),
		})
	})
}

// ask asks whether to write so many edits.
func (a *app) ask(edits int) (bool, error) {
	if edits == 0 {
		_, err := fmt.Fprintln(a.streams.Out, "There is nothing to write.")
		return false, err
	}
	return a.confirm("Write " + plural(edits, "edit", "edits"))
}

// confirm asks a question that y answers with yes.
func (a *app) confirm(question string) (bool, error) {
	if _, err := fmt.Fprintf(a.streams.Out, "\n%s? [y/N] ", question); err != nil {
		return false, err
	}
	answer, err := bufio.NewReader(a.streams.In).ReadString('\n')
	if err != nil && answer == "" {
		return false, wrong("nobody answered; add --yes to write without asking")
	}
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
		return true, nil
	}
	_, err = fmt.Fprintln(a.streams.Out, "Nothing was written.")
	return false, err
}
