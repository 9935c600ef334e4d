package chart

import (
	"slices"
	"strconv"
	"time"

	"tandem/internal/work"
)

// Line is how one number was over time. It stays as it is from one point to the
// next, so it is drawn in steps.
type Line struct {
	Title, Desc string
	Points      []Mark
	From, To    time.Time
	// Places: the numbers are places, 1 is at the top, and only whole ones are
	// marked.
	Places bool
	Unit   string
}

// Mark is a value from a day on. NaN is a gap: it had none. Low and High are
// drawn where they differ.
type Mark struct {
	Day              time.Time
	Value, Low, High float64
}

// PlaceHistory is where an item stood.
func PlaceHistory(title string, points []work.Point, from, to time.Time) Line {
	l := Line{Title: title, From: from, To: to, Places: true, Unit: "place"}
	for _, p := range points {
		l.Points = append(l.Points, Mark{Day: p.Day, Value: placeOr(p.Place), Low: none(), High: none()})
	}
	return l
}

// ScoreHistory is the score of an item with its interval.
func ScoreHistory(title string, points []work.Point, from, to time.Time) Line {
	l := Line{Title: title, From: from, To: to, Unit: "points"}
	for _, p := range points {
		m := Mark{Day: p.Day, Value: p.Score, Low: p.Low, High: p.High}
		if p.Place == 0 {
			m.Value, m.Low, m.High = none(), none(), none()
		}
		l.Points = append(l.Points, m)
	}
	return l
}

func (l Line) draw(f frame) *scene {
	em := f.size
	s := &scene{kind: "line", width: 44 * em, height: 15 * em, title: l.Title, desc: l.said()}
	if l.Desc != "" {
		s.desc = l.Desc
	}
	left, right, top, bottom := 4*em, s.width-1.5*em, em, s.height-2.2*em
	marks := l.within()
	values := hull()
	for _, m := range marks {
		values.take(m.Value, m.Low, m.High)
	}
	if values.low > values.high {
		s.text("faint", point{left, top + 2*em}, em, start, "Nothing is known of this time.", 0)
		return s
	}
	times := span{float64(l.From.Unix()), float64(l.To.Unix())}
	times.room()
	least := 0.0
	if l.Places {
		least = 1
	}
	values.room()
	if l.Places {
		values.low = max(values.low, 0.5)
		bottom, top = top, bottom // 1 is at the top
	}
	x := func(t time.Time) float64 { return times.to(float64(t.Unix()), left, right) }
	y := func(v float64) float64 { return values.to(v, bottom, top) }
	for _, v := range values.steps(4, least) {
		s.line("grid", point{left, y(v)}, point{right, y(v)})
		s.text("tick", point{left - em/2, y(v) + em*0.35}, em*0.9, end, short(v), 0)
	}
	days, layout := ticks(l.From, l.To, 8)
	for _, d := range days {
		s.line("grid", point{x(d), max(top, bottom)}, point{x(d), max(top, bottom) + em/3})
		s.text("tick", point{x(d), max(top, bottom) + 1.4*em}, em*0.9, middle, d.Format(layout), 0)
	}
	l.steps(s, marks, x, y)
	return s
}

// within returns the marks of the time that is shown, oldest first; what came
// before stands at its beginning.
func (l Line) within() []Mark {
	all := slices.Clone(l.Points)
	slices.SortStableFunc(all, func(a, b Mark) int { return a.Day.Compare(b.Day) })
	var marks []Mark
	for _, m := range all {
		switch {
		case m.Day.After(l.To):
			return marks
		case m.Day.Before(l.From):
			m.Day = l.From
			marks = []Mark{m}
		default:
			marks = append(marks, m)
		}
	}
	return marks
}

func (l Line) steps(s *scene, marks []Mark, x func(time.Time) float64, y func(float64) float64) {
	var run []point
	for i, m := range marks {
		until := l.To
		if i+1 < len(marks) {
			until = marks[i+1].Day
		}
		if !real(m.Value) {
			s.stretch("line-0", run)
			run = nil
			continue
		}
		if real(m.Low) && real(m.High) && m.Low < m.High {
			s.rect("band", x(m.Day), min(y(m.Low), y(m.High)), max(x(until)-x(m.Day), 1), abs(y(m.High)-y(m.Low)), 0)
		}
		run = append(run, point{x(m.Day), y(m.Value)}, point{x(until), y(m.Value)})
	}
	s.stretch("line-0", run)
	if n := len(marks); n > 0 && real(marks[n-1].Value) {
		s.dot("dot-0", x(l.To), y(marks[n-1].Value), 3)
	}
	slices.SortStableFunc(s.shapes, func(a, b shape) int { return back(a) - back(b) })
}

// back puts bands behind everything.
func back(sh shape) int {
	if sh.class == "band" {
		return 0
	}
	return 1
}

func (l Line) said() string {
	marks := l.within()
	if len(marks) == 0 {
		return "Nothing is known of this time."
	}
	first, last := marks[0], marks[len(marks)-1]
	return l.told(first.Value) + " on " + date(first.Day) + ", " + l.told(last.Value) + " on " + date(l.To) + "; " + strconv.Itoa(len(marks)-1) + " changes between"
}

func (l Line) told(v float64) string {
	if !real(v) {
		return "not in the order"
	}
	if l.Places {
		return "place " + short(v)
	}
	return short(v)
}

func (l Line) table() Table {
	t := Table{Caption: l.Title, Head: []string{"From", l.Unit}}
	ranged := slices.ContainsFunc(l.Points, func(m Mark) bool { return real(m.Low) && real(m.High) && m.Low < m.High })
	if ranged {
		t.Head = append(t.Head, "at least", "at most")
	}
	for _, m := range l.within() {
		row := []string{date(m.Day), l.told(m.Value)}
		if ranged {
			row = append(row, short(m.Low), short(m.High))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
