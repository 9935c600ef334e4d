package httpjson

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// maker turns records of one stream into records of the model. It is pure.
type maker struct {
	connector string
	place     string
	audience  work.Audience
	stream    *stream
	// read is when the walk began: the version of what has none.
	read time.Time
}

// fault is why a record is set aside.
type fault struct{ cause, remedy string }

// form reads fields one after the other and keeps the first fault.
type form struct {
	fields map[string]reading
	scope  scope
	fault  *fault
}

func (f *form) blame(name, cause string) {
	if f.fault == nil {
		f.fault = &fault{name + ": " + cause, "correct it at the source, or the field " + name + " in the settings"}
	}
}

func (f *form) value(name string) (reading, any, bool) {
	r, ok := f.fields[name]
	if !ok {
		return r, nil, false
	}
	v, ok := r.read(f.scope)
	return r, v, ok
}

// text reads one text; a list becomes lines.
func (f *form) text(name string) string {
	_, v, ok := f.value(name)
	if !ok {
		return ""
	}
	if _, nested := v.(map[string]any); nested {
		f.blame(name, "a mapping stands where a text must be")
		return ""
	}
	return strings.Join(listOf(v), "\n")
}

func (f *form) list(name string) []string {
	_, v, ok := f.value(name)
	if !ok {
		return nil
	}
	return listOf(v)
}

// number is Unknown where nothing stands: missing is not zero.
func (f *form) number(name string) work.Value {
	r, v, ok := f.value(name)
	if !ok {
		return work.Value{}
	}
	if list, isList := v.([]any); isList && len(list) == 1 {
		v = list[0]
	}
	n, err := r.numberOf(v)
	if err != nil {
		f.blame(name, err.Error())
		return work.Value{}
	}
	return work.NewNumber(n)
}

func (f *form) time(name string) time.Time {
	r, v, ok := f.value(name)
	if !ok {
		return time.Time{}
	}
	if list, isList := v.([]any); isList && len(list) == 1 {
		v = list[0]
	}
	t, err := moment(v, r.Time, r.zone)
	if err != nil {
		f.blame(name, err.Error())
	}
	return t
}

