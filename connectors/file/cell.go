package file

import (
	"encoding/json"
	"strings"

	"tandem/internal/table"
	"tandem/internal/work"
)

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
		return table.Number(v.String())
	case work.Flag:
		answer, _ := v.Flag()
		return answer
	case work.List:
		return anyList(v.List())
	default:
		if _, was := have.(table.Number); was && json.Valid([]byte(v.Text())) && isNumber(v.Text()) {
			return table.Number(v.Text())
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

func isNumber(text string) bool {
	v, err := table.Value(text, work.Number)
	return err == nil && v.Kind() == work.Number
}
