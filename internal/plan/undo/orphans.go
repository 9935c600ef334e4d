package undo

import (
	"path"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// Territory is what rules and settings own today.
type Territory struct {
	Rules *mapping.Program
	// Connectors are the places of each connector that is configured, as its
	// settings name them; without any, they are not compared.
	Connectors map[string][]string
	// Teams tells that the rules name teams: places of no team are nobody's.
	Teams bool
	Homes Homes
}

// Orphan is a trace of Tandem that no rule and no setting owns any more.
type Orphan struct {
	Write

	Why string `json:"why"`
}

// Orphans returns what Tandem wrote and would neither change nor remove any
// more: a label of a former template, a field that was mapped elsewhere, a
// place outside of the scope. Nothing of it is removed before a person says so.
// Backlogs are left out: an order is no trace.
func Orphans(writes []Write, undone map[work.Target]plan.Undone, t Territory) []Orphan {
	var orphans []Orphan
	for i := range writes {
		w := &writes[i]
		if _, back := undone[w.Target]; back || alike(w.Before, w.Wrote) || w.Target.Path == work.NativeRank {
			continue
		}
		if why := t.disowns(w); why != "" {
			orphans = append(orphans, Orphan{Write: *w, Why: why})
		}
	}
	return orphans
}

// disowns says why a write is nobody's; empty where it is somebody's, or its
// record is gone.
func (t *Territory) disowns(w *Write) string {
	places, configured := t.Connectors[w.Target.Connector]
	home, here := t.Homes(w.Target.RefID)
	switch {
	case !configured:
		return "there is no connector " + w.Target.Connector + " any more; put it back to remove this"
	case !here:
		return ""
	case !covers(places, home.Place):
		return "the settings of " + w.Target.Connector + " no longer cover " + home.Place
	case t.Teams && home.Team == "":
		return "no team has " + home.Place + " any more"
	case !t.writes(w.Target, home.Place):
		return "no rule writes " + named(w.Target) + " there any more"
	default:
		return ""
	}
}

// writes reports whether a rule writes the target at a place.
func (t *Territory) writes(target work.Target, place string) bool {
	mark, link := t.Rules.Marks(target.Connector)
	switch target.Path {
	case work.NativeMarker:
		return mark
	case work.NativeRemoteLink:
		return link
	}
	for _, rule := range t.Rules.Rules() {
		if owns(rule.Slot(target.Connector, place), target) {
			return true
		}
	}
	return false
}

func named(t work.Target) string {
	switch {
	case t.Path == work.NativeLabels:
		return "the label " + t.Element
	case t.InList():
		return t.Element + " of " + t.Path
	}
	return t.Path
}

// covers reports whether the places of the settings have one: names and globs,
// "!" takes out. Case does not count.
func covers(patterns []string, place string) bool {
	if len(patterns) == 0 || place == "" {
		return true
	}
	in := false
	for _, p := range patterns {
		name, out := strings.CutPrefix(p, "!")
		ok, err := path.Match(strings.ToLower(name), strings.ToLower(place))
		ok = ok || name == "*"
		if err == nil && ok && out {
			return false
		}
		in = in || err == nil && ok
	}
	return in
}
