package github

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// mostCards is how many projects of one issue are looked through.
const mostCards = 20

// card is what an issue shows of itself on the board.
type card struct {
	id       string
	archived bool
	// absent tells that the issue is surely not on the board.
	absent bool
	// stale tells that a field has another name or id now, strange that a value
	// is an option that the field did not have.
	stale, strange bool

	values map[string]work.Value // by the names that rules use
}

// there reports whether the card can be read and written.
func (c card) there() bool { return c.id != "" && !c.archived }

// selection asks of an issue for its card. Values are asked for by name, which
// costs no points; the id of each name comes along, so that a name that is not
// right any more is seen and its value not taken for empty.
func (sh *shape) selection(wanted []string) string {
	var ids, values strings.Builder
	for i, name := range wanted {
		f, ok := sh.fields[name]
		if !ok {
			continue
		}
		quoted := literal(f.name)
		fmt.Fprintf(&ids, " f%d: field(name: %s) { ... on ProjectV2FieldCommon { id } }", i, quoted)
		fmt.Fprintf(&values, " v%d: fieldValueByName(name: %s) { %s }", i, quoted, f.value())
	}
	return fmt.Sprintf(" projectItems(first: %d) { totalCount nodes { id isArchived project { id%s }%s } }", mostCards, ids.String(), values.String())
}

// value asks for the value of the field's kind.
func (f boardField) value() string {
	switch f.kind {
	case selectField:
		return "... on ProjectV2ItemFieldSingleSelectValue { name }"
	case numberField:
		return "... on ProjectV2ItemFieldNumberValue { number }"
	case dateField:
		return "... on ProjectV2ItemFieldDateValue { date }"
	case iterationField:
		return "... on ProjectV2ItemFieldIterationValue { title }"
	default:
		return "... on ProjectV2ItemFieldTextValue { text }"
	}
}

// literal writes a text into a document; JSON's form is also GraphQL's.
func literal(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""` // a string always has a form
	}
	return string(b)
}

type wireCards struct {
	Total int                          `json:"totalCount"`
	Nodes []map[string]json.RawMessage `json:"nodes"`
}

// cardOf takes the card on the board out of an issue.
func (sh *shape) cardOf(issue json.RawMessage, wanted []string) (card, error) {
	var body struct {
		Cards *wireCards `json:"projectItems"`
	}
	if err := json.Unmarshal(issue, &body); err != nil {
		return card{}, &answerError{"the cards of an issue have not the form that was asked for: " + err.Error()}
	}
	if body.Cards == nil {
		return card{}, nil
	}
	hidden := body.Cards.Total > len(body.Cards.Nodes)
	for _, n := range body.Cards.Nodes {
		project := map[string]json.RawMessage{}
		if n == nil || json.Unmarshal(n["project"], &project) != nil {
			hidden = true
			continue
		}
		if textOf(project["id"]) != sh.id {
			continue
		}
		c := card{id: textOf(n["id"]), archived: string(n["isArchived"]) == "true", values: map[string]work.Value{}}
		for i, name := range wanted {
			f, ok := sh.fields[name]
			if !ok {
				continue
			}
			var now struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(project[fmt.Sprint("f", i)], &now); err != nil || now.ID != f.id {
				c.stale = true
				continue
			}
			v, err := f.shows(n[fmt.Sprint("v", i)])
			if err != nil {
				return card{}, err
			}
			c.strange = c.strange || f.hasOptions() && v.Present() && !slices.Contains(f.optionNames(), v.Text())
			c.values[name] = v
		}
		return c, nil
	}
	return card{absent: !hidden}, nil
}

func textOf(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func (f boardField) hasOptions() bool { return f.kind == selectField || f.kind == iterationField }

// shows is a value under the name that rules use.
func (f boardField) shows(raw json.RawMessage) (work.Value, error) {
	v, err := f.read(raw)
	if err != nil || !f.hasOptions() {
		return v, err
	}
	if at := slices.IndexFunc(f.options, func(o boardOption) bool { return o.text() == v.Text() }); at >= 0 {
		v = work.NewText(f.options[at].known())
	}
	return v, nil
}

// read turns a value of the board into one of ours.
func (f boardField) read(raw json.RawMessage) (work.Value, error) {
	var v struct {
		Name, Title, Text, Date string
		Number                  *float64
	}
	if len(raw) == 0 || string(raw) == "null" {
		return work.Empty(), nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return work.Value{}, &answerError{"a value of the project has not the form that was asked for: " + err.Error()}
	}
	switch f.kind {
	case selectField:
		return work.NewText(v.Name), nil
	case iterationField:
		return work.NewText(v.Title), nil
	case textField:
		return work.NewText(v.Text), nil
	case numberField:
		if v.Number == nil {
			return work.Empty(), nil
		}
		return work.NewNumber(*v.Number), nil
	default:
		if v.Date == "" {
			return work.Empty(), nil
		}
		day, err := time.Parse(time.DateOnly, v.Date[:min(len(v.Date), len(time.DateOnly))])
		if err != nil {
			return work.Value{}, &answerError{"a date of the project is no date: " + v.Date}
		}
		return work.NewTime(day), nil
	}
}

// fill puts the values of the card into a record. An issue that is not on the
// board has none, and so nothing is written there; where Tandem may add cards
// it is empty.
func (b *board) fill(sh *shape, record *work.Record, issue json.RawMessage) error {
	if b == nil || sh == nil {
		return nil
	}
	c, err := sh.cardOf(issue, b.wanted)
	if err != nil {
		return err
	}
	for _, name := range b.wanted {
		if _, ok := sh.fields[name]; !ok {
			continue
		}
		if v, known := b.shown(c, name); known {
			record.Fields[work.ProjectFieldPrefix+name] = v
			sh.guard(record, name)
		}
	}
	return nil
}

// shown is what the card shows in a field; false where nobody knows.
func (b *board) shown(c card, name string) (work.Value, bool) {
	if c.absent && b.addMissing {
		return work.Empty(), true
	}
	v, known := c.values[name]
	return v, known && c.there()
}

// guard notes that a field of a private board is stricter than an issue may be.
func (sh *shape) guard(record *work.Record, name string) {
	if sh.public {
		return
	}
	if record.Strict == nil {
		record.Strict = map[string]work.Audience{}
	}
	record.Strict[work.ProjectFieldPrefix+name] = work.Internal
}
