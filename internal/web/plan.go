package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/view"
	"tandem/internal/work"
)

// planPage is the plan by kinds of change.
type planPage struct {
	view.Folds

	Query    view.PlanQuery
	Gates    []gateLine
	Forecast []work.Finding
	Groups   []foldGroup
	Holds    view.Holds
	Pager    pager
	Runs     []writtenRun
}

// gateLine says what becomes of edits at a gate.
type gateLine struct {
	Gate  plan.Gate
	Count int
	Words string
	// Waits says that a person can approve them.
	Waits bool
}

// foldGroup is what changes in one field of one team in one connector.
type foldGroup struct {
	Team, Connector, Field string
	Edits                  int
	Folds                  []view.Fold
}

// writtenRun is a run that wrote something.
type writtenRun struct {
	Run   int64
	Edits int
	Begun time.Time
}

// plan shows what would be written.
func (v *visit) plan() (content, error) {
	q := v.URL.Query()
	ask := view.PlanQuery{Team: q.Get("team"), Connector: q.Get("connector"), Gate: plan.Gate(q.Get("gate"))}
	folds, err := v.see.Folds(ask)
	if err != nil {
		return content{}, err
	}
	p := planPage{Folds: folds, Query: ask, Gates: gateLines(folds.Gates), Groups: grouped(folds.Folds)}
	if p.Forecast, err = v.see.Forecast(); err != nil {
		return content{}, err
	}
	offset := v.offset()
	if p.Holds, err = v.see.Holds(view.HoldsQuery{Page: view.Page{Offset: offset, Limit: window}, Connector: ask.Connector, Cause: work.Cause(q.Get("cause"))}); err != nil {
		return content{}, err
	}
	p.Pager = v.pager(offset, len(p.Holds.Holds), p.Holds.Total)
	if v.see.MayUndo() == nil {
		if p.Runs, err = v.written(); err != nil {
			return content{}, err
		}
	}
	return content{title: "Plan", body: "plan.html", data: p}, nil
}

// remembered is how many edits that were sent are looked at for their runs.
const remembered = 500

// written lists the runs that wrote something of late.
func (v *visit) written() ([]writtenRun, error) {
	audit, err := v.see.Audit("", remembered)
	if err != nil {
		return nil, err
	}
	var runs []writtenRun
	for i := range audit.Audit {
		e := &audit.Audit[i]
		if e.State != work.Applied {
			continue
		}
		if n := len(runs); n == 0 || runs[n-1].Run != e.Run {
			runs = append(runs, writtenRun{Run: e.Run, Begun: e.Begun})
		}
		runs[len(runs)-1].Edits++
	}
	return runs[:min(len(runs), 10)], nil
}

// gateWords say what becomes of edits, in the order in which people ask.
func gateWords() []gateLine {
	return []gateLine{
		{Gate: plan.NeedsApproval, Words: "wait for approval", Waits: true},
		{Gate: plan.Braked, Words: "wait behind the brake: more than a day allows", Waits: true},
		{Gate: plan.Ramped, Words: "wait for another day: first contact goes slowly", Waits: true},
		{Gate: plan.Quiet, Words: "wait for the end of quiet hours", Waits: true},
		{Gate: plan.Frozen, Words: "wait for the end of a freeze", Waits: true},
		{Gate: plan.Ready, Words: "go out by themselves"},
		{Gate: plan.FirstRead, Words: "wait for the first whole read of a connector"},
		{Gate: plan.Paused, Words: "wait: writing is paused"},
		{Gate: plan.Retired, Words: "are not written: the team or the connector is retired"},
		{Gate: plan.Observed, Words: "are only shown: write is observe there"},
	}
}

