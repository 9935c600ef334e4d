package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dates reads times as one table writes them.
type Dates struct {
	layouts []string
	formats []string
	zone    *time.Location
}

// tokens are the parts of a format, longer ones first, and what Go calls them.
// A leading zero may be left out everywhere.
func tokens() []string {
	return []string{
		"YYYY", "2006", "YY", "06", "MMMM", "January", "MMM", "Jan", "MM", "1", "M", "1", "DD", "2", "D", "2",
		"HH", "15", "H", "15", "hh", "3", "h", "3", "mm", "04", "m", "4", "ss", "05", "s", "5", "SSS", "000", "A", "PM", "a", "pm",
		"ZZ", "-0700", "Z", "Z07:00",
	}
}

// NewDates reads formats such as "DD.MM.YYYY HH:mm". Without any, RFC 3339 and
// dates that begin with the year are understood. Times without an offset are
// of the zone.
func NewDates(formats []string, zone string) (Dates, error) {
	d := Dates{zone: time.UTC, formats: formats}
	if zone != "" {
		at, err := time.LoadLocation(zone)
		if err != nil || zone == "Local" {
			return d, fmt.Errorf("%q is no time zone; write one such as Europe/Berlin", zone)
		}
		d.zone = at
	}
	for _, f := range formats {
		layout, err := layoutOf(f)
		if err != nil {
			return d, err
		}
		d.layouts = append(d.layouts, layout)
	}
	return d, nil
}

func layoutOf(format string) (string, error) {
	var layout strings.Builder
	list, has := tokens(), map[string]bool{}
parts:
	for rest := format; rest != ""; {
		for i := 0; i < len(list); i += 2 {
			if after, found := strings.CutPrefix(rest, list[i]); found {
				layout.WriteString(list[i+1])
				has[list[i][:1]] = true
				rest = after
				continue parts
			}
		}
		if c := rest[0]; c >= '0' && c <= '9' || c >= 'a' && c <= 'z' && c != 'T' {
			return "", fmt.Errorf("the format %q: %q means nothing; write for example DD.MM.YYYY HH:mm", format, string(c))
		}
		layout.WriteByte(rest[0])
		rest = rest[1:]
	}
	if !has["Y"] || !has["M"] || !has["D"] {
		return "", fmt.Errorf("the format %q has no year, month or day; write for example DD.MM.YYYY HH:mm", format)
	}
	if has["h"] != (has["A"] || has["a"]) {
		return "", fmt.Errorf("the format %q: hh goes with A (AM or PM), HH is of 24 hours", format)
	}
	return layout.String(), nil
}

// plain are the forms that mean one time only.
func plain() []string {
	return []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999", "2006-01-02T15:04", "2006-01-02 15:04:05.999", "2006-01-02 15:04:05Z07:00",
		"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04", time.DateOnly, "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
	}
}

// Read reads one time, in UTC. What cannot be, or may be two things, is an
// error. Where clocks were set back, the first of the two hours is meant.
func (d Dates) Read(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	layouts := d.layouts
	if len(layouts) == 0 {
		layouts = plain()
	}
	var cause error
	for _, layout := range layouts {
		t, err := time.ParseInLocation(layout, text, d.zone)
		if err == nil {
			return d.first(t, layout).UTC(), d.exists(t, layout, text)
		}
		if bad := (*time.ParseError)(nil); errors.As(err, &bad) && strings.Contains(bad.Message, "out of range") {
			cause = fmt.Errorf("%q is no time: %s", text, strings.TrimPrefix(bad.Message, ": "))
		}
	}
	switch {
	case cause != nil:
		return time.Time{}, cause
	case len(d.formats) > 0:
		return time.Time{}, fmt.Errorf("%q is not written as %s", text, strings.Join(d.formats, " or "))
	case looksLocal(text):
		return time.Time{}, fmt.Errorf("%q may be more than one day; say in the column file how dates are written, such as dates: {format: DD.MM.YYYY}", text)
	default:
		return time.Time{}, fmt.Errorf("%q is no time; write 2026-11-21 or 2026-11-21T09:30:00Z, or say dates: {format: …} in the column file", text)
	}
}

