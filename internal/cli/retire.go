package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func (a *app) retireCommand() *cobra.Command {
	e := &errand{order: work.Commission{Errand: work.Retire}}
	cmd := &cobra.Command{
		Use: "retire", Short: "Remove every trace of Tandem, from a team, a connector or everything, and write there no more",
		Long: "retire takes away what Tandem wrote: labels, their definitions where nobody else uses them, markers, links and\n" +
			"comments. It puts back the values that stood there before, where nobody changed them since, and leaves the order\n" +
			"of backlogs. Then nothing is written there until tandem resume --team (or --connector, --all).\n" +
			"With --orphans it removes only what no rule and no setting owns any more, and retires nothing.\n" +
			"Beside a running daemon, the daemon does it, and goes on.",
		Example: "  tandem retire --team pay --dry-run\n  tandem retire --connector github\n  tandem retire --orphans",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e.title = retireTitle(&e.order)
			e.question, e.notes = e.title, retireNotes(&e.order)
			e.check = func(s *setup) error { return s.checkRetire(&e.order) }
			return e.run(a, cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&e.order.Team, "team", "", "only the places of this team")
	flags.StringVar(&e.order.Connector, "connector", "", "only this connector")
	flags.BoolVar(&e.order.Orphans, "orphans", false, "only what no rule and no setting owns any more")
	flags.BoolVar(&e.dry, "dry-run", false, "show what would be removed; write nothing")
	flags.BoolVar(&e.yes, "yes", false, "do not ask")
	cmd.MarkFlagsMutuallyExclusive("team", "connector", "orphans")
	return cmd
}

// checkRetire finds names that there are none of.
func (s *setup) checkRetire(order *work.Commission) error {
	if _, known := s.rules.Org().Team(order.Team); order.Team != "" && !known {
		return wrong("there is no team %q; %s", order.Team, work.Suggest(order.Team, s.rules.Org().TeamNames()))
	}
	return s.checkConnector(order.Connector)
}

func retireTitle(order *work.Commission) string {
	if order.Orphans {
		return "Remove what is no longer ours"
	}
	kind, name := retiredAs(order.Team, order.Connector)
	return "Retire " + plan.Retirement{Kind: kind, Name: name}.String()
}

// retireNotes say what stays whatever Tandem does.
func retireNotes(order *work.Commission) []string {
	if order.Orphans {
		return nil
	}
	return []string{
		"Webhooks that people entered at a service stay there: remove them where you entered them.",
		"The history of each record still tells that Tandem was there.",
		"Nothing is written there any more until: tandem resume " + resumeFlag(strings.TrimPrefix(retireTitle(order), "Retire ")),
	}
}
