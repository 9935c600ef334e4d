package mapping

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/work"
)

// placeholder is what a template replaces by the shared value.
const placeholder = "{value}"

// LabelAxis is a single-valued field that is written as one label out of a
// finite, owned set. Labels outside the set are never touched (promise S2).
type LabelAxis struct {
	Template string
	owned    []ownedLabel // in the order of the shared values
	reads    []ownedLabel // read, never written
	fold     bool         // the service ignores case
	prefix   string
}

type ownedLabel struct{ shared, label string }

// compileAxis builds the owned set: template × values.
func compileAxis(at work.Pointer, spec TargetSpec, values []string, schema work.Schema) (*LabelAxis, []work.Problem) {
	a := &LabelAxis{Template: spec.Label, fold: schema.LabelsFold}
	a.prefix, _, _ = strings.Cut(spec.Label, placeholder)
	var problems []work.Problem
	bad := func(at work.Pointer, what, remedy string) {
		problems = append(problems, work.Problem{At: at, What: what, Remedy: remedy})
	}
	if strings.Count(spec.Label, placeholder) != 1 {
		bad(at.Key("label"), "a label template needs {value} exactly once", "write for example 'roadmap/{value}'")
		return a, problems
	}
	if len(values) == 0 {
		bad(at.Key("label"), "the labels of this field are not a finite set", "list its values: {now: [Now], next: [Next]}")
	}
	for _, v := range values {
		shown := v
		if s := spec.Values[v]; len(s) > 0 {
			shown = s[0]
		}
		label := strings.Replace(spec.Label, placeholder, shown, 1)
		if cause := labelFault(label, schema); cause != "" {
			bad(at.Key("label"), "label "+strconv.Quote(label)+" "+cause, "choose another template or value")
		}
		if i := a.index(label); i >= 0 {
			bad(at.Key("label"), strconv.Quote(label)+" stands for both "+a.owned[i].shared+" and "+v, "make the labels differ")
		}
		a.owned = append(a.owned, ownedLabel{v, label})
		for i, template := range spec.Reads {
			if strings.Count(template, placeholder) != 1 {
				bad(at.Key("reads").Index(i), "a label template needs {value} exactly once", "write for example 'P{value}'")
				continue
			}
			a.reads = append(a.reads, ownedLabel{v, strings.Replace(template, placeholder, v, 1)})
		}
	}
	return a, problems
}

// labelFault says why the service would refuse the label.
func labelFault(label string, schema work.Schema) string {
	switch n := utf8.RuneCountInString(label); {
	case !schema.LabelSpaces && strings.ContainsAny(label, " \t\n"):
		return "contains a space, which " + schema.Kind + " refuses"
	case schema.MaxLabel > 0 && n > schema.MaxLabel:
		return "has " + strconv.Itoa(n) + " characters; " + schema.Kind + " takes " + strconv.Itoa(schema.MaxLabel)
	case strings.ContainsFunc(label, func(r rune) bool { return r < ' ' }):
		return "contains a control character"
	default:
		return ""
	}
}

func (a *LabelAxis) same(x, y string) bool {
	return x == y || a.fold && strings.EqualFold(x, y)
}

func (a *LabelAxis) index(label string) int {
	return slices.IndexFunc(a.owned, func(o ownedLabel) bool { return a.same(o.label, label) })
}

// Owned returns the owned labels in the order of the shared values.
func (a *LabelAxis) Owned() []string {
	all := make([]string, len(a.owned))
	for i, o := range a.owned {
		all[i] = o.label
	}
	return all
}

// Present returns the owned labels that stand on a record, as we spell them.
func (a *LabelAxis) Present(labels work.Value) work.Value {
	var present []string
	for _, l := range labels.List() {
		if i := a.index(l); i >= 0 {
			present = append(present, a.owned[i].label)
		}
	}
	return work.NewList(present...)
}

// Foreign returns labels under our prefix that are not ours: they stay the
// team's, and check lists them.
func (a *LabelAxis) Foreign(labels work.Value) []string {
	var foreign []string
	for _, l := range labels.List() {
		if a.prefix != "" && strings.HasPrefix(l, a.prefix) && a.index(l) < 0 {
			foreign = append(foreign, l)
		}
	}
	return foreign
}

// read returns the shared value that the labels tell, and whether two values
// of the axis contradict each other.
func (a *LabelAxis) read(labels work.Value) (shared work.Value, ambiguous bool) {
	if !labels.Known() {
		return work.Value{}, false
	}
	owned := a.valuesOf(a.owned, labels)
	if len(owned) > 1 {
		return work.Value{}, true
	}
	values := slices.Concat(owned, a.valuesOf(a.reads, labels))
	slices.Sort(values)
	switch values = slices.Compact(values); len(values) {
	case 0:
		return work.Empty(), false
	case 1:
		return work.NewText(values[0]), false
	default:
		return work.Value{}, true
	}
}

func (a *LabelAxis) valuesOf(set []ownedLabel, labels work.Value) []string {
	var values []string
	for _, l := range labels.List() {
		i := slices.IndexFunc(set, func(o ownedLabel) bool { return a.same(o.label, l) })
		if i >= 0 && !slices.Contains(values, set[i].shared) {
			values = append(values, set[i].shared)
		}
	}
	return values
}

// spell returns the label of a shared value.
func (a *LabelAxis) spell(shared work.Value) (work.Value, bool) {
	if !shared.Present() {
		return shared, shared.Known()
	}
	for _, o := range a.owned {
		if o.shared == shared.String() {
			return work.NewList(o.label), true
		}
	}
	return work.Value{}, false
}
