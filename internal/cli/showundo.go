package cli

import (
	"fmt"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/view"
	"tandem/internal/work"
)

// show shows the plan of an errand.
func (e *errand) show(a *app, planned *view.Order) error {
	if a.json {
		return a.printJSON(planned)
	}
	p := a.printer()
	p.errand(e, planned)
	return p.err
}

func (p *printer) errand(e *errand, o *view.Order) {
	p.line("%s", e.title)
	var rows [][]string
	add := func(n int, what string) {
		if n > 0 {
			rows = append(rows, []string{thousands(n), what})
		}
	}
	shut := 0
	for _, edit := range o.Edits {
		if isShut(edit.Gate) {
			shut++
		}
	}
	add(len(o.Edits)-shut, "will be put back")
	add(shut, "cannot be written now")
	add(len(o.Changed), "changed by somebody since, and left")
	add(len(o.Left), "stay as they are")
	add(*o.Done, "are as they were before already")
	if len(rows) == 0 {
		p.line("  Tandem wrote nothing there.")
	}
	p.table(rows)
	p.errandRows(o)
	for _, s := range o.Swept {
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
	for _, n := range e.notes {
		p.line("%s", n)
	}
}

func (p *printer) errandRows(o *view.Order) {
	var rows [][]string
	for i := range o.Edits {
		edit, gate := &o.Edits[i], ""
		if isShut(edit.Gate) {
			gate = "not written: " + shutText(edit.Gate)
		}
		rows = append(rows, []string{edit.Ref, edit.Field, short(putBack(edit), 60), gate})
	}
	p.section("Put back", rows, true)
	rows = nil
	for i := range o.Changed {
		c := &o.Changed[i]
		by := "by somebody"
		if c.By != "" {
			by = "by " + c.By
		}
		if !c.At.IsZero() {
			by += " on " + c.At.Local().Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{c.Ref, c.Field, wroteAt(c.Element, c.Wrote), "now " + standsAt(c.Element, c.Now), by})
	}
	p.section("Changed since", rows, true)
	rows = nil
	for i := range o.Left {
		l := &o.Left[i]
		rows = append(rows, []string{l.Ref, l.Field, wroteAt(l.Element, l.Wrote), short(l.Why, 110)})
	}
	p.section("Stay", rows, true)
}

// putBack says what an edit changes.
func putBack(e *view.Edit) string {
	edit := work.Edit{Verb: e.Verb, Target: work.Target{Element: e.Element}, Expect: work.Empty(), Value: work.Empty()} // as JSON has it: null
	if e.From != nil {
		edit.Expect = *e.From
	}
	if e.To != nil {
		edit.Value = *e.To
	}
	return change(edit)
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
func wrote(w *undo.Write) string { return wroteAt(w.Target.Element, w.Wrote) }

func wroteAt(element string, v work.Value) string { return "wrote " + short(standsAt(element, v), 40) }

// standsAt shows a value; of a label, whether it stands there.
func standsAt(element string, v work.Value) string {
	on, flag := v.Flag()
	switch {
	case flag && element != "" && on:
		return "+ " + element
	case flag && element != "":
		return "- " + element
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

// tell says what became of an errand.
func (e *errand) tell(a *app, done *view.Order) error {
	if done.Result == nil {
		return fmt.Errorf("the daemon answered that the errand is %s; is it another version? See: tandem status", done.State)
	}
	if a.json {
		if err := a.printJSON(done); err != nil {
			return err
		}
		return carriedOut(done)
	}
	p := a.printer()
	if e.yes { // nobody saw it before
		p.errand(e, done)
		p.line("")
	}
	r := done.Result
	p.line("%s put back, %d already so, %d refused, %d deferred", plural(r.Results[work.Applied], "value", "values"),
		r.Results[work.Unchanged], r.Results[work.Rejected]+r.Results[work.Conflict], r.Results[work.Deferred]+r.Results[work.Uncertain])
	for i := range r.Refused {
		x := &r.Refused[i]
		p.line("  %s %s: %s: %s", x.Ref, x.Field, x.State, x.Detail)
	}
	if r.Results[work.Applied] > 0 && e.after != "" {
		p.line("%s", e.after)
	}
	if p.err != nil {
		return p.err
	}
	return carriedOut(done)
}

// carriedOut fails the command where something did not go through.
func carriedOut(done *view.Order) error {
	n := len(done.Result.Refused)
	switch {
	case n > 0:
		return refused("%s did not go through; type the same again to try once more", plural(n+done.Result.Unsent, "edit", "edits"))
	case done.Result.Unsent > 0:
		return refused("%s not sent; type the same again later", plural(done.Result.Unsent, "edit was", "edits were"))
	}
	for _, s := range done.Swept {
		if s.Failure != "" {
			return refused("not every trace could be removed; type the same again")
		}
	}
	return nil
}
