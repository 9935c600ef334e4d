package drop

import (
	"fmt"
	"strings"
	"time"

	"tandem/internal/table"
	"tandem/internal/work"
)

// record turns a row into an item.
func (b *builder) record(row table.Row) (work.Record, *fault) {
	c := b.gather(row)
	id, key := c.text("id"), c.text("key")
	if id == "" {
		id = key
	}
	if key == "" {
		key = id
	}
	if id == "" {
		return work.Record{}, &fault{cause: "the row has neither id nor key", remedy: "add a column id, or map one to id in the column file"}
	}
	rec := work.Record{Ref: work.NewRef(b.connector, id, key), Place: c.text("place"), URL: addressOf(c.text("url")), Fields: map[string]work.Value{}}
	if rec.Place == "" {
		rec.Place = b.place
	}
	var why *fault
	if rec.Audience, why = b.reach(&c); why != nil {
		return rec, why
	}
	if rec.Version, why = b.version(&c); why != nil {
		return rec, why
	}
	if rec.Created, why = b.time(&c, "created"); why != nil {
		return rec, why
	}
	kinds := itemKinds()
	for _, header := range row.Header {
		if m := b.layout.of(header); m.kind != work.Unknown {
			kinds[m.name] = m.kind
		}
	}
	for _, name := range sorted(c.byField) {
		if name == "id" || name == "key" || name == "place" || name == "audience" || name == "" {
			continue
		}
		v, why := b.value(&c, name, kinds[name])
		if why != nil {
			return rec, why
		}
		rec.Fields[name] = v
	}
	return rec, nil
}

// value reads a field as its kind; Unknown takes the cell as it is.
func (b *builder) value(c *cells, name string, kind work.ValueKind) (work.Value, *fault) {
	if c.text(name) == "" {
		return work.Empty(), nil
	}
	switch kind {
	case work.Time:
		t, why := b.time(c, name)
		return work.NewTime(t), why
	case work.Number:
		return b.number(c, name)
	default:
		v, err := table.Value(c.byField[name], kind)
		if err != nil {
			return v, &fault{cause: fmt.Sprintf("%s: %v", name, err), remedy: "correct the cell"}
		}
		return v, nil
	}
}

// insight turns a row into a finding.
func (b *builder) insight(row table.Row) (work.Insight, *fault) {
	c := b.gather(row)
	in := work.Insight{
		Kind: c.text("kind"), Title: c.text("title"), Text: c.text("text"), Study: c.text("study"), Author: c.text("author"), URL: addressOf(c.text("url")),
		Tags: table.List(c.byField["tags"]), Goals: table.List(c.byField["goals"]), Links: table.List(c.byField["links"]), Gone: yes(c.text("withdrawn")) == saidYes,
	}
	var why *fault
	if in.At, why = b.time(&c, "at"); why != nil {
		return in, why
	}
	if in.Version, why = b.laterVersion(&c); why != nil {
		return in, why
	}
	if in.Audience, why = b.reach(&c); why != nil {
		return in, why
	}
	if in.At.IsZero() {
		in.At = in.Version
	}
	if in.Title == "" {
		in.Title, _, _ = strings.Cut(in.Text, "\n")
	}
	if in.Title == "" {
		return in, &fault{cause: "the row has neither title nor text", remedy: "add a column title, or map one to title in the column file"}
	}
	if in.Kind == "" {
		in.Kind = "research"
	}
	id := c.text("id")
	if id == "" {
		id = c.text("key")
	}
	in.Ref = work.NewRef(b.connector, id, c.text("key"))
	if id == "" {
		in.Ref = b.identify(&c, row, work.Feedback{Study: in.Study})
	}
	return in, nil
}

// metric turns a row into how often something was used on a day.
func (b *builder) metric(row table.Row) (work.Metric, *fault) {
	c := b.gather(row)
	m := work.Metric{Connector: b.connector, Name: c.text("name"), Account: c.text("account"), Unit: c.text("unit")}
	day, why := b.time(&c, "day")
	if why != nil {
		return m, why
	}
	if m.Count, why = b.number(&c, "count"); why != nil {
		return m, why
	}
	if m.Users, why = b.number(&c, "users"); why != nil {
		return m, why
	}
	if m.Audience, why = b.reach(&c); why != nil {
		return m, why
	}
	switch {
	case m.Name == "":
		why = &fault{cause: "the row does not say what was used", remedy: "add a column name, or map one to name in the column file"}
	case day.IsZero():
		why = &fault{cause: "the row has no day", remedy: "add a column day, or map one to day in the column file"}
	case !m.Count.Known() && !m.Users.Known():
		why = &fault{cause: "the row has neither count nor users", remedy: "add a column count or users, or map one in the column file"}
	}
	m.Day = b.dayOf(day)
	return m, why
}

// dayOf is midnight UTC of the day as the table counts days.
func (b *builder) dayOf(t time.Time) time.Time { return b.file.dates.Day(t) }
