package githubsim

import (
	"time"

	"tandem/internal/sim/graphql"
)

func (q *queries) project(p *project) *graphql.Object {
	return &graphql.Object{Type: "ProjectV2", Is: []string{"Node"}, Field: func(name string, args graphql.Args) (any, error) {
		switch name {
		case "id":
			return p.nodeID(), nil
		case "databaseId":
			return p.ID, nil
		case "number":
			return p.Number, nil
		case "title":
			return p.Title, nil
		case "closed":
			return p.Closed, nil
		case "public":
			return p.Public, nil
		case "viewerCanUpdate":
			return p.Access == Push, nil
		case "url":
			return q.asker.html + "/orgs/" + p.Owner + "/projects/" + digits(p.Number), nil
		case "fields":
			return connection("ProjectV2FieldConfigurationConnection", args, len(p.Fields), func(i int) any { return q.projectField(&p.Fields[i]) })
		case "field":
			for i := range p.Fields {
				if fold(p.Fields[i].Name) == fold(args.Text("name")) {
					return q.projectField(&p.Fields[i]), nil
				}
			}
			return nil, nil
		case "items":
			return connection("ProjectV2ItemConnection", args, len(p.Items), func(i int) any { return q.item(p, &p.Items[i]) })
		default:
			return nil, graphql.Unknown("ProjectV2", name)
		}
	}}
}

// fieldPrefix is how the ids of a field's kind begin.
func (f *ProjectField) nodeID() string {
	prefix := map[string]string{SelectField: "PVTSSF", IterationField: "PVTIF"}[f.Kind]
	if prefix == "" {
		prefix = "PVTF"
	}
	return nodeID(prefix, 0, f.ID)
}

func (q *queries) projectField(f *ProjectField) *graphql.Object {
	fields := map[string]any{"id": f.nodeID(), "databaseId": f.ID, "name": f.Name, "dataType": f.Kind}
	kind := "ProjectV2Field"
	switch f.Kind {
	case SelectField:
		kind = "ProjectV2SingleSelectField"
		options := []any{}
		for _, o := range f.Options {
			options = append(options, graphql.Plain("ProjectV2SingleSelectFieldOption", map[string]any{"id": o.ID, "name": o.Name, "color": "GRAY", "description": ""}))
		}
		fields["options"] = options
	case IterationField:
		kind = "ProjectV2IterationField"
		open, done := []any{}, []any{}
		for _, o := range f.Options {
			shown := graphql.Plain("ProjectV2IterationFieldIteration", map[string]any{"id": o.ID, "title": o.Name, "startDate": o.Start.Format(time.DateOnly), "duration": o.Days})
			if o.Done {
				done = append(done, shown)
			} else {
				open = append(open, shown)
			}
		}
		fields["configuration"] = graphql.Plain("ProjectV2IterationFieldConfiguration", map[string]any{
			"iterations": open, "completedIterations": done, "duration": 14, "startDay": 1,
		})
	}
	return graphql.Plain(kind, fields, "ProjectV2FieldCommon", "ProjectV2FieldConfiguration", "Node")
}

// itemsOf are the cards of an issue.
func (q *queries) itemsOf(i *Issue, args graphql.Args) (any, error) {
	type card struct {
		p    *project
		item *ProjectItem
	}
	var cards []card
	for _, p := range q.site.projects {
		if at, ok := p.byIssue[i.ID]; ok && p.Access != None && (!p.User || !q.asker.account.App) {
			cards = append(cards, card{p, &p.Items[at]})
		}
	}
	return connection("ProjectV2ItemConnection", args, len(cards), func(n int) any { return q.item(cards[n].p, cards[n].item) })
}

func (q *queries) item(p *project, item *ProjectItem) *graphql.Object {
	kind := "ISSUE"
	if item.Issue == 0 {
		kind = "DRAFT_ISSUE"
	}
	content := func() any {
		for _, r := range q.site.repositories {
			if number, ok := r.numbers[item.Issue]; ok && q.asker.sees(r) {
				return q.issue(r, r.issues[number])
			}
		}
		if item.Issue == 0 {
			return graphql.Plain("DraftIssue", map[string]any{"title": item.Title, "id": nodeID("DI", 0, item.ID)}, "ProjectV2ItemContent", "Node")
		}
		kind = "REDACTED"
		return nil
	}
	return &graphql.Object{Type: "ProjectV2Item", Is: []string{"Node"}, Field: func(name string, args graphql.Args) (any, error) {
		switch name {
		case "id":
			return nodeID("PVTI", p.ID, item.ID), nil
		case "databaseId":
			return item.ID, nil
		case "type":
			content()
			return kind, nil
		case "isArchived":
			return item.Archived, nil
		case "updatedAt":
			return stamp(item.Updated), nil
		case "project":
			return q.project(p), nil
		case "content":
			return content(), nil
		case "fieldValues":
			var held []*ProjectField
			for f := range p.Fields {
				if _, ok := item.Values[p.Fields[f].ID]; ok {
					held = append(held, &p.Fields[f])
				}
			}
			return connection("ProjectV2ItemFieldValueConnection", args, len(held), func(n int) any { return q.fieldValue(held[n], item.Values[held[n].ID]) })
		case "fieldValueByName":
			for f := range p.Fields {
				if fold(p.Fields[f].Name) == fold(args.Text("name")) {
					return q.fieldValue(&p.Fields[f], item.Values[p.Fields[f].ID]), nil
				}
			}
			return nil, nil
		default:
			return nil, graphql.Unknown("ProjectV2Item", name)
		}
	}}
}

// fieldValue shows a value by its kind.
func (q *queries) fieldValue(f *ProjectField, v any) any {
	if v == nil {
		return nil
	}
	fields := map[string]any{"field": q.projectField(f)}
	kind := map[string]string{
		TextField: "ProjectV2ItemFieldTextValue", NumberField: "ProjectV2ItemFieldNumberValue", DateField: "ProjectV2ItemFieldDateValue",
		SelectField: "ProjectV2ItemFieldSingleSelectValue", IterationField: "ProjectV2ItemFieldIterationValue",
	}[f.Kind]
	switch f.Kind {
	case NumberField:
		fields["number"] = v
	case DateField:
		fields["date"] = f.spelled(v)
	case SelectField:
		fields["optionId"], fields["name"] = v, f.spelled(v)
	case IterationField:
		o := f.option(f.id(v))
		fields["iterationId"], fields["title"] = v, f.spelled(v)
		if o != nil {
			fields["startDate"], fields["duration"] = o.Start.Format(time.DateOnly), o.Days
		}
	default:
		fields["text"] = v
	}
	return graphql.Plain(kind, fields, "ProjectV2ItemFieldValueCommon", "ProjectV2ItemFieldValue", "Node")
}

func (f *ProjectField) id(v any) string {
	s, _ := v.(string)
	return s
}
