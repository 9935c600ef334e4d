package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// planJSON is what plan --json prints.
type planJSON struct {
	Run     int64              `json:"run"`
	AsOf    string             `json:"as_of"`
	Items   int                `json:"items"`
	Twins   int                `json:"twins"`
	Edits   []plan.Planned     `json:"edits"`
	Held    map[work.Cause]int `json:"held"`
	Holds   []work.Hold        `json:"holds"`
	Adopted int                `json:"adopted"`
	Brake   string             `json:"brake,omitempty"`
	// RulesHeld: the rules changed, and nothing is written by them before a
	// person looked.
	RulesHeld bool `json:"rules_held,omitempty"`
	// FirstRead are the connectors that writing waits for.
	FirstRead []string       `json:"first_read,omitempty"`
	Findings  []work.Finding `json:"findings"`
	// Forecast is what writing would set off beside the changes.
	Forecast []work.Finding    `json:"forecast,omitempty"`
	Failures map[string]string `json:"failures,omitempty"`
	Orphans  []undo.Orphan     `json:"no_longer_ours,omitempty"`
	// Said is what people said against decisions.
	Said []wordJSON `json:"said,omitempty"`
	// Stability is how far the order is from that of the last run.
	Stability *engine.Stability `json:"stability,omitempty"`
}

// previewLines is how many edits and holds are shown without --all.
const previewLines = 25

// sheet is a plan and what is needed to show it.
type sheet struct {
	scheduler.Report

	forecast []work.Finding
	// orphans are what no rule owns any more.
	orphans []undo.Orphan
	// who names a person by what a service knows.
	who func(connector, id string) string
	// every edit and hold is shown.
	every bool
	// items is how many there are, where the outcome does not hold them.
	items int
}

// count returns how many items the plan is about.
func (v *sheet) count() int { return max(v.items, len(v.Outcome.Items)) }

func (a *app) showPlan(v sheet) error {
	r, o := v.Report, v.Outcome
	if a.json {
		return a.printJSON(planJSON{
			Run: o.Number, AsOf: o.AsOf.Format("2006-01-02"), Items: v.count(), Twins: o.Twins,
			Edits: o.Plan.Edits, Held: o.Held(), Holds: o.Plan.Holds, Adopted: len(o.Plan.Adopted),
			Brake: o.Plan.Brake, RulesHeld: o.Plan.RulesHeld, FirstRead: o.Plan.FirstRead, Findings: slices.Concat(r.Findings, o.Plan.Findings), Forecast: v.forecast, Failures: failureTexts(r), Orphans: v.orphans,
			Said: wordsJSON(v.spoken()), Stability: o.Stability,
		})
	}
	p := a.printer()
	p.line("Plan %d · as of %s · %s, %s", o.Number, o.AsOf.Format("2006-01-02"), plural(v.count(), "item", "items"), plural(o.Twins, "twin", "twins"))
	p.steady(o.Stability)
	for _, name := range slices.Sorted(maps.Keys(r.Failures)) {
		p.line("! %s could not be read: %v", name, r.Failures[name])
	}
	p.line("")
	p.gates(&o.Plan, len(r.Failures) == 0)
	p.findings("Writing this would also", v.forecast, true)
	p.edits(&o.Plan, v.every)
	p.holds(&o.Plan, v)
	p.spoken(v.spoken(), v.every)
	p.orphans(v.orphans, v.every)
	p.findings("Worth knowing", slices.Concat(r.Findings, o.Plan.Findings), v.every)
	return p.err
}

// unread fails a command whose reads failed: what it shows is only a part.
func unread(r scheduler.Report) error {
	if len(r.Failures) == 0 {
		return nil
	}
	return codedError{exitFailed, fmt.Errorf("%s could not be read", plural(len(r.Failures), "connector", "connectors"))}
}

func failureTexts(r scheduler.Report) map[string]string {
	texts := map[string]string{}
	for name, err := range r.Failures {
		texts[name] = err.Error()
	}
	return texts
}

// gates says in one line each what becomes of the edits.
func (p *printer) gates(pl *plan.Plan, whole bool) {
	held := map[work.Cause]int{}
	for _, h := range pl.Holds {
		held[h.Cause]++
	}
	var rows [][]string
	add := func(n int, what, how string) {
		if n > 0 {
			rows = append(rows, []string{thousands(n), what, how})
		}
	}
	add(pl.Count(plan.Ready), "will be written", perConnector(pl, plan.Ready))
	add(approvedOf(pl), "of all are approved and not written yet", "")
	add(pl.Count(plan.NeedsApproval), "wait for approval (write: propose)", "tandem apply")
	add(pl.Count(plan.Braked), "wait behind the brake", pl.Brake)
	add(pl.Count(plan.Ramped), "wait for another day (adopt.ramp)", "or: tandem apply")
	for _, w := range windows(pl) {
		add(w.edits, w.what, w.how)
	}
	add(pl.Count(plan.FirstRead), "wait for the first whole read of "+strings.Join(pl.FirstRead, ", "), "tandem status")
	add(pl.Count(plan.Retired), "are not written: retired", "tandem resume --team or --connector")
	add(pl.Count(plan.Paused), "wait: writing is paused", "tandem resume")
	add(pl.Count(plan.Observed), "are only shown (write: observe)", perTeam(pl, plan.Observed))
	add(len(pl.Holds), "held, a person decides", counts(held))
	add(len(pl.Adopted), "already right, remembered", "")
	switch {
	case len(rows) == 0 && whole:
		p.line("  Nothing to do: every place shows what it should.")
		return
	case len(rows) == 0:
		p.line("  Nothing to do with what could be read.")
		return
	}
	p.table(rows)
}

