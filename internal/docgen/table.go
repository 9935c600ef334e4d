package main

import "strings"

// table is a Markdown table while it is written.
type table struct{ text strings.Builder }

// newTable begins a table with its head.
func newTable(head ...string) *table {
	t := &table{}
	t.row(head...)
	t.text.WriteString("|" + strings.Repeat("---|", len(head)) + "\n")
	return t
}

// row adds a row. A bar in a cell would end it, in code too, and a comment such
// as <!-- tandem: … --> would not be seen.
func (t *table) row(cells ...string) {
	t.text.WriteString("|")
	for _, cell := range cells {
		cell = strings.ReplaceAll(strings.Join(strings.Fields(cell), " "), "|", `\|`)
		if !strings.Contains(cell, "`") {
			cell = strings.ReplaceAll(cell, "<", "&lt;")
		}
		t.text.WriteString(" " + cell + " |")
	}
	t.text.WriteString("\n")
}

func (t *table) String() string { return t.text.String() }

// code marks a text as code; nothing stays nothing.
func code(text string) string {
	switch {
	case text == "":
		return ""
	case strings.Contains(text, "`"):
		return "`` " + text + " ``"
	default:
		return "`" + text + "`"
	}
}

// tick says yes, or nothing.
func tick(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

// sentence makes a comment of the code a sentence.
func sentence(text string) string {
	text = strings.TrimRight(strings.TrimSpace(text), ".")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
