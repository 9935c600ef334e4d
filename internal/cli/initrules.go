package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tandem/connectors"
	"tandem/internal/work"
)

// nobody stands for whoever is not known yet.
const nobody = "somebody"

// personName makes a short name for rules: "Ana Araújo" is ana_araújo.
func personName(lead connectors.Lead) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return '_'
		}
	}, strings.TrimSpace(lead.Name))
	name = strings.Trim(name, "_")
	if lead.ID == "" || name == "" {
		return nobody
	}
	return name
}

// leads are the leads of the projects by name; two of one name are told apart.
func (i *initiation) leads() (names map[string]string, order []connectors.Lead) {
	names = map[string]string{}
	taken := map[string]bool{}
	for _, p := range i.found.Places {
		if _, known := names[p.Lead.ID]; known {
			continue
		}
		name := personName(p.Lead)
		for n := 2; taken[name] && name != nobody; n++ {
			name = fmt.Sprintf("%s_%d", personName(p.Lead), n)
		}
		if !taken[name] {
			order = append(order, p.Lead)
		}
		names[p.Lead.ID], taken[name] = name, true
	}
	return names, order
}

func (i *initiation) teamsFile() string {
	var b strings.Builder
	b.WriteString("# Who decides what, and how far Tandem may go for each team. Written by tandem init: one team for each project,\n")
	b.WriteString("# led by the project's lead, who wears both hats until you name somebody. Any role names will do.\n\npeople:\n")
	names, leads := i.leads()
	for _, l := range leads {
		if names[l.ID] == nobody {
			b.WriteString("  " + nobody + ": {}   # no lead is known: put a person here, such as ana: {jira: \"712020:…\", email: ana@acme.example}\n")
			continue
		}
		b.WriteString(commented("  "+text(names[l.ID])+": {jira: "+text(l.ID)+"}", l.Name))
	}
	b.WriteString("\nteams:\n")
	taken := map[string]bool{}
	left := slices.Clone(i.repositories)
	for _, p := range i.found.Places {
		name := strings.ToLower(p.Key)
		who := text(names[p.Lead.ID])
		var own []string
		left = slices.DeleteFunc(left, func(r string) bool {
			_, repository, _ := strings.Cut(r, "/")
			mine := strings.Contains(strings.ToLower(repository), name) || len(i.found.Places) == 1
			if mine {
				own = append(own, r)
			}
			return mine
		})
		taken[name] = true
		b.WriteString(commented("  "+text(name)+":", p.Name))
		b.WriteString(commented("    roles: {pm: "+who+", po: "+who+"}", "the pm answers why, the po what comes next"))
		places := "{" + jiraName + ": " + texts([]string{p.Key})
		if len(own) > 0 {
			places += ", " + githubName + ": " + texts(own)
		}
		b.WriteString("    places: " + places + "}\n")
		b.WriteString(commented("    capacity: {effort: 20, every: 2w}", "a guess: what the team finishes in two weeks, in its unit"))
		b.WriteString(commented("    write: observe", "the team has not agreed yet; then: propose, later auto"))
		for _, f := range p.Facts {
			if f.What == "components" {
				b.WriteString("    # components, perhaps teams of their own: " + remark(list(f.Values)) + "\n")
			}
		}
	}
	if len(left) > 0 {
		b.WriteString("  # whose are these? Add them to the places of a team: " + githubName + ": " + remark(texts(left)) + "\n")
	}
	b.WriteString("\n# What stood there before Tandem: a person's choice stays. The first writes are spread over days.\n")
	b.WriteString("adopt: {set_by_person: keep, ramp: {edits: 25, per: day}}\n")
	return b.String()
}

