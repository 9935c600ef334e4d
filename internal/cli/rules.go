package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "Test the rules, or show how one item is routed"}
	cmd.AddCommand(a.rulesTestCommand(), a.rulesRouteCommand(), a.rulesPresetCommand())
	return cmd
}

func (a *app) rulesTestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "test", Short: "Run the cases that stand under tests: in the rule files",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.load(cmd)
			if err != nil {
				return err
			}
			results, problems := s.rules.Test(time.Now().UTC().Truncate(24 * time.Hour))
			if len(problems) > 0 {
				return s.rulesDoc.Diagnose(problems)
			}
			return a.showTests(results)
		},
	}
}

func (a *app) showTests(results []engine.TestResult) error {
	failed := 0
	for _, r := range results {
		if len(r.Wrong) > 0 {
			failed++
		}
	}
	if a.json {
		if err := a.printJSON(map[string]any{"passed": len(results) - failed, "failed": failed, "cases": results}); err != nil {
			return err
		}
	} else {
		p := a.printer()
		for _, r := range results {
			if len(r.Wrong) == 0 {
				p.line("ok    %s", r.Name)
				continue
			}
			p.line("WRONG %s", r.Name)
			for _, w := range r.Wrong {
				p.line("      %s (%s)", w, r.Because)
			}
		}
		if len(results) == 0 {
			p.line("The rule files have no tests:. A case looks like this:\n\n" +
				"tests:\n  - {name: a severe bug goes to the PO, item: {kind: bug, severity: 1}, want: {accountable: po}}")
		} else {
			p.line("\n%d passed, %d failed", len(results)-failed, failed)
		}
		if p.err != nil {
			return p.err
		}
	}
	if failed > 0 {
		return refused("%s of the rules failed", plural(failed, "test", "tests"))
	}
	return nil
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
