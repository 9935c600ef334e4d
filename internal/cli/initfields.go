package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// sureEnough is the confidence from which on a proposal counts; the others
// are written behind a #.
const sureEnough = 60

// counts reports whether a proposal becomes a rule: what a person said of the
// field, else how sure init is.
func (i *initiation) counts(f work.Field, confidence int) bool {
	if use, said := i.said[f]; said {
		return use
	}
	return confidence >= sureEnough
}

// proposals are those of a field, in the order of the projects.
func (i *initiation) proposals(field work.Field) []connectors.Proposal {
	return slices.DeleteFunc(slices.Clone(i.found.Proposals), func(p connectors.Proposal) bool { return p.Field != field })
}

// read are the fields that Jira owns and rules only read, as far as something
// was found.
func (i *initiation) read() []work.Field {
	return slices.DeleteFunc(work.AllFields(), func(f work.Field) bool { return f == work.Priority || len(i.proposals(f)) == 0 })
}

// tiers is how many shared priorities there are: as many as every project can
// show, and at most four.
func (i *initiation) tiers() int {
	n := 4
	if i.alone {
		if c := i.family(work.Priority); i.sureOf(c) {
			n = min(n, len(c.Ordered))
		}
		return n
	}
	for _, p := range i.proposals(work.Priority) {
		n = min(n, len(p.Ordered))
	}
	return n
}

func (i *initiation) fieldsFile() string {
	var b strings.Builder
	b.WriteString("# Where each field of the shared model stands, and who owns it. Written by tandem init from what it found;\n")
	b.WriteString("# a percentage says how sure it was. All fields and words: docs/rules.md\n\nfields:\n")
	b.WriteString(i.priorityField())
	b.WriteString("\n  # now, next or later, by the capacity of the team; as labels, of which Tandem owns these three.\n")
	b.WriteString("  horizon:\n    owner: tandem\n    jira: {label: 'roadmap/{value}'}\n")
	if len(i.repositories) > 0 {
		b.WriteString("    github: {label: 'roadmap/{value}'}\n")
	}
	for _, f := range i.read() {
		b.WriteString("\n" + i.readField(f))
	}
	for _, f := range []work.Field{work.Effort, work.BusinessValue, work.Severity, work.AcceptanceCriteria} {
		if len(i.proposals(f)) == 0 {
			fmt.Fprintf(&b, "\n  # No field for %s was found (%s). Where there is one:\n", f, f.Info().Doc)
			fmt.Fprintf(&b, "  # %s: {owner: jira, jira: {field: {name: Name of the field}}}\n", f)
			if f == work.AcceptanceCriteria {
				b.WriteString("  # Or where they stand in the description, below one of these headings:\n")
				b.WriteString("  # acceptance_criteria: {owner: jira, jira: {section: [Acceptance criteria, Akzeptanzkriterien]}}\n")
			}
		}
	}
	if len(i.repositories) > 0 {
		b.WriteString("\ntwins:\n  join: [{key_at_start_of: github.title}]   # \"PAY-12: …\" on GitHub is the twin of PAY-12\n")
	}
	return b.String()
}

// priorityField is the priority, written by Tandem, spelled as each project's
// scheme has it.
func (i *initiation) priorityField() string {
	var b strings.Builder
	all := i.proposals(work.Priority)
	n := i.tiers()
	if use, said := i.said[work.Priority]; said && !use {
		b.WriteString("  # Priority is left alone, as you said. To let Tandem write it from the tiers in ranking.yaml:\n")
		b.WriteString("  # priority: {owner: tandem, from: tiers, jira: {field: priority, values: {1: [High], 2: [Low]}}}\n")
		return b.String()
	}
	if len(all) == 0 || n < 2 {
		b.WriteString("  # Priority is left alone: no scheme with two priorities or more was found in every project.\n")
		b.WriteString("  # priority: {owner: tandem, from: tiers, jira: {field: priority, values: {1: [High], 2: [Low]}}}\n")
		return b.String()
	}
	fmt.Fprintf(&b, "  # From the tiers in ranking.yaml, unless a person set it: what people set is kept.\n  # %d %%: %s.\n", all[0].Confidence, remark(all[0].Because))
	b.WriteString("  priority:\n    owner: tandem\n    from: tiers\n    jira:\n      field: priority\n")
	b.WriteString("      # default: [Medium]          # what Jira sets where nobody chose\n")
	if line := valueLine(all[0].Ordered, n); alike(all) && len(all) == len(i.found.Places) {
		b.WriteString("      values: {" + line + "}   # shared: [written, also read…]\n")
	} else {
		b.WriteString("      by_project:                  # shared: [written, also read…]\n")
		for _, p := range all {
			b.WriteString("        " + text(p.Place) + ": {" + valueLine(p.Ordered, n) + "}\n")
		}
	}
	if len(i.repositories) > 0 {
		b.WriteString("    github: {label: 'priority/p{value}', only: private}\n")
	}
	return b.String()
}

