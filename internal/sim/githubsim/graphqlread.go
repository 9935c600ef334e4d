package githubsim

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/sim/graphql"
)

func (q *queries) actor(login string) *graphql.Object {
	if login == "" {
		return nil
	}
	p := q.site.person(login)
	kind := "User"
	if p.Bot { // GraphQL names Apps without what REST adds
		kind, p.Login = "Bot", strings.TrimSuffix(p.Login, "[bot]")
	}
	return graphql.Plain(kind, map[string]any{
		"login": p.Login, "id": nodeID("U", 0, p.ID), "databaseId": p.ID, "url": q.asker.html + "/" + p.Login,
	}, "Actor", "Node")
}

func (q *queries) owner(kind, login string) (any, error) {
	typeName := map[string]string{"organization": "Organization", "user": "User"}[kind]
	known := slices.ContainsFunc(q.site.projects, func(p *project) bool { return fold(p.Owner) == fold(login) && p.User == (kind == "user") })
	for _, r := range q.site.repositories {
		known = known || kind == "organization" && strings.HasPrefix(fold(r.Name), fold(login)+"/")
	}
	if !known {
		return nil, notFound("a " + typeName + " with the login of '" + login + "'")
	}
	return &graphql.Object{Type: typeName, Is: []string{"ProjectV2Owner", "Node"}, Field: func(name string, args graphql.Args) (any, error) {
		switch name {
		case "login":
			return login, nil
		case "projectV2":
			p := q.asker.board(login, args.Number("number"), kind == "user")
			if p == nil {
				return nil, notFound("a ProjectV2 with the number " + digits(args.Number("number")))
			}
			return q.project(p), nil
		default:
			return nil, graphql.Unknown(typeName, name)
		}
	}}, nil
}

func (q *queries) repository(r *repository) *graphql.Object {
	return &graphql.Object{Type: "Repository", Is: []string{"Node"}, Field: func(name string, args graphql.Args) (any, error) {
		switch name {
		case "id":
			return nodeID("R", 0, r.ID), nil
		case "databaseId":
			return r.ID, nil
		case "nameWithOwner":
			return r.Name, nil
		case "isPrivate":
			return r.Private, nil
		case "isArchived":
			return r.Archived, nil
		case "visibility":
			return map[bool]string{true: "PRIVATE", false: "PUBLIC"}[r.Private], nil
		case "url":
			return q.asker.html + "/" + r.Name, nil
		case "issue":
			return q.numbered(r, args.Number("number"), false)
		case "issueOrPullRequest":
			return q.numbered(r, args.Number("number"), true)
		case "issues":
			return q.issues(r, args)
		case "label":
			if l := r.labels[fold(args.Text("name"))]; l != nil {
				return q.label(r, l), nil
			}
			return nil, nil
		case "labels":
			all := r.sortedLabels()
			return connection("LabelConnection", args, len(all), func(i int) any { return q.label(r, all[i]) })
		default:
			return nil, graphql.Unknown("Repository", name)
		}
	}}
}

// numbered finds an issue by its number; one that was transferred is found
// where it is now only by REST.
func (q *queries) numbered(r *repository, number int, pulls bool) (any, error) {
	i := r.issues[number]
	if i == nil || i.PullRequest && !pulls {
		return nil, notFound("an Issue with the number of " + digits(number))
	}
	return q.issue(r, i), nil
}

func (q *queries) issues(r *repository, args graphql.Args) (any, error) {
	var all []*Issue
	for i := range r.lists[anyState][byUpdated].Up(0) {
		if !i.PullRequest {
			all = append(all, i)
		}
	}
	if states := args.Texts("states"); len(states) > 0 {
		all = slices.DeleteFunc(all, func(i *Issue) bool { return !slices.Contains(states, strings.ToUpper(i.State)) })
	}
	if args.Object("orderBy").Text("direction") == "DESC" {
		slices.Reverse(all)
	}
	return connection("IssueConnection", args, len(all), func(i int) any { return q.issue(r, all[i]) })
}