func gateLines(counts map[plan.Gate]int) []gateLine {
	var lines []gateLine
	for _, l := range gateWords() {
		if l.Count = counts[l.Gate]; l.Count > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

func grouped(folds []view.Fold) []foldGroup {
	var groups []foldGroup
	for i := range folds {
		f := &folds[i]
		n := len(groups)
		if n == 0 || groups[n-1].Team != f.Team || groups[n-1].Connector != f.Connector || groups[n-1].Field != f.Field {
			groups = append(groups, foldGroup{Team: f.Team, Connector: f.Connector, Field: f.Field})
			n++
		}
		groups[n-1].Edits += f.Edits
		groups[n-1].Folds = append(groups[n-1].Folds, *f)
	}
	return groups
}

// foldPage is one kind of change, record by record.
type foldPage struct {
	view.Plan

	Key   string
	Waits bool
	Pager pager
}

// fold shows the edits of one kind of change.
func (v *visit) fold() (content, error) {
	key := v.URL.Query().Get("key")
	list, err := v.see.Folded(view.PlanFold{Page: view.Page{Offset: v.offset(), Limit: window}, Key: key})
	if err != nil {
		return content{}, err
	}
	p := foldPage{list, key, plan.Unapprovable(list.Edits[0].Gate) == "", v.pager(list.Offset, len(list.Edits), list.Total)}
	return content{title: "The same change at " + plural(list.Total, "record", "records"), body: "fold.html", data: p}, nil
}

// approve approves what a form names, of the run that it was shown.
func (v *visit) approve() (note, string, error) {
	back := v.PostFormValue("back")
	run, err := strconv.ParseInt(v.PostFormValue("run"), 10, 64)
	if err != nil {
		return note{}, "", view.BadRequest("the form names no plan", "open the plan again")
	}
	what := view.Approve{InQuietHours: v.PostFormValue("quiet") != ""}
	switch v.PostFormValue("what") {
	case "all":
		what.All = true
	case "team":
		what.Team = v.PostFormValue("team")
	case "fold":
		what.Folds = v.PostForm["fold"]
	default:
		what.Edits = v.PostForm["edit"]
	}
	if !what.All && what.Team == "" && len(what.Edits)+len(what.Folds) == 0 {
		return note{"warn", "Nothing was chosen, so nothing was approved."}, back, nil
	}
	done, err := v.see.Approve(run, what)
	if err != nil {
		return note{}, "", err
	}
	return approvedNote(&done), back, nil
}

// approvedNote says what was approved, and what was not and why.
func approvedNote(done *view.Approved) note {
	n := note{"good", plural(len(done.Approved), "edit is", "edits are") + " approved and will be written with the next cycle."}
	if len(done.Declined) == 0 {
		return n
	}
	reasons := map[string]int{}
	for _, d := range done.Declined {
		reasons[d.Reason]++
	}
	n.Kind = "warn"
	var b strings.Builder
	fmt.Fprintf(&b, "%s approved. %s not:", plural(len(done.Approved), "edit is", "edits are"), plural(len(done.Declined), "other is", "others are"))
	for _, d := range done.Declined {
		if many := reasons[d.Reason]; many > 0 {
			fmt.Fprintf(&b, " %d: %s.", many, d.Reason)
			delete(reasons, d.Reason)
		}
	}
	if done.Newest != done.Run {
		fmt.Fprintf(&b, " You saw plan %d; below is plan %d.", done.Run, done.Newest)
	}
	n.Text = b.String()
	return n
}

// reject says no to a proposal.
func (v *visit) reject() (note, string, error) {
	done, err := v.see.Reject(view.Reject{Edit: v.PostFormValue("edit"), Because: v.PostFormValue("because"), For: v.PostFormValue("for")})
	if err != nil {
		return note{}, "", err
	}
	text := "Rejected. It is proposed again when what it was made of changes."
	if !done.Until.IsZero() {
		text = "Rejected until " + done.Until.Format(time.DateOnly) + "."
	}
	return note{"good", text}, v.PostFormValue("back"), nil
}

// release ends a hold.
func (v *visit) release() (note, string, error) {
	done, err := v.see.Release(v.PostFormValue("ref"), v.PostFormValue("field"))
	if err != nil {
		return note{}, "", err
	}
	return note{"good", plural(done.Released, "hold", "holds") + " ended. The next plan writes Tandem's value there."}, v.PostFormValue("back"), nil
}
