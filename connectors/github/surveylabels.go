package github

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// axis says how labels of one shared field are recognised.
type axis struct {
	field work.Field
	// heads stand before the value, as in "priority: high"; before a bare
	// number only those in short, as in P1; tails stand after it.
	heads, short, tails []string
	// bare values need no head.
	bare bool
	// values are the shared values by what stands in the label; numbered tells
	// that numbers are values too.
	values   map[string]string
	numbered bool
	// ordered axes are shared out by their order; the others name the values.
	ordered bool
	// sure is the confidence where three values are there.
	sure int
}

// axes lists what can be recognised, in the order of the model.
func axes() []axis {
	urgency := map[string]string{
		"blocker": "0", "critical": "1", "urgent": "1", "highest": "1", "important": "2", "high": "2", "major": "2",
		"medium": "3", "normal": "3", "moderate": "3", "mid": "3", "minor": "4", "low": "4", "lowest": "5", "trivial": "5",
		"kritisch": "1", "dringend": "1", "hoch": "2", "mittel": "3", "niedrig": "4",
	}
	return []axis{
		{field: work.Type, heads: []string{"type", "kind"}, bare: true, sure: 95, values: map[string]string{
			"bug": "bug", "defect": "bug", "fehler": "bug", "enhancement": "feature", "feature": "feature", "story": "story", "user story": "story",
			"epic": "epic", "task": "task", "chore": "task", "aufgabe": "task",
		}},
		{
			field: work.Priority, heads: []string{"priority", "prio", "pri", "urgency", "importance", "priorität", "priorité", "prioridad", "优先级"}, short: []string{"p", "prio", "pri"},
			tails: []string{"priority", "prio"}, values: urgency, numbered: true, ordered: true, sure: 92,
		},
		{field: work.Severity, heads: []string{"severity", "sev", "schweregrad"}, short: []string{"s", "sev"}, tails: []string{"severity"}, values: urgency, numbered: true, ordered: true, sure: 82},
		{
			field: work.Effort, heads: []string{"size", "effort", "points", "story points", "storypoints", "estimate", "sp", "t-shirt", "aufwand"}, tails: []string{"points", "point", "sp"}, numbered: true, sure: 80,
			values: map[string]string{"xs": "1", "s": "2", "small": "2", "m": "3", "medium": "3", "l": "5", "large": "5", "xl": "8", "xxl": "13"},
		},
		{field: work.Horizon, heads: []string{"roadmap", "horizon", "plan", "bucket", "when"}, bare: true, sure: 90, values: map[string]string{
			"now": "now", "next": "next", "soon": "next", "later": "later", "someday": "later", "some day": "later",
		}},
	}
}

// family is a set of labels that differ only in their value.
type family struct {
	template string
	members  []member
	used     int
}

// member is one label: what stands for the value, and the shared value or
// weight that it means.
type member struct{ spelled, shared string }

// split takes a label apart: the template, and what stands in the place of the
// value; ok is false where the label is none of the axis.
func (x axis) split(label string) (template string, m member, ok bool) {
	lower := strings.ToLower(label)
	if len(lower) != len(label) { // a letter whose small form is longer
		return "", member{}, false
	}
	cut := func(from, to int) (string, member, bool) {
		shared := x.values[strings.TrimSpace(lower[from:to])]
		if n, err := strconv.Atoi(lower[from:to]); err == nil && n >= 0 && n < 100 && x.numbered {
			shared = strconv.Itoa(n)
		}
		return label[:from] + "{value}" + label[to:], member{label[from:to], shared}, shared != "" && !strings.ContainsAny(label[:from]+label[to:], "{}")
	}
	for _, head := range x.heads {
		rest, found := strings.CutPrefix(lower, head)
		if !found {
			continue
		}
		gap := regexp.MustCompile(`^ ?[-:/=_. ] ?[ps]?`).FindString(rest)
		for ; gap != ""; gap = gap[:len(gap)-1] { // "p" may be part of the value
			if template, m, ok := cut(len(head)+len(gap), len(lower)); ok {
				return template, m, true
			}
		}
	}
	for _, head := range x.short {
		if regexp.MustCompile(`^` + head + `-?\d$`).MatchString(lower) {
			return cut(len(lower)-1, len(lower))
		}
	}
	for _, tail := range x.tails {
		if rest, found := strings.CutSuffix(lower, tail); found {
			if value := strings.TrimRight(rest, " -_/"); value != "" && value != rest {
				return cut(0, len(value))
			}
		}
	}
	if x.bare {
		return cut(0, len(lower))
	}
	return "", member{}, false
}

