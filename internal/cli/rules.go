package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tandem/internal/store"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "Test and check the rules, or show how one item is routed"}
	cmd.AddCommand(a.rulesTestCommand(), a.rulesLintCommand(), a.rulesRouteCommand(), a.rulesPresetCommand())
	return cmd
}

func (a *app) rulesRouteCommand() *cobra.Command {
	return &cobra.Command{
		Use: "route REF", Short: "Show every condition that was tried for an item, with its values",
		Example: "  tandem rules route jira:PAY-12",
		Args:    exactArgs(1, "name the item, such as: tandem rules route jira:PAY-12"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				d, outcome, err := a.find(ctx, s, db, args[0])
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(outcome.Explain(s.rules, d).Route)
				}
				p := a.printer()
				p.line("%s  %s", d.Item.Key(), short(d.Item.Fields.Get(titleField).Text(), 70))
				x := outcome.Explain(s.rules, d)
				p.duty(d, x.Acting)
				p.route(x.Route)
				return p.err
			})
		},
	}
}
