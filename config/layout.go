package config

import (
	"strings"
	"unicode/utf8"
)

// layout finds the raw text at a line and column. Columns count characters, as
// the YAML library does.
type layout struct {
	lines []string
	// starts holds, for each line that is not plain ASCII and was asked for,
	// where its characters begin: long lines are asked for many times.
	starts map[int][]int
}

// layOut splits a text into lines.
func layOut(body []byte) *layout {
	return &layout{lines: splitLines(body), starts: make(map[int][]int)}
}

// splitLines splits where the YAML library counts a new line.
func splitLines(body []byte) []string {
	one := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	return strings.Split(one.Replace(string(body)), "\n")
}

// from returns the text of a line from a column on, both counted from 1.
func (l *layout) from(line, col int) string {
	if line < 1 || line > len(l.lines) || col < 1 {
		return ""
	}
	text := l.lines[line-1]
	starts, known := l.starts[line]
	if !known {
		starts = characters(text)
		l.starts[line] = starts
	}
	at := col - 1
	if starts != nil && at < len(starts) {
		at = starts[at]
	}
	if at >= len(text) {
		return ""
	}
	return text[at:]
}

// characters returns where the characters of a text begin, or nil where every
// byte is one.
func characters(text string) []int {
	count := utf8.RuneCountInString(text)
	if count == len(text) {
		return nil
	}
	starts := make([]int, 0, count+1)
	for i := range text {
		starts = append(starts, i)
	}
	return append(starts, len(text))
}