// valueLine shares native values out to the shared values from 1 to n.
func valueLine(ordered []string, n int) string {
	parts := make([]string, 0, n)
	for k := range n {
		part := ordered[k*len(ordered)/n : (k+1)*len(ordered)/n]
		parts = append(parts, strconv.Itoa(k+1)+": "+texts(part))
	}
	return strings.Join(parts, ", ")
}

// alike reports whether all projects have the same field with the same values.
func alike(all []connectors.Proposal) bool {
	for _, p := range all[1:] {
		if p.Native != all[0].Native || allValues(p) != allValues(all[0]) {
			return false
		}
	}
	return true
}

// readField is a field that Jira owns.
func (i *initiation) readField(f work.Field) string {
	all := i.proposals(f)
	var b strings.Builder
	fmt.Fprintf(&b, "  # %s: %s.\n", f, f.Info().Doc)
	for _, reason := range reasons(all) {
		b.WriteString("  # " + reason + "\n")
	}
	mark, least := "  ", 100
	for _, p := range all {
		least = min(least, p.Confidence)
	}
	if !i.counts(f, least) {
		mark = "  # "
	}
	b.WriteString(mark + f.String() + ":\n" + mark + "  owner: jira\n")
	if alike(all) && len(all) == len(i.found.Places) {
		b.WriteString(mark + "  jira: {field: " + fieldRef(all[0]))
		if line := allValues(all[0]); line != "" {
			b.WriteString(", values: {" + line + "}")
		}
		b.WriteString("}\n")
		return b.String()
	}
	b.WriteString(mark + "  jira:\n" + mark + "    by_project:\n")
	for _, p := range all {
		b.WriteString(mark + "      " + text(p.Place) + ": {field: " + fieldRef(p))
		if line := allValues(p); line != "" {
			b.WriteString(", " + line)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// allValues are the values of a field that is only read.
func allValues(p connectors.Proposal) string {
	if len(p.Ordered) > 0 {
		return valueLine(p.Ordered, len(p.Ordered))
	}
	parts := make([]string, 0, len(p.Spellings))
	for _, shared := range slices.Sorted(maps.Keys(p.Spellings)) {
		key := text(shared)
		if _, err := strconv.Atoi(shared); err == nil {
			key = shared
		}
		parts = append(parts, key+": "+texts(p.Spellings[shared]))
	}
	return strings.Join(parts, ", ")
}

func fieldRef(p connectors.Proposal) string {
	if !strings.Contains(p.Native, "_") { // one of Jira's own
		return text(p.Native)
	}
	return "{name: " + text(p.Name) + ", id: " + text(p.Native) + "}"
}

// reasons says how sure each native field is, with the projects that have it.
func reasons(all []connectors.Proposal) []string {
	all = slices.Clone(all)
	var lines []string
	for len(all) > 0 {
		first := all[0]
		var places []string
		all = slices.DeleteFunc(all, func(p connectors.Proposal) bool {
			same := p.Native == first.Native && p.Confidence == first.Confidence && p.Because == first.Because
			if same {
				places = append(places, p.Place)
			}
			return same
		})
		lines = append(lines, fmt.Sprintf("%d %%: %s in %s: %s", first.Confidence, remark(first.Name), list(places), remark(first.Because)))
	}
	return lines
}
