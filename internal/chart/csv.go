package chart

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes a list for spreadsheets, in UTF-8 with a line of names. A cell
// that a spreadsheet would take for a formula (it begins with = + - @, a tab or a
// carriage return, also in their full width) gets an apostrophe before it,
// unless it is a number.
func WriteCSV(w io.Writer, head []string, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range append([][]string{head}, rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = defused(cell)
		}
		if err := out.Write(safe); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// defused makes sure that a cell is only text.
func defused(cell string) string {
	cell = strings.ToValidUTF8(strings.ReplaceAll(cell, "\x00", ""), "\uFFFD")
	if cell == "" || plain(cell) {
		return cell
	}
	if strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") ||
		strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}

// plain reports whether a cell is a number and nothing else, so that -3.5 stays
// one.
func plain(cell string) bool {
	digits := strings.TrimPrefix(cell, "-")
	whole, part, point := strings.Cut(digits, ".")
	all := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return all(whole) && (!point || all(part))
}

// WriteJSON writes a list as an array with one element on a line. Markup in it
// is escaped.
func WriteJSON[T any](w io.Writer, list []T) error {
	var b strings.Builder
	b.WriteString("[")
	for i := range list {
		text, err := json.Marshal(list[i])
		if err != nil {
			return fmt.Errorf("write list: %w", err)
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		b.Write(text)
	}
	b.WriteString("\n]\n")
	_, err := io.WriteString(w, b.String())
	return err
}
