// Package all is the one list of shipped connectors: a new one costs its
// folder and a line here.
package all

import (
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/connectors/drop"
	"tandem/connectors/file"
	"tandem/connectors/github"
	"tandem/connectors/hotjar"
	"tandem/connectors/httpjson"
	"tandem/connectors/jira"
	"tandem/connectors/userpilot"
)

// Definitions returns all shipped kinds, sorted by kind.
func Definitions() []connectors.Definition {
	all := []connectors.Definition{
		drop.Definition(),
		drop.Lyssna(),
		drop.UsabilityHub(),
		file.Definition(),
		github.Definition(),
		hotjar.Definition(),
		httpjson.Definition(),
		jira.Definition(),
		userpilot.Definition(),
		httpjson.Webhook(),
	}
	all = append(all, httpjson.Presets()...)
	slices.SortFunc(all, func(a, b connectors.Definition) int { return strings.Compare(a.Kind, b.Kind) })
	return all
}

// Lookup finds a kind.
func Lookup(kind string) (connectors.Definition, bool) {
	for _, d := range Definitions() {
		if d.Kind == kind {
			return d, true
		}
	}
	return connectors.Definition{}, false
}

// Kinds returns the names of all kinds, sorted.
func Kinds() []string {
	var kinds []string
	for _, d := range Definitions() {
		kinds = append(kinds, d.Kind)
	}
	return kinds
}
