package digest

import (
	"slices"
	"time"

	"tandem/internal/work"
)

// Schedule is when a digest is due.
type Schedule struct {
	At work.Clock
	// On are the days of the week; every day where there are none.
	On   []work.Weekday
	Zone *time.Location
}

// late is after how long a digest is of no use any more: the next one tells all.
const late = 3 * time.Hour

// Moment returns when a day's digest is due. Where clocks are put forward over
// the time, it is the first moment after the gap; where they are put back over
// it, the first of the two.
func (s Schedule) Moment(day work.Date) time.Time {
	wall := day.Time().Add(time.Duration(s.At) * time.Minute) // as if the zone were UTC
	const farthest = 26 * time.Hour                           // no zone is so far from UTC
	for t := wall.Add(-farthest); ; {
		_, offset := t.In(s.Zone).Zone()
		begin, end := t.In(s.Zone).ZoneBounds()
		moment := wall.Add(-time.Duration(offset) * time.Second)
		if !begin.IsZero() && moment.Before(begin) {
			return begin.UTC() // the clocks were put forward over it
		}
		if end.IsZero() || moment.Before(end) {
			return moment
		}
		t = end
	}
}

// Has reports whether there is a digest on a day.
func (s Schedule) Has(day work.Date) bool {
	return len(s.On) == 0 || slices.Contains(s.On, work.Weekday(day.Time().Weekday()))
}

// Due returns the last day whose digest is due by now, and when it was; false
// where none was within the last day.
func (s Schedule) Due(now time.Time) (work.Date, time.Time, bool) {
	today := work.DateOf(now.In(s.Zone)).Time()
	for back := range 3 {
		day := work.DateOf(today.AddDate(0, 0, -back))
		if at := s.Moment(day); s.Has(day) && !at.After(now) {
			return day, at, now.Sub(at) < 24*time.Hour
		}
	}
	return 0, time.Time{}, false
}

// Next returns when the next digest is due after a moment.
func (s Schedule) Next(after time.Time) time.Time {
	today := work.DateOf(after.In(s.Zone)).Time()
	for ahead := -1; ahead <= 14; ahead++ {
		day := work.DateOf(today.AddDate(0, 0, ahead))
		if at := s.Moment(day); s.Has(day) && at.After(after) {
			return at
		}
	}
	return time.Time{}
}
