package chart

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"
)

// longest is how much of a text is looked at.
const longest = 2000

// clean makes one line of a text: without what XML cannot hold, and without
// marks that turn the text after them around unseen.
func clean(text string) string {
	if len(text) > longest {
		text = text[:longest]
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		default:
			return r
		}
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// rightToLeft reports whether the first letter that has a direction is read
// from the right.
func rightToLeft(text string) bool {
	for _, r := range text {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		default:
		}
	}
	return false
}

// glyphs splits a text into what must not be parted: letters with their marks,
// emoji with what is joined to them.
func glyphs(text string) []string {
	var list []string
	begin, flags, joined := 0, 0, false
	for i, r := range text {
		flag := r >= 0x1f1e6 && r <= 0x1f1ff
		continues := joined || unicode.In(r, unicode.M) || r == 0x200d || r >= 0xfe00 && r <= 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff ||
			r >= 0xe0020 && r <= 0xe007f || flag && flags%2 == 1
		if i > begin && !continues {
			list = append(list, text[begin:i])
			begin = i
		}
		if joined = r == 0x200d; flag {
			flags++
		} else {
			flags = 0
		}
	}
	if begin < len(text) {
		list = append(list, text[begin:])
	}
	return list
}

// ems is about how wide a text is, in sizes of its font.
func ems(text string) float64 {
	wide := 0.0
	for _, g := range glyphs(text) {
		r, _ := utf8.DecodeRuneInString(g)
		switch k := width.LookupRune(r).Kind(); {
		case k == width.EastAsianWide, k == width.EastAsianFullwidth, r >= 0x1f000:
			wide += 1.05
		case strings.ContainsRune("iljtfrI.,:;'|!()[] ", r):
			wide += 0.32
		case strings.ContainsRune("mwMW@%", r):
			wide += 0.88
		case unicode.IsUpper(r):
			wide += 0.7
		default:
			wide += 0.56
		}
	}
	return wide
}

// cut shortens a text to a width in ems.
func cut(text string, wide float64) string {
	if ems(text) <= wide {
		return text
	}
	var b strings.Builder
	left := wide - ems("…")
	for _, g := range glyphs(text) {
		if left -= ems(g); left < 0 {
			break
		}
		b.WriteString(g)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

// wrap splits a text into at most so many lines of a width in ems, and reports
// whether all of it is there. Words that are longer than a line are parted.
func wrap(text string, wide float64, most int) (lines []string, all bool) {
	now := ""
	for word := range strings.FieldsSeq(text) {
		if next := strings.TrimLeft(now+" "+word, " "); ems(next) <= wide {
			now = next
			continue
		}
		if now != "" {
			lines = append(lines, now)
		}
		now = ""
		for _, g := range glyphs(word) {
			if now != "" && ems(now+g) > wide {
				lines = append(lines, now)
				now = ""
			}
			now += g
			if len(lines) > most {
				break
			}
		}
		if len(lines) > most {
			break
		}
	}
	if now != "" {
		lines = append(lines, now)
	}
	if len(lines) <= most {
		return lines, true
	}
	lines = lines[:most]
	if most > 0 {
		lines[most-1] = cut(lines[most-1]+"…", wide)
	}
	return lines, false
}
