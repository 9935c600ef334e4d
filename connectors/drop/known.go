package drop

import (
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// Fields that a row of feedback may have. Beside those of work.Feedback:
// number (of a response) and participant are unique within their study only;
// recording_at is where in the
// recording; email, user_id, account_id, account_name and domain are keys.
func feedbackFields() []string {
	return []string{
		"id", "key", "number", "participant", "kind", "method", "study", "score", "scale", "text", "person", "account", "segment", "value", "area", "at",
		"url", "recording_url", "recording_at", "tags", "language", "consent", "links", "audience", "version", "updated", "duplicate_of", "withdrawn",
		"observer", "email", "user_id", "account_id", "account_name", "domain",
	}
}

func insightFields() []string {
	return []string{"id", "key", "kind", "title", "text", "study", "author", "at", "url", "tags", "goals", "links", "audience", "version", "updated", "withdrawn"}
}

func metricFields() []string {
	return []string{"name", "account", "day", "count", "users", "unit", "audience"}
}

// fieldsOf are the fields of what a row is; nil where every column is one.
func fieldsOf(stream string) []string {
	switch stream {
	case string(connectors.YieldsFeedback):
		return feedbackFields()
	case string(connectors.YieldsInsights):
		return insightFields()
	case string(connectors.YieldsMetrics):
		return metricFields()
	default:
		return nil
	}
}

// aliases are headers of known exports and of tables that people keep, folded.
// What is uncertain becomes an attribute, which does no harm. The column file
// goes before.
func aliases() map[string]meaning {
	m := map[string]meaning{}
	put := func(s sort, name string, headers ...string) {
		for _, h := range headers {
			m[h] = meaning{sort: s, name: name}
		}
	}
	put(field, "at", "date submitted", "submitted at", "submitted", "submission date", "completed at", "completed", "timestamp", "created at", "date", "datum", "time", "session date")
	put(field, "number", "#", "no.", "nr.", "response", "response id")
	put(field, "participant", "participant id", "participant number", "participant #", "respondent", "respondent id", "teilnehmer")
	put(field, "text", "notes", "note", "quote", "comment", "feedback", "notizen", "zitat", "kommentar")
	put(field, "study", "survey", "survey name", "study name", "test", "test name", "studie", "umfrage")
	put(field, "recording_url", "recording", "recording link", "recording url", "aufnahme", "video")
	put(field, "recording_at", "recording at", "recording time", "time in recording", "minute")
	put(field, "observer", "interviewer", "moderator", "beobachter")
	put(field, "consent", "consent given", "einwilligung", "zustimmung")
	put(field, "language", "locale", "sprache")
	put(field, "tags", "labels", "themen")
	put(field, "email", "e-mail", "email address", "e-mail address", "participant email")
	put(field, "user_id", "user id", "userid", "external user id")
	put(field, "account_id", "company id", "organization id", "organisation id")
	put(field, "account_name", "company", "company name", "organization", "organisation", "firma", "kunde", "customer")
	put(personKey, "hotjar.user", "hotjar user id")
	put(leftOut, "", "ip", "ip address")
	put(field, "source_url", "source url", "page url")
	for _, a := range []string{
		"country", "device", "device type", "browser", "os", "operating system", "age", "gender", "age group", "occupation", "education", "industry",
		"user", "plan", "role", "city", "region", "source", "recruitment source", "status", "duration", "time taken", "total time", "started at", "start time",
		"screen size", "platform", "referrer", "panel",
	} {
		m[a] = meaning{sort: attribute, name: slug(a)}
	}
	return m
}

// ours are columns that Tandem itself writes beside rows that it set aside.
func ours() []string { return []string{rejectLine, rejectReason} }

// layout says what the headers of one table mean.
type layout struct {
	byHeader map[string]meaning
	stream   string
	file     *columnFile
	preset   preset
	aliases  map[string]meaning
	// unsaid are headers that nobody declared, in the order of the table.
	unsaid []string
}

func newLayout(stream string, file *columnFile, p preset) *layout {
	return &layout{byHeader: map[string]meaning{}, stream: stream, file: file, preset: p, aliases: aliases()}
}

// of returns what a header means.
func (l *layout) of(header string) meaning {
	if m, ok := l.byHeader[header]; ok {
		return m
	}
	m := l.find(header)
	l.byHeader[header] = m
	return m
}

func (l *layout) find(header string) meaning {
	folded := fold(header)
	if m, ok := l.declared(folded, header); ok {
		return m
	}
	if slices.Contains(ours(), folded) {
		return meaning{sort: leftOut}
	}
	name := slug(folded)
	if l.stream == itemStream {
		return meaning{sort: field, name: strings.ReplaceAll(folded, " ", "_")}
	}
	if l.stream != string(connectors.YieldsFeedback) {
		if slices.Contains(fieldsOf(l.stream), name) {
			return meaning{sort: field, name: name}
		}
		l.unsaid = append(l.unsaid, header)
		return meaning{sort: leftOut}
	}
	if m, ok := l.preset.columns[folded]; ok {
		return m
	}
	if slices.Contains(feedbackFields(), name) {
		return meaning{sort: field, name: name}
	}
	if m, ok := l.aliases[folded]; ok {
		return m
	}
	if base, ok := tagsOf(folded); ok {
		return meaning{sort: answerTags, name: base}
	}
	return l.unknown(header, folded)
}

// declared looks into the column file. A second column of the same header,
// "Why? (2)", is a question of its own.
func (l *layout) declared(folded, header string) (meaning, bool) {
	if m, ok := l.file.columns[folded]; ok {
		if m.kind == work.Unknown && m.sort == field && l.stream == itemStream {
			m.kind = itemKinds()[m.name]
		}
		return m, true
	}
	if q, ok := l.file.questions[folded]; ok {
		q.wording = header
		return meaning{sort: answer, ask: q}, true
	}
	if base, n, ok := repeated(folded); ok {
		if q, found := l.file.questions[base]; found {
			q.wording, q.id = header, q.id+"_"+n
			return meaning{sort: answer, ask: q}, true
		}
	}
	return meaning{}, false
}

// repeated splits the name that a repeated header got.
func repeated(folded string) (base, n string, ok bool) {
	base, n, ok = strings.Cut(strings.TrimSuffix(folded, ")"), " (")
	return base, n, ok && strings.Trim(n, "0123456789") == "" && n != ""
}

// tagsOf finds columns of tags that belong to the question before: "Why? tags".
func tagsOf(folded string) (base string, ok bool) {
	for _, suffix := range []string{" tags", " - tags", " (tags)"} {
		if base, ok = strings.CutSuffix(folded, suffix); ok {
			return base, true
		}
	}
	return "", false
}

// unknown decides about a header that nobody knows: long ones and those with
// a question mark are questions, short ones attributes.
func (l *layout) unknown(header, folded string) meaning {
	l.unsaid = append(l.unsaid, header)
	others := l.file.others
	if others == guessOthers {
		others = asAttribute
		if l.preset.questions || strings.ContainsAny(folded, "?？") || len(strings.Fields(folded)) > 3 {
			others = asQuestion
		}
	}
	switch others {
	case asQuestion:
		return meaning{sort: answer, ask: unsaidQuestion(header)}
	case asAttribute:
		return meaning{sort: attribute, name: slug(header)}
	default:
		return meaning{sort: leftOut}
	}
}
