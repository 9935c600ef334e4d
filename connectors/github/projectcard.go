package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	// stale tells that a field has another name or id now.
	stale  bool
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
			v, err := f.read(n[fmt.Sprint("v", i)])
			if err != nil {
				return card{}, err
			}
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

// lookUp asks for issues with these fields and, where rules use the board, the
// card of each. The shape is nil where there is no board to be had: its values
// are unknown then.
func (b *board) lookUp(ctx context.Context, c *client, spots []spot, fields string, age time.Duration) (map[spot]found, *shape, error) {
	if b == nil {
		all, err := c.lookUp(ctx, spots, fields)
		return all, nil, err
	}
	for again := false; ; again = true {
		sh, err := b.current(ctx, age)
		if err != nil && !isBoardFault(err) {
			return nil, nil, err
		}
		if sh == nil {
			all, err := c.lookUp(ctx, spots, fields)
			return all, nil, err
		}
		all, err := c.lookUp(ctx, spots, fields+sh.selection(b.wanted))
		if err != nil || again || !sh.outdated(all, b.wanted) {
			return all, sh, err
		}
		b.drop()
	}
}

// outdated reports whether a field has another name or id by now.
func (sh *shape) outdated(all map[spot]found, wanted []string) bool {
	for _, f := range all {
		if f.raw == nil {
			continue
		}
		if c, err := sh.cardOf(f.raw, wanted); err == nil && c.stale {
			return true
		}
	}
	return false
}

// enrich adds the values of the board to records that REST gave.
func (b *board) enrich(ctx context.Context, records []work.Record) error {
	if b == nil || len(records) == 0 || b.client.graph.absent() {
		return nil
	}
	spots := make([]spot, len(records))
	for i, r := range records {
		name, number, err := splitKey(r.Key)
		if err != nil {
			return err
		}
		spots[i] = spot{r.RefID, name, number}
	}
	all, sh, err := b.lookUp(ctx, b.client, spots, "fullDatabaseId", shapeAge)
	if errors.Is(err, errNoGraphQL) {
		b.client.graph.giveUp()
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the project %s: %w", b.name, err)
	}
	for i := range records {
		f := all[spots[i]]
		if f.raw == nil || !isIssue(f.raw, records[i].ID) {
			continue // deleted or moved since, or hidden: its values are unknown
		}
		if err := b.fill(sh, &records[i], f.raw); err != nil {
			return err
		}
	}
	return nil
}

// isIssue reports whether the answer is the issue of this id.
func isIssue(raw json.RawMessage, id string) bool {
	var n struct {
		ID bigID `json:"fullDatabaseId"`
	}
	return json.Unmarshal(raw, &n) == nil && fmt.Sprint(n.ID) == id
}
