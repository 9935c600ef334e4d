package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/plan"
	"tandem/internal/store"
)

func (a *app) resumeCommand() *cobra.Command {
	var team, connector string
	var all bool
	cmd := &cobra.Command{
		Use: "resume", Short: "Let Tandem write again, after a pause or a retirement",
		Example: "  tandem resume\n  tandem resume --team pay",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			kind, name := retiredAs(team, connector)
			return a.desk(cmd, func(ctx context.Context, _ *setup, db *store.Store) error {
				if kind == plan.RetiredAll && !all {
					return a.unpause(ctx, db)
				}
				was, err := db.Recall(ctx, kind, name)
				if err != nil {
					return err
				}
				r := plan.Retirement{Kind: kind, Name: name}
				if !was {
					return wrong("%s is not retired; tandem status shows what is", r)
				}
				return a.say(map[string]any{"resumed": r.String()},
					"Tandem writes again there from the next cycle on: "+r.String()+". It begins as on its first day; look first with: tandem plan")
			})
		},
	}
	cmd.Flags().StringVar(&team, "team", "", "end the retirement of this team")
	cmd.Flags().StringVar(&connector, "connector", "", "end the retirement of this connector")
	cmd.Flags().BoolVar(&all, "all", false, "end the retirement of everything")
	cmd.MarkFlagsMutuallyExclusive("team", "connector", "all")
	return cmd
}

func (a *app) unpause(ctx context.Context, db *store.Store) error {
	if err := db.Pause(ctx, false, person(), ""); err != nil {
		return err
	}
	return a.say(map[string]any{"paused": false}, "Tandem writes again from the next cycle on.")
}

// retiredAs is the retirement that flags mean.
func retiredAs(team, connector string) (kind, name string) {
	switch {
	case team != "":
		return plan.RetiredTeam, team
	case connector != "":
		return plan.RetiredConnector, connector
	default:
		return plan.RetiredAll, ""
	}
}

// resumeFlag is the flag that ends a retirement.
func resumeFlag(retirement string) string {
	if kind, name, ok := strings.Cut(retirement, " "); ok {
		return "--" + kind + " " + name
	}
	return "--all"
}
