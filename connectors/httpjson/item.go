package httpjson

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// schema declares what items may hold; "*" stands for every further field.
func schema(kind string) work.Schema {
	fields := []work.NativeField{
		{Name: "title", Kind: work.Text, Shared: work.Title, Doc: "one line"},
		{Name: "body", Kind: work.Text, Shared: work.Body, Doc: "description"},
		{Name: "kind", Kind: work.Text, Shared: work.Type, Doc: "bug, story, task, epic, subtask, feature"},
		{Name: "status", Kind: work.Text, Shared: work.Status, Values: statuses(), Doc: "the service's own word; open and closed are understood, others by rules"},
		{Name: "priority", Kind: work.Text, Shared: work.Priority, Doc: "shared priority, 1 is the most urgent"},
		{Name: work.NativeLabels, Kind: work.List, Shared: work.Labels, Doc: "tags"},
		{Name: work.NativeLinks, Kind: work.List, Shared: work.Links, Doc: "twins, such as jira:PAY-12 or the address of an issue"},
		{Name: "url", Kind: work.Text, Doc: "where a person opens it"},
		{Name: "created", Kind: work.Time, Shared: work.Created, Doc: "when it was first written down"},
		{Name: "updated", Kind: work.Time, Shared: work.Updated, Doc: "last change"},
	}
	for _, f := range []work.Field{
		work.Parent, work.Reporter, work.Assignee,
		work.Goal, work.Theme, work.Reach, work.Impact, work.Confidence, work.BusinessValue, work.Segment, work.Horizon,
		work.TargetDate, work.LaunchDate, work.Effort, work.AcceptanceCriteria, work.Dependencies, work.Release,
		work.Ease, work.Importance, work.Satisfaction, work.CostOfDelay, work.Duration, work.MoSCoW,
	} {
		info := f.Info()
		fields = append(fields, work.NativeField{Name: info.Name, Kind: info.Kind, Shared: f, Doc: info.Doc})
	}
	fields = append(fields, work.NativeField{Name: "*", Kind: work.Text, Doc: "any further field that the stream names"})
	return work.Schema{Kind: kind, Fields: fields}
}

func statuses() map[string]string {
	return map[string]string{
		"todo": "todo", "open": "todo", "new": "todo",
		"doing": "doing", "in progress": "doing",
		"done": "done", "closed": "done",
	}
}

// itemNames are what a record has beside native fields.
func itemNames() []string { return []string{"id", "key", "place", "audience", "version"} }

// item makes a record. Its fields are only read: there is no Sink.
func (m *maker) item(sc scope, fields map[string]reading) (work.Record, *fault) {
	f := &form{fields: fields, scope: sc}
	rec := work.Record{
		Ref: m.ref(f), Place: f.text("place"), URL: f.address("url"), Audience: m.strict(f), Fields: map[string]work.Value{},
	}
	if rec.Place == "" {
		rec.Place = m.place
	}
	known := schema(m.stream.name)
	for name := range fields {
		if slices.Contains(itemNames(), name) {
			continue
		}
		rec.Fields[name] = f.native(name, known)
	}
	rec.Created, _ = rec.Fields["created"].Time()
	updated, _ := rec.Fields["updated"].Time()
	rec.Version = m.version(f, updated)
	if f.fault == nil && !rec.Fields["title"].Present() {
		f.blame("title", "the record has none")
	}
	return rec, f.fault
}

// native reads a field as its kind says. A field that the source leaves empty
// is known to be empty.
func (f *form) native(name string, known work.Schema) work.Value {
	r, v, ok := f.value(name)
	if !ok {
		return work.Empty()
	}
	_, isList := v.([]any)
	declared, _ := known.Field(name)
	named := slices.Contains(known.FieldNames(), name)
	switch {
	case r.Time != "" || declared.Kind == work.Time:
		return work.NewTime(f.time(name))
	case declared.Kind == work.List || isList && !named:
		return work.NewList(listOf(v)...)
	case declared.Kind == work.Number:
		return f.number(name)
	case named:
		return work.NewText(f.text(name))
	}
	return asSpelled(v)
}

// asSpelled keeps the kind that the JSON has.
func asSpelled(v any) work.Value {
	if b, isBool := v.(bool); isBool {
		return work.NewFlag(b)
	}
	if isNumber(v) {
		if n, err := strconv.ParseFloat(textOf(v), 64); err == nil {
			return work.NewNumber(n)
		}
	}
	return work.NewText(strings.Join(listOf(v), ", "))
}
