package chart

import (
	"cmp"
	"strings"
)

// Bars are terms that add up, such as those of a score.
type Bars struct {
	Title, Desc string
	Terms       []Term
	// Unit is what the values are, such as points.
	Unit string
}

// Term is one bar. Where Low and High differ, a whisker shows what the value may
// be as well.
type Term struct {
	Name      string
	Value     float64
	Low, High float64
	// Note says where it comes from.
	Note string
}

func (t *Term) ranged() bool { return real(t.Low) && real(t.High) && t.Low < t.High }

func (b Bars) draw(f frame) *scene {
	em := f.size
	names, plot, values, row := 15*em, 24*em, 5*em, 1.9*em
	s := &scene{kind: "bars", width: names + plot + values, height: max(1, float64(len(b.Terms)))*row + em, title: b.Title, desc: cmp.Or(b.Desc, b.said())}
	extent := span{0, 0}
	for i := range b.Terms {
		t := &b.Terms[i]
		if extent.take(t.Value); t.ranged() {
			extent.take(t.Low, t.High)
		}
	}
	extent.room()
	x := func(v float64) float64 { return extent.to(v, names+em, names+plot-em) }
	for i := range b.Terms {
		t := &b.Terms[i]
		top := em/2 + float64(i)*row
		middle := top + row/2
		s.text("label", point{names, middle + em*0.35}, em, end, t.Name, names)
		if !real(t.Value) {
			s.text("faint", point{x(0) + em/2, middle + em*0.35}, em, start, "unknown", 0)
			continue
		}
		class := "bar"
		if t.Value < 0 {
			class = "bar-negative"
		}
		s.rect(class, min(x(0), x(t.Value)), top+row*0.18, max(abs(x(t.Value)-x(0)), 1), row*0.64, 2)
		if t.ranged() {
			s.line("whisker", point{x(t.Low), middle}, point{x(t.High), middle})
			for _, v := range []float64{t.Low, t.High} {
				s.line("whisker", point{x(v), middle - em*0.3}, point{x(v), middle + em*0.3})
			}
		}
		s.text("value", point{s.width, middle + em*0.35}, em, end, signed(t.Value), values)
	}
	if len(b.Terms) > 0 {
		s.line("zero", point{x(0), em / 2}, point{x(0), s.height - em/2})
	} else {
		s.text("faint", point{em, em * 1.8}, em, start, "Nothing to show.", 0)
	}
	return s
}

func abs(x float64) float64 { return max(x, -x) }

// said is the picture in a sentence.
func (b Bars) said() string {
	said := make([]string, 0, len(b.Terms))
	for i := range b.Terms {
		said = append(said, b.Terms[i].Name+" "+signed(b.Terms[i].Value))
	}
	return strings.Join(said, "; ")
}

func (b Bars) table() Table {
	t := Table{Caption: b.Title, Head: []string{"Term", cmp.Or(b.Unit, "value"), "from", "to", "because"}}
	for i := range b.Terms {
		term := &b.Terms[i]
		low, high := "", ""
		if term.ranged() {
			low, high = signed(term.Low), signed(term.High)
		}
		t.Rows = append(t.Rows, []string{term.Name, signed(term.Value), low, high, term.Note})
	}
	return t
}
