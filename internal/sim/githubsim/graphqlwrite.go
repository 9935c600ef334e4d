package githubsim

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/internal/sim/graphql"
)

// mutation answers the fields of a mutation, each by itself.
func (q *queries) mutation() *graphql.Object {
	known := map[string]func(graphql.Args) (any, error){
		"addLabelsToLabelable": q.addLabels, "removeLabelsFromLabelable": q.removeLabels, "createLabel": q.createLabel,
		"updateIssue": q.updateIssue, "closeIssue": q.closeIssue, "reopenIssue": q.reopenIssue,
		"addComment": q.addComment, "updateIssueComment": q.updateComment, "deleteIssueComment": q.deleteComment,
		"addProjectV2ItemById": q.addItem, "updateProjectV2ItemFieldValue": q.setItem, "clearProjectV2ItemFieldValue": q.clearItem,
	}
	return &graphql.Object{Type: "Mutation", Field: func(name string, args graphql.Args) (any, error) {
		run := known[name]
		if run == nil {
			return nil, graphql.Unknown("Mutation", name)
		}
		if q.site.dropped(name) {
			return nil, &graphql.Error{Message: "Something went wrong while executing your query."}
		}
		return run(args.Object("input"))
	}}
}

func payload(kind string, input graphql.Args, fields map[string]any) *graphql.Object {
	fields["clientMutationId"] = input["clientMutationId"]
	return graphql.Plain(kind, fields)
}

func (q *queries) addLabels(in graphql.Args) (any, error) {
	return q.relabel("AddLabelsToLabelablePayload", in, func(have, named []string) []string { return append(have, without(named, have)...) })
}

func (q *queries) removeLabels(in graphql.Args) (any, error) {
	return q.relabel("RemoveLabelsFromLabelablePayload", in, without)
}

