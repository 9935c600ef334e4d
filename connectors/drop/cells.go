package drop

import (
	"fmt"
	"strings"
	"time"

	"tandem/internal/table"
	"tandem/internal/work"
)

// fault is why a row is set aside.
type fault struct {
	cause, remedy string
	// private: the row must not be kept anywhere else.
	private bool
}

// cells are those of one row by what they mean.
type cells struct {
	byField    map[string]any
	persons    map[string]string
	accounts   map[string]string
	attributes map[string]string
	answers    []work.Answer
	tags       []string
	odd        []string // questions whose answer is no score
}

// gather sorts the cells of a row. Where two columns mean one field, the first
// one that is not empty counts; lists are joined.
func (b *builder) gather(row table.Row) cells {
	c := cells{byField: map[string]any{}, persons: map[string]string{}, accounts: map[string]string{}, attributes: map[string]string{}}
	for i, header := range row.Header {
		m, cell := b.layout.of(header), row.Cells[i]
		text := table.Text(cell)
		if text == "" && m.sort != field {
			continue
		}
		switch m.sort {
		case field:
			c.set(m.name, cell, text)
		case personKey:
			c.persons[m.name] = text
		case accountKey:
			c.accounts[m.name] = text
		case attribute:
			c.attributes[m.name] = text
		case answer:
			a, odd := m.ask.answer(text, b.file.decimals)
			c.answers = append(c.answers, a)
			if odd {
				c.odd = append(c.odd, m.ask.id)
			}
		case answerTags:
			c.tags = append(c.tags, table.List(cell)...)
		case leftOut:
		}
	}
	for name, text := range b.common {
		if c.text(name) == "" {
			c.byField[name] = text
		}
	}
	return c
}

func (c *cells) set(name string, cell any, text string) {
	have, there := c.byField[name]
	switch {
	case !there || table.Text(have) == "":
		c.byField[name] = cell
	case text == "" || table.Text(have) == text:
	case name == "tags" || name == "links" || name == "goals":
		c.byField[name] = strings.Join(append(table.List(have), table.List(cell)...), "|")
	case name == "text":
		c.byField[name] = table.Text(have) + "\n" + text
	default:
		c.attributes[name] = text
	}
}

func (c *cells) text(name string) string { return table.Text(c.byField[name]) }

// time reads a field of time; the zero time where it is empty.
func (b *builder) time(c *cells, name string) (time.Time, *fault) {
	text := c.text(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := b.file.dates.Read(text)
	if err != nil {
		return t, &fault{cause: fmt.Sprintf("%s: %v", name, err), remedy: "correct the cell, or say dates: {format: …, zone: …} in the column file"}
	}
	return t, nil
}

// number reads a field of number; Unknown where it is empty: missing is not
// zero.
func (b *builder) number(c *cells, name string) (work.Value, *fault) {
	text := c.text(name)
	if text == "" {
		return work.Value{}, nil
	}
	f, err := b.file.decimals.Read(text)
	if err != nil {
		return work.Value{}, &fault{cause: fmt.Sprintf("%s: %v", name, err), remedy: "write it in digits only, or say decimals: comma in the column file"}
	}
	return work.NewNumber(f), nil
}

// audience is that of the row, or of the connector. A row may be stricter than
// its connector, never looser.
func (b *builder) reach(c *cells) (work.Audience, *fault) {
	text := c.text("audience")
	if text == "" {
		return b.audience, nil
	}
	a, ok := work.ParseAudience(text)
	if !ok {
		return a, &fault{cause: fmt.Sprintf("%q is no audience", text), remedy: "write public, internal or restricted"}
	}
	return max(a, b.audience), nil
}

// version is the row's own time of change, or that of the file.
func (b *builder) version(c *cells) (time.Time, *fault) {
	for _, name := range []string{"updated", "version"} {
		if t, why := b.time(c, name); why != nil || !t.IsZero() {
			return t, why
		}
	}
	return b.changed, nil
}

// laterVersion is the version of a row of which more than the file decides.
func (b *builder) laterVersion(c *cells) (time.Time, *fault) {
	t, why := b.version(c)
	if !t.IsZero() {
		t = t.Add(b.later)
	}
	return t, why
}

// addressOf returns web addresses and nothing else: it becomes a link.
func addressOf(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}
