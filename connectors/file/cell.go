package file

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// valueOf turns a cell into a value of the kind; Unknown takes the cell as it
// is. An error means that the row must be set aside.
func valueOf(cell any, kind work.ValueKind) (work.Value, error) {
	if s, ok := cell.(string); ok && strings.TrimSpace(s) == "" {
		return work.Empty(), nil
	}
	if cell == nil {
		return work.Empty(), nil
	}
	switch kind {
	case work.Number:
		return numberOf(cell), nil
	case work.Time:
		t, err := timeOf(textOf(cell))
		return work.NewTime(t), err
	case work.List:
		return work.NewList(listOf(cell)...), nil
	case work.Flag:
		return flagOf(cell), nil
	case work.Text:
		if _, list := cell.([]any); list {
			return work.Value{}, fmt.Errorf("a list stands where one value must be")
		}
		return work.NewText(textOf(cell)), nil
	default:
		return asSpelled(cell), nil
	}
}

func asSpelled(cell any) work.Value {
	switch x := cell.(type) {
	case number:
		return numberOf(x)
	case bool:
		return work.NewFlag(x)
	case []any:
		return work.NewList(listOf(x)...)
	default:
		return work.NewText(textOf(x))
	}
}

// textOf is a single cell as text.
func textOf(cell any) string {
	switch x := cell.(type) {
	case string:
		return strings.TrimSpace(x)
	case number:
		return string(x)
	case bool:
		return strconv.FormatBool(x)
	case []any:
		return strings.Join(listOf(x), ", ")
	default:
		return ""
	}
}

// numberOf is a number, or the text where it does not parse as one. A decimal
// comma is understood; what may be a separator of thousands, as in 1,234, is
// no guess of ours.
func numberOf(cell any) work.Value {
	text := textOf(cell)
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

func flagOf(cell any) work.Value {
	switch strings.ToLower(textOf(cell)) {
	case "true", "yes", "1":
		return work.NewFlag(true)
	case "false", "no", "0":
		return work.NewFlag(false)
	default:
		return work.NewText(textOf(cell))
	}
}

// timeOf understands RFC 3339, a date, and a date with time in UTC.
func timeOf(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write 2026-11-21 or 2026-11-21T09:30:00Z", s)
}

// listOf is a list in the order of the file. A text is split at | where it has
// one, else at , and ;.
func listOf(cell any) []string {
	var parts []string
	switch x := cell.(type) {
	case []any:
		for _, e := range x {
			parts = append(parts, textOf(e))
		}
	case string:
		if strings.Contains(x, "|") {
			parts = strings.Split(x, "|")
		} else {
			parts = strings.FieldsFunc(x, func(r rune) bool { return r == ',' || r == ';' })
		}
	default:
		parts = []string{textOf(x)}
	}
	list := make([]string, 0, len(parts))
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// joinList is the inverse of listOf for a text cell; false when an element
// cannot be told apart there.
func joinList(list []string) (string, bool) {
	plain := true
	for _, e := range list {
		if strings.Contains(e, "|") {
			return "", false
		}
		plain = plain && !strings.ContainsAny(e, ",;")
	}
	if plain {
		return strings.Join(list, ", "), true
	}
	return strings.Join(list, "|") + "|", true
}

// cellFor spells a value as a cell. have is what stands there: a number stays
// a number where the new text is one.
func cellFor(v work.Value, have any) any {
	switch v.Kind() {
	case work.Unknown, work.None:
		return nil
	case work.Number:
		return number(v.String())
	case work.Flag:
		answer, _ := v.Flag()
		return answer
	case work.List:
		return anyList(v.List())
	default:
		if _, was := have.(number); was && json.Valid([]byte(v.Text())) && numberOf(v.Text()).Kind() == work.Number {
			return number(v.Text())
		}
		return v.Text()
	}
}

func anyList(list []string) []any {
	cells := make([]any, len(list))
	for i, e := range list {
		cells[i] = e
	}
	return cells
}
