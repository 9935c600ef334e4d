package chart

import "cmp"

// Capacity shows what is used of what there is.
type Capacity struct {
	Title string
	Rows  []Use
	Unit  string
}

// Use is one row of it. A Limit of 0 is no limit.
type Use struct {
	Name        string
	Used, Limit float64
}

func (c Capacity) draw(f frame) *scene {
	em := f.size
	names, plot, values, row := 10*em, 20*em, 14*em, 2*em
	s := &scene{kind: "capacity", width: names + plot + values, height: max(1, float64(len(c.Rows)))*row + em, title: c.Title}
	extent := span{0, 0}
	for _, u := range c.Rows {
		extent.take(u.Used, u.Limit)
	}
	extent.room()
	extent.low = 0
	x := func(v float64) float64 { return extent.to(max(v, 0), names+em, names+plot) }
	for i, u := range c.Rows {
		top := em/2 + float64(i)*row
		base := top + row/2 + em*0.35
		s.text("label", point{names, base}, em, end, u.Name, names)
		if real(u.Limit) && u.Limit > 0 {
			s.rect("track", x(0), top+row*0.2, x(u.Limit)-x(0), row*0.6, 2)
		}
		if real(u.Used) {
			within := u.Used
			if u.over() {
				within = u.Limit
				s.rect("over", x(u.Limit), top+row*0.2, x(u.Used)-x(u.Limit), row*0.6, 0)
			}
			s.rect("used", x(0), top+row*0.2, x(within)-x(0), row*0.6, 2)
		}
		if real(u.Limit) && u.Limit > 0 {
			s.line("limit", point{x(u.Limit), top + row*0.1}, point{x(u.Limit), top + row*0.9})
		}
		s.text("value", point{names + plot + em, base}, em, start, u.said(c.Unit), values-em)
		s.desc += cmp.Or(map[bool]string{true: "; "}[i > 0]) + u.Name + " " + u.said(c.Unit)
	}
	if len(c.Rows) == 0 {
		s.text("faint", point{em, em * 1.8}, em, start, "Nothing to show.", 0)
	}
	return s
}

func (u Use) over() bool { return real(u.Limit) && u.Limit > 0 && u.Used > u.Limit }

func (u Use) said(unit string) string {
	text := short(u.Used)
	if real(u.Limit) && u.Limit > 0 {
		text += " of " + short(u.Limit)
	}
	if unit != "" {
		text += " " + unit
	}
	if u.over() {
		text += ", over"
	}
	return text
}

func (c Capacity) table() Table {
	t := Table{Caption: c.Title, Head: []string{"Horizon", "used", "of", "over"}}
	for _, u := range c.Rows {
		limit, over := "no limit", ""
		if real(u.Limit) && u.Limit > 0 {
			limit = short(u.Limit)
		}
		if u.over() {
			over = short(u.Used - u.Limit)
		}
		t.Rows = append(t.Rows, []string{u.Name, short(u.Used), limit, over})
	}
	return t
}
