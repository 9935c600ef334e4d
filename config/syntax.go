package config

import (
	"fmt"
	"sort"
	"strings"
)

// syntaxMistake turns an error of the YAML library into a place and a remedy.
// The library names the line on which the surrounding block began, or none; the
// first line with which a text fails in the same way is nearer to the mistake.
func syntaxMistake(file string, body []byte, err error) Diagnostic {
	// The library takes line 1 for no line, so the text gets a line in front.
	lines := append([]string{""}, splitLines(body)...)
	if _, _, shifted := parseYAML([]byte(strings.Join(lines, "\n"))); shifted != nil {
		err = shifted
	}
	began := reportedLine(err)
	at := max(firstFailing(lines, began, err), 1)
	d := Diagnostic{File: file, Line: at, Col: indentation(lines[at]) + 1}
	d.What, d.Remedy = explainSyntax(err.Error())
	if strings.Contains(err.Error(), "expected ',' or") && began < at {
		d.What += fmt.Sprintf("; it was opened on line %d", began)
	}
	if col, written, ok := bareCondition(lines[at]); ok {
		d.Col, d.What, d.Remedy = col, "this is no YAML: if must be in quotes", "write it quoted: if: "+quoted(written)
	}
	return d
}

// reportedLine returns the line in a message of the YAML library, or 0.
func reportedLine(err error) int {
	line := 0
	if _, scanErr := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scanErr != nil {
		return 0
	}
	return line
}

// firstFailing returns the index of the first line with which the text fails as
// the whole does. The search starts a little before the reported line.
func firstFailing(lines []string, reported int, err error) int {
	fails := func(i int) bool {
		_, _, e := parseYAML([]byte(strings.Join(lines[:i+1], "\n")))
		return e != nil && e.Error() == err.Error()
	}
	last := len(lines) - 1
	low := min(max(reported-2, 0), last)
	high := low
	for step := 1; high < last && !fails(high); step *= 2 {
		low, high = high+1, min(high+step, last)
	}
	return low + sort.Search(high-low, func(i int) bool { return fails(low + i) })
}

// indentation counts the spaces and tabs at the start of a line.
func indentation(line string) int {
	return len(line) - len(strings.TrimLeft(line, " \t"))
}
