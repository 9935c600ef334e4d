package cli

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
)

// applied is what a person asks of tandem apply.
type applied struct {
	yes, quiet   bool
	team         string
	only, except []string
}

func (a *app) applyCommand() *cobra.Command {
	var o applied
	cmd := &cobra.Command{
		Use: "apply", Short: "Show the plan, ask, and write it; beside a running daemon, approve it",
		Example: "  tandem apply --team pay\n  tandem apply --only 'jira:PAY-12 priority'\n" +
			"  tandem apply --except 'jira:PAY-12 priority'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.apply(cmd, o) },
	}
	cmd.Flags().BoolVar(&o.yes, "yes", false, "do not ask; what waits for the end of quiet hours goes on waiting")
	cmd.Flags().StringVar(&o.team, "team", "", "approve the edits of this team only")
	cmd.Flags().StringArrayVar(&o.only, "only", nil, "write only this: a record, a field, 'RECORD FIELD' or the id of an edit (plan --json); may be repeated, and adds up")
	cmd.Flags().StringArrayVar(&o.except, "except", nil, "leave this out, named the same way; may be repeated")
	cmd.Flags().BoolVar(&o.quiet, "in-quiet-hours", false, "write what waits for the end of quiet hours too; nothing overrides a freeze")
	return cmd
}

func (a *app) apply(cmd *cobra.Command, o applied) error {
	s, err := a.work(cmd)
	if errors.Is(err, store.ErrInUse) {
		return a.applyBeside(cmd, o)
	}
	if err != nil {
		return err
	}
	defer s.end()
	report, err := s.cycle.Plan(cmd.Context())
	if err != nil {
		return err
	}
	ap, err := approve(report.Outcome, o)
	if err != nil {
		return err
	}
	if !o.yes {
		if err := a.showPlan(s.view(cmd.Context(), report, false)); err != nil {
			return err
		}
		if ok, err := a.askFor(&ap, &report.Outcome.Plan); err != nil || !ok {
			return err
		}
	}
	// Kept, so that they do not count for the brake, and go out later where a
	// service asks to wait.
	if err := s.store.Approve(cmd.Context(), ap.approvals(report.Outcome.Number, &report.Outcome.Plan, ap.lets)); err != nil {
		return err
	}
	report, err = s.cycle.Run(cmd.Context(), ap.lets)
	if err != nil {
		return err
	}
	return a.showApplied(report)
}

// approval approves what a person saw: edits of the shown plan, of one team or
// of all, those that were picked or all. An edit that is new since then waits
// for another look.
type approval struct {
	seen map[string]bool
	team string
	// picked are the only ones that go out; nil picks all.
	picked map[string]bool
	// quiet overrules quiet hours.
	quiet bool
}

func approve(shown *engine.Outcome, o applied) (approval, error) {
	ap := approval{seen: map[string]bool{}, team: o.team, quiet: o.quiet}
	for _, e := range shown.Plan.Edits {
		ap.seen[e.ID] = true
	}
	if len(o.only)+len(o.except) == 0 {
		return ap, nil
	}
	picked, unknown := plan.Select(shown.Plan.Edits, o.only)
	plan.WithMarks(shown.Plan.Edits, picked)
	if len(o.only) == 0 {
		picked = maps.Clone(ap.seen)
	}
	left, more := plan.Select(shown.Plan.Edits, o.except)
	for id := range left {
		delete(picked, id)
	}
	if unknown = slices.Concat(unknown, more); len(unknown) > 0 {
		return ap, wrong("no edit of the plan is named by %q; tandem plan --all lists records and fields, tandem plan --json ids", strings.Join(unknown, `", "`))
	}
	ap.picked = picked
	return ap, nil
}

// lets reports whether an edit goes out.
func (ap approval) lets(e plan.Planned) bool {
	if ap.picked != nil && !ap.picked[e.ID] {
		return false
	}
	switch e.Gate {
	case plan.Ready:
		return true
	case plan.NeedsApproval, plan.Braked, plan.Ramped:
		return ap.seen[e.ID] && (ap.team == "" || e.Team == ap.team)
	case plan.Quiet:
		return ap.quiet && ap.seen[e.ID] && (ap.team == "" || e.Team == ap.team)
	case plan.Observed, plan.Paused, plan.Frozen, plan.Retired, plan.FirstRead:
		return false
	default:
		return false
	}
}

// count returns how many edits would go out, and how many are let out and wait
// behind an earlier move of their backlog that is not.
func (ap approval) count(pl *plan.Plan) (out, behind int) {
	shut := map[plan.Scope]bool{}
	for _, e := range pl.Edits {
		scope := plan.ScopeOf(e.Edit)
		move := scope != plan.Scope{}
		switch lets := ap.lets(e); {
		case lets && move && shut[scope]:
			behind++
		case lets:
			out++
		case move:
			shut[scope] = true
		}
	}
	return out, behind
}

// askFor asks whether to write, and whether to do it in quiet hours.
func (a *app) askFor(ap *approval, pl *plan.Plan) (bool, error) {
	in := bufio.NewReader(a.streams.In)
	edits, behind := ap.count(pl)
	loud := *ap
	loud.quiet = true
	more, _ := loud.count(pl)
	more -= edits
	if behind > 0 {
		if _, err := fmt.Fprintf(a.streams.Out, "\n%s behind an earlier move of the same backlog that is not among these.\n", plural(behind, "move waits", "moves wait")); err != nil {
			return false, err
		}
	}
	if edits+more == 0 {
		_, err := fmt.Fprintln(a.streams.Out, "There is nothing to write.")
		return false, err
	}
	yes := false
	var err error
	if edits > 0 {
		if yes, err = a.answer(in, fmt.Sprintf("Write %s?", plural(edits, "edit", "edits"))); err != nil {
			return false, err
		}
	}
	if more > 0 && (yes || edits == 0) {
		question := plural(more, "edit waits", "edits wait") + " for the end of quiet hours. Write now all the same?"
		// No answer is a no: who pipes one yes did not mean the night.
		if ap.quiet, err = a.answer(in, question); err != nil && (edits == 0 || !errors.Is(err, errNobody)) {
			return false, err
		}
	}
	if yes || ap.quiet {
		return true, nil
	}
	_, err = fmt.Fprintln(a.streams.Out, "Nothing was written.")
	return false, err
}

var errNobody = errors.New("nobody answered; add --yes to write without asking")

// answer reads a yes from the person at the terminal.
func (a *app) answer(in *bufio.Reader, question string) (bool, error) {
	if _, err := fmt.Fprintf(a.streams.Out, "\n%s [y/N] ", question); err != nil {
		return false, err
	}
	answer, err := in.ReadString('\n')
	if err != nil && answer == "" {
		return false, codedError{exitWrong, errNobody}
	}
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y"), nil
}

// until shows the end of a window in the zone of this machine.
func until(t time.Time) string {
	if t.IsZero() {
		return "without an end"
	}
	return "until " + t.Local().Format("Mon 2006-01-02 15:04 MST")
}