// families groups the labels of a repository, the best first: most values,
// then most used.
func (s *sight) families(x axis) []family {
	byTemplate := map[string]*family{}
	for _, label := range s.labels {
		template, m, ok := x.split(label)
		if !ok {
			continue
		}
		key := strings.ToLower(template)
		if byTemplate[key] == nil {
			byTemplate[key] = &family{template: template}
		}
		f := byTemplate[key]
		f.members = append(f.members, m)
		f.used += s.onIssues[strings.ToLower(label)]
	}
	all := make([]family, 0, len(byTemplate))
	for _, key := range slices.Sorted(maps.Keys(byTemplate)) {
		all = append(all, *byTemplate[key])
	}
	slices.SortStableFunc(all, func(a, b family) int {
		return cmp.Or(cmp.Compare(len(b.members), len(a.members)), cmp.Compare(b.used, a.used))
	})
	return all
}

// propose says which labels may stand for shared fields, the surest of each.
func (s *sight) propose() []connectors.Proposal {
	var all []connectors.Proposal
	for _, x := range axes() {
		found := s.families(x)
		if len(found) == 0 || x.field == work.Type && len(s.types) > 0 {
			continue // issue types tell the kind better
		}
		if p := s.weigh(x, found[0]); p.Confidence > 0 {
			var others []string
			for _, f := range found[1:] {
				others = append(others, f.template)
			}
			if len(others) > 0 {
				p.Because += "; also possible: " + strings.Join(others, ", ")
			}
			all = append(all, p)
		}
	}
	if s.headings > 0 {
		all = append(all, connectors.Proposal{
			Field: work.AcceptanceCriteria, Native: "body", Name: criteriaHeading, Confidence: 90,
			Because: fmt.Sprintf("a heading in %d of the %d open issues that changed last", s.headings, len(s.issues)),
		})
	}
	for n := range all {
		all[n].Place, all[n].Shared = s.name, all[n].Field.String()
	}
	return all
}

// weigh says how likely a family stands for the field; 0 is not.
func (s *sight) weigh(x axis, f family) connectors.Proposal {
	p := connectors.Proposal{Field: x.field, Native: work.NativeLabels, Name: f.template, Confidence: x.sure}
	names := make([]string, len(f.members))
	pulls := 0
	for n, m := range f.members {
		names[n] = strings.Replace(f.template, "{value}", m.spelled, 1)
		pulls += s.onPulls[strings.ToLower(names[n])]
	}
	p.Because = "labels " + strings.Join(names, ", ")
	switch {
	case x.field != work.Type && len(f.members) < 2:
		return connectors.Proposal{}
	case x.field == work.Effort && f.used == 0 && pulls > 0:
		return connectors.Proposal{} // a bot measures pull requests by them
	case f.used == 1:
		p.Because += ", once on open issues"
	case f.used > 1:
		p.Because += fmt.Sprintf(", %d times on open issues", f.used)
	case x.field != work.Type && len(s.issues) > 0:
		p.Confidence -= 25 // what nobody sets would be missing everywhere
		p.Because += ", on none of the open issues that changed last"
	}
	if x.field != work.Type && len(f.members) == 2 {
		p.Confidence -= 15
	}
	if !x.ordered {
		p.Spellings = map[string][]string{}
		for _, m := range f.members {
			p.Spellings[m.shared] = append(p.Spellings[m.shared], m.spelled)
		}
		return p
	}
	slices.SortStableFunc(f.members, func(a, b member) int { return weight(a) - weight(b) })
	for _, m := range f.members {
		p.Ordered = append(p.Ordered, m.spelled)
	}
	if more := rest(f.members); len(more) > 0 {
		p.Ordered = append(p.Ordered, more...)
		p.Because += "; new: " + strings.Join(more, ", ")
	}
	return p
}

// rest goes on counting to four values where all are numbers: P1 and P2 are the
// beginning of a list whose other labels nobody needed yet.
func rest(members []member) []string {
	var more []string
	for _, m := range members {
		if m.spelled != m.shared {
			return nil
		}
	}
	last := weight(members[len(members)-1])
	for n := len(members); n < fullScale; n++ {
		last++
		more = append(more, strconv.Itoa(last))
	}
	return more
}

// fullScale is how many priorities and severities people have at least.
const fullScale = 4

func weight(m member) int {
	n, _ := strconv.Atoi(m.shared) // the axis gave it
	return n
}

// criteriaHeading is the heading that is looked for in descriptions.
const criteriaHeading = "Acceptance criteria"

// hasCriteria finds the heading in a description.
func hasCriteria(body string) bool {
	return regexp.MustCompile(`(?im)^(#{1,6} *|\*\*)?acceptance criteria(\*\*)? *:? *\r?$`).MatchString(body)
}