func (i *initiation) rankingFile() string {
	has := func(f work.Field) bool {
		if i.alone {
			return i.sureOf(i.family(f))
		}
		return len(i.proposals(f)) > 0 && i.sure(i.proposals(f))
	}
	var b strings.Builder
	b.WriteString("# What comes first, and who must act. Written by tandem init: a beginning that uses what was found.\n\n")
	if has(work.AcceptanceCriteria) || has(work.Effort) {
		b.WriteString("readiness:                              # why an item cannot be started\n")
	}
	if has(work.AcceptanceCriteria) {
		b.WriteString("  - {if: 'item.kind == \"story\" && item.acceptance_criteria == unknown', because: 'no acceptance criteria'}\n")
	}
	if has(work.Effort) {
		b.WriteString("  - {if: 'item.kind != \"epic\" && item.effort == unknown', because: 'no estimate'}\n")
	}
	b.WriteString("\nrank:\n")
	b.WriteString("  # The PM's lens fills the horizons: reach and confidence come from feedback, once some is connected.\n")
	b.WriteString("  why:\n    method: rice\n    impact: '" + or(map[bool]string{true: "item.impact ?? 1"}[has(work.Impact)], "1") + "'\n")
	b.WriteString("  # The PO's lens orders the work inside a horizon: what waiting costs, against the effort.\n")
	b.WriteString("  next:\n    method: wsjf\n")
	b.WriteString(wsjf("value", has(work.BusinessValue), "item.value ?? 3", "3", "until a value is mapped, all are worth the same"))
	urgent := `item.kind == "bug" ? 8 : 3`
	if has(work.Severity) {
		urgent = `(item.severity ?? 3) <= 2 ? 13 : (` + urgent + `)`
	}
	b.WriteString(wsjf("time_criticality", has(work.TimeCriticality), "item.time_criticality ?? 3", urgent, "bugs cannot wait as long as wishes"))
	b.WriteString(wsjf("risk_reduction", has(work.RiskReduction), "item.risk_reduction ?? 1", "1", ""))
	if !has(work.Effort) {
		b.WriteString(wsjf("effort", false, "", "3", "until estimates are mapped, all are the same size"))
	}
	b.WriteString("  order: [horizon, next, why]\n")
	b.WriteString("  tiers: " + tierLine(i.tiers()) + "   # least score (0–100) of each shared priority\n")
	b.WriteString("  unknown: leave                        # what misses an input keeps its priority, and plan lists it\n\n")
	b.WriteString("roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}   # in periods of the team's capacity\n\n")
	b.WriteString("route:\n  labels: only_waiting                  # role labels only where somebody must act\n")
	b.WriteString("  default: {accountable: pm, because: 'unknown signals: triage'}\n  routes:\n")
	if has(work.Severity) {
		b.WriteString("    - {if: 'item.status != \"done\" && item.kind == \"bug\" && item.severity <= 2', accountable: po, because: 'severe bug, at once'}\n")
	}
	b.WriteString("    - preset: pm-po                     # the shipped decision table: tandem rules route REF shows how it decides\n\n")
	b.WriteString("tests:                                  # run by tandem rules test\n")
	b.WriteString("  - {name: an epic without a goal waits for the PM, item: {kind: epic}, want: {accountable: pm}}\n")
	return b.String()
}

// sure reports whether the proposals were written as rules.
func (i *initiation) sure(all []connectors.Proposal) bool {
	return !slices.ContainsFunc(all, func(p connectors.Proposal) bool { return !i.counts(p.Field, p.Confidence) })
}

// wsjf is one input of the PO's lens.
func wsjf(name string, found bool, mapped, otherwise, why string) string {
	formula := mapped
	if !found {
		formula = otherwise
	} else {
		why = ""
	}
	return commented("    "+name+": '"+formula+"'", why)
}

// tierLine spreads the scores over the shared priorities.
func tierLine(n int) string {
	switch n {
	case 2:
		return "{of: next, 1: 50, 2: 0}"
	case 3:
		return "{of: next, 1: 65, 2: 30, 3: 0}"
	default:
		return "{of: next, 1: 80, 2: 60, 3: 30, 4: 0}"
	}
}