func (q *queries) relabel(kind string, in graphql.Args, combine func(have, named []string) []string) (any, error) {
	repo, i, err := q.writableByNode(in.Text("labelableId"))
	if err != nil {
		return nil, err
	}
	labels, err := q.labelsByNode(repo, in.Texts("labelIds"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, l := range labels {
		names = append(names, l.Name)
	}
	after := unique(combine(slices.Clone(i.Labels), names))
	if len(after) > mostLabels {
		return nil, &graphql.Error{Type: "UNPROCESSABLE", Message: "Labels are too many (maximum is 100)"}
	}
	i = q.commit(repo, i, func(i *Issue) { i.Labels = after })
	return payload(kind, in, map[string]any{"labelable": q.issue(repo, i)}), nil
}

func (q *queries) createLabel(in graphql.Args) (any, error) {
	_, _, id, _ := readID(in.Text("repositoryId"))
	repo := q.site.repositories[id]
	switch {
	case repo == nil || !q.asker.sees(repo):
		return nil, notFound("a node with the global id of '" + in.Text("repositoryId") + "'")
	case q.asker.access(repo) != Push:
		return nil, forbiddenField(q.asker)
	case utf8.RuneCountInString(in.Text("name")) > longestLabel:
		return nil, &graphql.Error{Type: "UNPROCESSABLE", Message: "Name is too long (maximum is 50 characters)"}
	case repo.labels[fold(in.Text("name"))] != nil:
		return nil, &graphql.Error{Type: "UNPROCESSABLE", Message: "Name has already been taken"}
	}
	l := q.site.define(repo, Label{Name: in.Text("name"), Color: in.Text("color"), Description: in.Text("description")})
	return payload("CreateLabelPayload", in, map[string]any{"label": q.label(repo, l)}), nil
}

func (q *queries) updateIssue(in graphql.Args) (any, error) {
	repo, i, err := q.writableByNode(in.Text("id"))
	if err != nil {
		return nil, err
	}
	draft := i.clone()
	if in.Has("milestoneId") {
		draft.Milestone = 0
		if id := in.Text("milestoneId"); id != "" {
			if draft.Milestone = repo.milestoneByNode(id); draft.Milestone == 0 {
				return nil, notFound("a node with the global id of '" + id + "'")
			}
		}
	}
	if state := in.Text("state"); state != "" {
		draft.State = strings.ToLower(state)
	}
	i = q.commit(repo, i, func(i *Issue) { *i = *draft })
	return payload("UpdateIssuePayload", in, map[string]any{"issue": q.issue(repo, i)}), nil
}

func (r *repository) milestoneByNode(id string) int {
	_, repository, number, ok := readID(id)
	for _, m := range r.milestones {
		if ok && repository == r.ID && m.ID == number {
			return m.Number
		}
	}
	return 0
}

func (q *queries) closeIssue(in graphql.Args) (any, error) {
	return q.turn("CloseIssuePayload", in, Closed, strings.ToLower(in.Text("stateReason")))
}

func (q *queries) reopenIssue(in graphql.Args) (any, error) {
	return q.turn("ReopenIssuePayload", in, Open, "reopened")
}

func (q *queries) turn(kind string, in graphql.Args, state, reason string) (any, error) {
	repo, i, err := q.writableByNode(in.Text("issueId"))
	if err != nil {
		return nil, err
	}
	i = q.commit(repo, i, func(i *Issue) {
		i.State = state
		if reason != "" {
			i.StateReason = reason
		}
	})
	return payload(kind, in, map[string]any{"issue": q.issue(repo, i)}), nil
}

func (q *queries) addComment(in graphql.Args) (any, error) {
	repo, i, err := q.writableByNode(in.Text("subjectId"))
	if err != nil {
		return nil, err
	}
	i = q.commit(repo, i, func(i *Issue) {
		i.Comments = append(i.Comments, Comment{Author: q.asker.account.Login, Body: in.Text("body")})
	})
	edge := graphql.Plain("IssueCommentEdge", map[string]any{"node": q.comment(repo, i.Comments[len(i.Comments)-1]), "cursor": ""})
	return payload("AddCommentPayload", in, map[string]any{"commentEdge": edge, "subject": q.issue(repo, i)}), nil
}

func (q *queries) updateComment(in graphql.Args) (any, error) {
	repo, i, at, err := q.commentByNode(in.Text("id"))
	if err != nil {
		return nil, err
	}
	i = q.commit(repo, i, func(i *Issue) { i.Comments[at].Body = in.Text("body") })
	return payload("UpdateIssueCommentPayload", in, map[string]any{"issueComment": q.comment(repo, i.Comments[at])}), nil
}

func (q *queries) deleteComment(in graphql.Args) (any, error) {
	repo, i, at, err := q.commentByNode(in.Text("id"))
	if err != nil {
		return nil, err
	}
	q.commit(repo, i, func(i *Issue) { i.Comments = slices.Delete(i.Comments, at, at+1) })
	return payload("DeleteIssueCommentPayload", in, map[string]any{}), nil
}

func (q *queries) commentByNode(id string) (*repository, *Issue, int, error) {
	_, repository, number, ok := readID(id)
	repo := q.site.repositories[repository]
	if ok && repo != nil && q.asker.sees(repo) {
		for m := range repo.talk[byCreated].Up(0) {
			if m.id == number {
				i, at := repo.comment(m.number, number)
				return repo, i, at, nil
			}
		}
	}
	return nil, nil, 0, notFound("a node with the global id of '" + id + "'")
}

// dropped reports whether the mutation is to fail, as Options.FailMutation and
// Site.FailNextMutation ask.
func (s *Site) dropped(name string) bool {
	for i, f := range s.failing {
		if f == name || f == "" {
			s.failing = slices.Delete(s.failing, i, i+1)
			return true
		}
	}
	return false
}

// FailMutations lets the next mutations of these names fail, each once; the
// empty name is any. The others of their batch go on.
func (s *Site) FailMutations(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = append(s.failing, names...)
}
