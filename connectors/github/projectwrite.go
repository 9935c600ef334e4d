package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tandem/internal/work"
)

// judgeCard compares an edit of a field of the project with the card; nil where
// there is nothing to write.
func (s *sink) judgeCard(ctx context.Context, e work.Edit, p *prepared, result *work.Result) *mutation {
	name := strings.TrimPrefix(e.Target.Path, work.ProjectFieldPrefix)
	if s.board == nil {
		*result = rejected("the settings name no project; write project: {board: OWNER/NUMBER}")
		return nil
	}
	if p.shape == nil {
		*result = s.boardless(ctx)
		return nil
	}
	f, ok := p.shape.fields[name]
	if fault := p.shape.faults[name]; fault != nil {
		*result = rejected(fault.Error())
		return nil
	}
	if !ok {
		*result = rejected(fmt.Sprintf("the project %s was not asked for the field %q; restart Tandem with these rules", s.board.name, name))
		return nil
	}
	var input map[string]any
	want := work.Empty()
	if e.Verb == work.SetField && e.Value.Present() {
		var why string
		if input, want, why = f.spell(e.Value); why != "" {
			*result = rejected(why)
			return nil
		}
	}
	if *result = s.decideCard(e, p, name, want); result.State != "" {
		return nil
	}
	put := &putting{board: s.board, name: name, field: f, project: p.shape.id, input: input, want: want}
	return &mutation{at: p, edits: []work.Edit{e}, results: []*work.Result{result}, act: put}
}

// boardless says why the board cannot be written.
func (s *sink) boardless(ctx context.Context) work.Result {
	_, err := s.board.current(ctx, preparedFor)
	if failed, ok := errors.AsType[*boardError](err); ok {
		return work.Result{State: work.Deferred, Scope: "issue", Until: s.now().Add(mendable), Detail: failed.Error()}
	}
	return work.Result{State: work.Deferred, Scope: "issue", Until: s.now().Add(soon), Detail: "the project " + s.board.name + " could not be read; it is tried again"}
}

// decideCard compares wish, expectation and truth. No state means: write it.
func (s *sink) decideCard(e work.Edit, p *prepared, name string, want work.Value) work.Result {
	have, known := s.board.shown(p.card, name)
	switch {
	case p.card.archived:
		return rejected("the card of " + e.Key + " is archived; restore it on the project " + s.board.name)
	case p.card.stale:
		return work.Result{State: work.Deferred, Scope: "issue", Until: s.now().Add(soon), Detail: "the fields of the project change at this moment; it is tried again"}
	case !known && e.Expect.Present():
		return work.Result{State: work.Conflict, Detail: e.Key + " is not on the project " + s.board.name + " any more"}
	case !known && !want.Present():
		return work.Result{State: work.Unchanged}
	case !known:
		return rejected(e.Key + " is not on the project " + s.board.name + "; put it there, or set add_missing: true")
	case have == want:
		return work.Result{State: work.Unchanged}
	case e.Expect.Known() && e.Expect != have:
		return work.Result{State: work.Conflict, Detail: fmt.Sprintf("%s of %s is %s, and was %s when the edit was planned", name, e.Key, have, e.Expect)}
	case !p.shape.writable:
		return rejected("the credentials may not change the project " + s.board.name + "; " + s.board.rights())
	default:
		return work.Result{}
	}
}

// addCards puts the issues that have no card on the board, because that cannot
// be done in the same request as setting a value. It returns what can be
// written then.
func (s *sink) addCards(ctx context.Context, todo []*mutation) []*mutation {
	byIssue := map[*prepared]*mutation{}
	var adds []*mutation
	for _, m := range todo {
		put, ok := m.act.(*putting)
		if !ok || m.at.card.id != "" {
			continue
		}
		add := byIssue[m.at]
		if add == nil {
			add = &mutation{at: m.at, act: &adding{board: s.board, project: put.project}}
			byIssue[m.at], adds = add, append(adds, add)
		}
		add.edits, add.results = append(add.edits, m.edits...), append(add.results, m.results...)
	}
	s.mutate(ctx, adds)
	var rest []*mutation
	for _, m := range todo {
		if m.results[0].State == "" {
			rest = append(rest, m)
		}
	}
	return rest
}

// adding puts an issue on the board. One that is there already stays as it is.
type adding struct {
	board   *board
	project string
}

func (a *adding) rights() string { return a.board.rights() }

func (a *adding) join(act) bool { return false }

func (a *adding) compose(m *mutation, n int, vars map[string]any) (params []string, field string) {
	project, issue := fmt.Sprintf("p%d", n), fmt.Sprintf("i%d", n)
	vars[project], vars[issue] = a.project, m.at.node.ID
	return []string{"$" + project + ": ID!", "$" + issue + ": ID!"},
		fmt.Sprintf("addProjectV2ItemById(input: {projectId: $%s, contentId: $%s}) { item { id } }", project, issue)
}

func (a *adding) compare(m *mutation, raw json.RawMessage) error {
	var body struct {
		Item *struct {
			ID string `json:"id"`
		} `json:"item"`
	}
	if json.Unmarshal(raw, &body) != nil || body.Item == nil || body.Item.ID == "" {
		return errForm
	}
	m.at.card = card{id: body.Item.ID, values: map[string]work.Value{}}
	for name := range m.at.shape.fields {
		m.at.card.values[name] = work.Empty()
	}
	return nil
}

// putting sets a field of a card; without an input it clears it.
type putting struct {
	board   *board
	name    string // as the rules spell it
	field   boardField
	project string
	input   map[string]any
	want    work.Value
}

func (p *putting) rights() string { return p.board.rights() }

func (p *putting) join(act) bool { return false }

func (p *putting) compose(m *mutation, n int, vars map[string]any) (params []string, field string) {
	project, item, id, value := fmt.Sprintf("p%d", n), fmt.Sprintf("i%d", n), fmt.Sprintf("f%d", n), fmt.Sprintf("v%d", n)
	vars[project], vars[item], vars[id] = p.project, m.at.card.id, p.field.id
	params = []string{"$" + project + ": ID!", "$" + item + ": ID!", "$" + id + ": ID!"}
	mutation, given := "clearProjectV2ItemFieldValue", ""
	if p.input != nil {
		vars[value] = p.input
		params = append(params, "$"+value+": ProjectV2FieldValue!")
		mutation, given = "updateProjectV2ItemFieldValue", ", value: $"+value
	}
	return params, fmt.Sprintf("%s(input: {projectId: $%s, itemId: $%s, fieldId: $%s%s}) { projectV2Item { value: fieldValueByName(name: %s) { %s } } }",
		mutation, project, item, id, given, literal(p.field.name), p.field.value())
}

func (p *putting) compare(m *mutation, raw json.RawMessage) error {
	var body struct {
		Item *struct {
			Value json.RawMessage `json:"value"`
		} `json:"projectV2Item"`
	}
	if json.Unmarshal(raw, &body) != nil || body.Item == nil {
		return errForm
	}
	have, err := p.field.shows(body.Item.Value)
	if err != nil {
		return err
	}
	m.at.card.values[p.name] = have
	result := work.Result{State: work.Applied}
	if have != p.want {
		p.board.drop() // the field may have another name now
		result = rejected(fmt.Sprintf("the project shows %s in %s, and %s was written; %s", have, p.field.name, p.want, p.rights()))
	}
	for i := range m.results {
		*m.results[i] = result
	}
	return nil
}
