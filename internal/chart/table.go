package chart

import (
	"html"
	"html/template"
	"strings"
)

// Table is what a picture shows in words and numbers.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

// HTML returns the table for a page.
func (t Table) HTML() template.HTML {
	var b strings.Builder
	t.write(&b)
	return template.HTML(b.String()) //nolint:gosec // write escapes every text
}

func (t Table) write(b *strings.Builder) {
	b.WriteString("<table><caption>" + html.EscapeString(clean(t.Caption)) + "</caption><thead><tr>")
	for _, h := range t.Head {
		b.WriteString(`<th scope="col">` + html.EscapeString(clean(h)) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			if i == 0 {
				b.WriteString(`<th scope="row">` + html.EscapeString(clean(cell)) + "</th>")
				continue
			}
			b.WriteString("<td>" + html.EscapeString(clean(cell)) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
}
