package file

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/table"
	"tandem/internal/work"
)

// decide says what to write into the cell of an edit, or why nothing is
// written. State Applied means: write the cell.
func (c frame) decide(r *row, e work.Edit) (any, work.Result) {
	path := e.Target.Path
	declared, known := c.schema.Field(path)
	switch {
	case path == "id" || path == "key" || path == "place" || !known || !declared.Writable:
		return nil, rejected(fmt.Sprintf("%s is read only in files", path))
	case e.Verb == work.AddLabel || e.Verb == work.RemoveLabel:
		if path != work.NativeLabels || e.Target.Element == "" {
			return nil, rejected("labels stand in the column labels only")
		}
		return c.decideLabel(r, e)
	case path == work.NativeLabels:
		return nil, rejected("labels are added and removed one by one, never replaced as a set")
	case e.Verb == work.SetField || e.Verb == work.ClearField:
		return c.decideField(r, e)
	default:
		return nil, rejected(fmt.Sprintf("files cannot do %s", e.Verb))
	}
}

func (c frame) decideLabel(r *row, e work.Edit) (any, work.Result) {
	list, label := table.List(r.cells[work.NativeLabels]), e.Target.Element
	has, want := slices.Contains(list, label), e.Verb == work.AddLabel
	gone := slices.IndexFunc(e.While.List(), func(l string) bool { return !slices.Contains(list, l) })
	lost := slices.IndexFunc(e.Keeps.List(), func(l string) bool { return !slices.Contains(list, l) })
	switch {
	case lost >= 0:
		return nil, conflict(e, strconv.Quote(e.Keeps.List()[lost])+", which was to stay in its place, was taken off")
	case has == want && !want && gone >= 0:
		return nil, conflict(e, "it was taken off before "+strconv.Quote(e.While.List()[gone])+" took its place")
	case has == want:
		return nil, work.Result{State: work.Unchanged}
	case want && gone >= 0:
		return nil, conflict(e, strconv.Quote(e.While.List()[gone])+", which it is to replace, was taken off")
	}
	if expected, said := expectedLabel(e.Expect, label); said && expected != has {
		return nil, conflict(e, standing(has))
	}
	for other := range e.Unless.Elements {
		if slices.Contains(list, other) {
			return nil, conflict(e, strconv.Quote(other)+" stands there by now")
		}
	}
	if want {
		list = append(list, label)
	} else {
		list = slices.DeleteFunc(list, func(l string) bool { return l == label })
	}
	cell := any(anyList(list))
	if r.sheet != nil {
		text, ok := joinList(list)
		if !ok || !slices.Equal(table.List(text), list) {
			return nil, rejected(fmt.Sprintf("the label %q cannot be told apart in a CSV cell; use YAML or JSONL", label))
		}
		cell = text
	}
	return cell, work.Result{State: work.Applied}
}

// expectedLabel reads what the plan saw of a label: yes/no, or a list that has
// it or not.
func expectedLabel(expect work.Value, label string) (there, said bool) {
	switch expect.Kind() {
	case work.Flag:
		there, said = expect.Flag()
		return there, said
	case work.None:
		return false, true
	case work.List, work.Text:
		return expect.Has(label), true
	default:
		return false, false
	}
}

func standing(there bool) string {
	if there {
		return "it stands there"
	}
	return "it does not stand there"
}

func conflict(e work.Edit, have string) work.Result {
	return work.Result{State: work.Conflict, Detail: fmt.Sprintf("%s %s changed since it was planned: %s", e.Target.Path, e.Target.Element, have)}
}

func (c frame) decideField(r *row, e work.Edit) (any, work.Result) {
	path, want := e.Target.Path, e.Value
	if e.Verb == work.ClearField {
		want = work.Empty()
	}
	if !want.Known() {
		return nil, rejected("the new value is unknown")
	}
	have, there := r.cells[path]
	if r.sheet != nil && !there {
		return nil, rejected(fmt.Sprintf("the file has no column %s; add it to the header", path))
	}
	kind := c.kinds[path]
	current, err := table.Value(have, kind)
	if err != nil {
		return nil, rejected(err.Error())
	}
	if !there {
		current = work.Value{}
	}
	cell := cellFor(want, have)
	if r.sheet != nil {
		cell = csvText(cell)
	}
	after, err := table.Value(cell, kind)
	switch {
	case err != nil:
		return nil, rejected(err.Error())
	case after.Text() != want.Text():
		return nil, rejected(fmt.Sprintf("%q would be read back as %q", want.Text(), after.Text()))
	case same(after, current):
		return nil, work.Result{State: work.Unchanged}
	case e.Expect.Known() && !same(e.Expect, current), !e.Expect.Known() && current.Present():
		return nil, conflict(e, "it is "+current.Text())
	}
	return cell, work.Result{State: work.Applied}
}

// same compares what stands there with what was expected: text and number of
// one spelling are one, and so are a missing and an empty cell.
func same(a, b work.Value) bool {
	return a == b || !a.Present() && !b.Present() || a.Present() && b.Present() && a.Text() == b.Text()
}

// csvText spells a cell as text.
func csvText(cell any) string {
	if list, ok := cell.([]any); ok {
		text, _ := joinList(table.List(list)) // read back by the caller
		return text
	}
	return strings.TrimSpace(table.Text(cell))
}
