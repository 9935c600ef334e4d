package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

func (a *app) undoCommand() *cobra.Command {
	e := &errand{
		order: work.Commission{Errand: work.Undo},
		after: "What was put back is yours: Tandem holds its own value there. tandem explain REF shows it, tandem release REF FIELD ends it.",
	}
	cmd := &cobra.Command{
		Use: "undo [RUN]", Short: "Put back what stood there before Tandem wrote, except where somebody changed it since",
		Long: "undo puts back what Tandem wrote in a run, or ever wrote at an item, for a field, or through a connector.\n" +
			"What somebody changed since is listed and left. What is put back counts as your value: Tandem holds its own\n" +
			"for as long as respect_for says, or until tandem release.\n" +
			"Beside a running daemon, the daemon does it, and goes on.",
		Example: "  tandem undo 12 --dry-run\n  tandem undo --item jira:PAY-12\n  tandem undo 12 --rule priority",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := undoes(&e.order, args); err != nil {
				return err
			}
			e.title = undoTitle(&e.order)
			e.check = func(s *setup) error { return s.checkUndo(&e.order) }
			return e.run(a, cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&e.order.Item, "item", "", "only at this item, such as jira:PAY-12")
	flags.StringVar(&e.order.Field, "rule", "", "only this field, such as priority")
	flags.StringVar(&e.order.Connector, "connector", "", "only through this connector")
	flags.BoolVar(&e.dry, "dry-run", false, "show what would be put back; write nothing")
	flags.BoolVar(&e.yes, "yes", false, "do not ask")
	return cmd
}

// undoes reads what is to be undone.
func undoes(order *work.Commission, args []string) error {
	if len(args) > 0 {
		run, err := strconv.ParseInt(strings.TrimPrefix(args[0], "#"), 10, 64)
		if err != nil || run < 1 {
			return wrong("%q is no number of a run; tandem runs lists them, or use --item, --rule, --connector", args[0])
		}
		order.Run = run
	}
	if order.Run == 0 && order.Item+order.Field+order.Connector == "" {
		return wrong("say what to undo: the number of a run, --item REF, --rule FIELD or --connector NAME")
	}
	return nil
}

// checkUndo finds names that there are none of.
func (s *setup) checkUndo(order *work.Commission) error {
	if err := s.checkConnector(order.Connector); err != nil {
		return err
	}
	if _, ok := work.ParseField(order.Field); order.Field != "" && !ok {
		return wrong("%q is no field; %s", order.Field, work.Suggest(order.Field, work.FieldNames()))
	}
	return nil
}

func (s *setup) checkConnector(name string) error {
	if _, known := s.schemas[name]; name != "" && !known {
		return wrong("there is no connector %q; %s", name, work.Suggest(name, s.connectorNames()))
	}
	return nil
}

func (s *setup) connectorNames() []string {
	names := make([]string, 0, len(s.instances))
	for _, i := range s.instances {
		names = append(names, i.name)
	}
	return names
}

func undoTitle(order *work.Commission) string {
	var parts []string
	if order.Run > 0 {
		parts = append(parts, fmt.Sprintf("of run %d", order.Run))
	}
	for _, p := range [][2]string{{"at", order.Item}, {"of", order.Field}, {"through", order.Connector}} {
		if p[1] != "" {
			parts = append(parts, p[0]+" "+p[1])
		}
	}
	return "Undo " + strings.Join(parts, " ")
}

// noSuchRun says which runs there are.
func noSuchRun(ctx context.Context, db *store.Store, run int64) error {
	runs, err := db.Runs(ctx, 5)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		return wrong("run %d wrote nothing, and no other did", run)
	}
	var shown []string
	for _, r := range runs {
		shown = append(shown, fmt.Sprintf("%d (%s, %s)", r.Run, r.Begun.Local().Format("2006-01-02 15:04"), plural(r.Edits, "edit", "edits")))
	}
	return wrong("run %d wrote nothing there; these wrote last: %s", run, strings.Join(shown, ", "))
}

// prepare reads everything, as plan does, and opens what reads fields that
// Tandem once wrote and no rule names any more.
func (s *session) prepare(ctx context.Context) (scheduler.Report, error) {
	if err := s.widen(ctx); err != nil {
		return scheduler.Report{}, err
	}
	return s.cycle.Plan(ctx)
}
