package chart

import (
	"fmt"
	"image/color"
	"strings"
)

// ink is how shapes of a class look in files. On pages the style sheet says so.
type ink struct {
	fill, stroke color.NRGBA // without colour where alpha is 0
	width        float64     // of the stroke
	bold         bool
}

func paper() color.NRGBA { return rgb(0xffffff) }

func rgb(c uint32) color.NRGBA {
	return color.NRGBA{R: uint8(c >> 16), G: uint8(c >> 8 & 0xff), B: uint8(c & 0xff), A: 0xff} //nolint:gosec // each part is cut to a byte
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// lines are the colours that tell lines apart, also for the colour-blind
// (Okabe and Ito, darker where thin lines need it).
func lines() []uint32 {
	return []uint32{0x0072b2, 0xb34700, 0x00795c, 0xa3477f, 0x2b7bb0, 0x8a6d00, 0x333333, 0x7a4fbf}
}

// inkOf returns how a class looks.
func inkOf(class string) ink {
	const text, faint, blue, orange, grey, soft = 0x1b1f24, 0x57606a, 0x0072b2, 0xb34700, 0xd0d7de, 0xf3f5f8
	first, _, _ := strings.Cut(class, " ")
	switch first {
	case "head":
		return ink{fill: rgb(text), bold: true}
	case "faint", "tick":
		return ink{fill: rgb(faint)}
	case "tag":
		return ink{fill: rgb(blue), bold: true}
	case "axis", "grid":
		return ink{stroke: rgb(grey), width: 1.5}
	case "zero":
		return ink{stroke: rgb(faint), width: 2}
	case "bar", "used":
		return ink{fill: rgb(blue)}
	case "bar-negative", "over":
		return ink{fill: rgb(orange)}
	case "track", "column":
		return ink{fill: rgb(soft)}
	case "card":
		return ink{fill: rgb(0xffffff), stroke: rgb(grey), width: 1.5}
	case "whisker":
		return ink{stroke: rgb(text), width: 2}
	case "band":
		return ink{fill: rgb(0xd6e6f2)}
	case "limit":
		return ink{stroke: rgb(text), width: 3}
	}
	var n int
	if _, err := fmt.Sscanf(first, "line-%d", &n); err == nil {
		return ink{stroke: rgb(lines()[n%len(lines())]), width: 5}
	}
	if _, err := fmt.Sscanf(first, "dot-%d", &n); err == nil {
		return ink{fill: rgb(lines()[n%len(lines())])}
	}
	return ink{fill: rgb(text)}
}

// attributes returns the ink as attributes of SVG.
func (k ink) attributes(f form) string {
	var b strings.Builder
	if k.fill.A == 0 {
		b.WriteString(` fill="none"`)
	} else {
		b.WriteString(` fill="` + hex(k.fill) + `"`)
	}
	if k.stroke.A > 0 {
		b.WriteString(` stroke="` + hex(k.stroke) + `" stroke-width="` + number(k.width) + `"`)
		if f == line {
			b.WriteString(` stroke-linejoin="round" stroke-linecap="round"`)
		}
	}
	if k.bold && f == words {
		b.WriteString(` font-weight="bold"`)
	}
	return b.String()
}
