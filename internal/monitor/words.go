package monitor

import (
	"fmt"
	"strings"
	"time"
)

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// span says how long something lasts, as people say it.
func span(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return count(int(d.Seconds()), "second", "seconds")
	case d < 2*time.Hour:
		return count(int(d.Minutes()), "minute", "minutes")
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour", "hours")
	default:
		return count(int(d.Hours()/24), "day", "days")
	}
}

func ago(at, now time.Time) string { return span(max(now.Sub(at), 0)) + " ago" }

// sinceWhen says since when something is so, where that is known.
func sinceWhen(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " for " + span(max(now.Sub(at), 0)) + " (since " + clock(at) + ")"
}

// clock shows a moment in the zone of this machine.
func clock(at time.Time) string { return at.Local().Format("2006-01-02 15:04") }

func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for f >= 1000 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}

// clip cuts a text from outside to n characters on one line.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
