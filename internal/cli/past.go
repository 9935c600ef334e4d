package cli

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) runsCommand() *cobra.Command {
	limit := 20
	cmd := &cobra.Command{
		Use: "runs", Short: "List the runs that are kept, newest first; explain REF --run N tells what one decided",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 {
				return wrong("--limit %d lists nothing; write a number above 0", limit)
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				runs, err := db.KeptRuns(ctx, limit)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(map[string]any{"runs": append([]store.Kept{}, runs...), "rules_hash": s.rules.Hash(), "config_hash": s.hash})
				}
				rows := make([][]string, 0, len(runs))
				for _, r := range runs {
					note := ""
					if r.RulesHash != s.rules.Hash() {
						note = "other rules than today's"
					}
					rows = append(rows, []string{
						strconv.FormatInt(r.Number, 10), r.At.Local().Format("2006-01-02 15:04:05"), plural(r.Items, "item", "items"),
						plural(r.Edits, "edit", "edits"), thousands(r.Holds) + " held", r.RulesHash, note,
					})
				}
				p := a.printer()
				if p.line("%s", plural(len(rows), "run", "runs")); len(rows) > 0 {
					p.table(rows)
				}
				return p.err
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "how many")
	return cmd
}

// remade is a kept run that was decided anew from what it looked at.
type remade struct {
	engine.Run

	rules   *engine.Rules
	outcome *engine.Outcome
	// snapshot is what it looked at, where the outcome is there.
	snapshot engine.Snapshot
	// why the run could not be made again; empty where it was, to the letter.
	why string
}

// remake decides a kept run anew, by its own rules, and compares.
func (s *setup) remake(ctx context.Context, db *store.Store, run engine.Run) (remade, error) {
	r := remade{Run: run, rules: s.rules}
	if run.RulesHash != s.rules.Hash() {
		var err error
		if r.rules, err = engine.Recompile(run.RulesText, run.RulesHash, engine.Env{Schemas: s.schemas}); err != nil {
			r.why = err.Error()
			return r, nil //nolint:nilerr // why it cannot be made again is what is told
		}
	}
	snapshot, err := db.SnapshotOf(ctx, run)
	if errors.Is(err, store.ErrForgotten) {
		r.why = store.ErrForgotten.Error()
		return r, nil
	}
	if err != nil {
		return r, err
	}
	outcome := engine.Evaluate(r.rules, snapshot)
	guard := s.guard()
	guard.At, guard.Rules = run.At, ""
	if run.Plan.RulesHeld {
		guard.Rules, snapshot.Standing = run.RulesHash, plan.Standing{InForce: "other rules", Held: run.RulesHash}
	}
	outcome.Gate(guard, snapshot)
	if !plan.Same(&run.Plan, &outcome.Plan, run.ConfigHash == s.hash && run.RulesHash == s.rules.Hash()) {
		r.why = "from what is stored the plan comes out otherwise today"
		return r, nil
	}
	outcome.Plan, outcome.Number = run.Plan, run.Seq // with its moves and gates
	r.outcome, r.snapshot = &outcome, snapshot
	return r, nil
}

// explainRun tells what a kept run decided of an item, and why.
func (a *app) explainRun(ctx context.Context, s *setup, db *store.Store, ref string, number int64, sees func(work.Audience) bool) error {
	run, ok, err := db.RunOf(ctx, number)
	if err != nil {
		return err
	}
	if !ok {
		return wrong("run %d is not kept; tandem runs lists those that are", number)
	}
	r, err := s.remake(ctx, db, run)
	if err != nil {
		return err
	}
	x, err := r.find(ctx, a, s, db, ref)
	if err != nil {
		return err
	}
	var audit []work.AuditEntry
	for _, id := range refsIn(x) {
		entries, err := db.Audit(ctx, id, auditOfRun)
		if err != nil {
			return err
		}
		audit = append(audit, slices.DeleteFunc(entries, func(e work.AuditEntry) bool { return e.Run != number })...)
	}
	var said *work.Testimony
	if r.outcome != nil {
		ask := inquiry(r.rules, r.outcome, x.Item, sees)
		ask.Until, ask.Votes = run.At, x.Item.Evidence.Votes
		t, err := db.Testimony(ctx, ask)
		if err != nil {
			return err
		}
		said = &t
	}
	var more further
	if r.outcome != nil {
		if more, err = r.further(ctx, db, x.Item); err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(r.json(s, x, audit, said, &more))
	}
	p := a.printer()
	p.line("Run %d of %s · as of %s · rules %s%s", run.Seq, run.At.Local().Format("2006-01-02 15:04:05"), run.AsOf.Format(time.DateOnly),
		run.RulesHash, otherRules(run.RulesHash == s.rules.Hash()))
	if r.outcome != nil {
		p.line("Decided again from what it looked at: the same plan.\n")
		p.explain(x, audit, s.who, said, &more)
		return p.err
	}
	p.line("Only its plan is told, not how it came about: %s.", r.why)
	p.next(x, s.who)
	if len(x.Edits)+len(x.Holds) == 0 {
		p.line("\nIt planned and held nothing of %s.", ref)
	}
	p.audit(audit)
	return p.err
}

// auditOfRun is how many writes at one record are searched for those of a run.
const auditOfRun = 1000

func otherRules(same bool) string {
	if same {
		return " (as today)"
	}
	return " (today they are others)"
}

// find tells what the run decided of an item: all of it where the run was made
// again, else what is in its plan.
func (r *remade) find(ctx context.Context, a *app, s *setup, db *store.Store, ref string) (engine.Explanation, error) {
	if r.outcome != nil {
		d, ok := r.outcome.FindKey(ref)
		if !ok {
			return engine.Explanation{}, wrong("run %d knew no item %q, or several; name it as CONNECTOR:KEY, such as jira:PAY-12", r.Seq, ref)
		}
		return r.outcome.Explain(r.rules, d), nil
	}
	d, _, err := a.find(ctx, s, db, ref)
	if err != nil {
		return engine.Explanation{}, err
	}
	x := engine.Explanation{Item: d}
	of := func(id work.RefID) bool {
		return slices.ContainsFunc(d.Item.Parts, func(p work.Part) bool { return p.RefID == id })
	}
	for _, e := range r.Plan.Edits {
		if of(e.Target.RefID) {
			x.Edits = append(x.Edits, e)
		}
	}
	for _, h := range r.Plan.Holds {
		if of(h.Target.RefID) {
			x.Holds = append(x.Holds, h)
		}
	}
	return x, nil
}

func refsIn(x engine.Explanation) []work.RefID {
	ids := make([]work.RefID, 0, len(x.Item.Item.Parts))
	for _, p := range x.Item.Item.Parts {
		ids = append(ids, p.RefID)
	}
	return ids
}

// json is the same as an object.
func (r *remade) json(s *setup, x engine.Explanation, audit []work.AuditEntry, said *work.Testimony, more *further) map[string]any {
	object := map[string]any{"refs": refsIn(x), "edits": x.Edits, "holds": x.Holds, "audit": audit}
	if r.outcome != nil {
		object = explainJSON(x, audit, said, more)
	}
	object["run"] = map[string]any{
		"number": r.Seq, "at": r.At, "as_of": r.AsOf, "rules_hash": r.RulesHash, "rules_as_today": r.RulesHash == s.rules.Hash(),
		"reproduced": r.outcome != nil, "because": r.why,
	}
	return object
}
