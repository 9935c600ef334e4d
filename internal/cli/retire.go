package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// retireChoice is what a person wants to be rid of.
type retireChoice struct {
	team, connector string
	orphans         bool
	dry, yes        bool
}

func (a *app) retireCommand() *cobra.Command {
	var c retireChoice
	cmd := &cobra.Command{
		Use: "retire", Short: "Remove every trace of Tandem, from a team, a connector or everything, and write there no more",
		Long: "retire takes away what Tandem wrote: labels, their definitions where nobody else uses them, markers, links and\n" +
			"comments. It puts back the values that stood there before, where nobody changed them since, and leaves the order\n" +
			"of backlogs. Then nothing is written there until tandem resume --team (or --connector, --all).\n" +
			"With --orphans it removes only what no rule and no setting owns any more, and retires nothing.",
		Example: "  tandem retire --team pay --dry-run\n  tandem retire --connector github\n  tandem retire --orphans",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.json && !c.yes && !c.dry {
				return wrong("retire --json asks nobody; add --dry-run to look, or --yes to write")
			}
			s, err := a.work(cmd)
			if err != nil {
				return err
			}
			defer s.end()
			if err := c.check(s); err != nil {
				return err
			}
			return a.retire(cmd.Context(), s, &c)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.team, "team", "", "only the places of this team")
	flags.StringVar(&c.connector, "connector", "", "only this connector")
	flags.BoolVar(&c.orphans, "orphans", false, "only what no rule and no setting owns any more")
	flags.BoolVar(&c.dry, "dry-run", false, "show what would be removed; write nothing")
	flags.BoolVar(&c.yes, "yes", false, "do not ask")
	cmd.MarkFlagsMutuallyExclusive("team", "connector", "orphans")
	return cmd
}

func (c *retireChoice) check(s *session) error {
	if _, known := s.rules.Org().Team(c.team); c.team != "" && !known {
		return wrong("there is no team %q; %s", c.team, work.Suggest(c.team, s.rules.Org().TeamNames()))
	}
	if _, known := s.schemas[c.connector]; c.connector != "" && !known {
		return wrong("there is no connector %q; %s", c.connector, work.Suggest(c.connector, s.connectorNames()))
	}
	return nil
}

func (c *retireChoice) title() string {
	if c.orphans {
		return "Remove what is no longer ours"
	}
	kind, name := retiredAs(c.team, c.connector)
	return "Retire " + plan.Retirement{Kind: kind, Name: name}.String()
}

// retire plans, shows, asks, and removes.
func (a *app) retire(ctx context.Context, s *session, c *retireChoice) error {
	report, err := s.prepare(ctx)
	if err != nil {
		return err
	}
	scope := undo.Scope{Team: c.team, Connector: c.connector}
	errand, err := c.plan(ctx, s, report.Outcome, scope)
	if err != nil {
		return err
	}
	v := errandView{Errand: errand, title: c.title(), who: s.who, notes: c.notes(), swept: s.cycle.Sweep(ctx, errand, true)}
	if c.dry || !c.yes {
		if err := a.showErrand(v); err != nil || c.dry {
			return err
		}
		if ok, err := a.confirm(c.title()); err != nil || !ok {
			return err
		}
	}
	if !c.orphans { // before anything is removed, so that no daemon writes it again
		kind, name := retiredAs(c.team, c.connector)
		if err := s.store.Retire(ctx, plan.Retirement{Kind: kind, Name: name, By: person()}); err != nil {
			return err
		}
	}
	done, err := s.cycle.Carry(ctx, errand, func(plan.Planned) bool { return true })
	if err != nil {
		return err
	}
	v.swept = s.cycle.Sweep(ctx, errand, false)
	forget := &scope
	if c.orphans {
		forget = nil
	}
	if _, err := s.cycle.Forget(ctx, errand, forget, v.swept); err != nil {
		return err
	}
	return a.showCarried(v, done, c.yes, "")
}

func (c *retireChoice) plan(ctx context.Context, s *session, o *engine.Outcome, scope undo.Scope) (scheduler.Errand, error) {
	if !c.orphans {
		return s.cycle.PlanRetire(ctx, scope, person())
	}
	orphans, err := s.orphans(ctx, s.store, o)
	if err != nil {
		return scheduler.Errand{}, err
	}
	return s.cycle.PlanRelease(ctx, orphans, person())
}

// notes say what stays whatever Tandem does.
func (c *retireChoice) notes() []string {
	if c.orphans {
		return nil
	}
	return []string{
		"Webhooks that people entered at a service stay there: remove them where you entered them.",
		"The history of each record still tells that Tandem was there.",
		"Nothing is written there any more until: tandem resume " + resumeFlag(strings.TrimPrefix(c.title(), "Retire ")),
	}
}
