package roadmap

import (
	"strconv"
	"strings"
	"time"
)

// End returns the first day after a period that people wrote down: a quarter or
// month of the plan by its name, 2026-Q4, Q4 2026, 2026-H2, 2026-11, 2026 or
// 2026-11-30, the last day of it. It reports false for every other text: what
// nobody understands has no end. Where the plan's year begins later than January,
// quarters, halves and years do too.
func (p *Plan) End(period string) (time.Time, bool) {
	text := strings.ToUpper(strings.TrimSpace(period))
	if k := p.calendar; k != nil {
		if n, known := k.number[strings.TrimSpace(period)]; known {
			return k.from(n + 1), true
		}
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), true
	}
	if month, err := time.Parse("2006-01", text); err == nil {
		return month.AddDate(0, 1, 0), true
	}
	year, months := 0, 0
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' || r == '/' }) {
		n, err := strconv.Atoi(part)
		switch {
		case err == nil && n >= firstYear && n <= lastYear && year == 0:
			year = n
		case len(part) == 2 && months == 0 && strings.Contains("Q1 Q2 Q3 Q4", part):
			months = 3 * int(part[1]-'0')
		case len(part) == 2 && months == 0 && strings.Contains("H1 H2", part):
			months = 6 * int(part[1]-'0')
		default:
			return time.Time{}, false
		}
	}
	if year == 0 {
		return time.Time{}, false
	}
	if months == 0 {
		months = monthsOfYear
	}
	offset := 0
	if p.calendar != nil {
		offset = p.calendar.offset
	}
	return time.Date(year, time.Month(months+offset+1), 1, 0, 0, 0, 0, time.UTC), true
}
