package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// shownDiagnostics is how many mistakes one message lists.
const shownDiagnostics = 50

// Diagnostic is one mistake at one place, and what would be right. Line and Col
// count from 1; they are 0 where there is no text, as for a flag.
type Diagnostic struct { //nolint:errname // a diagnostic is shown to people more often than it is returned
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Col    int    `json:"col,omitempty"`
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`
}

// Error returns the mistake in one line, as in
// rules/fields.yaml:4:12: jira has no field "priorty"; did you mean "priority"?
func (d Diagnostic) Error() string {
	var b strings.Builder
	if d.File != "" {
		b.WriteString(d.File)
		if d.Line > 0 {
			b.WriteString(":" + strconv.Itoa(d.Line) + ":" + strconv.Itoa(d.Col))
		}
		b.WriteString(": ")
	}
	b.WriteString(d.What)
	if d.Remedy != "" {
		b.WriteString("; " + d.Remedy)
	}
	return b.String()
}

// compare orders by place, then by text.
func (d Diagnostic) compare(o Diagnostic) int {
	return cmp.Or(
		cmp.Compare(d.File, o.File), cmp.Compare(d.Line, o.Line), cmp.Compare(d.Col, o.Col),
		cmp.Compare(d.What, o.What), cmp.Compare(d.Remedy, o.Remedy),
	)
}

// Diagnostics are the mistakes of one load. Use Err to return them as an error:
// an empty list is no error.
type Diagnostics []Diagnostic //nolint:errname // named for what it lists

// Sorted returns the mistakes by file, line and column, each once.
func (ds Diagnostics) Sorted() Diagnostics {
	sorted := slices.Clone(ds)
	slices.SortFunc(sorted, Diagnostic.compare)
	return slices.Compact(sorted)
}

// Error returns one mistake per line, sorted, at most 50.
func (ds Diagnostics) Error() string {
	sorted := ds.Sorted()
	shown := sorted[:min(len(sorted), shownDiagnostics)]
	lines := make([]string, 0, len(shown)+1)
	for _, d := range shown {
		lines = append(lines, d.Error())
	}
	if rest := len(sorted) - len(shown); rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(lines, "\n")
}

// Err returns the mistakes, sorted, as an error, or nil if there are none.
func (ds Diagnostics) Err() error {
	if len(ds) == 0 {
		return nil
	}
	return ds.Sorted()
}
