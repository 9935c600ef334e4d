package cli

import (
	"context"
	"errors"
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
			s, err := a.begin(cmd)
			if errors.Is(err, store.ErrInUse) {
				return a.planBeside(cmd, every)
			}
			if err != nil {
				return err
			}
			defer s.end()
			report, err := s.cycle.Plan(cmd.Context())
			if err != nil {
				return err
			}
			if err := a.showPlan(s.view(cmd.Context(), report, every)); err != nil {
				return err
			}
			return unread(report)
		},
	}
	cmd.Flags().BoolVar(&every, "all", false, "show every edit and hold")
	return cmd
}

// view asks the connectors what writing the plan would set off.
func (s *session) view(ctx context.Context, r scheduler.Report, every bool) view {
	v := view{Report: r, who: s.who, every: every}
	byConnector := map[string][]work.Edit{}
	for _, e := range r.Outcome.Plan.Edits {
		if e.Gate != plan.Observed {
			byConnector[e.Target.Connector] = append(byConnector[e.Target.Connector], e.Edit)
		}
	}
	for _, l := range s.live {
		if edits := byConnector[l.Name]; l.Conn.Forecaster != nil && len(edits) > 0 {
			v.forecast = append(v.forecast, l.Conn.Forecaster.Forecast(ctx, edits)...)
		}
	}
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
		if run, ok, err := db.LastRun(ctx); err == nil && ok {
			outcome.Number = run.Seq
		}
		if !a.json {
			a.printer().line("A daemon runs on this store: this is the plan from what it has read.\n")
		}
		return a.showPlan(view{Report: scheduler.Report{Outcome: &outcome}, who: s.who, every: every})
	})
}
