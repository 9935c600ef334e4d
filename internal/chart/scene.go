package chart

import (
	"math"
	"strings"
)

// scene is what a picture consists of, from back to front.
type scene struct {
	kind          string // of picture, for its class
	width, height float64
	title, desc   string
	shapes        []shape
}

type form uint8

const (
	rect form = iota
	line
	dot
	words
)

// anchor is which end of a text stands where it is put.
type anchor uint8

const (
	start anchor = iota
	middle
	end
)

// shape is one thing to draw. Its class says how it looks.
type shape struct {
	form   form
	class  string
	points []point // corners of a rect (two), of a line; centre of a dot; where text stands
	round  float64 // radius of a dot, or of the corners of a rect
	size   float64 // of text
	anchor anchor
	text   string
	tip    string // full text, where the one shown is cut
}

type point struct{ x, y float64 }

func (p point) real() bool { return real(p.x) && real(p.y) }

// real reports whether a number can be drawn.
func real(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) && math.Abs(x) < 1e15 }

// add takes a shape in, unless there is nothing to draw.
func (s *scene) add(sh shape) {
	for _, p := range sh.points {
		if !p.real() {
			return
		}
	}
	s.shapes = append(s.shapes, sh)
}

func (s *scene) rect(class string, x, y, w, h, round float64) {
	if w <= 0 || h <= 0 {
		return
	}
	s.add(shape{form: rect, class: class, points: []point{{x, y}, {x + w, y + h}}, round: round})
}

func (s *scene) line(class string, points ...point) {
	if len(points) > 1 {
		s.add(shape{form: line, class: class, points: points})
	}
}

func (s *scene) dot(class string, x, y, r float64) {
	s.add(shape{form: dot, class: class, points: []point{{x, y}}, round: r})
}

// text puts one line of text, cut to a width where that is more than 0.
func (s *scene) text(class string, at point, size float64, to anchor, text string, width float64) {
	whole := clean(text)
	shown := whole
	if width > 0 {
		shown = cut(whole, width/size)
	}
	if strings.TrimSpace(shown) == "" {
		return
	}
	sh := shape{form: words, class: class, points: []point{at}, size: size, anchor: to, text: shown}
	if shown != whole {
		sh.tip = whole
	}
	s.add(sh)
}

// paragraph puts a text into lines of a width, at most so many, and returns how
// many it took. Text that is read from the right stands at the right.
func (s *scene) paragraph(class string, at point, size, width, leading float64, most int, text string) int {
	whole := clean(text)
	lines, all := wrap(whole, width/size, most)
	to := start
	if rightToLeft(whole) {
		to, at.x = end, at.x+width
	}
	for i, l := range lines {
		sh := shape{form: words, class: class, points: []point{{at.x, at.y + float64(i)*leading}}, size: size, anchor: to, text: l}
		if !all && i == 0 {
			sh.tip = whole
		}
		s.add(sh)
	}
	return len(lines)
}
