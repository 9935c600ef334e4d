package store

import "slices"

// words keeps texts that repeat from row to row in memory once.
type words map[string]string

// longest is how long a text is at most that may well repeat, and most how many
// are remembered: keys and titles never repeat, and fill it in vain.
const (
	longest = 48
	most    = 4096
)

// word returns the text, the same one for all that are equal.
func (w words) word(text string) string {
	if len(text) > longest {
		return text
	}
	if known, ok := w[text]; ok {
		return known
	}
	if len(w) < most {
		w[text] = text
	}
	return text
}

// exact returns rows that are many and kept in as much memory as they need.
func exact[T any](rows []T) []T {
	if cap(rows) > len(rows)+len(rows)/16 {
		return slices.Clone(rows)
	}
	return rows
}