// day is midnight UTC of the day that a time has in the zone of the field.
func (f *form) day(name string) time.Time {
	t := f.time(name)
	if t.IsZero() {
		return t
	}
	y, m, d := t.In(f.fields[name].zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (f *form) flag(name string) bool {
	text := strings.ToLower(f.text(name))
	return text == "true" || text == "yes" || text == "1"
}

// address returns web addresses and nothing else: it becomes a link.
func (f *form) address(name string) string {
	s := f.text(name)
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

// family reads all fields that begin with a stem and a dot.
func (f *form) family(stem string) map[string]string {
	var found map[string]string
	for name := range f.fields {
		key, ok := strings.CutPrefix(name, stem+".")
		if !ok {
			continue
		}
		if text := f.text(name); text != "" {
			if found == nil {
				found = map[string]string{}
			}
			found[key] = text
		}
	}
	return found
}

// audience is that of the connector, or a stricter one of the record.
func (m *maker) strict(f *form) work.Audience {
	text := f.text("audience")
	if text == "" {
		return m.audience
	}
	a, ok := work.ParseAudience(text)
	if !ok {
		f.blame("audience", fmt.Sprintf("%q is no audience", excerpt(text, 60)))
	}
	return max(a, m.audience)
}

// ref reads id and key.
func (m *maker) ref(f *form) work.Ref {
	id, key := f.text("id"), f.text("key")
	if id == "" && f.fault == nil {
		f.fault = &fault{"the record has no id", "see whether the field id names the right path; a record without one cannot be told from another"}
	}
	if key == "" {
		key = id
	}
	return work.NewRef(m.connector, id, key)
}

// version is what the record says, else when it was said, else when it was read.
func (m *maker) version(f *form, at time.Time) time.Time {
	v := f.time("version")
	switch {
	case !v.IsZero():
		return v
	case !at.IsZero():
		return at
	default:
		return m.read
	}
}

func (m *maker) feedback(sc scope, fields map[string]reading, list []answers) (work.Feedback, *fault) {
	f := &form{fields: fields, scope: sc}
	fb := work.Feedback{
		Ref: m.ref(f), Kind: f.text("kind"), Method: work.Method(f.text("method")), Study: f.text("study"),
		Score: f.number("score"), Scale: f.text("scale"), Text: f.text("text"),
		Person: f.text("person"), Account: f.text("account"), Segment: f.text("segment"), Value: f.number("value"), Area: f.text("area"),
		At: f.time("at"), URL: f.address("url"), RecordingURL: f.address("recording_url"), Tags: f.list("tags"),
		Language: f.text("language"), Consent: f.text("consent"), Links: f.list("links"), DuplicateOf: f.text("duplicate_of"),
		PersonKeys: f.family("person_keys"), AccountKeys: f.family("account_keys"), Attributes: f.family("attributes"),
		Audience: m.strict(f), Gone: f.flag("gone"),
	}
	fb.Version = m.version(f, fb.At)
	if fb.Method != "" && !slices.Contains(work.Methods(), fb.Method) {
		f.blame("method", fmt.Sprintf("%q is no method", excerpt(string(fb.Method), 60)))
	}
	if fb.At.IsZero() && !fb.Gone {
		f.blame("at", "nobody knows when this was said")
	}
	for _, a := range list {
		fb.Answers = append(fb.Answers, m.answers(sc, a, f)...)
	}
	if f.fault == nil {
		fb.Sum()
	}
	return fb, f.fault
}

// plain makes a text of what has no score, and of a number that is none.
func plain(a *work.Answer) {
	switch a.Type {
	case work.AskText:
		if a.Score.Known() && a.Text == "" {
			a.Text = a.Score.String()
		}
		a.Score, a.Scale = work.Value{}, ""
	case work.AskNPS, work.AskCSAT, work.AskRating, work.AskReaction:
		if !a.Score.Known() {
			a.Type = work.AskText
		}
	case work.AskChoice, work.AskYesNo:
	}
}

// answers reads the questions of one response.
func (m *maker) answers(sc scope, a answers, outer *form) []work.Answer {
	v, ok := sc.find(a.records)
	if !ok {
		return nil
	}
	var all []work.Answer
	for _, e := range elements(v, a.keys) {
		inner := scope{value: e, record: sc.value, parent: sc.parent, join: sc.join, params: sc.params}
		if !kept(inner, a.only, a.skip) {
			continue
		}
		f := &form{fields: a.fields, scope: inner}
		one := work.Answer{
			Question: f.text("question"), Wording: f.text("wording"), Type: work.QuestionType(f.text("type")),
			Score: f.number("score"), Scale: f.text("scale"), Text: f.text("text"),
		}
		if one.Type != "" && !slices.Contains(work.QuestionTypes(), one.Type) {
			one.Type = work.AskText
		}
		plain(&one)
		switch {
		case f.fault != nil:
			outer.blame("answers", f.fault.cause)
		case one.Question != "" && (one.Score.Known() || one.Text != ""):
			all = append(all, one)
		}
	}
	return all
}

func (m *maker) insight(sc scope, fields map[string]reading) (work.Insight, *fault) {
	f := &form{fields: fields, scope: sc}
	in := work.Insight{
		Ref: m.ref(f), Kind: f.text("kind"), Title: f.text("title"), Text: f.text("text"), Study: f.text("study"), Author: f.text("author"),
		At: f.time("at"), URL: f.address("url"), Tags: f.list("tags"), Goals: f.list("goals"), Links: f.list("links"),
		Audience: m.strict(f), Gone: f.flag("gone"),
	}
	in.Version = m.version(f, in.At)
	if in.Kind == "" {
		in.Kind = "research"
	}
	if in.Title == "" && !in.Gone {
		f.blame("title", "the finding has none")
	}
	return in, f.fault
}

func (m *maker) metric(sc scope) (work.Metric, string, *fault) {
	f := &form{fields: m.stream.fields, scope: sc}
	day := f.day("day")
	metric := work.Metric{
		Connector: m.connector, Name: f.text("name"), Account: f.text("account"), Day: day,
		Count: f.number("count"), Unit: f.text("unit"), Audience: m.strict(f),
	}
	user := ""
	if m.stream.spec.AddUp {
		user = f.text("users")
	} else {
		metric.Users = f.number("users")
	}
	if metric.Name == "" {
		f.blame("name", "nobody knows what was used")
	}
	if day.IsZero() {
		f.blame("day", "nobody knows when it was used")
	}
	return metric, user, f.fault
}
