package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/plan"
	"tandem/internal/store"
)

func (a *app) resumeCommand() *cobra.Command {
	var team, connector, over string
	var all, here bool
	cmd := &cobra.Command{
		Use: "resume", Short: "Let Tandem write again, after a pause or a retirement",
		Example: "  tandem resume\n  tandem resume --team pay\n  tandem resume --here",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			kind, name := retiredAs(team, connector)
			return a.desk(cmd, func(ctx context.Context, _ *setup, db *store.Store) error {
				if over != "" {
					return a.takeOver(ctx, db, over)
				}
				if here {
					return a.adopt(ctx, db)
				}
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
	cmd.Flags().BoolVar(&here, "here", false, "the store was moved here and is the only one: write from here")
	cmd.Flags().StringVar(&over, "over", "", "take over from another Tandem that is gone for good, named as INSTANCE/STORE")
	cmd.MarkFlagsMutuallyExclusive("team", "connector", "all", "here", "over")
	return cmd
}

func (a *app) unpause(ctx context.Context, db *store.Store) error {
	if err := db.Pause(ctx, false, person(), ""); err != nil {
		return err
	}
	if f, err := db.Figures(ctx); err != nil {
		return err
	} else if f.Copied != nil {
		return wrong("still nothing is written: %s. Where the original writes no more: tandem resume --here", f.Copied)
	}
	return a.say(map[string]any{"paused": false}, "Tandem writes again from the next cycle on.")
}

// adopt lets a store that was copied or moved write from where it is.
func (a *app) adopt(ctx context.Context, db *store.Store) error {
	was, err := db.Adopt(ctx)
	if err != nil {
		return err
	}
	if !was {
		return a.say(map[string]any{"adopted": false}, "The store is where it belongs; nothing was changed.")
	}
	return a.say(map[string]any{"adopted": true},
		"This is the store now. Tandem writes from here from the next cycle on; the original must not be started again. Look first with: tandem plan")
}

// takeOver lets Tandem write where another one left its signature.
func (a *app) takeOver(ctx context.Context, db *store.Store, signature string) error {
	if instance, name, ok := strings.Cut(signature, "/"); !ok || instance == "" || name == "" {
		return wrong("%q names no Tandem; write it as the refusal does, INSTANCE/STORE: tandem status shows it under Set aside", signature)
	}
	if err := db.TakeOver(ctx, signature); err != nil {
		return err
	}
	n, err := db.Retry(ctx, "")
	if err != nil {
		return err
	}
	return a.say(map[string]any{"taken_over": signature, "released": n},
		fmt.Sprintf("What %s marked is ours now; %s again. Start the daemon anew.", signature, plural(n, "edit is tried", "edits are tried")))
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
