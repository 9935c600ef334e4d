package chart

import (
	"cmp"
	"strconv"
	"strings"
)

// Roadmap is now, next and later side by side.
type Roadmap struct {
	Title, Note string
	Columns     []Column
}

// Column is one horizon.
type Column struct {
	Name string
	// Note is what is used of its capacity, in words.
	Note  string
	Cards []Card
	// More is how many others there are that have no card.
	More int
}

// Card is one piece of work.
type Card struct {
	Title string
	// Detail stands below: the owner, the goal.
	Detail string
	// Tag stands above in short: a theme, a key.
	Tag string
}

func (r Roadmap) draw(f frame) *scene {
	em := f.size
	width := cmp.Or(f.width, 66*em)
	margin, gap := em, em
	if f.height > 0 {
		margin, gap = 2*em, 1.5*em
	}
	s := &scene{kind: "roadmap", width: width, height: f.height, title: r.Title, desc: r.said()}
	top := margin
	if f.height > 0 {
		s.text("head", point{margin, 2.6 * em}, em*1.5, start, r.Title, width-2*margin)
		s.text("faint", point{margin, 4.2 * em}, em*0.8, start, r.Note, width-2*margin)
		top = 5.4 * em
	}
	n := float64(max(1, len(r.Columns)))
	wide := (width - 2*margin - (n-1)*gap) / n
	bottom := top
	for i, c := range r.Columns {
		col := &scene{}
		limit := 0.0
		if f.height > 0 {
			limit = f.height - 2.2*em
		}
		at := margin + float64(i)*(wide+gap)
		low := c.draw(col, at, top, wide, limit, em)
		bottom = max(bottom, low)
		s.rect("column", at, top, wide, cmp.Or(max(limit-top, 0), low-top), em*0.4)
		s.shapes = append(s.shapes, col.shapes...)
	}
	if len(r.Columns) == 0 {
		s.text("faint", point{margin, top + 2*em}, em, start, "Nothing is planned.", 0)
		bottom = top + 3*em
	}
	s.height = cmp.Or(s.height, bottom+margin)
	return s
}

// draw puts the column into a scene, and returns where it ends. Cards that would
// go below a limit are counted.
func (c *Column) draw(s *scene, x, y, wide, limit, em float64) float64 {
	pad := em * 0.8
	s.text("head", point{x + pad, y + 1.7*em}, em*1.15, start, c.Name, wide-2*pad)
	s.text("faint", point{x + pad, y + 3*em}, em*0.85, start, c.Note, wide-2*pad)
	at := y + 3.8*em
	more := c.More
	for i, card := range c.Cards {
		one := &scene{}
		low := card.draw(one, x+pad, at, wide-2*pad, em)
		last := i == len(c.Cards)-1 && c.More == 0
		if limit > 0 && low+map[bool]float64{true: 0, false: 2 * em}[last] > limit {
			more += len(c.Cards) - i
			break
		}
		s.shapes = append(s.shapes, one.shapes...)
		at = low + em*0.6
	}
	if more > 0 {
		s.text("faint", point{x + pad, at + em}, em*0.9, start, "and "+strconv.Itoa(more)+" more", wide-2*pad)
		at += 1.8 * em
	}
	if len(c.Cards) == 0 && more == 0 {
		s.text("faint", point{x + pad, at + em}, em*0.9, start, "empty", wide-2*pad)
		at += 1.8 * em
	}
	return at
}

// cardLines is how much of a title is shown.
const cardLines = 3

func (c *Card) draw(s *scene, x, y, wide, em float64) float64 {
	pad := em * 0.7
	inner := &scene{}
	at := y + pad
	if c.Tag != "" {
		inner.paragraph("tag", point{x + pad, at + em*0.75}, em*0.75, wide-2*pad, em, 1, c.Tag)
		at += em * 1.1
	}
	lines := inner.paragraph("label", point{x + pad, at + em*0.85}, em, wide-2*pad, em*1.25, cardLines, cmp.Or(c.Title, "(no title)"))
	at += float64(lines) * em * 1.25
	if c.Detail != "" {
		inner.paragraph("faint", point{x + pad, at + em*0.8}, em*0.8, wide-2*pad, em, 1, c.Detail)
		at += em * 1.1
	}
	low := at + pad*0.7
	s.rect("card", x, y, wide, low-y, em*0.3)
	s.shapes = append(s.shapes, inner.shapes...)
	return low
}

func (r Roadmap) said() string {
	said := make([]string, 0, len(r.Columns))
	for i := range r.Columns {
		c := &r.Columns[i]
		said = append(said, c.Name+": "+strconv.Itoa(len(c.Cards)+c.More))
	}
	return cmp.Or(strings.Join(said, "; "), "Nothing is planned.")
}

func (r Roadmap) table() Table {
	t := Table{Caption: r.Title, Head: []string{"Item", "Horizon", "Tag", "Detail"}}
	for _, c := range r.Columns {
		for _, card := range c.Cards {
			t.Rows = append(t.Rows, []string{card.Title, c.Name, card.Tag, card.Detail})
		}
		if c.More > 0 {
			t.Rows = append(t.Rows, []string{"and " + strconv.Itoa(c.More) + " more", c.Name, "", ""})
		}
	}
	return t
}
