package github

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// spell writes a value as the board takes it: the input of the mutation, and
// the value as the board will show it. why says what is wrong with it.
func (f boardField) spell(v work.Value) (input map[string]any, shown work.Value, why string) {
	switch f.kind {
	case selectField, iterationField:
		return f.spellOption(v.Text())
	case numberField:
		n, ok := v.Number()
		if !ok {
			parsed, err := strconv.ParseFloat(strings.TrimSpace(v.Text()), 64)
			if err != nil {
				return nil, v, fmt.Sprintf("%q is no number, and the field %s of the project takes nothing else", v.Text(), f.name)
			}
			n = parsed
		}
		return map[string]any{"number": n}, work.NewNumber(n), ""
	case dateField:
		day, ok := v.Time()
		if !ok {
			parsed, err := time.Parse(time.DateOnly, strings.TrimSpace(v.Text()))
			if err != nil {
				return nil, v, fmt.Sprintf("%q is no date, and the field %s of the project takes nothing else; write 2026-03-31", v.Text(), f.name)
			}
			day = parsed
		}
		text := day.UTC().Format(time.DateOnly)
		return map[string]any{"date": text}, work.NewTime(day.UTC().Truncate(24 * time.Hour)), ""
	default:
		return map[string]any{"text": v.Text()}, work.NewText(v.Text()), ""
	}
}

// spellOption finds an option or iteration by its name; case does not count.
func (f boardField) spellOption(name string) (input map[string]any, shown work.Value, why string) {
	i := slices.IndexFunc(f.options, func(o boardOption) bool { return o.known() == name })
	if i < 0 {
		i = slices.IndexFunc(f.options, func(o boardOption) bool { return strings.EqualFold(o.known(), name) })
	}
	if i < 0 {
		why = fmt.Sprintf("the field %s of the project has no option %q; it has: %s", f.name, name, strings.Join(f.optionNames(), ", "))
		if hint := work.Suggest(name, f.optionNames()); strings.HasPrefix(hint, "did") {
			why += "; " + hint
		}
		return nil, work.Value{}, why
	}
	key := "singleSelectOptionId"
	if f.kind == iterationField {
		key = "iterationId"
	}
	return map[string]any{key: f.options[i].ID}, work.NewText(f.options[i].known()), ""
}
