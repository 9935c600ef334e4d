package cli

import (
	"fmt"
	"slices"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// errandView is an errand and what is needed to show it.
type errandView struct {
	scheduler.Errand

	title string
	who   func(connector, id string) string
	// swept are definitions of labels and signatures that are ours.
	swept []scheduler.Swept
	// notes are said below.
	notes []string
}

// errandJSON is what undo and retire print with --json.
type errandJSON struct {
	Edits   []plan.Planned    `json:"edits"`
	Changed []undo.Changed    `json:"changed"`
	Left    []undo.Left       `json:"left"`
	Done    int               `json:"already_so"`
	Traces  []scheduler.Swept `json:"traces,omitempty"`
	Notes   []string          `json:"notes,omitempty"`
	Result  *carriedJSON      `json:"result,omitempty"`
}

type carriedJSON struct {
	Sent    int                      `json:"sent"`
	Results map[work.ResultState]int `json:"results"`
	Refused []refusalJSON            `json:"refused"`
	Unsent  int                      `json:"unsent"`
}

func (v *errandView) json() errandJSON {
	return errandJSON{
		Edits: v.Outcome.Plan.Edits, Changed: v.Back.Changed, Left: v.Back.Left, Done: len(v.Back.Done), Traces: v.swept, Notes: v.notes,
	}
}

func (a *app) showErrand(v errandView) error {
	if a.json {
		return a.printJSON(v.json())
	}
	p := a.printer()
	p.errand(&v)
	return p.err
}

func (p *printer) errand(v *errandView) {
	p.line("%s", v.title)
	var rows [][]string
	add := func(n int, what string) {
		if n > 0 {
			rows = append(rows, []string{thousands(n), what})
		}
	}
	shut := 0
	for _, e := range v.Outcome.Plan.Edits {
		if isShut(e.Gate) {
			shut++
		}
	}
	add(len(v.Back.Edits)-shut, "will be put back")
	add(shut, "cannot be written now")
	add(len(v.Back.Changed), "changed by somebody since, and left")
	add(len(v.Back.Left), "stay as they are")
	add(len(v.Back.Done), "are as they were before already")
	if len(rows) == 0 {
		p.line("  Tandem wrote nothing there.")
	}
	p.table(rows)
	p.errandRows(v)
	for _, s := range v.swept {
		if s.Failure != "" {
			p.line("! traces of %s in %s: %s", s.Connector, s.Place, s.Failure)
			continue
		}
		if len(s.Labels) > 0 {
			p.line("Definitions of labels in %s, where nobody else uses them: %s", s.Place, few(s.Labels))
		}
		if s.Signatures > 0 {
			p.line("Tandem's signature at %s in %s", plural(s.Signatures, "record", "records"), s.Place)
		}
	}
	for _, n := range v.notes {
		p.line("%s", n)
	}
}

func (p *printer) errandRows(v *errandView) {
	var rows [][]string
	for _, e := range v.Outcome.Plan.Edits {
		gate := ""
		if isShut(e.Gate) {
			gate = "not written: " + shutText(e.Gate)
		}
		rows = append(rows, []string{e.Edit.Ref().String(), e.Field.String(), short(change(e.Edit), 60), gate})
	}
	p.section("Put back", rows, true)
	rows = nil
	for _, c := range v.Back.Changed {
		by := "by somebody"
		if c.By != "" {
			by = "by " + v.who(c.Target.Connector, c.By)
		}
		if !c.At.IsZero() {
			by += " on " + c.At.Local().Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{c.Ref().String(), c.Field.String(), wrote(&c.Write), "now " + stands(&c.Write, c.Now), by})
	}
	p.section("Changed since", rows, true)
	rows = nil
	for _, l := range v.Back.Left {
		rows = append(rows, []string{l.Ref().String(), l.Field.String(), wrote(&l.Write), short(l.Why, 110)})
	}
	p.section("Stay", rows, true)
}

// isShut reports that a gate opens for nobody here.
func isShut(g plan.Gate) bool {
	return g == plan.Observed || g == plan.Paused || g == plan.Retired || g == plan.Frozen || g == plan.FirstRead
}

func shutText(g plan.Gate) string {
	switch g {
	case plan.Paused:
		return "writing is paused; tandem resume"
	case plan.Retired:
		return "retired; tandem resume --team or --connector"
	case plan.Frozen:
		return "a freeze; tandem status says until when"
	default:
		return "write: observe; with write: propose, undo writes and nothing else does by itself"
	}
}

// wrote says what Tandem wrote.
func wrote(w *undo.Write) string { return "wrote " + short(stands(w, w.Wrote), 40) }

// stands shows a value; of a label, whether it stands there.
func stands(w *undo.Write, v work.Value) string {
	on, flag := v.Flag()
	switch {
	case flag && w.Target.Element != "" && on:
		return "+ " + w.Target.Element
	case flag && w.Target.Element != "":
		return "- " + w.Target.Element
	default:
		return v.String()
	}
}

// few shows the first names.
func few(names []string) string {
	const first = 8
	if len(names) > first {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:first], ", "), len(names)-first)
	}
	return strings.Join(names, ", ")
}

// showCarried says what became of an errand. whole shows the plan as well.
func (a *app) showCarried(v errandView, r scheduler.Report, whole bool, after string) error {
	unsent := v.Unsent(r)
	if a.json {
		j := v.json()
		j.Result = &carriedJSON{Sent: r.Sent, Results: r.Results, Refused: []refusalJSON{}, Unsent: unsent}
		for _, x := range r.Refused {
			j.Result.Refused = append(j.Result.Refused, refusalJSON{x.Edit, x.Result})
		}
		if err := a.printJSON(j); err != nil {
			return err
		}
		return carried(v, r, unsent)
	}
	p := a.printer()
	if whole {
		p.errand(&v)
		p.line("")
	}
	p.line("%s put back, %d already so, %d refused, %d deferred", plural(r.Results[work.Applied], "value", "values"),
		r.Results[work.Unchanged], r.Results[work.Rejected]+r.Results[work.Conflict], r.Results[work.Deferred]+r.Results[work.Uncertain])
	for _, x := range r.Refused {
		p.line("  %s %s: %s: %s", x.Edit.Ref(), change(x.Edit), x.Result.State, x.Result.Detail)
	}
	if r.Applied() > 0 && after != "" {
		p.line("%s", after)
	}
	if p.err != nil {
		return p.err
	}
	return carried(v, r, unsent)
}

// carried fails the command where something did not go through.
func carried(v errandView, r scheduler.Report, unsent int) error {
	switch {
	case len(r.Refused) > 0:
		return refused("%s did not go through; type the same again to try once more", plural(len(r.Refused)+unsent, "edit", "edits"))
	case unsent > 0:
		return refused("%s not sent; type the same again later", plural(unsent, "edit was", "edits were"))
	case slices.ContainsFunc(v.swept, func(s scheduler.Swept) bool { return s.Failure != "" }):
		return refused("not every trace could be removed; type the same again")
	default:
		return nil
	}
}
