package chart

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// span is the least and the most of some numbers.
type span struct{ low, high float64 }

// hull is the span of nothing, to be widened.
func hull() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) take(values ...float64) {
	for _, v := range values {
		if real(v) {
			s.low, s.high = min(s.low, v), max(s.high, v)
		}
	}
}

// room makes the span one that can be drawn.
func (s *span) room() {
	if !real(s.low) || !real(s.high) {
		s.low, s.high = 0, 1
	}
	if s.high-s.low < 1e-9*max(1, math.Abs(s.high)) {
		s.low, s.high = s.low-1, s.high+1
	}
}

// to places a value between two coordinates.
func (s *span) to(v, from, until float64) float64 {
	return from + (v-s.low)/(s.high-s.low)*(until-from)
}

// steps returns round numbers within the span, about as many as asked for, no
// nearer to each other than least.
func (s *span) steps(about int, least float64) []float64 {
	rough := (s.high - s.low) / float64(max(1, about))
	magnitude := math.Pow(10, math.Floor(math.Log10(rough)))
	step := magnitude * 10
	for _, m := range []float64{1, 2, 5} {
		if m*magnitude >= rough {
			step = m * magnitude
			break
		}
	}
	step = max(step, least)
	var list []float64
	for n := math.Ceil(s.low/step - 1e-9); n*step <= s.high+1e-9*step && len(list) < 50; n++ {
		list = append(list, n*step)
	}
	return list
}

// short writes a number for people.
func short(x float64) string {
	if !real(x) {
		return "unknown"
	}
	switch a := math.Abs(x); {
	case a >= 1e6:
		return strconv.FormatFloat(math.Round(x/1e5)/10, 'f', -1, 64) + " M"
	case a >= 100:
		return strconv.FormatFloat(math.Round(x)+0, 'f', -1, 64)
	default:
		return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64)
	}
}

// signed writes a number with its sign.
func signed(x float64) string {
	text := short(x)
	if after, negative := strings.CutPrefix(text, "-"); negative {
		return "−" + after
	}
	if !real(x) || text == "0" {
		return text
	}
	return "+" + text
}

const day = 24 * time.Hour

func date(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

// ticks returns days at which a time axis is marked, and how they are written.
func ticks(from, to time.Time, most int) (days []time.Time, layout string) {
	from, to = from.UTC().Truncate(day), to.UTC()
	whole := int(to.Sub(from)/day) + 1
	switch {
	case whole <= most:
		for d := from; !d.After(to) && len(days) < most; d = d.AddDate(0, 0, 1) {
			days = append(days, d)
		}
		return days, "2 Jan"
	case whole <= 7*most:
		for d := from.AddDate(0, 0, (8-int(from.Weekday()))%7); !d.After(to); d = d.AddDate(0, 0, 7) { // Mondays
			days = append(days, d)
		}
		return days, "2 Jan"
	}
	every := 1 + whole/(31*most)
	for d := time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC); !d.After(to) && len(days) < 2*most; d = d.AddDate(0, every, 0) {
		days = append(days, d)
	}
	return days, "Jan 2006"
}
