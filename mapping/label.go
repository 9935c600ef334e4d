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
	labels   []string     // of owned
	reads    []ownedLabel // read, never written
	fold     bool         // the service ignores case
	prefix   string
	places   map[string]int // of owned by label, where there are many; nil for few
}

// few is up to how many labels looking at each is the quickest.
const few = 12

// settle makes the many labels of an axis quick to find.
func (a *LabelAxis) settle() {
	if len(a.owned) <= few {
		return
	}
	a.places = make(map[string]int, len(a.owned))
	for i := range a.owned {
		a.places[a.key(a.owned[i].label)] = i
	}
}

// key is the same for labels that are the same to the service.
func (a *LabelAxis) key(label string) string {
	if a.fold {
		return strings.ToLower(label)
	}
	return label
}

// ownedLabel is a label and the shared value that it tells; alone is the list
// that holds nothing but the label.
type ownedLabel struct {
	shared, label string
	alone         work.Value
}

func newOwnedLabel(shared, label string) ownedLabel {
	return ownedLabel{shared, label, work.NewList(label)}
}

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
		a.owned, a.labels = append(a.owned, newOwnedLabel(v, label)), append(a.labels, label)
		if s := spec.Values[v]; len(s) > 1 { // the first is written, all are read
			for _, further := range s[1:] {
				a.reads = append(a.reads, newOwnedLabel(v, strings.Replace(spec.Label, placeholder, further, 1)))
			}
		}
		for i, template := range spec.Reads {
			if strings.Count(template, placeholder) != 1 {
				bad(at.Key("reads").Index(i), "a label template needs {value} exactly once", "write for example 'P{value}'")
				continue
			}
			a.reads = append(a.reads, newOwnedLabel(v, strings.Replace(template, placeholder, v, 1)))
		}
	}
	for _, r := range a.reads {
		if i := a.index(r.label); i >= 0 && a.owned[i].shared != r.shared {
			bad(at.Key("label"), strconv.Quote(r.label)+" stands for both "+a.owned[i].shared+" and "+r.shared, "make the labels differ")
		}
	}
	a.settle()
	return a, problems
}

// labelFault says why the service would refuse the label.
func labelFault(label string, schema work.Schema) string {
	switch n := utf8.RuneCountInString(label); {
	case !schema.LabelSpaces && strings.ContainsAny(label, " \t\n"):
		return "contains a space, which " + schema.Kind + " refuses"
	case schema.MaxLabel > 0 && n > schema.MaxLabel:
		return "has " + strconv.Itoa(n) + " characters; " + schema.Kind + " takes " + strconv.Itoa(schema.MaxLabel)
	case strings.TrimSpace(label) != label:
		return "begins or ends with a space, which " + schema.Kind + " takes off"
	case strings.ContainsFunc(label, func(r rune) bool { return r < ' ' }):
		return "contains a control character"
	default:
		return ""
	}
}

// find returns the first of the set whose label this is, -1 where none.
func (a *LabelAxis) find(set []ownedLabel, label string) int {
	for i := range set {
		if own := set[i].label; own == label || a.fold && strings.EqualFold(own, label) {
			return i
		}
	}
	return -1
}

func (a *LabelAxis) index(label string) int {
	if a.places == nil {
		return a.find(a.owned, label)
	}
	if i, known := a.places[a.key(label)]; known {
		return i
	}
	return -1
}

// Rivals are the other labels of ours that may stand there in place of one: of
// many, those nearest to it, so that an edit need not name centuries.
func (a *LabelAxis) Rivals(label string) []string {
	i := a.index(label)
	if a.places == nil || i < 0 {
		return a.labels
	}
	near := slices.Clone(a.labels[max(i-few, 0):min(i+few+1, len(a.labels))])
	if last := len(a.labels) - 1; i+few < last {
		near = append(near, a.labels[last])
	}
	return near
}

// Owns reports whether a label, spelled as we spell it, is one of ours.
func (a *LabelAxis) Owns(label string) bool {
	if a.places == nil {
		return slices.Contains(a.labels, label)
	}
	i := a.index(label)
	return i >= 0 && a.labels[i] == label
}

// Owned returns the owned labels in the order of the shared values. The caller
// must not change them.
func (a *LabelAxis) Owned() []string { return slices.Clip(a.labels) }

// With returns a list with one more of the owned labels; what is none of them
// changes nothing.
func (a *LabelAxis) With(list work.Value, label string) work.Value {
	i := slices.Index(a.labels, label)
	switch {
	case i < 0:
		return list
	case !list.Present():
		return a.owned[i].alone
	default:
		return work.NewList(append(list.List(), label)...)
	}
}

// Foreign returns labels under our prefix that are not ours: they stay the
// team's, and check lists them.
func (a *LabelAxis) Foreign(labels work.Value) []string {
	var foreign []string
	for _, l := range labels.List() {
		if a.prefix != "" && a.begins(l) && a.index(l) < 0 && a.find(a.reads, l) < 0 {
			foreign = append(foreign, l)
		}
	}
	return foreign
}

// begins reports whether a label has our prefix, by the service's own idea of
// what is the same.
func (a *LabelAxis) begins(label string) bool {
	return strings.HasPrefix(label, a.prefix) || a.fold && len(label) >= len(a.prefix) && strings.EqualFold(label[:len(a.prefix)], a.prefix)
}

// read returns the owned labels that stand on a record, as we spell them, the
// shared value that its labels tell, whether two values of the axis contradict
// each other, and whether labels are among them that we only read.
func (a *LabelAxis) read(labels work.Value) (native, shared work.Value, ambiguous, mixed bool) {
	if !labels.Known() {
		return work.Value{}, work.Value{}, false, false
	}
	native = work.Empty()
	value, found := "", false
	tell := func(v string) {
		ambiguous = ambiguous || found && v != value
		value, found = v, true
	}
	for label := range labels.Elements {
		if i := a.index(label); i >= 0 {
			native = a.With(native, a.owned[i].label)
			tell(a.owned[i].shared)
		}
		if i := a.find(a.reads, label); i >= 0 {
			tell(a.reads[i].shared)
			mixed = true
		}
	}
	if ambiguous {
		return native, work.Value{}, true, mixed
	}
	return native, work.NewText(value), false, mixed
}

// spell returns the label of a shared value.
func (a *LabelAxis) spell(shared work.Value) (work.Value, bool) {
	if !shared.Present() {
		return shared, shared.Known()
	}
	text := shared.String()
	for i := range a.owned {
		if a.owned[i].shared == text {
			return a.owned[i].alone, true
		}
	}
	return work.Value{}, false
}
