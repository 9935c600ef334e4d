package drop

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

// builder turns the rows of one table into what the stream yields. It is pure.
type builder struct {
	connector string
	stream    string
	place     string
	audience  work.Audience
	changed   time.Time // of the file
	// later is added to versions of feedback and insights: what is read again
	// because the column file changed is newer than what was withdrawn for the
	// column file before, and that than what was read before.
	later  time.Duration
	file   *columnFile
	layout *layout
	// common is what all rows have where they do not say otherwise, by field.
	common      map[string]string
	mustConsent bool
	// seen counts identities that are made of the row.
	seen map[uint64]uint32
	// refused counts rows whose person said no, odd the answers that are no
	// score, by question.
	refused int
	odd     map[string]int
}

// add puts one row on a page.
func (b *builder) add(page *connectors.Page, row table.Row) *fault {
	if row.Fault != "" {
		return &fault{cause: row.Fault, remedy: row.Remedy, private: b.asksConsent(row.Header)}
	}
	switch b.stream {
	case itemStream:
		rec, why := b.record(row)
		if why == nil {
			page.Records = supersede(page.Records, rec)
		}
		return why
	case string(connectors.YieldsInsights):
		in, why := b.insight(row)
		if why == nil {
			page.Insights = append(page.Insights, in)
		}
		return why
	case string(connectors.YieldsMetrics):
		m, why := b.metric(row)
		if why == nil {
			page.Metrics = append(page.Metrics, m)
		}
		return why
	default:
		f, why := b.feedback(row)
		if why == nil {
			page.Feedback = append(page.Feedback, f)
		}
		return why
	}
}

// supersede adds a record; a later row of the same id replaces an earlier one.
func supersede(records []work.Record, rec work.Record) []work.Record {
	if i := slices.IndexFunc(records, func(r work.Record) bool { return r.RefID == rec.RefID }); i >= 0 {
		records[i] = rec
		return records
	}
	return append(records, rec)
}

func (b *builder) noteOdd(questions []string) {
	for _, q := range questions {
		b.odd[q]++
	}
}

// notes says what a person should know of the table that was read.
func (b *builder) notes(name string, texts *table.Texts) []work.Finding {
	var notes []work.Finding
	note := func(level work.Level, what, remedy string) {
		notes = append(notes, work.Finding{Level: level, Subject: name, What: what, Remedy: remedy})
	}
	for _, header := range b.layout.unsaid {
		m := b.layout.of(header)
		switch m.sort {
		case answer:
			level := work.Warning
			if b.file.path == "" {
				level = work.Note // nobody says what the questions are
			}
			note(level, fmt.Sprintf("the column file does not know the question %q; its answers are kept as a question of their own, %s", header, m.ask.id), b.layout.line(header, m))
		case attribute:
			note(work.Note, fmt.Sprintf("the column %q is not known; it is kept as the attribute %s", header, m.name), b.layout.line(header, m))
		case leftOut, field, personKey, accountKey, answerTags:
			note(work.Note, fmt.Sprintf("the column %q is not known and was left out", header), b.layout.line(header, m))
		}
	}
	if texts != nil && texts.Foreign > 0 {
		note(work.Warning, fmt.Sprintf("%d cells are not UTF-8; they were read as Windows-1252", texts.Foreign), "save the file as UTF-8, or say encoding: in the column file")
	}
	if b.refused > 0 {
		note(work.Note, numbered(b.refused, "row")+" without the person's consent (no): nothing of it is kept", "")
	}
	for _, q := range slices.Sorted(maps.Keys(b.odd)) {
		note(work.Warning, numbered(b.odd[q], "answer")+" to "+q+" that is no score on its scale, kept as text", "correct its type or scale in the column file")
	}
	return notes
}

// line is what to write into the column file for a header.
func (l *layout) line(header string, m meaning) string {
	where := "the column file (name one with columns:)"
	if l.file.path != "" {
		where = l.file.path
	}
	if m.sort == answer {
		return fmt.Sprintf("add `%s: {type: text, headers: [%s]}` under questions: in %s, or its header to the question that it translates", m.ask.id, quoted(header), where)
	}
	return fmt.Sprintf("add `%s: {attribute: %s}` under columns: in %s, or what else it means, or - to leave it out", quoted(header), slug(header), where)
}
