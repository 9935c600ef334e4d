package engine

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/route"
)

// unread reports rules that look at what nothing ever fills.
func (l *linter) unread() {
	presets := map[work.Pointer]map[work.Field]int{}
	for rule, reads := range l.rules.tree.Conditions() {
		missing := l.missing(reads)
		if at := rule.PresetAt(); at != "" {
			for _, f := range missing {
				if presets[at] == nil {
					presets[at] = map[work.Field]int{}
				}
				presets[at][f]++
			}
			continue
		}
		l.unreadAt(rule.At.Key("if"), missing, reads)
	}
	for _, at := range slices.Sorted(maps.Keys(presets)) {
		fields := slices.SortedFunc(maps.Keys(presets[at]), func(a, b work.Field) int {
			return cmp.Or(cmp.Compare(presets[at][b], presets[at][a]), cmp.Compare(a, b))
		})
		l.add("unfilled_field", work.Note, at, ByRules, "map them under fields: where a service knows them; until then the routes that need them wait",
			"preset %s reads fields that no connector fills: %s", l.rules.presetNamed(at), said(fields))
	}
	for i, rule := range l.rules.readiness {
		reads := rule.when.Reads()
		l.unreadAt(work.Pointer("/readiness").Index(i).Key("if"), l.missing(reads), reads)
	}
	if reads := l.rules.ranker.Reads(); len(l.missing(reads)) > 0 {
		l.add("unfilled_field", work.Note, "/rank", ByRules, "map them under fields:, or state priors: for them",
			"the ranking reads fields that no connector fills, so their priors count for all: %s", said(l.missing(reads)))
	}
}

func (l *linter) missing(reads expression.Reads) []work.Field {
	return slices.DeleteFunc(slices.Clone(reads.Fields), func(f work.Field) bool {
		switch f {
		case work.Priority, work.Horizon: // Tandem derives them where nobody set them
			return true
		case work.Goal: // a theme names it too
			return l.filled(work.Goal) || l.filled(work.Theme)
		default:
			return l.filled(f)
		}
	})
}

func (l *linter) filled(f work.Field) bool { return l.rules.program.Filled(f, l.env.BringsItems) }

func (l *linter) unreadAt(at work.Pointer, missing []work.Field, reads expression.Reads) {
	if len(missing) > 0 {
		l.warn("unfilled_field", at, "map it under fields:, as in "+missing[0].String()+": {owner: jira, jira: {field: …}}", "no connector fills %s", said(missing))
	}
	if reads.Evidence && !l.env.Feedback {
		l.warn("unfilled_field", at, "connect a feedback tool, or a folder of files: {kind: drop, path: …}", "the condition reads evidence, and no connector brings feedback")
	}
}

// teams reports teams that no place belongs to.
func (l *linter) teams() {
	moved := map[string]bool{}
	for rule := range l.rules.tree.Deciding() {
		moved[rule.Team] = true
	}
	for _, name := range slices.Sorted(maps.Keys(l.rules.spec.Teams)) {
		if len(l.rules.spec.Teams[name].Places) == 0 && !moved[name] {
			l.warn("team_without_places", work.Pointer("/teams").Key(name), "add places: {jira: [KEY]}, or remove the team",
				"team %s has no places, and no route moves work to it: no item is ever its own", name)
		}
	}
}

// goals reports goals that no item can serve.
func (l *linter) goals() {
	if len(l.rules.goals) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(l.rules.goals)) {
		if g := l.rules.goals[name]; g.Over(l.env.Today) && g.Weight != 1 {
			l.warn("goal_over", work.Pointer("/goals").Key(name).Key("period"), "give it another period, or remove it; weight: 1 keeps it and lets it pull nothing",
				"the period of goal %s, %s, is over since %s, and it still pulls with weight %s", name, g.Period, g.Ends.Format(time.DateOnly), strconv.FormatFloat(g.Weight, 'f', -1, 64))
		}
	}
	named, themed := l.filled(work.Goal), l.filled(work.Theme)
	for _, name := range slices.Sorted(maps.Keys(l.rules.goals)) {
		at := work.Pointer("/goals").Key(name)
		switch themes := l.rules.spec.Goals[name].Themes; {
		case named || themed && len(themes) > 0:
		case themed:
			l.warn("goal_unserved", at, "add themes: […], or map goal under fields:", "no connector fills goal, and %s lists no themes: no item can serve it", name)
		default:
			l.warn("goal_unserved", at, "map one of them under fields:, as in theme: {owner: jira, jira: {field: …}}", "no connector fills goal or theme, so no item can serve %s", name)
		}
	}
}

// stored reports what the rules do on the stored items.
func (l *linter) stored() {
	items := l.env.Outcome.Items
	t, served, tiers := route.NewTally(), map[string]int{}, map[string]int{}
	best := math.Inf(-1)
	for _, d := range items {
		s := l.rules.subject(d, l.env.Outcome.AsOf)
		l.rules.tree.Count(&s, t)
		served[s.Goal.Name]++
		if d.Place > 0 {
			tiers[d.Tier]++
			best = max(best, d.Scored.Next.Value)
		}
	}
	l.routesOn(t)
	l.readinessOn(items)
	told := map[work.Pointer]bool{}
	for _, r := range l.found {
		told[r.At] = told[r.At] || r.Check == "goal_unserved"
	}
	for _, name := range slices.Sorted(maps.Keys(l.rules.goals)) {
		if at := work.Pointer("/goals").Key(name); served[name] == 0 && !told[at] {
			l.add("goal_unserved", work.Note, at, ByData, "name the goal or one of its themes on the work that serves it, or remove the goal",
				"none of %s serves the goal %s", plural(len(items), "item", "items"), name)
		}
	}
	for _, tier := range l.rules.writtenTiers() {
		if least := l.rules.spec.Rank.Tiers.Least[tier]; tiers[tier] == 0 && best > math.Inf(-1) {
			l.add("tier_unreached", work.Note, tierAt(tier), ByData, "nothing, if no work is so; else look at a score with tandem explain REF, and move the tier",
				"no open item is in tier %s, from %s on; the highest score is %s", tier, strconv.FormatFloat(least, 'f', -1, 64), strconv.FormatFloat(best, 'f', 1, 64))
		}
	}
}
