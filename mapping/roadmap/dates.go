package roadmap

import (
	"time"
)

const aDay = 24 * time.Hour

// due is the day by which the item is to be finished: the earlier of its two
// dates, and zero without any.
func due(it *Item) time.Time {
	day := it.Target
	if day.IsZero() || !it.Launch.IsZero() && it.Launch.Before(day) {
		day = it.Launch
	}
	if day.IsZero() {
		return day
	}
	return day.UTC().Truncate(aDay)
}

// dueText names the date that counts.
func dueText(it *Item) string {
	kind, day := "target", due(it)
	if !it.Launch.IsZero() && day.Equal(it.Launch.UTC().Truncate(aDay)) {
		kind = "launch"
	}
	return kind + " date " + day.Format(time.DateOnly)
}

// latest returns the last horizon that is in time for the date: the one in
// whose span it lies; 0 where none is, or the date is over.
func (f *filling) latest(due time.Time) int {
	if due.IsZero() || due.Before(f.plan.today) {
		return 0
	}
	end := f.plan.today
	for i := range f.plan.horizons {
		h := &f.plan.horizons[i]
		switch {
		case f.plan.calendar != nil:
			end = h.to
		case f.team.Every <= 0:
			return 0
		default:
			end = end.Add(time.Duration(h.periods * float64(f.team.Every)))
		}
		if due.Before(end) {
			return i + 1
		}
	}
	return 0
}

// capacity returns what a horizon holds: whole periods of the team, or a share
// of one where not even one fits.
func (f *filling) capacity(i int) float64 {
	h := &f.plan.horizons[i]
	if f.plan.calendar == nil {
		return f.team.Effort * h.periods
	}
	return f.team.Effort * f.periods(h.to.Sub(h.from))
}

// left returns what can still be done in a horizon. A quarter that has begun
// takes no more than the time that is left of it; what is in it already stays.
func (f *filling) left(i int) float64 {
	h := &f.plan.horizons[i]
	if f.plan.calendar == nil || !h.from.Before(f.plan.today) {
		return f.capacity(i)
	}
	whole := f.periods(h.to.Sub(h.from))
	left := h.to.Sub(f.plan.today)
	if whole < 1 {
		return f.team.Effort * left.Hours() / f.team.Every.Hours()
	}
	return f.team.Effort * float64(left/f.team.Every)
}

// periods returns how many periods fit into a span.
func (f *filling) periods(span time.Duration) float64 {
	if whole := span / f.team.Every; whole >= 1 {
		return float64(whole)
	}
	return span.Hours() / f.team.Every.Hours()
}
