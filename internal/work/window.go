package work

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Windows are times in which nothing is written, as settings and rules give
// them for an instance, a team or a connector. They are meant in the zone of
// the team that owns the place, else in the instance's.
type Windows struct {
	Quiet  Quiet
	Freeze []Freeze
}

// Quiet are hours of every day, and whole days of the week. The hours begin at
// From, which belongs to them, and end at To, which does not: from: '18:00',
// to: '08:00' is every night. The zero Quiet is none.
type Quiet struct {
	From *Clock    `yaml:"from" json:"From,omitzero"`
	To   *Clock    `yaml:"to" json:"To,omitzero"`
	Days []Weekday `yaml:"days,one" json:"Days,omitempty"`
}

// IsZero reports that there are no quiet hours.
func (q Quiet) IsZero() bool { return q.From == nil && q.To == nil && len(q.Days) == 0 }

// Covers reports whether a time of day on a day of the week is quiet.
func (q Quiet) Covers(day Weekday, at Clock) bool {
	switch {
	case slices.Contains(q.Days, day):
		return true
	case q.From == nil || q.To == nil:
		return false
	case *q.From < *q.To:
		return *q.From <= at && at < *q.To
	default:
		return at >= *q.From || at < *q.To
	}
}

// String returns the hours as people read them: "18:00 to 08:00, sat, sun".
func (q Quiet) String() string {
	var parts []string
	if q.From != nil && q.To != nil {
		parts = append(parts, q.From.String()+" to "+q.To.String())
	}
	for _, d := range q.Days {
		parts = append(parts, d.String())
	}
	return strings.Join(parts, ", ")
}

// Freeze is a run of days in which nothing is written, both ends included.
type Freeze struct {
	From    Date   `yaml:"from"`
	To      Date   `yaml:"to"`
	Because string `yaml:"because"`
}

// Covers reports whether the day is one of the freeze.
func (f Freeze) Covers(day Date) bool { return f.From <= day && day <= f.To }

// Check reports what is wrong with the windows; at holds both keys.
func (w Windows) Check(at Pointer) []Problem {
	var problems []Problem
	mistake := func(at Pointer, what, remedy string) {
		problems = append(problems, Problem{At: at, What: what, Remedy: remedy})
	}
	quiet, hours := at.Key("quiet"), "write both, as in {from: '18:00', to: '08:00'}"
	switch q := w.Quiet; {
	case q.From != nil && q.To == nil:
		mistake(quiet, "quiet hours have no end", hours)
	case q.From == nil && q.To != nil:
		mistake(quiet, "quiet hours have no beginning", hours)
	case q.From != nil && (*q.From == *q.To || *q.From == 0 && *q.To == midnight):
		mistake(quiet, "quiet hours of a whole day would never let anything out", "write from and to that differ, or pause Tandem: tandem pause")
	case q.From != nil && *q.From == midnight:
		mistake(quiet.Key("from"), "quiet hours cannot begin at 24:00", "write from: '00:00'")
	}
	if days := slices.Clone(w.Quiet.Days); len(slices.Compact(sortedDays(days))) == daysOfWeek {
		mistake(quiet.Key("days"), "quiet days that are all days would never let anything out", "leave one out, or pause Tandem: tandem pause")
	}
	for i, f := range w.Freeze {
		switch at := at.Key("freeze").Index(i); {
		case f.From == 0 || f.To == 0:
			mistake(at, "a freeze needs its first and its last day", "write both, as in {from: 2026-12-20, to: 2027-01-04, because: year end}")
		case f.From > f.To:
			mistake(at, "the freeze ends before it begins", "write the first day as from, the last one as to")
		}
	}
	return problems
}

const daysOfWeek = 7

func sortedDays(days []Weekday) []Weekday {
	slices.Sort(days)
	return days
}

// Clock is a time of day in minutes: 08:00. 24:00 is the end of the day.
type Clock int16

const midnight Clock = 24 * 60

// ClockOf returns the time of day that a clock on the wall shows.
func ClockOf(t time.Time) Clock {
	return Clock(t.Hour()*60 + t.Minute()) //nolint:gosec // at most 1439
}

// String returns 08:00.
func (c Clock) String() string {
	two := func(n Clock) string { return strconv.Itoa(int(n/10)) + strconv.Itoa(int(n%10)) }
	return two(c/60) + ":" + two(c%60)
}

// MarshalText writes the time as String does.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads 08:00.
func (c *Clock) UnmarshalText(b []byte) error {
	text := string(b)
	if text == "24:00" {
		*c = midnight
		return nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return fmt.Errorf("%q is no time of day; write hours and minutes in quotes, such as '08:00'", text)
	}
	*c = ClockOf(t)
	return nil
}

// Weekday is a day of the week: mon, tue, wed, thu, fri, sat, sun.
type Weekday time.Weekday

// String returns the short name, as rules write it.
func (d Weekday) String() string { return strings.ToLower(time.Weekday(d).String()[:3]) }

// MarshalText writes the day as String does.
func (d Weekday) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads sat.
func (d *Weekday) UnmarshalText(b []byte) error {
	for day := range Weekday(daysOfWeek) {
		if day.String() == string(b) {
			*d = day
			return nil
		}
	}
	return fmt.Errorf("%q is no day of the week; write mon, tue, wed, thu, fri, sat or sun", string(b))
}

// Date is a day of the calendar, written 2026-12-20. Later days are larger.
type Date int32

// DateOf returns the day that a calendar on the wall shows.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date(year*10000 + int(month)*100 + day) //nolint:gosec // years have four digits
}

// Time returns the day in UTC.
func (d Date) Time() time.Time {
	return time.Date(int(d/10000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC)
}

// String returns 2026-12-20.
func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText writes the day as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2026-12-20.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil || t.Year() < 1 {
		return fmt.Errorf("%q is no day; write year, month and day, such as 2026-12-20", string(b))
	}
	*d = DateOf(t)
	return nil
}
