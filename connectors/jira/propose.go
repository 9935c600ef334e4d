package jira

import (
	"slices"
	"strings"
	"unicode"

	"tandem/connectors"
	"tandem/internal/work"
)

// hint says how a shared field is recognised among the fields of a site.
type hint struct {
	field work.Field
	// custom ends the type of a custom field that is made for this.
	custom string
	// kinds are the schema types that the value may have; names are what
	// people call it, lower case, letters only.
	kinds []string
	names []string
	// sure is the confidence by name, in percent.
	sure int
	// ordered fields have options, the most urgent first.
	ordered bool
}

// hints lists what can be recognised, in the order of the model.
func hints() []hint {
	const number, text, option = "number", "string", "option"
	return []hint{
		{field: work.Impact, kinds: []string{number}, names: []string{"impact", "riceimpact", "auswirkung", "影响"}, sure: 70},
		{field: work.BusinessValue, kinds: []string{number}, names: []string{"businessvalue", "uservalue", "geschäftswert", "nutzen", "valeurmétier", "valordenegocio", "业务价值", "商业价值", "ビジネス価値"}, sure: 85},
		{field: work.Ease, kinds: []string{number}, names: []string{"ease", "iceease", "easeofimplementation"}, sure: 70},
		{field: work.CostOfDelay, kinds: []string{number}, names: []string{"costofdelay", "costofdelayperweek", "verzögerungskosten"}, sure: 80},
		{field: work.Effort, custom: ":jsw-story-points", kinds: []string{number}, names: []string{
			"storypoints", "storypoint", "storypointestimate", "storypunkte", "aufwand", "pointsdhistoire", "puntosdehistoria", "pontosdahistória", "故事点", "故事点数", "ストーリーポイント",
		}, sure: 92},
		{field: work.AcceptanceCriteria, kinds: []string{text}, names: []string{
			"acceptancecriteria", "acceptancecriterion", "akzeptanzkriterien", "abnahmekriterien", "critèresdacceptation", "criteriosdeaceptación", "critériosdeaceitação", "验收标准", "验收条件", "受け入れ条件", "受入基準",
		}, sure: 90},
		{field: work.Severity, kinds: []string{option}, names: []string{"severity", "schweregrad", "sévérité", "severidad", "gravité", "严重程度", "严重性", "重大度"}, sure: 80, ordered: true},
		{field: work.TimeCriticality, kinds: []string{number}, names: []string{"timecriticality", "zeitkritikalität", "dringlichkeit", "时间紧迫性"}, sure: 80},
		{field: work.RiskReduction, kinds: []string{number}, names: []string{"riskreduction", "riskreductionopportunityenablement", "risikominderung", "风险降低"}, sure: 80},
		{field: work.MoSCoW, kinds: []string{option, text}, names: []string{"moscow", "moscowpriority", "moscowcategory"}, sure: 85},
	}
}

// letters makes names comparable: "Story-Points" is "storypoints".
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// propose says where shared fields may stand in the project, the surest of
// each.
func (sc *scene) propose(fields []fieldBean) []connectors.Proposal {
	var all []connectors.Proposal
	if len(sc.priorities) > 0 {
		all = append(all, connectors.Proposal{
			Field: work.Priority, Native: "priority", Name: "Priority", Ordered: sc.priorities, Confidence: 100,
			Because: "the project's own scheme, in its order, most urgent first",
		})
	}
	for _, h := range hints() {
		var best connectors.Proposal
		var others []string
		for _, f := range fields {
			p := sc.weigh(h, f)
			switch {
			case p.Confidence > best.Confidence:
				if best.Confidence > 0 {
					others = append(others, best.Native)
				}
				best = p
			case p.Confidence > 0:
				others = append(others, p.Native)
			}
		}
		if best.Confidence == 0 {
			continue
		}
		if len(others) > 0 {
			slices.Sort(others)
			best.Because += "; also possible: " + some(others)
		}
		all = append(all, best)
	}
	if p, ok := sc.kinds(); ok {
		all = append(all, p)
	}
	for i := range all {
		all[i].Place, all[i].Shared = sc.bean.Key, all[i].Field.String()
	}
	return all
}

// weigh says how likely a field is the one that a hint looks for; 0 is not.
func (sc *scene) weigh(h hint, f fieldBean) connectors.Proposal {
	meta, onScreen := sc.meta.Fields[f.ID]
	p := connectors.Proposal{Field: h.field, Native: f.ID, Name: f.Name}
	switch {
	case !strings.HasPrefix(f.ID, customPrefix) || !slices.Contains(h.kinds, f.Schema.Type):
		return connectors.Proposal{}
	case h.field == work.Effort && f.ID == sc.estimates:
		p.Confidence, p.Because = 99, "the board "+sc.estimating+" estimates by it"
	case h.custom != "" && strings.HasSuffix(f.Schema.Custom, h.custom):
		p.Confidence, p.Because = 96, "it is of the type that Jira makes for this ("+afterColon(f.Schema.Custom)+")"
	case slices.Contains(h.names, letters(f.Name)):
		p.Confidence, p.Because = h.sure, map[string]string{"number": "a number", "string": "a text", "option": "a choice"}[f.Schema.Type]+" of this name"
	default:
		return connectors.Proposal{}
	}
	switch {
	case sc.sample.Key == "":
		p.Confidence -= 25
		p.Because += "; no issue shows yet whether it is on the edit screen"
	case !onScreen:
		return connectors.Proposal{} // not in this project, or not for these issues
	default:
		p.Because += ", on the edit screen"
	}
	if h.ordered {
		for _, n := range meta.options() {
			p.Ordered = append(p.Ordered, n.text())
		}
		if len(p.Ordered) < 2 {
			return connectors.Proposal{}
		}
		p.Because += "; its options are taken to be in order, the worst first"
	}
	return p
}

func afterColon(s string) string {
	_, after, found := strings.Cut(s, ":")
	if !found {
		return s
	}
	return after
}