// approvedOf counts edits that a person approved.
func approvedOf(pl *plan.Plan) int {
	n := 0
	for _, e := range pl.Edits {
		if e.ApprovedBy() != "" {
			n++
		}
	}
	return n
}

func perConnector(pl *plan.Plan, gate plan.Gate) string {
	n := map[string]int{}
	for _, e := range pl.Edits {
		if e.Gate == gate {
			n[e.Target.Connector]++
		}
	}
	return counts(n)
}

func perTeam(pl *plan.Plan, gate plan.Gate) string {
	n := map[string]int{}
	for _, e := range pl.Edits {
		if e.Gate == gate {
			team := e.Team
			if team == "" {
				team = "no team"
			}
			n[team]++
		}
	}
	return counts(n)
}

// edits lists what would be written. What is only shown stands there where
// there is nothing else, as in the first plan of all, or where all is asked for.
func (p *printer) edits(pl *plan.Plan, every bool) {
	var rows [][]string
	observed := pl.Count(plan.Observed)
	if observed == len(pl.Edits) {
		observed = 0
	}
	for _, e := range pl.Edits {
		if e.Gate == plan.Observed && observed > 0 && !every {
			continue
		}
		rows = append(rows, []string{e.Edit.Ref().String(), e.Field.String(), short(change(e.Edit), 44), short(e.Because, 70)})
	}
	p.section("Edits", rows, every)
}

func (p *printer) holds(pl *plan.Plan, v sheet) {
	rows := make([][]string, 0, len(pl.Holds))
	for _, h := range pl.Holds {
		ref := work.Ref{RefID: h.Target.RefID, Key: h.Key}
		rows = append(rows, []string{
			ref.String(), h.Field.String(), string(h.Cause),
			short(hasWants(h), 50), short(heldBecause(h, v.who), 70),
		})
	}
	p.section("Held", rows, v.every)
}

// heldBecause says who changed it, and what else is known.
func heldBecause(h work.Hold, who func(connector, id string) string) string {
	switch {
	case h.By == "", h.Cause == work.ObjectedTo: // who objects says so
		return h.Detail
	case h.Detail == "":
		return "by " + who(h.Target.Connector, h.By)
	default:
		return "by " + who(h.Target.Connector, h.By) + "; " + h.Detail
	}
}

func (p *printer) findings(title string, all []work.Finding, every bool) {
	rows := make([][]string, 0, len(all))
	for _, f := range all {
		rows = append(rows, []string{string(f.Level), f.Subject, short(f.What, 70), short(f.Remedy, 70)})
	}
	p.section(title, rows, every)
}

func (p *printer) section(title string, rows [][]string, every bool) {
	if len(rows) == 0 {
		return
	}
	p.line("\n%s", title)
	rest := 0
	if !every && len(rows) > previewLines {
		rest = len(rows) - previewLines
		rows = rows[:previewLines]
	}
	p.table(rows)
	if rest > 0 {
		p.line("  … and %s more; --all shows them", strconv.Itoa(rest))
	}
}

// appliedJSON is what apply --json prints.
type appliedJSON struct {
	Run      int64                    `json:"run"`
	Sent     int                      `json:"sent"`
	Results  map[work.ResultState]int `json:"results"`
	Refused  []refusalJSON            `json:"refused"`
	Paused   string                   `json:"paused,omitempty"`
	Failures map[string]string        `json:"failures,omitempty"`
	// Left counts edits that were not sent this time.
	Left int `json:"left,omitempty"`
}

type refusalJSON struct {
	Edit   work.Edit   `json:"edit"`
	Result work.Result `json:"result"`
}

func (a *app) showApplied(r scheduler.Report) error {
	var bad []refusalJSON
	for _, x := range r.Refused {
		bad = append(bad, refusalJSON{x.Edit, x.Result})
	}
	if a.json {
		err := a.printJSON(appliedJSON{Run: r.Outcome.Number, Sent: r.Sent, Results: r.Results, Refused: bad, Paused: r.Paused, Failures: failureTexts(r), Left: r.Left})
		if err != nil {
			return err
		}
		if len(bad) == 0 {
			return unread(r)
		}
		return refused("%s did not go through", plural(len(bad), "edit", "edits"))
	}
	p := a.printer()
	run := ""
	if r.Sent > 0 {
		run = fmt.Sprintf(" (run %d)", r.Outcome.Number) // what tandem undo takes
	}
	p.line("%s written, %d already so, %d refused, %d deferred%s", plural(r.Results[work.Applied], "edit", "edits"),
		r.Results[work.Unchanged], r.Results[work.Rejected]+r.Results[work.Conflict], r.Results[work.Deferred], run)
	if r.Paused != "" {
		p.line("! %s. What had begun is finished, the rest stays planned.", r.Paused)
	}
	for _, x := range r.Refused {
		p.line("  %s %s: %s: %s", x.Edit.Ref(), change(x.Edit), x.Result.State, x.Result.Detail)
	}
	if r.Left > 0 {
		p.line("%s not sent: they wait behind one that did not go through, or until a service takes more; tandem apply goes on.", plural(r.Left, "edit was", "edits were"))
	}
	if p.err == nil && len(bad) > 0 {
		return refused("%s did not go through", plural(len(bad), "edit", "edits"))
	}
	if p.err != nil {
		return p.err
	}
	return unread(r)
}
