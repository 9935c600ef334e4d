package githubsim

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"tandem/internal/sim/graphql"
)

// cursorOf is the opaque mark of a place; null on an empty page.
func cursorOf(place, nodes int) any {
	if nodes == 0 {
		return nil
	}
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "cursor:v2:%d", place))
}

func cursorPlace(cursor string) int {
	raw, _ := base64.StdEncoding.DecodeString(cursor)
	place := 0
	_, _ = fmt.Sscanf(string(raw), "cursor:v2:%d", &place)
	return place
}

// readID takes a node id apart.
func readID(id string) (prefix string, repository, number int64, ok bool) {
	prefix, rest, _ := strings.Cut(id, "_")
	raw, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil {
		return "", 0, 0, false
	}
	_, err = fmt.Sscanf(string(raw), "%08x:%010x", &repository, &number)
	return prefix, repository, number, err == nil
}

// issueByNode finds an issue that the asker may see.
func (q *queries) issueByNode(id string) (*repository, *Issue, error) {
	missing := notFound("a node with the global id of '" + id + "'")
	for _, repo := range q.site.repositories {
		if !q.asker.sees(repo) {
			continue
		}
		prefix, repository, number, ok := readID(id)
		if !ok || prefix != "I" && prefix != "PR" || repository != repo.ID {
			continue
		}
		if n, here := repo.numbers[number]; here {
			return repo, repo.issues[n], nil
		}
	}
	for _, repo := range q.site.repositories { // ids that a world gave itself
		for _, i := range repo.issues {
			if i.NodeID == id && q.asker.sees(repo) {
				return repo, i, nil
			}
		}
	}
	return nil, nil, missing
}

// writableByNode is issueByNode for a change.
func (q *queries) writableByNode(id string) (*repository, *Issue, error) {
	repo, i, err := q.issueByNode(id)
	switch {
	case err != nil:
		return nil, nil, err
	case repo.Archived:
		return nil, nil, &graphql.Error{Type: "UNPROCESSABLE", Message: "Repository was archived so is read-only."}
	case q.asker.access(repo) != Push:
		return nil, nil, forbiddenField(q.asker)
	default:
		return repo, i, nil
	}
}

// labelsByNode finds labels of a repository.
func (q *queries) labelsByNode(repo *repository, ids []string) ([]*Label, error) {
	var found []*Label
	for _, id := range ids {
		_, repository, number, ok := readID(id)
		var label *Label
		for _, l := range repo.labels {
			if ok && repository == repo.ID && l.ID == number {
				label = l
			}
		}
		if label == nil {
			return nil, notFound("a node with the global id of '" + id + "'")
		}
		found = append(found, label)
	}
	return found, nil
}

// projectByNode finds a project.
func (q *queries) projectByNode(id string) (*project, error) {
	for _, p := range q.site.projects {
		if p.nodeID() == id && p.Access != None && (!p.User || !q.asker.account.App) {
			return p, nil
		}
	}
	return nil, notFound("a node with the global id of '" + id + "'")
}

// node answers node(id:).
func (q *queries) node(id string) (any, error) {
	prefix, _, number, _ := readID(id)
	switch prefix {
	case "PVT":
		p, err := q.projectByNode(id)
		if err != nil {
			return nil, err
		}
		return q.project(p), nil
	case "PVTI":
		for _, p := range q.site.projects {
			if item := p.item(number); item != nil && p.Access != None {
				return q.item(p, item), nil
			}
		}
		return nil, notFound("a node with the global id of '" + id + "'")
	default:
		repo, i, err := q.issueByNode(id)
		if err != nil {
			return nil, err
		}
		return q.issue(repo, i), nil
	}
}

// root answers the fields of a query.
func (q *queries) root() *graphql.Object {
	return &graphql.Object{Type: "Query", Field: func(name string, args graphql.Args) (any, error) {
		switch name {
		case "viewer":
			return q.actor(q.asker.account.Login), nil
		case "rateLimit":
			return q.rate(), nil
		case "repository":
			return q.repositoryByName(args.Text("owner"), args.Text("name"))
		case "node":
			return q.node(args.Text("id"))
		case "nodes":
			list := []any{}
			for _, id := range args.Texts("ids") {
				n, err := q.node(id)
				if err != nil {
					n = nil // the service adds an error, too; nobody needs it
				}
				list = append(list, n)
			}
			return list, nil
		case "organization", "user":
			return q.owner(name, args.Text("login"))
		default:
			return nil, graphql.Unknown("Query", name)
		}
	}}
}

func (q *queries) rate() *graphql.Object {
	b := q.site.charge(q.asker, &http.Request{}, http.StatusNotModified)
	return graphql.Plain("RateLimit", map[string]any{
		"cost": 1, "limit": b.limit, "remaining": b.limit - b.used, "used": b.used, "resetAt": stamp(b.reset), "nodeCount": 1,
	})
}

func (q *queries) repositoryByName(owner, name string) (any, error) {
	r := q.site.repository(owner + "/" + name) // also by a former name, as the service does
	if r == nil || !q.asker.sees(r) {
		return nil, notFound("a Repository with the name '" + owner + "/" + name + "'")
	}
	return q.repository(r), nil
}
