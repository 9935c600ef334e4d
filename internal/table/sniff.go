package table

import (
	"bytes"
)

// commas are the delimiters that a table may have, the likelier first.
const commas = ",;\t|"

// sampled is how many rows decide about the delimiter.
const sampled = 20

// Sniff finds the delimiter of CSV by its first rows: the one by which most of
// them have as many cells as the header. A header may be the text of a question
// and hold any other sign.
func Sniff(sample []byte) byte {
	best, most, width := byte(','), -1, 0
	for i := range len(commas) {
		alike, cells := alikeRows(sample, commas[i])
		if cells > 1 && (alike > most || alike == most && cells > width) {
			best, most, width = commas[i], alike, cells
		}
	}
	return best
}

// alikeRows counts the rows that have as many cells as the first. The last row
// of a sample may be cut.
func alikeRows(sample []byte, comma byte) (alike, cells int) {
	l := NewLines(bytes.NewReader(sample), Mark{})
	for n := range sampled {
		row, err := l.Row(comma)
		if err != nil || !row.Whole && n > 0 {
			return alike, cells
		}
		if n == 0 {
			cells = len(Split(row.Text, comma))
			continue
		}
		if len(bytes.TrimSpace(row.Text)) > 0 && len(Split(row.Text, comma)) == cells {
			alike++
		}
	}
	return alike, cells
}
