package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"

	"tandem/mapping/evidence"
	"tandem/mapping/expression"
)

// The kinds of rules that cases can reach.
const (
	RouteRule     = "route"
	PresetRule    = "preset"
	ReadinessRule = "readiness"
	TierRule      = "tier"
	LinkRule      = "evidence.link"
)

// Coverage is which rules the cases under tests: reach. A case reaches a rule
// that decided what the case asks for: one that wants no tier reaches none.
type Coverage struct {
	// Rules are those that stand in the rule files, in the order of sections.
	Rules []Covered `json:"rules"`
	// Presets are the routes of each preset that the rule files name.
	Presets []CoveredPreset `json:"presets,omitempty"`
}

// Covered is one rule and how many cases reach it.
type Covered struct {
	At   work.Pointer `json:"at"`
	Kind string       `json:"kind"`
	// Name is what people know the rule by: its reason, its condition, its tier.
	Name  string `json:"name"`
	Cases int    `json:"cases"`
}

// CoveredPreset is a preset and which of its routes are reached.
type CoveredPreset struct {
	At     work.Pointer `json:"at"`
	Name   string       `json:"name"`
	Routes []Covered    `json:"routes"`
}

// Count returns how many of the rules are reached, and how many there are.
func Count(rules []Covered) (reached, all int) {
	for _, c := range rules {
		if c.Cases > 0 {
			reached++
		}
	}
	return reached, len(rules)
}

// Count returns how many rules are reached, and how many there are, presets
// included.
func (c *Coverage) Count() (reached, all int) {
	reached, all = Count(c.Rules)
	for _, p := range c.Presets {
		r, n := Count(p.Routes)
		reached, all = reached+r, all+n
	}
	return reached, all
}

// Cover tells which rules the results of Test reached.
func (r *Rules) Cover(results []TestResult) Coverage {
	cases := map[work.Pointer]int{}
	for _, result := range results {
		for _, at := range result.Reached {
			cases[at]++
		}
	}
	var c Coverage
	add := func(at work.Pointer, kind, name string) {
		c.Rules = append(c.Rules, Covered{At: at, Kind: kind, Name: name, Cases: cases[at]})
	}
	for rule := range r.tree.Deciding() {
		at := rule.PresetAt()
		if at == "" {
			add(rule.At, RouteRule, cmp.Or(rule.Because, rule.If, rule.Accountable))
			continue
		}
		if n := len(c.Presets); n == 0 || c.Presets[n-1].At != at {
			c.Presets = append(c.Presets, CoveredPreset{At: at, Name: r.presetNamed(at)})
		}
		p := &c.Presets[len(c.Presets)-1]
		p.Routes = append(p.Routes, Covered{At: rule.At, Kind: PresetRule, Name: cmp.Or(rule.Because, rule.If), Cases: cases[rule.At]})
	}
	for i, rule := range r.readiness {
		add(work.Pointer("/readiness").Index(i), ReadinessRule, rule.because)
	}
	for _, tier := range r.writtenTiers() {
		add(tierAt(tier), TierRule, "tier "+tier)
	}
	for i, rule := range r.spec.Evidence.Link {
		if len(rule.Metrics) == 0 { // usage is no feedback: no case can say it
			add(linkAt(i), LinkRule, nameOfLink(rule))
		}
	}
	return c
}

// presetNamed reads the name of the preset that stands at a place.
func (r *Rules) presetNamed(at work.Pointer) string {
	routes, name := r.spec.Route.Routes, r.spec.Route.Preset
	for segment := range strings.SplitSeq(strings.TrimPrefix(string(at), "/route/"), "/") {
		if i, err := strconv.Atoi(segment); err == nil && i < len(routes) {
			name, routes = routes[i].Preset, routes[i].Routes
		}
	}
	return name
}

// writtenTiers are those that stand in the rule files, the most urgent first.
func (r *Rules) writtenTiers() []string {
	if r.spec.Rank.Tiers == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.ranker.Tiers()), func(tier string) bool {
		_, written := r.spec.Rank.Tiers.Least[tier]
		return !written
	})
}

func tierAt(tier string) work.Pointer { return work.Pointer("/rank/tiers").Key(tier) }

func linkAt(i int) work.Pointer { return work.Pointer("/evidence/link").Index(i) }

// nameOfLink says in a few words what a rule ties.
func nameOfLink(rule evidence.Rule) string {
	switch {
	case len(rule.Tags) > 0:
		return "tags " + strings.Join(slices.Sorted(maps.Keys(rule.Tags)), ", ")
	case len(rule.Phrases) > 0:
		return "phrases " + strconv.Quote(rule.Phrases[0]) + " for " + rule.To
	default:
		return "to " + rule.To
	}
}

// reached are the rules that decided what a case asks of its item.
func (r *Rules) reached(spec TestSpec, s *expression.Subject, d *Decided) []work.Pointer {
	var at []work.Pointer
	w := spec.Want
	if w.Accountable != "" || w.Label != "" || w.Because != "" || w.Informed != nil {
		at = append(at, d.Route.At)
	}
	if w.Tier != "" && slices.Contains(r.writtenTiers(), d.Tier) {
		at = append(at, tierAt(d.Tier))
	}
	for i, rule := range r.readiness {
		if w.Ready != nil && rule.when.Test(s) == expression.True {
			at = append(at, work.Pointer("/readiness").Index(i))
		}
	}
	return at
}
