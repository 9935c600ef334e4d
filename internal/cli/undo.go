package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// undoChoice is what a person wants undone.
type undoChoice struct {
	run                   int64
	item, rule, connector string
	dry, yes              bool
}

func (a *app) undoCommand() *cobra.Command {
	var u undoChoice
	cmd := &cobra.Command{
		Use: "undo [RUN]", Short: "Put back what stood there before Tandem wrote, except where somebody changed it since",
		Long: "undo puts back what Tandem wrote in a run, or ever wrote at an item, for a field, or through a connector.\n" +
			"What somebody changed since is listed and left. What is put back counts as your value: Tandem holds its own\n" +
			"for as long as respect_for says, or until tandem release.",
		Example: "  tandem undo 12 --dry-run\n  tandem undo --item jira:PAY-12\n  tandem undo 12 --rule priority",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := u.parse(args); err != nil {
				return err
			}
			if a.json && !u.yes && !u.dry {
				return wrong("undo --json asks nobody; add --dry-run to look, or --yes to write")
			}
			s, err := a.work(cmd)
			if err != nil {
				return err
			}
			defer s.end()
			return a.undo(cmd.Context(), s, &u)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&u.item, "item", "", "only at this item, such as jira:PAY-12")
	flags.StringVar(&u.rule, "rule", "", "only this field, such as priority")
	flags.StringVar(&u.connector, "connector", "", "only through this connector")
	flags.BoolVar(&u.dry, "dry-run", false, "show what would be put back; write nothing")
	flags.BoolVar(&u.yes, "yes", false, "do not ask")
	return cmd
}

func (u *undoChoice) parse(args []string) error {
	if len(args) > 0 {
		run, err := strconv.ParseInt(strings.TrimPrefix(args[0], "#"), 10, 64)
		if err != nil || run < 1 {
			return wrong("%q is no number of a run; tandem explain and tandem plan name them, or use --item, --rule, --connector", args[0])
		}
		u.run = run
	}
	if u.run == 0 && u.item+u.rule+u.connector == "" {
		return wrong("say what to undo: the number of a run, --item REF, --rule FIELD or --connector NAME")
	}
	return nil
}

// scope turns names into what the store knows.
func (u *undoChoice) scope(s *session, o *engine.Outcome) (undo.Scope, error) {
	scope := undo.Scope{Connector: u.connector}
	if _, known := s.schemas[u.connector]; u.connector != "" && !known {
		return scope, wrong("there is no connector %q; %s", u.connector, work.Suggest(u.connector, s.connectorNames()))
	}
	if u.rule != "" {
		field, ok := work.ParseField(u.rule)
		if !ok {
			return scope, wrong("%q is no field; %s", u.rule, work.Suggest(u.rule, work.FieldNames()))
		}
		scope.Fields = []work.Field{field}
	}
	if u.item != "" {
		d, ok := o.FindKey(u.item)
		if !ok {
			return scope, wrong("there is no item %q, or several; name it as CONNECTOR:KEY, such as jira:PAY-12", u.item)
		}
		for _, p := range d.Item.Parts {
			scope.Refs = append(scope.Refs, p.RefID)
		}
	}
	return scope, nil
}

func (s *setup) connectorNames() []string {
	names := make([]string, 0, len(s.instances))
	for _, i := range s.instances {
		names = append(names, i.name)
	}
	return names
}

// undo plans, shows, asks and writes.
func (a *app) undo(ctx context.Context, s *session, u *undoChoice) error {
	report, err := s.prepare(ctx)
	if err != nil {
		return err
	}
	scope, err := u.scope(s, report.Outcome)
	if err != nil {
		return err
	}
	errand, err := s.cycle.PlanUndo(ctx, u.run, scope, person())
	if err != nil {
		return err
	}
	if u.run > 0 && len(errand.Writes) == 0 {
		return s.noSuchRun(ctx, u.run)
	}
	v := errandView{Errand: errand, title: u.title(), who: s.who}
	if u.dry || !u.yes {
		if err := a.showErrand(v); err != nil || u.dry {
			return err
		}
		if ok, err := a.ask(sendable(errand.Outcome)); err != nil || !ok {
			return err
		}
	}
	done, err := s.cycle.Carry(ctx, errand, func(plan.Planned) bool { return true })
	if err != nil {
		return err
	}
	return a.showCarried(v, done, u.yes,
		"What was put back is yours: Tandem holds its own value there. tandem explain REF shows it, tandem release REF FIELD ends it.")
}

func (u *undoChoice) title() string {
	var parts []string
	if u.run > 0 {
		parts = append(parts, fmt.Sprintf("of run %d", u.run))
	}
	for _, p := range [][2]string{{"at", u.item}, {"of", u.rule}, {"through", u.connector}} {
		if p[1] != "" {
			parts = append(parts, p[0]+" "+p[1])
		}
	}
	return "Undo " + strings.Join(parts, " ")
}

// noSuchRun says which runs there are.
func (s *session) noSuchRun(ctx context.Context, run int64) error {
	runs, err := s.store.Runs(ctx, 5)
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
