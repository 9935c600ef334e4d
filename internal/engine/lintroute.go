package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/route"
)

// routeName names a route for people, by its reason or condition and its place.
func (l *linter) routeName(at work.Pointer) string {
	for rule := range l.rules.tree.Deciding() {
		if rule.At == at {
			return strconv.Quote(cmp.Or(rule.Because, rule.If)) + " (" + ordinalOf(at) + ")"
		}
	}
	return ordinalOf(at)
}

// ordinalOf counts routes as people do: /route/routes/2/routes/0 is route 3.1.
func ordinalOf(at work.Pointer) string {
	var numbers []string
	for segment := range strings.SplitSeq(string(at), "/") {
		if i, err := strconv.Atoi(segment); err == nil {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	if len(numbers) == 0 {
		return "the default"
	}
	return "route " + strings.Join(numbers, ".")
}

// routes reports what is proved of routes by their conditions alone.
func (l *linter) routes() {
	for _, d := range l.rules.tree.Doubts() {
		switch {
		case d.By != "":
			l.warn("unreachable_route", d.At, "move it above that route, or remove it",
				"the route is never reached: wherever it holds, %s holds too and comes first", l.routeName(d.By))
		case d.Above != "":
			l.warn("unreachable_route", d.At, "take it out of that route, or mend one of the two conditions",
				"the route is never reached: its condition contradicts that of %s around it", l.routeName(d.Above))
		default:
			l.warn("never_true", d.At.Key("if"), "mend the condition, or remove the route", "the condition contradicts itself and never holds")
		}
	}
	for i, rule := range l.rules.readiness {
		if rule.when.Never() {
			l.warn("never_true", work.Pointer("/readiness").Index(i).Key("if"), "mend the condition, or remove the rule", "the condition contradicts itself and never holds")
		}
	}
}

// shownPairs is how many overlapping pairs of routes are reported.
const shownPairs = 10

// routesOn reports what routes do on the stored items.
func (l *linter) routesOn(t *route.Tally) {
	proved := map[work.Pointer]bool{}
	for _, r := range l.found {
		if r.Check == "unreachable_route" || r.Check == "never_true" {
			proved[r.At], proved[work.Pointer(strings.TrimSuffix(string(r.At), "/if"))] = true, true
		}
	}
	idle := map[work.Pointer][2]int{} // of each preset: rows that never hold, rows
	var presets []work.Pointer
	for rule := range l.rules.tree.Conditions() {
		if at := rule.PresetAt(); at != "" {
			n := idle[at]
			if n[1] == 0 {
				presets = append(presets, at)
			}
			if n[1]++; t.Held[rule.At] == 0 {
				n[0]++
			}
			idle[at] = n
			continue
		}
		if !proved[rule.At] {
			l.routeOn(t, rule)
		}
	}
	for _, at := range presets {
		if n := idle[at]; n[0] > 0 {
			l.add("never_true", work.Note, at, ByData, "nothing, if such work does not occur; tandem rules test --all names those that no case reaches",
				"%d of the %d conditions of preset %s hold for none of %s", n[0], n[1], l.rules.presetNamed(at), plural(t.Items, "item", "items"))
		}
	}
	l.overlaps(t)
}

func (l *linter) routeOn(t *route.Tally, rule route.Rule) {
	held, unknown, decided := t.Held[rule.At], t.Unknown[rule.At], t.Decided[rule.At]
	switch {
	case held == 0 && unknown > 0 && unknown == t.Items:
		l.add("never_true", work.Warning, rule.At.Key("if"), ByData, "fill the fields that it reads, or say what counts for missing ones, as in (item.effort ?? 3)",
			"the condition could not be answered for any of %s: what it reads is unknown", plural(t.Items, "item", "items"))
	case held == 0:
		more := ""
		if unknown > 0 {
			more = "; for " + strconv.Itoa(unknown) + " of them what it reads is unknown"
		}
		l.add("never_true", work.Note, rule.At.Key("if"), ByData, "nothing, if such work is rare; else look at one item with tandem rules route REF",
			"the condition holds for none of %s%s", plural(t.Items, "item", "items"), more)
	case decided == 0 && rule.Accountable != "" && !l.nested(t, rule.At):
		l.add("shadowed_route", work.Warning, rule.At, ByData, "move it up, or make the earlier conditions narrower",
			"the route holds for %s and decides none of them: %s", plural(held, "item", "items"), l.takers(t, rule.At))
	}
}

// nested reports whether a route below decided something.
func (l *linter) nested(t *route.Tally, at work.Pointer) bool {
	for decided := range t.Decided {
		if strings.HasPrefix(string(decided), string(at)+"/") {
			return true
		}
	}
	return false
}

// takers says which routes take what another one holds for.
func (l *linter) takers(t *route.Tally, at work.Pointer) string {
	for _, pair := range pairsOf(t) {
		if pair.Second == at {
			return l.routeName(pair.First) + " comes first"
		}
	}
	return "others come first"
}

// pairsOf returns the pairs, those with the most items first.
func pairsOf(t *route.Tally) []route.Pair {
	return slices.SortedFunc(maps.Keys(t.Both), func(a, b route.Pair) int {
		return cmp.Or(cmp.Compare(t.Both[b], t.Both[a]), cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
	})
}

// overlaps reports routes side by side that hold for the same items and send
// them elsewhere.
func (l *linter) overlaps(t *route.Tally) {
	told := 0
	for _, pair := range pairsOf(t) {
		if t.Decided[pair.Second] == 0 && !l.nested(t, pair.Second) {
			continue // said as a route that decides nothing
		}
		if told++; told > shownPairs {
			return
		}
		l.add("overlapping_routes", work.Note, pair.Second, ByData, "nothing, if the first should win; else narrow one of the conditions",
			"holds together with %s for %s: that one comes first and decides otherwise", l.routeName(pair.First), plural(t.Both[pair], "item", "items"))
	}
}

// readinessOn reports reasons not to start that no stored item has.
func (l *linter) readinessOn(items []*Decided) {
	held, unknown, open := make([]int, len(l.rules.readiness)), make([]int, len(l.rules.readiness)), 0
	for _, d := range items {
		if d.Item.Done() {
			continue
		}
		open++
		s := l.rules.subject(d, l.env.Outcome.AsOf)
		for i, rule := range l.rules.readiness {
			switch rule.when.Test(&s) {
			case expression.True:
				held[i]++
			case expression.UnknownTruth:
				unknown[i]++
			case expression.False:
			}
		}
	}
	for i := range held {
		at := work.Pointer("/readiness").Index(i).Key("if")
		switch {
		case open == 0 || held[i] > 0 || l.rules.readiness[i].when.Never():
		case unknown[i] == open:
			l.add("never_true", work.Warning, at, ByData, "fill the fields that it reads, or ask for == unknown",
				"the condition could not be answered for any of %s: what it reads is unknown", plural(open, "open item", "open items"))
		default:
			l.add("never_true", work.Note, at, ByData, "nothing, if all work is ready", "the condition holds for none of %s", plural(open, "open item", "open items"))
		}
	}
}
