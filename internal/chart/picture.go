package chart

import (
	"html/template"
	"io"
	"strings"
)

// Picture is one of the pictures of this package.
type Picture interface {
	draw(f frame) *scene
	table() Table
}

// frame is what a picture is drawn into.
type frame struct {
	width, height float64 // 0 is as it comes
	size          float64 // of text
}

// page is where pictures are among text.
func page() frame { return frame{size: 13} }

// slide is a whole screen.
func slide() frame { return frame{width: 1920, height: 1080, size: 26} }

// Inline returns the picture as SVG for a page. Colours come from its classes.
func Inline(p Picture) template.HTML {
	var b strings.Builder
	writeInline(&b, p.draw(page()))
	return template.HTML(b.String()) //nolint:gosec // writeInline escapes every text
}

// Figure returns the picture as Inline does, with its numbers as a table that a
// reader can open.
func Figure(p Picture) template.HTML {
	var b strings.Builder
	b.WriteString(`<figure class="chart-figure">`)
	writeInline(&b, p.draw(page()))
	if t := p.table(); len(t.Rows) > 0 {
		b.WriteString(`<details class="chart-data"><summary>The numbers</summary>`)
		t.write(&b)
		b.WriteString("</details>")
	}
	b.WriteString("</figure>")
	return template.HTML(b.String()) //nolint:gosec // writeInline and Table escape every text
}

// Numbers returns what the picture shows as a table.
func Numbers(p Picture) Table { return p.table() }

// WriteSVG writes the picture as a file for slides, light, 1920 × 1080.
func WriteSVG(w io.Writer, p Picture) error {
	var b strings.Builder
	writeFile(&b, p.draw(slide()))
	_, err := io.WriteString(w, b.String())
	return err
}
