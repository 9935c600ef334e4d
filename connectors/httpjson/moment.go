package httpjson

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// timeFormats are the spellings of times that settings may name; auto reads
// only.
func timeFormats() map[string]string {
	return map[string]string{
		"rfc3339": time.RFC3339, "rfc3339_ms": "2006-01-02T15:04:05.000Z07:00", "rfc3339_us": "2006-01-02T15:04:05.000000Z07:00",
		"date": time.DateOnly, "datetime": time.DateTime, "datetime_us": "2006-01-02 15:04:05.000000",
		"yyyymmdd": "20060102", "yyyymmddthh": "20060102T15",
		"epoch_s": "", "epoch_ms": "", "epoch_us": "",
	}
}

// unitOf is the smallest step of a format.
func unitOf(format string) time.Duration {
	const day = 24 * time.Hour
	switch format {
	case "date", "yyyymmdd":
		return day
	case "yyyymmddthh":
		return time.Hour
	case "rfc3339_ms", "epoch_ms":
		return time.Millisecond
	case "rfc3339_us", "epoch_us", "datetime_us":
		return time.Microsecond
	default:
		return time.Second
	}
}

// floor rounds down to the unit, days in the zone.
func floor(t time.Time, unit time.Duration, zone *time.Location) time.Time {
	t = t.In(zone)
	if unit >= 24*time.Hour {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	}
	return t.Truncate(unit)
}

// spelled writes a time: numbers for epochs, texts otherwise.
func spelled(t time.Time, format string, zone *time.Location) any {
	switch format {
	case "epoch_s":
		return json.Number(strconv.FormatInt(t.Unix(), 10))
	case "epoch_ms":
		return json.Number(strconv.FormatInt(t.UnixMilli(), 10))
	case "epoch_us":
		return json.Number(strconv.FormatInt(t.UnixMicro(), 10))
	case "":
		format = "rfc3339"
	}
	return t.In(zone).Format(timeFormats()[format])
}

// moment reads a time. Without a format it takes RFC 3339 and its relatives,
// dates, and epochs by their size.
func moment(v any, format string, zone *time.Location) (time.Time, error) {
	text := textOf(v)
	wrong := func() error {
		return fmt.Errorf("%q is no time%s", excerpt(text, 60), map[bool]string{true: " of the format " + format}[format != ""])
	}
	if strings.HasPrefix(format, "epoch_") || format == "" && isNumber(v) {
		return epoch(text, format, wrong)
	}
	layouts := []string{timeFormats()[format]}
	if layouts[0] == "" && format != "" {
		layouts[0] = format
	}
	switch format {
	case "", "rfc3339", "rfc3339_ms", "rfc3339_us":
		layouts = []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700"}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return sane(t, wrong)
		}
	}
	return time.Time{}, wrong()
}

func isNumber(v any) bool {
	switch v.(type) {
	case json.Number, int, float64:
		return true
	default:
		return false
	}
}

// The sizes from which a number is milliseconds, microseconds.
const (
	leastMilli = 1e11
	leastMicro = 1e14
)

func epoch(text, format string, wrong func() error) (time.Time, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return time.Time{}, wrong()
	}
	perSecond := map[string]float64{"epoch_s": 1, "epoch_ms": 1e3, "epoch_us": 1e6}[format]
	switch {
	case perSecond > 0:
	case math.Abs(f) < leastMilli:
		perSecond = 1
	case math.Abs(f) < leastMicro:
		perSecond = 1e3
	default:
		perSecond = 1e6
	}
	if math.Abs(f/perSecond) > 1e11 {
		return time.Time{}, wrong()
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return sane(time.UnixMicro(i*int64(1e6/perSecond)), wrong)
	}
	return sane(time.UnixMicro(int64(f/perSecond*1e6)), wrong)
}

// sane refuses times that no store keeps.
func sane(t time.Time, wrong func() error) (time.Time, error) {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1900 || t.Year() > 9999 {
		return time.Time{}, wrong()
	}
	return t, nil
}

// excerpt cuts a text for messages.
func excerpt(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
