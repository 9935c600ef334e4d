package engine

import (
	"maps"
	"slices"

	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/route"
)

// effects reports keys that are accepted and change nothing.
func (l *linter) effects() {
	idle := func(at work.Pointer, remedy, format string, args ...any) {
		l.add("without_effect", work.Note, at, ByRules, remedy, format, args...)
	}
	spec := l.rules.spec
	for _, name := range slices.Sorted(maps.Keys(spec.Fields)) {
		l.fieldEffects(idle, work.Pointer("/fields").Key(name), name, spec.Fields[name])
	}
	l.routeEffects(idle, "/route/routes", spec.Route.Routes)
	for _, name := range slices.Sorted(maps.Keys(spec.Teams)) {
		if mode := spec.Teams[name].Write; mode > l.env.Instance && l.env.Instance > 0 {
			idle(work.Pointer("/teams").Key(name).Key("write"), "write the mode in tandem.yaml too, or wait with it",
				"write: %s of team %s changes nothing: the instance has write: %s, and the stricter one counts", mode, name, l.env.Instance)
		}
	}
	if spec.Adopt.Ramp.Per != "" && spec.Adopt.Ramp.Edits == 0 {
		idle("/adopt/ramp/per", "add edits: 50, or remove ramp:", "a ramp without edits holds nothing")
	}
	if _, mapped := spec.Fields[work.Priority.String()]; !mapped && spec.Rank.Tiers != nil {
		idle("/rank/tiers", "map priority under fields: to write tiers, or leave it so to see them in tandem explain", "tiers are written nowhere: fields: maps no priority")
	}
}

func (l *linter) fieldEffects(idle func(work.Pointer, string, string, ...any), at work.Pointer, name string, f mapping.FieldSpec) {
	from := map[string]string{"priority": "tiers", "horizon": "roadmap", "rank": "rank", "place": "rank", "score": "rank", "accountable": "route", "informed": "route", "route_label": "route"}
	if f.From != "" && from[name] != f.From {
		idle(at.Key("from"), "remove it", "from: %s changes nothing: what Tandem says of %s is always the same", f.From, name)
	}
	if f.Respect == "overrule" && f.RespectFor != 0 {
		idle(at.Key("respect_for"), "remove it, or remove respect: overrule", "respect_for changes nothing where respect is overrule: people's changes are written over at once")
	}
	if f.Fill == mapping.Tandem && f.Owner == mapping.Tandem {
		idle(at.Key("fill"), "remove it", "fill changes nothing where Tandem is the owner")
	}
	for _, connector := range slices.Sorted(maps.Keys(f.Targets)) {
		t := f.Targets[connector]
		if len(t.Default) > 0 && f.Owner == connector {
			idle(at.Key(connector).Key("default"), "remove it", "default changes nothing where %s owns %s: its values are never replaced", connector, name)
		}
		if t.Only == "private" && t.Allow == "public" {
			idle(at.Key(connector).Key("allow"), "keep one of them", "allow: public changes nothing where only private places are written")
		}
	}
}

func (l *linter) routeEffects(idle func(work.Pointer, string, string, ...any), at work.Pointer, routes []route.RuleSpec) {
	policy := l.rules.spec.Route.Labels
	for i, r := range routes {
		at := at.Index(i)
		if r.Label != "" && policy == route.Never {
			idle(at.Key("label"), "write labels: only_waiting to set labels where somebody must act", "the label is set nowhere: route.labels is never")
		}
		if r.Waiting != nil && (policy == route.Always || policy == route.Never) {
			idle(at.Key("waiting"), "remove it, or write labels: only_waiting", "waiting changes nothing where route.labels is %s", policy)
		}
		l.routeEffects(idle, at.Key("routes"), r.Routes)
	}
}
