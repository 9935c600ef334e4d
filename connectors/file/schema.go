package file

import "tandem/internal/work"

// schema declares the columns that have a meaning of their own; "*" stands for
// every further column.
func schema() work.Schema {
	fields := []work.NativeField{
		{Name: "title", Kind: work.Text, Writable: true, Shared: work.Title, Doc: "one line"},
		{Name: "body", Kind: work.Text, Writable: true, Shared: work.Body, Doc: "description"},
		{Name: "kind", Kind: work.Text, Writable: true, Shared: work.Type, Doc: "bug, story, task, epic, subtask, feature"},
		{Name: "status", Kind: work.Text, Writable: true, Shared: work.Status, Values: statuses(), Doc: "todo, doing or done; open and closed are understood"},
		{Name: "priority", Kind: work.Text, Writable: true, Shared: work.Priority, Doc: "shared priority, 1 is the most urgent"},
		{Name: work.NativeLabels, Kind: work.List, Writable: true, Shared: work.Labels, Doc: "a list; in CSV separated by , ; or |"},
		{Name: work.NativeLinks, Kind: work.List, Shared: work.Links, Doc: "twins, such as jira:PAY-12 or the address of an issue"},
		{Name: "url", Kind: work.Text, Doc: "where a person opens it"},
		{Name: "created", Kind: work.Time, Shared: work.Created, Doc: "without it the item counts as born here"},
		{Name: "updated", Kind: work.Time, Shared: work.Updated, Doc: "without it the time of the file counts; writes set it"},
	}
	for _, f := range []work.Field{
		work.Parent, work.Reporter, work.Assignee,
		work.Goal, work.Theme, work.Reach, work.Impact, work.Confidence, work.BusinessValue, work.Segment, work.Horizon,
		work.TargetDate, work.LaunchDate, work.Rank, work.Effort, work.Readiness, work.AcceptanceCriteria, work.Acceptance,
		work.Dependencies, work.Sprint, work.Release, work.Severity, work.TimeCriticality, work.RiskReduction,
		work.Ease, work.Importance, work.Satisfaction, work.CostOfDelay, work.Duration, work.MoSCoW,
	} {
		info := f.Info()
		fields = append(fields, work.NativeField{Name: info.Name, Kind: info.Kind, Writable: f != work.Sprint, Shared: f, Doc: info.Doc})
	}
	fields = append(fields, work.NativeField{Name: "*", Kind: work.Text, Writable: true, Doc: "any further column; a number where the column file says kind: number"})
	return work.Schema{Kind: kind, Fields: fields, Labels: true, LabelSpaces: true}
}

func statuses() map[string]string {
	return map[string]string{
		"todo": "todo", "open": "todo", "new": "todo",
		"doing": "doing", "in progress": "doing",
		"done": "done", "closed": "done",
	}
}

// itemKinds are the kinds of declared columns; further ones have none.
func itemKinds() map[string]work.ValueKind {
	kinds := map[string]work.ValueKind{}
	for _, f := range schema().Fields {
		if f.Name != "*" {
			kinds[f.Name] = f.Kind
		}
	}
	return kinds
}

// feedbackKinds are the columns of a signal that are no plain text.
func feedbackKinds() map[string]work.ValueKind {
	return map[string]work.ValueKind{
		"score": work.Number, "value": work.Number, "at": work.Time, "version": work.Time, "updated": work.Time,
		"tags": work.List, "links": work.List,
	}
}

// feedbackColumns are all columns of a signal.
func feedbackColumns() []string {
	return []string{
		"id", "key", "kind", "method", "study", "score", "scale", "text", "person", "account", "segment", "value", "area", "at",
		"url", "recording_url", "tags", "language", "consent", "links", "audience", "version", "updated",
	}
}