func (q *queries) label(r *repository, l *Label) *graphql.Object {
	return graphql.Plain("Label", map[string]any{
		"id": nodeID("LA", r.ID, l.ID), "name": l.Name, "color": l.Color, "description": text(l.Description), "isDefault": l.Default,
	}, "Node")
}

func (q *queries) milestone(r *repository, m *Milestone) any {
	if m == nil {
		return nil
	}
	return graphql.Plain("Milestone", map[string]any{
		"id": nodeID("MI", r.ID, m.ID), "number": m.Number, "title": m.Title, "state": strings.ToUpper(m.State), "dueOn": orNull(m.Due),
	}, "Node")
}

// issue answers the fields of an issue or pull request.
func (q *queries) issue(r *repository, i *Issue) *graphql.Object {
	kind := "Issue"
	if i.PullRequest {
		kind = "PullRequest"
	}
	plain := map[string]any{
		"id": i.NodeID, "databaseId": i.ID, "fullDatabaseId": strconv.FormatInt(i.ID, 10), "number": i.Number, "title": i.Title, "body": i.Body,
		"state": strings.ToUpper(i.State), "createdAt": stamp(i.Created), "updatedAt": stamp(i.Updated), "closedAt": orNull(i.Closed),
		"url": q.asker.page(r, i), "locked": i.Locked, "closed": i.State == Closed, "stateReason": text(strings.ToUpper(i.StateReason)),
	}
	return &graphql.Object{Type: kind, Is: []string{"Node", "Labelable", "Assignable", "Closable", "ProjectV2ItemContent", "IssueOrPullRequest"}, Field: func(name string, args graphql.Args) (any, error) {
		if v, ok := plain[name]; ok {
			return v, nil
		}
		switch name {
		case "author":
			return q.actor(i.Author), nil
		case "repository":
			return q.repository(r), nil
		case "milestone":
			return q.milestone(r, r.milestones[i.Milestone]), nil
		case "labels":
			all := r.labelled(i)
			return connection("LabelConnection", args, len(all), func(n int) any { return q.label(r, all[n]) })
		case "assignees":
			users := slices.DeleteFunc(slices.Clone(i.Assignees), func(login string) bool { return q.site.person(login).Bot })
			return connection("UserConnection", args, len(users), func(n int) any { return q.actor(users[n]) })
		case "comments":
			if !args.Has("first") && !args.Has("last") {
				return graphql.Plain("IssueCommentConnection", map[string]any{"totalCount": len(i.Comments)}), nil
			}
			return connection("IssueCommentConnection", args, len(i.Comments), func(n int) any { return q.comment(r, i.Comments[n]) })
		case "reactions":
			n := total(i.Reactions)
			if args.Text("content") == "THUMBS_UP" {
				n = i.Reactions["+1"]
			}
			return graphql.Plain("ReactionConnection", map[string]any{"totalCount": n}), nil
		case "projectItems":
			return q.itemsOf(i, args)
		case "issueType":
			kind, typed := i.Raw["type"].(map[string]any)
			if !typed {
				return nil, nil
			}
			return &graphql.Object{Type: "IssueType", Is: []string{"Node"}, Field: func(name string, _ graphql.Args) (any, error) {
				if name != "name" {
					return nil, graphql.Unknown("IssueType", name)
				}
				return kind["name"], nil
			}}, nil
		case "parent":
			if q.site.options.Enterprise {
				return nil, graphql.Unknown(kind, name)
			}
			if at, parent := q.asker.byID(i.Parent); parent != nil {
				return q.issue(at, parent), nil
			}
			return nil, nil
		default:
			return nil, graphql.Unknown(kind, name)
		}
	}}
}

func (q *queries) comment(r *repository, c Comment) *graphql.Object {
	return graphql.Plain("IssueComment", map[string]any{
		"id": nodeID("IC", r.ID, c.ID), "databaseId": c.ID, "body": c.Body, "author": q.actor(c.Author),
		"createdAt": stamp(c.Created), "updatedAt": stamp(c.Updated),
	}, "Node", "Comment")
}
