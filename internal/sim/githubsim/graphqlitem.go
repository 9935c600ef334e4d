package githubsim

import (
	"tandem/internal/sim"
	"tandem/internal/sim/graphql"
)

// writableProject finds a project for a change.
func (q *queries) writableProject(id string) (*project, error) {
	p, err := q.projectByNode(id)
	if err == nil && p.Access != Push {
		return nil, forbiddenField(q.asker)
	}
	return p, err
}

func (q *queries) addItem(in graphql.Args) (any, error) {
	p, err := q.writableProject(in.Text("projectId"))
	if err != nil {
		return nil, err
	}
	_, i, err := q.issueByNode(in.Text("contentId"))
	if err != nil {
		return nil, err
	}
	before := len(p.Items)
	item := q.site.add(p, i.ID)
	if len(p.Items) > before {
		q.note([]sim.Effect{{Ref: i.Key(), Field: "project", To: p.Title}})
	}
	return payload("AddProjectV2ItemByIdPayload", in, map[string]any{"item": q.item(p, item)}), nil
}

func (q *queries) setItem(in graphql.Args) (any, error) {
	value := in.Object("value")
	if len(value) != 1 {
		return nil, &graphql.Error{Type: "UNPROCESSABLE", Message: "The value must hold exactly one of text, number, date, singleSelectOptionId and iterationId"}
	}
	for _, v := range value {
		switch n := v.(type) {
		case int64:
			return q.putItem("UpdateProjectV2ItemFieldValuePayload", in, float64(n))
		default:
			return q.putItem("UpdateProjectV2ItemFieldValuePayload", in, v)
		}
	}
	return nil, nil
}

func (q *queries) clearItem(in graphql.Args) (any, error) {
	return q.putItem("ClearProjectV2ItemFieldValuePayload", in, nil)
}

func (q *queries) putItem(kind string, in graphql.Args, value any) (any, error) {
	p, err := q.writableProject(in.Text("projectId"))
	if err != nil {
		return nil, err
	}
	_, _, id, _ := readID(in.Text("itemId"))
	item := p.item(id)
	_, _, field, _ := readID(in.Text("fieldId"))
	f := p.field(field)
	if item == nil || f == nil {
		return nil, notFound("a node with the global id of '" + in.Text("itemId") + "' and '" + in.Text("fieldId") + "'")
	}
	if item.Archived {
		return nil, &graphql.Error{Type: "UNPROCESSABLE", Message: "The item is archived and cannot be updated"}
	}
	effects, fault := p.set(q.site, item, f, value)
	if fault != "" {
		return nil, &graphql.Error{Type: "VALIDATION", Message: fault}
	}
	q.note(effects)
	return payload(kind, in, map[string]any{"projectV2Item": q.item(p, item)}), nil
}
