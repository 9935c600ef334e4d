package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// hubFiles are what init writes where GitHub is all there is.
func (i *initiation) hubFiles() []file {
	return []file{
		{settingsName, "where Tandem connects, and that it only observes", i.hubSettings()},
		{"rules/fields.yaml", "which labels stand for which shared field", i.hubFields()},
		{"rules/teams.yaml", "who decides, for which repositories", i.hubTeams()},
		{"rules/ranking.yaml", "what comes first, and who must act", i.rankingFile()},
	}
}

func (i *initiation) hubSettings() string {
	b := i.settingsHead()
	b.WriteString("  " + githubName + ":\n    kind: github\n")
	if i.githubURL != "" {
		b.WriteString("    url: " + text(i.githubURL) + "\n")
	}
	b.WriteString("    auth: {token: " + i.source(i.githubTokenEnv, i.githubTokenTo) + "}   # the token itself stands in no file of Tandem\n")
	b.WriteString("    repositories:                       # \"acme/*\" takes in all; those that nobody listed by name are read and not written\n")
	for _, name := range i.repositories {
		comment := i.placeName(name)
		if rest, same := strings.CutPrefix(comment, name); same {
			comment = strings.TrimPrefix(rest, ", ")
		}
		b.WriteString(commented("      - "+text(name), comment))
	}
	b.WriteString("    # project: {board: OWNER/7}         # fields of a project board, for rules with project_field:\n")
	return b.String()
}

func (i *initiation) hubFields() string {
	var b strings.Builder
	b.WriteString("# Which labels stand for each field of the shared model, and who owns it. Written by tandem init from the labels\n")
	b.WriteString("# that it found; a percentage says how sure it was. All fields and words: docs/rules.md\n\nfields:\n")
	b.WriteString(i.hubPriority())
	b.WriteString("\n  # now, next or later, by the capacity of the team. Tandem owns these three labels and no others.\n")
	horizon := i.family(work.Horizon)
	line := "label: 'roadmap/{value}'"
	if i.sureOf(horizon) {
		b.WriteString(howSure(horizon))
		line = "label: " + text(horizon.Name) + ", values: {" + allValues(horizon.Proposal) + "}"
	}
	b.WriteString("  horizon:\n    owner: tandem\n    github: {" + line + "}\n")
	for _, f := range []work.Field{work.Type, work.Effort, work.Severity, work.AcceptanceCriteria} {
		b.WriteString("\n" + i.hubRead(f))
	}
	return b.String()
}

// hubPriority is the priority, in the labels that the team has, or in new
// ones.
func (i *initiation) hubPriority() string {
	c := i.family(work.Priority)
	var b strings.Builder
	b.WriteString("  # From the tiers in ranking.yaml, unless a person set it: what people set is kept.\n")
	line := "label: 'priority/p{value}'"
	if i.sureOf(c) {
		b.WriteString(howSure(c))
		line = "label: " + text(c.Name)
		if !slices.Equal(c.Ordered, []string{"1", "2", "3", "4"}) {
			line += ", values: {" + valueLine(c.Ordered, i.tiers()) + "}"
		}
	} else {
		b.WriteString("  # " + map[bool]string{true: "No labels for it were found.", false: "The labels that were found are left alone."}[len(c.places) == 0] +
			" These are created where they are needed first.\n")
	}
	b.WriteString("  priority:\n    owner: tandem\n    from: tiers\n    github: {" + line + "}   # shared: [written, also read…]\n")
	return b.String()
}

// hubRead is a field that people keep in labels or descriptions, and Tandem
// reads.
func (i *initiation) hubRead(f work.Field) string {
	c := i.family(f)
	var b strings.Builder
	fmt.Fprintf(&b, "  # %s: %s.\n", f, f.Info().Doc)
	example := map[work.Field]string{
		work.Type: "label: '{value}', values: {bug: [bug], feature: [enhancement]}", work.Effort: "label: 'size/{value}', values: {2: [S], 3: [M], 5: [L]}",
		work.Severity: "label: 'severity/{value}', values: {1: [high], 2: [low]}", work.AcceptanceCriteria: "section: [Acceptance criteria]",
	}[f]
	mark := "  # "
	switch {
	case len(c.places) == 0:
		b.WriteString("  # Nothing was found for it. Where there is something:\n")
	case f == work.AcceptanceCriteria:
		example = "section: " + texts([]string{c.Name})
		fallthrough
	default:
		b.WriteString(howSure(c))
		if f != work.AcceptanceCriteria {
			example = "label: " + text(c.Name) + ", values: {" + allValues(c.Proposal) + "}"
		}
		if i.sureOf(c) {
			mark = "  "
		}
	}
	if f == work.Type && len(c.places) == 0 {
		b.WriteString("  # The issue types of your organisation count without any rule.\n")
	}
	b.WriteString(mark + f.String() + ": {owner: github, github: {" + example + "}}\n")
	return b.String()
}

