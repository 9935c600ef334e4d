package chart

import (
	"math"
	"strconv"
)

// Sparkline is a small line of numbers, one for each week, the newest last.
// NaN is a week of which nothing is known.
type Sparkline struct {
	Title string
	Weeks []float64
}

func (l Sparkline) draw(f frame) *scene {
	em := f.size
	s := &scene{kind: "sparkline", width: 8 * em, height: 1.6 * em, title: l.Title, desc: l.said()}
	extent := span{0, 1}
	extent.take(l.Weeks...)
	x := func(i int) float64 {
		if len(l.Weeks) < 2 {
			return s.width - 4
		}
		return 3 + float64(i)/float64(len(l.Weeks)-1)*(s.width-7)
	}
	y := func(v float64) float64 { return extent.to(v, s.height-3, 3) }
	s.line("axis", point{0, s.height - 1.5}, point{s.width, s.height - 1.5})
	var run []point
	for i, v := range l.Weeks {
		if real(v) {
			run = append(run, point{x(i), y(v)})
			if i < len(l.Weeks)-1 {
				continue
			}
		}
		s.stretch("line-0", run)
		run = nil
	}
	if n := len(l.Weeks); n > 0 && real(l.Weeks[n-1]) {
		s.dot("dot-0", x(n-1), y(l.Weeks[n-1]), 2.5)
	}
	return s
}

// stretch draws a line without a gap; a single point is a short one.
func (s *scene) stretch(class string, run []point) {
	if len(run) == 1 {
		run = []point{{run[0].x - 1, run[0].y}, {run[0].x + 1, run[0].y}}
	}
	s.line(class, run...)
}

func (l Sparkline) said() string {
	known, sum, last := 0, 0.0, math.NaN()
	for _, v := range l.Weeks {
		if real(v) {
			known, sum, last = known+1, sum+v, v
		}
	}
	if known == 0 {
		return "nothing in " + strconv.Itoa(len(l.Weeks)) + " weeks"
	}
	return short(sum) + " in " + strconv.Itoa(len(l.Weeks)) + " weeks, " + short(last) + " in the last one"
}

func (l Sparkline) table() Table {
	t := Table{Caption: l.Title, Head: []string{"Weeks ago", "count"}}
	for i, v := range l.Weeks {
		t.Rows = append(t.Rows, []string{strconv.Itoa(len(l.Weeks) - 1 - i), short(v)})
	}
	return t
}
