package jirasim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// instant reads a date of a query. Literals are read in the caller's time
// zone and have minute precision; periods such as -15m are counted from now.
// Numbers are refused: whether the current search takes them is not known.
func (c *compiler) instant(field string, o operand) (time.Time, error) {
	if o.function != "" {
		return c.dateFunction(o)
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006/01/02 15:04", "2006-01-02", "2006/01/02"} {
		if t, err := time.ParseInLocation(layout, o.text, c.zone); err == nil {
			return t, nil
		}
	}
	if d, ok := period(o.text); ok {
		return c.now.Add(d), nil
	}
	return time.Time{}, fmt.Errorf("date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "+
		"'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'", o.text, field)
}

// period reads -90d, 4w 2d, -15m: weeks, days, hours and minutes.
func period(text string) (time.Duration, bool) {
	rest, negative := strings.CutPrefix(text, "-")
	rest = strings.TrimPrefix(rest, "+")
	var total time.Duration
	for part := range strings.FieldsSeq(rest) {
		unit, known := map[byte]time.Duration{
			'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute,
		}[part[len(part)-1]]
		n, err := strconv.Atoi(part[:len(part)-1])
		if !known || err != nil || n < 0 {
			return 0, false
		}
		total += time.Duration(n) * unit
	}
	if negative {
		total = -total
	}
	return total, strings.TrimSpace(rest) != ""
}

func (c *compiler) dateFunction(o operand) (time.Time, error) {
	now := c.now.In(c.zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, c.zone)
	var at time.Time
	switch strings.ToLower(o.function) {
	case "now":
		return c.now, nil
	case "startofday":
		at = midnight
	case "endofday":
		at = midnight.AddDate(0, 0, 1).Add(-time.Millisecond)
	case "startofweek":
		at = midnight.AddDate(0, 0, -int(now.Weekday()))
	case "startofmonth":
		at = midnight.AddDate(0, 0, 1-now.Day())
	case "startofyear":
		at = time.Date(now.Year(), 1, 1, 0, 0, 0, 0, c.zone)
	default:
		return time.Time{}, fmt.Errorf("unable to find JQL function '%s()'", o.function)
	}
	if len(o.args) == 1 {
		d, ok := period(o.args[0])
		if !ok {
			return time.Time{}, fmt.Errorf("date value '%s' of function '%s' is invalid", o.args[0], o.function)
		}
		at = at.Add(d)
	}
	return at, nil
}