func (i *initiation) sureOf(c choice) bool {
	return len(c.places) > 0 && i.counts(c.Field, c.Confidence)
}

// howSure says how sure init was, and what else there is.
func howSure(c choice) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  # %d %%: %s in %s.\n", c.Confidence, remark(c.Because), remark(list(c.places)))
	for _, other := range c.others {
		fmt.Fprintf(&b, "  # %s has %s instead, which is not read.\n", remark(other.Place), remark(other.Name))
	}
	return b.String()
}

// hubTeams is one team for each owner of repositories.
func (i *initiation) hubTeams() string {
	var owners []string
	byOwner := map[string][]string{}
	for _, name := range i.repositories {
		owner, _, _ := strings.Cut(name, "/")
		if byOwner[owner] == nil {
			owners = append(owners, owner)
		}
		byOwner[owner] = append(byOwner[owner], name)
	}
	var b strings.Builder
	b.WriteString("# Who decides what, and how far Tandem may go for each team. Written by tandem init: one team for each owner of\n")
	b.WriteString("# repositories. In a small firm one person wears both hats. Any role names will do.\n\npeople:\n")
	b.WriteString("  " + nobody + ": {}                          # put a person here, such as ana: {github: ana-acme, email: ana@acme.example}\n\nteams:\n")
	for _, owner := range owners {
		b.WriteString("  " + text(strings.ToLower(owner)) + ":\n")
		b.WriteString(commented("    roles: {pm: "+nobody+", po: "+nobody+"}", "the pm answers why, the po what comes next"))
		b.WriteString("    places:\n      " + githubName + ":\n")
		for _, name := range byOwner[owner] {
			b.WriteString("        - " + text(name) + "\n")
		}
		b.WriteString(commented("    capacity: {effort: 20, every: 2w}", "a guess: what the team finishes in two weeks, in its unit"))
		b.WriteString(commented("    write: observe", "the team has not agreed yet; then: propose, later auto"))
	}
	b.WriteString("\n# What stood there before Tandem: a person's choice stays. The first writes are spread over days.\n")
	b.WriteString("adopt: {set_by_person: keep, ramp: {edits: 25, per: day}}\n")
	return b.String()
}

// hubShow says what was found and what is proposed.
func (i *initiation) hubShow() {
	var rows [][]string
	for _, p := range i.found.Places {
		rows = append(rows, []string{p.Key, hubCounted(p.Facts)})
	}
	i.ask.p.section("Found", rows, true)
	rows = nil
	for _, f := range []work.Field{work.Priority, work.Horizon, work.Type, work.Effort, work.Severity, work.AcceptanceCriteria} {
		c := i.family(f)
		written := f == work.Priority || f == work.Horizon
		switch {
		case i.sureOf(c) && written:
			rows = append(rows, []string{f.String(), hubStandsIn(c), fmt.Sprintf("written, %d %% sure", c.Confidence)})
		case f == work.Priority:
			rows = append(rows, []string{f.String(), "labels priority/p1 … priority/p4, which are new", "written from tiers"})
		case f == work.Horizon:
			rows = append(rows, []string{f.String(), "labels roadmap/now, roadmap/next, roadmap/later", "written"})
		case i.sureOf(c):
			rows = append(rows, []string{f.String(), hubStandsIn(c), fmt.Sprintf("read, %d %% sure", c.Confidence)})
		case len(c.places) > 0:
			rows = append(rows, []string{f.String(), hubStandsIn(c), fmt.Sprintf("only proposed, %d %% sure", c.Confidence)})
		}
	}
	i.ask.p.section("Mapped", rows, true)
}

func hubCounted(facts []connectors.Fact) string {
	var parts []string
	for _, f := range facts {
		switch f.What {
		case "labels":
			parts = append(parts, plural(len(f.Values), "label", "labels"))
		case "types":
			parts = append(parts, "issue types "+list(f.Values))
		case "issues":
			parts = append(parts, "no open issue yet")
		}
	}
	return strings.Join(parts, ", ")
}

// hubStandsIn shows the labels of a field, the first to the last.
func hubStandsIn(c choice) string {
	if c.Field == work.AcceptanceCriteria {
		return "heading " + c.Name + " in descriptions"
	}
	names := slices.Clone(c.Ordered)
	for _, shared := range slices.Sorted(maps.Keys(c.Spellings)) {
		names = append(names, c.Spellings[shared]...)
	}
	for n := range names {
		names[n] = short(strings.Replace(c.Name, "{value}", names[n], 1), 30)
	}
	if len(names) > 3 && len(c.Ordered) > 0 {
		names = []string{names[0] + " … " + names[len(names)-1]}
	}
	return "labels " + list(names)
}
