package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// Bump is how the first of an order changed places over time.
type Bump struct {
	Title, Note string
	Lines       []Ranked
	From, To    time.Time
	// First is how many places are shown.
	First int
	// OfTeam: places are those in the order of the team with that name.
	OfTeam string
}

// Ranked is one item of it.
type Ranked struct {
	Name   string
	Points []work.Point
}

func none() float64 { return math.NaN() }

func placeOr(place int) float64 {
	if place <= 0 {
		return none()
	}
	return float64(place)
}

// column is one moment that is looked at.
const columns = 24

// moments are the days that are compared, the first and the last among them.
func (b Bump) moments() []time.Time {
	from, to := b.From.UTC().Truncate(day), b.To.UTC().Truncate(day)
	days := int(to.Sub(from) / day)
	if days <= 0 {
		return []time.Time{to}
	}
	n := min(days, columns-1)
	list := make([]time.Time, 0, n+1)
	for i := range n + 1 {
		list = append(list, from.AddDate(0, 0, i*days/n))
	}
	return list
}

// place is where an item stood at the end of a day; 0 where it was not among
// those that are shown.
func (b Bump) place(points []work.Point, at time.Time) int {
	place := 0
	newest := time.Time{}
	for _, p := range points {
		if p.Day.After(at) || p.Day.Before(newest) {
			continue
		}
		newest, place = p.Day, p.Place
		if b.OfTeam != "" {
			if place = p.TeamPlace; p.Team != b.OfTeam {
				place = 0
			}
		}
	}
	if place > b.First {
		return 0
	}
	return place
}

func (b Bump) draw(f frame) *scene {
	em := f.size
	width, row := cmp.Or(f.width, 66*em), 2.2*em
	first := max(b.First, 1)
	head := 3 * em
	if f.height > 0 {
		head = 6 * em
		row = min((f.height-head-4*em)/float64(first), 6*em)
	}
	s := &scene{kind: "bump", width: width, height: cmp.Or(f.height, head+float64(first)*row+2*em), title: b.Title, desc: b.said()}
	if f.height > 0 {
		s.text("head", point{2 * em, 2.6 * em}, em*1.5, start, b.Title, width-4*em)
		s.text("faint", point{2 * em, 4.2 * em}, em*0.8, start, b.Note, width-4*em)
	}
	labels := width * 0.27
	left, right := labels+3*em, width-labels-3*em
	moments := b.moments()
	x := func(i int) float64 {
		if len(moments) < 2 {
			return right
		}
		return left + float64(i)/float64(len(moments)-1)*(right-left)
	}
	y := func(place int) float64 { return head + (float64(place)-0.5)*row }
	for place := 1; place <= first; place++ {
		s.line("grid", point{left, y(place)}, point{right, y(place)})
		s.text("tick", point{left - em*1.2, y(place) + em*0.35}, em*0.9, end, strconv.Itoa(place), 0)
		s.text("tick", point{right + em*1.2, y(place) + em*0.35}, em*0.9, start, strconv.Itoa(place), 0)
	}
	for i, at := range moments {
		if i == 0 || i == len(moments)-1 || i == len(moments)/2 {
			s.text("tick", point{x(i), y(first) + row*0.5 + 1.2*em}, em*0.85, middle, date(at), 0)
		}
	}
	for n, l := range b.Lines {
		b.trace(s, n, l, moments, x, y, em, labels)
	}
	if len(b.Lines) == 0 {
		s.text("faint", point{left, y(1)}, em, start, "Nothing is known of this time.", 0)
	}
	return s
}

// trace draws the line of one item, with its name where it begins and ends.
func (b Bump) trace(s *scene, n int, l Ranked, moments []time.Time, x func(int) float64, y func(int) float64, em, labels float64) {
	class := strconv.Itoa(n % len(lines()))
	var run []point
	outside := y(max(b.First, 1)) + (y(2)-y(1))*0.45 // where those go that are no longer among the first
	was := 0
	for i, at := range moments {
		place := b.place(l.Points, at)
		switch {
		case place == 0 && was > 0:
			run = append(run, point{(x(i-1) + x(i)) / 2, outside})
			s.stretch("line-"+class, run)
			run = nil
		case place > 0 && was == 0 && i > 0:
			run = append(run, point{(x(i-1) + x(i)) / 2, outside})
		}
		if was = place; place == 0 {
			continue
		}
		run = append(run, point{x(i), y(place)})
		if i == 0 {
			s.dot("dot-"+class, x(i), y(place), em*0.35)
			s.text("label", point{labels, y(place) + em*0.35}, em*0.95, end, l.Name, labels-em)
		}
		if i == len(moments)-1 {
			s.dot("dot-"+class, x(i), y(place), em*0.35)
			s.text("label", point{s.width - labels, y(place) + em*0.35}, em*0.95, start, l.Name, labels-em)
		}
	}
	s.stretch("line-"+class, run)
}

func (b Bump) said() string {
	var said []string
	for _, row := range b.table().Rows {
		said = append(said, row[0]+" from "+row[1]+" to "+row[len(row)-1])
	}
	return cmp.Or(strings.Join(said, "; "), "Nothing is known of this time.")
}

func (b Bump) table() Table {
	moments := b.moments()
	at := []time.Time{moments[0], moments[len(moments)/2], moments[len(moments)-1]}
	t := Table{Caption: b.Title, Head: []string{"Item", date(at[0]), date(at[1]), date(at[2])}}
	rows := slices.Clone(b.Lines)
	slices.SortStableFunc(rows, func(x, z Ranked) int {
		return cmp.Compare(cmp.Or(b.place(x.Points, at[2]), b.First+1), cmp.Or(b.place(z.Points, at[2]), b.First+1))
	})
	for _, l := range rows {
		row := []string{l.Name}
		for _, day := range at {
			place := "not among the first " + strconv.Itoa(b.First)
			if p := b.place(l.Points, day); p > 0 {
				place = strconv.Itoa(p)
			}
			row = append(row, place)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
