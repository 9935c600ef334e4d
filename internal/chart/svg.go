package chart

import (
	"html"
	"math"
	"strconv"
	"strings"
)

// number writes a number as SVG has it, to a hundredth.
func number(x float64) string {
	if !real(x) {
		return "0"
	}
	return strconv.FormatFloat(math.Round(x*100)/100+0, 'f', -1, 64) // +0: no -0
}

// writeInline writes the scene for a page.
func writeInline(b *strings.Builder, s *scene) {
	b.WriteString(`<svg class="chart chart-` + s.kind + `" role="img" viewBox="0 0 ` + number(s.width) + " " + number(s.height) +
		`" width="` + number(s.width) + `" height="` + number(s.height) + `">`)
	writeNames(b, s)
	for i := range s.shapes {
		writeShape(b, &s.shapes[i], ` class="c-`+s.shapes[i].class+`"`)
	}
	b.WriteString("</svg>")
}

// writeFile writes the scene as a file of its own.
func writeFile(b *strings.Builder, s *scene) {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ` +
		number(s.width) + " " + number(s.height) + `" width="` + number(s.width) + `" height="` + number(s.height) +
		`" font-family="Liberation Sans, Arial, Helvetica, sans-serif">` + "\n")
	writeNames(b, s)
	b.WriteString(`<rect width="` + number(s.width) + `" height="` + number(s.height) + `" fill="` + hex(paper()) + `"/>` + "\n")
	for i := range s.shapes {
		writeShape(b, &s.shapes[i], inkOf(s.shapes[i].class).attributes(s.shapes[i].form))
		b.WriteString("\n")
	}
	b.WriteString("</svg>\n")
}

func writeNames(b *strings.Builder, s *scene) {
	b.WriteString("<title>" + html.EscapeString(clean(s.title)) + "</title>")
	if s.desc != "" {
		b.WriteString("<desc>" + html.EscapeString(clean(s.desc)) + "</desc>")
	}
}

// writeShape writes one shape; look are attributes that say how it looks.
func writeShape(b *strings.Builder, sh *shape, look string) {
	at := sh.points[0]
	switch sh.form {
	case rect:
		to := sh.points[1]
		b.WriteString(`<rect` + look + ` x="` + number(at.x) + `" y="` + number(at.y) + `" width="` + number(to.x-at.x) + `" height="` + number(to.y-at.y) + `"`)
		if sh.round > 0 {
			b.WriteString(` rx="` + number(sh.round) + `"`)
		}
		b.WriteString("/>")
	case dot:
		b.WriteString(`<circle` + look + ` cx="` + number(at.x) + `" cy="` + number(at.y) + `" r="` + number(sh.round) + `"/>`)
	case line:
		b.WriteString(`<path` + look + ` d="`)
		for i, p := range sh.points {
			b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + number(p.x) + " " + number(p.y))
		}
		b.WriteString(`"/>`)
	case words:
		writeText(b, sh, look)
	}
}

func writeText(b *strings.Builder, sh *shape, look string) {
	to := sh.anchor
	b.WriteString(`<text` + look + ` x="` + number(sh.points[0].x) + `" y="` + number(sh.points[0].y) + `" font-size="` + number(sh.size) + `"`)
	if rightToLeft(sh.text) { // start is at the right then
		b.WriteString(` direction="rtl"`)
		to = end - to
	}
	switch to {
	case middle:
		b.WriteString(` text-anchor="middle"`)
	case end:
		b.WriteString(` text-anchor="end"`)
	case start:
	}
	b.WriteString(">")
	if sh.tip != "" {
		b.WriteString("<title>" + html.EscapeString(sh.tip) + "</title>")
	}
	b.WriteString(html.EscapeString(sh.text) + "</text>")
}
