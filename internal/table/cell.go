package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// Number is a number as the file spells it: ids of 64 bits stay whole.
type Number string

// Value turns a cell into a value of the kind; Unknown takes the cell as it
// is. An error means that the row must be set aside.
func Value(cell any, kind work.ValueKind) (work.Value, error) {
	if s, ok := cell.(string); ok && strings.TrimSpace(s) == "" {
		return work.Empty(), nil
	}
	if cell == nil {
		return work.Empty(), nil
	}
	switch kind {
	case work.Number:
		return number(cell), nil
	case work.Time:
		t, err := Time(Text(cell))
		return work.NewTime(t), err
	case work.List:
		return work.NewList(List(cell)...), nil
	case work.Flag:
		return flag(cell), nil
	case work.Text:
		if _, list := cell.([]any); list {
			return work.Value{}, fmt.Errorf("a list stands where one value must be")
		}
		return work.NewText(Text(cell)), nil
	default:
		return asSpelled(cell), nil
	}
}

func asSpelled(cell any) work.Value {
	switch x := cell.(type) {
	case Number:
		return number(x)
	case bool:
		return work.NewFlag(x)
	case []any:
		return work.NewList(List(x)...)
	default:
		return work.NewText(Text(x))
	}
}

// Text is a single cell as text.
func Text(cell any) string {
	switch x := cell.(type) {
	case string:
		return strings.TrimSpace(x)
	case Number:
		return string(x)
	case bool:
		return strconv.FormatBool(x)
	case []any:
		return strings.Join(List(x), ", ")
	default:
		return ""
	}
}

// number is a number, or the text where it does not parse as one. A decimal
// comma is understood; what may be a separator of thousands, as in 1,234, is
// no guess of ours.
func number(cell any) work.Value {
	text := Text(cell)
	spelled := text
	if whole, decimals, one := strings.Cut(text, ","); one && len(decimals) != 3 && !strings.ContainsAny(text, ".'") {
		spelled = whole + "." + decimals
	}
	f, err := strconv.ParseFloat(spelled, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(text, "xXpP_") {
		return work.NewText(text)
	}
	return work.NewNumber(f)
}

func flag(cell any) work.Value {
	switch strings.ToLower(Text(cell)) {
	case "true", "yes", "1":
		return work.NewFlag(true)
	case "false", "no", "0":
		return work.NewFlag(false)
	default:
		return work.NewText(Text(cell))
	}
}

// Time understands RFC 3339, a date, and a date with time in UTC.
func Time(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write 2026-11-21 or 2026-11-21T09:30:00Z", s)
}

// List is a list in the order of the file. A text is split at | where it has
// one, else at , and ;.
func List(cell any) []string {
	var parts []string
	switch x := cell.(type) {
	case []any:
		for _, e := range x {
			parts = append(parts, Text(e))
		}
	case string:
		if strings.Contains(x, "|") {
			parts = strings.Split(x, "|")
		} else {
			parts = strings.FieldsFunc(x, func(r rune) bool { return r == ',' || r == ';' })
		}
	default:
		parts = []string{Text(x)}
	}
	list := make([]string, 0, len(parts))
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}
