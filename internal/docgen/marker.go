package main

import (
	"fmt"
	"strings"
)

// The comments around a generated table.
const (
	opening = "<!-- generated: "
	closing = " -->"
	ending  = "<!-- end of generated -->"
)

// fill puts the tables between their comments and notes which were used. An
// error begins with the line.
func fill(page string, tables map[string]string, used map[string]bool) (string, error) {
	var filled strings.Builder
	open := 0 // the line of the comment whose end is looked for
	for i, line := range strings.SplitAfter(page, "\n") {
		text := strings.TrimRight(line, "\r\n")
		name, begins := strings.CutPrefix(text, opening)
		switch {
		case begins && open > 0:
			return "", fmt.Errorf("%d: the table that begins at line %d has no end; write %s", i+1, open, ending)
		case begins:
			name = strings.TrimSuffix(name, closing)
			table, known := tables[name]
			if !known {
				return "", fmt.Errorf("%d: there is no table %q", i+1, name)
			}
			used[name], open = true, i+1
			filled.WriteString(line + "\n" + table + "\n")
		case text == ending && open == 0:
			return "", fmt.Errorf("%d: a table ends and none began", i+1)
		case text == ending:
			open = 0
			filled.WriteString(line)
		case open == 0:
			filled.WriteString(line)
		}
	}
	if open > 0 {
		return "", fmt.Errorf("%d: the table has no end; write %s", open, ending)
	}
	return filled.String(), nil
}
