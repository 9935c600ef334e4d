package demo_test

import (
	"slices"
	"time"
)

// horizons fills the horizons of one team, in the order of why.
//
// People's choices use up room first. Then who was there stays, as long as
// everything before it and itself are within the capacity and a band of 5 %,
// and there is room. The others follow: nobody overtakes, who comes from a
// later horizon needs room below the band, and only the first of an empty
// horizon may be larger than it. Before all of these come those whose due date
// lies in the horizon, as far as there is room: now lasts a period of two weeks
// from today, and next the two periods after it.
func (o *oracle) horizons(team string, open []*piece) {
	slices.SortFunc(open, o.byWhy)
	usual := median(open)
	for n, name := range []string{"now", "next"} {
		h := filling{name: name, room: capacityOf(team) * float64(n+1), usual: usual}
		for _, w := range open {
			if w.fixed && w.horizon == name {
				h.take(w)
			}
		}
		h.due(waiting(open), o.memory.horizon, o.today, n)
		h.keep(waiting(open), o.memory.horizon)
		h.fill(waiting(open), o.memory.horizon)
	}
	for _, w := range waiting(open) {
		w.horizon = "later"
	}
}

// waiting are those that have no horizon yet, in their order.
func waiting(open []*piece) []*piece {
	return slices.DeleteFunc(slices.Clone(open), func(w *piece) bool { return w.horizon != "" })
}

// filling is a horizon with what it holds so far.
type filling struct {
	name              string
	room, used, usual float64
}

func (h *filling) take(w *piece) {
	w.horizon = h.name
	h.used += h.size(w)
}

// size is the estimate; what nobody estimated is as large as usual.
func (h *filling) size(w *piece) float64 {
	if size, ok := w.estimate(); ok {
		return size
	}
	return h.usual
}

// due takes those whose date is in the horizon: the n-th.
func (h *filling) due(queue []*piece, last map[string]string, today time.Time, n int) {
	const period = 14 * 24 * time.Hour
	from, to := today.Add(time.Duration(n)*period), today.Add(time.Duration(1+2*n)*period)
	for _, w := range queue {
		j := w.jira()
		if j == nil {
			continue
		}
		day, err := time.Parse(time.DateOnly, j.due)
		room := h.room
		if last[w.id()] == h.name {
			room *= 1.05
		}
		if err == nil && !day.Before(from) && day.Before(to) && h.used+h.size(w) <= room+tiny {
			h.take(w)
		}
	}
}

// keep lets those stay who were here, or nearer, last time.
func (h *filling) keep(queue []*piece, last map[string]string) {
	before := h.used
	for _, w := range queue {
		before += h.size(w)
		was := last[w.id()]
		if was == "" || nearer(was, h.name) > 0 || before > h.room*1.05+tiny {
			continue
		}
		if h.used+h.size(w) > h.room+tiny {
			return
		}
		h.take(w)
	}
}

// fill takes the next in the order while they fit.
func (h *filling) fill(queue []*piece, last map[string]string) {
	for _, w := range queue {
		if w.horizon != "" {
			continue
		}
		limit := h.room
		if was := last[w.id()]; was != "" && nearer(was, h.name) > 0 {
			limit = h.room * 0.95
		}
		if h.used > 0 && h.used+h.size(w) > limit+tiny {
			return
		}
		h.take(w)
	}
}

// tiny keeps sums of estimates from being too large by a rounding.
const tiny = 1e-9

// median is the usual size of the team's work; 3 where nobody estimates.
func median(open []*piece) float64 {
	var sizes []float64
	for _, w := range open {
		if size, ok := w.estimate(); ok {
			sizes = append(sizes, size)
		}
	}
	if len(sizes) == 0 {
		return 3
	}
	slices.Sort(sizes)
	return (sizes[(len(sizes)-1)/2] + sizes[len(sizes)/2]) / 2
}

// estimate is the size that somebody gave the work.
func (w *piece) estimate() (float64, bool) {
	j := w.jira()
	if j == nil || !j.effort.given || j.effort.is <= 0 {
		return 0, false
	}
	return j.effort.is, true
}
