// Package all is the one list of shipped connectors: a new one costs its
// folder and a line here.
package all

import (
	"tandem/connectors"
	"tandem/connectors/file"
	"tandem/connectors/github"
	"tandem/connectors/hotjar"
	"tandem/connectors/jira"
	"tandem/connectors/userpilot"
)

// Definitions returns all shipped kinds, sorted by kind.
func Definitions() []connectors.Definition {
	return []connectors.Definition{
		file.Definition(),
		github.Definition(),
		hotjar.Definition(),
		jira.Definition(),
		userpilot.Definition(),
	}
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
