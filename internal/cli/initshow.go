package cli

import (
	"fmt"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// show says what was found and what is proposed.
func (i *initiation) show() {
	if i.alone {
		i.hubShow()
		return
	}
	var rows [][]string
	for _, p := range i.found.Places {
		rows = append(rows, []string{p.Key, counted(p.Facts), ledBy(p.Lead)})
	}
	i.ask.p.section("Found", rows, true)
	rows = nil
	if n := i.tiers(); len(i.proposals(work.Priority)) > 0 && n > 1 {
		rows = append(rows, []string{"priority", "Priority, " + priorities(i.proposals(work.Priority)), "written from tiers"})
	}
	rows = append(rows, []string{"horizon", "labels roadmap/now, roadmap/next, roadmap/later", "written"})
	for _, f := range i.read() {
		all := i.proposals(f)
		state := "read"
		if !i.sure(all) {
			state = "only proposed"
		}
		rows = append(rows, []string{f.String(), standsIn(all), fmt.Sprintf("%s, %d %% sure", state, least(all))})
	}
	i.ask.p.section("Mapped", rows, true)
}

// counted is what a project has, in one line.
func counted(facts []connectors.Fact) string {
	var parts []string
	for _, f := range facts {
		switch f.What {
		case "types", "statuses", "boards", "components", "security levels":
			one := map[string]string{"types": "type", "statuses": "status", "boards": "board", "components": "component", "security levels": "security level"}[f.What]
			parts = append(parts, plural(len(f.Values), one, f.What))
		case "issues":
			parts = append(parts, "no issue yet")
		}
	}
	return strings.Join(parts, ", ")
}

func ledBy(l connectors.Lead) string {
	if l.Name == "" {
		return ""
	}
	return "led by " + short(l.Name, 40)
}

// priorities shows the schemes.
func priorities(all []connectors.Proposal) string {
	var parts []string
	for _, p := range all {
		part := fmt.Sprintf("%s … %s", short(p.Ordered[0], 20), short(p.Ordered[len(p.Ordered)-1], 20))
		if alike(all) {
			return part
		}
		parts = append(parts, part+" in "+p.Place)
	}
	if len(parts) > 3 {
		return "by the scheme of each project"
	}
	return strings.Join(parts, "; ")
}

// standsIn names the fields of a shared field with their projects.
func standsIn(all []connectors.Proposal) string {
	var parts []string
	places := map[string][]string{}
	for _, p := range all {
		if places[p.Native] == nil {
			parts = append(parts, p.Native)
		}
		places[p.Native] = append(places[p.Native], p.Place)
	}
	for n, native := range parts {
		for _, p := range all {
			if p.Native == native {
				parts[n] = short(p.Name, 40) + " in " + list(places[native])
			}
		}
	}
	return strings.Join(parts, "; ")
}

func least(all []connectors.Proposal) int {
	n := 100
	for _, p := range all {
		n = min(n, p.Confidence)
	}
	return n
}

type initJSON struct {
	Service   connectors.Service      `json:"service"`
	Account   string                  `json:"account"`
	Places    []connectors.Discovered `json:"places"`
	Proposals []connectors.Proposal   `json:"proposals"`
	Files     []string                `json:"files"`
}

// finish writes the files and says what comes next.
func (i *initiation) finish(files []file) error {
	if err := i.vacant(); err != nil {
		return err
	}
	if err := writeFiles(i.dir, files); err != nil {
		return err
	}
	if i.json {
		out := initJSON{i.service, i.survey.Account, i.found.Places, i.found.Proposals, nil}
		for _, f := range files {
			out.Files = append(out.Files, f.name)
		}
		return i.printJSON(out)
	}
	p := i.ask.p
	rows := make([][]string, 0, len(files))
	for _, f := range files {
		rows = append(rows, []string{f.name, f.doc})
	}
	p.section("Written", rows, true)
	cd := ""
	if i.dir != "." {
		cd = "cd " + i.dir + " && "
	}
	p.section("Next", [][]string{
		{cd + "tandem check", "asks " + map[bool]string{false: "Jira", true: "GitHub"}[i.alone] + " whether all of it is right; changes nothing"},
		{"tandem plan", "reads everything and shows what would be written, and why"},
		{"edit rules/teams.yaml", "who decides; then write: propose lets tandem apply write what you approve"},
	}, true)
	return p.err
}
