package main

import (
	"slices"
	"strings"
	"testing"

	"tandem/connectors"
	"tandem/connectors/all"
)

// Every kind that tells what customers say or do has its row in the table of
// tools, with a word on whether it was seen to work.
func TestEveryToolStandsInTheTableOfTools(t *testing.T) {
	t.Parallel()
	const columns = 7
	rows := map[string][]string{}
	for line := range strings.Lines(readPage(t, "docs/feedback.md")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		first := strings.TrimPrefix(strings.TrimSpace(cells[0]), "[")
		if kind, _, ok := strings.Cut(strings.TrimPrefix(first, "`"), "`"); ok && strings.HasPrefix(first, "`") && len(cells) == columns {
			rows[kind] = cells
		}
	}
	for _, d := range all.Definitions() {
		tells := len(d.Streams) == 0 || slices.ContainsFunc(d.Streams, func(s connectors.Stream) bool { return s.Yields != connectors.YieldsItems })
		row, ok := rows[d.Kind]
		switch {
		case ok && slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) == "" }):
			t.Errorf("the row of %s has an empty cell", d.Kind)
		case !ok && tells:
			t.Errorf("docs/feedback.md has no row of the kind %s under Tools", d.Kind)
		}
		if ok && strings.Contains(d.Doc, "not verified against") && !strings.HasPrefix(strings.TrimSpace(row[columns-1]), "no") {
			t.Errorf("the table says that %s is verified, its page says that it is not", d.Kind)
		}
	}
}