// first is the earlier of two times that the clocks of the zone show alike.
func (d Dates) first(t time.Time, layout string) time.Time {
	const clock = "2006-01-02 15:04:05"
	for _, back := range []time.Duration{time.Hour, 30 * time.Minute} {
		if before := t.Add(-back); !strings.Contains(layout, "07") && before.Format(clock) == t.Format(clock) {
			return before
		}
	}
	return t
}

// exists refuses the hour that is left out when clocks are set forward. A date
// alone is never refused.
func (d Dates) exists(t time.Time, layout, text string) error {
	if strings.Contains(layout, "07") || !strings.Contains(layout, "15") && !strings.Contains(layout, "3") || t.Format(layout) == text {
		return nil
	}
	// Spellings may differ without meaning another time: what counts is whether
	// the clock of the zone shows the time that was read.
	wall, err := time.Parse(layout, text)
	if err == nil && (wall.Hour() != t.Hour() || wall.Minute() != t.Minute()) {
		return fmt.Errorf("%q never was in %s: clocks were set forward over it", text, d.zone)
	}
	return nil
}

func looksLocal(text string) bool {
	digits := 0
	for _, c := range text {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits >= 3 && strings.ContainsAny(text, "./-") && text[0] >= '0' && text[0] <= '9'
}

// Decimals is how a table writes numbers.
type Decimals string

// The ways to write numbers. The zero value takes a comma for that of decimals
// where it can be nothing else.
const (
	GuessDecimals Decimals = ""
	PointDecimals Decimals = "point" // 1,234.5
	CommaDecimals Decimals = "comma" // 1.234,5
)

// Read reads one number. What may be two numbers is an error.
func (d Decimals) Read(text string) (float64, error) {
	spelled := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(strings.TrimSpace(text))
	switch d {
	case CommaDecimals:
		if !grouped(spelled, '.', ',') {
			return 0, fmt.Errorf("%q is no number with a decimal comma", text)
		}
		spelled = strings.ReplaceAll(strings.ReplaceAll(spelled, ".", ""), ",", ".")
	case PointDecimals:
		if !grouped(spelled, ',', '.') {
			return 0, fmt.Errorf("%q is no number with a decimal point", text)
		}
		spelled = strings.ReplaceAll(spelled, ",", "")
	default:
		whole, rest, one := strings.Cut(spelled, ",")
		switch {
		case one && len(rest) == 3 && !strings.Contains(whole, ".") && whole != "0" && whole != "-0":
			return 0, fmt.Errorf("%q may be two numbers; say decimals: comma or decimals: point in the column file", text)
		case one && !strings.ContainsAny(rest, ",.") && !strings.Contains(whole, "."):
			spelled = whole + "." + rest
		case one:
			return 0, fmt.Errorf("%q may be two numbers; say decimals: comma or decimals: point in the column file", text)
		}
	}
	f, err := strconv.ParseFloat(spelled, 64)
	if err != nil || strings.ContainsAny(spelled, "xXpP_nN") {
		return 0, fmt.Errorf("%q is no number", text)
	}
	return f, nil
}

// grouped reports whether separators of thousands stand where they may, before
// the one sign of decimals.
func grouped(s string, thousands, decimal byte) bool {
	whole, rest, _ := strings.Cut(s, string(decimal))
	if strings.IndexByte(rest, thousands) >= 0 || strings.IndexByte(rest, decimal) >= 0 {
		return false
	}
	groups := strings.Split(strings.TrimLeft(whole, "+-"), string(thousands))
	for i, g := range groups {
		if i > 0 && len(g) != 3 || len(groups) > 1 && i == 0 && (len(g) < 1 || len(g) > 3) {
			return false
		}
	}
	return true
}

// Midnight is the beginning of the day of a time, in the zone of the table.
func (d Dates) Midnight(t time.Time) time.Time {
	at := t.In(d.zone)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, d.zone).UTC()
}

// Day is midnight UTC of the day that a time has in the zone of the table.
func (d Dates) Day(t time.Time) time.Time {
	at := t.In(d.zone)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}
