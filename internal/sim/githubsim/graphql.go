package githubsim

import (
	"net/http"

	"tandem/internal/sim"
	"tandem/internal/sim/graphql"
)

// graphqlRoute is the GraphQL interface; on an Enterprise Server it stands
// beside /api/v3, not below it.
const graphqlRoute = "/graphql"

// graphqlPost answers a GraphQL request. Errors stand inside of an answer with
// status 200, as the service's do.
func (s *Site) graphqlPost(a *asker, r *http.Request) reply {
	call := sim.CallOf(r.Context())
	call.Write = false
	var request graphql.Request
	if refused := a.decode(&request); refused != nil {
		return *refused
	}
	doc, err := graphql.Parse(request)
	if err != nil {
		return ok(graphql.Answer{Errors: []*graphql.Error{{Message: err.Error()}}})
	}
	call.Write = doc.Mutation
	if s.overloaded(doc) {
		return ok(graphql.Answer{Errors: []*graphql.Error{{Type: "RESOURCE_LIMITS_EXCEEDED", Message: "Resource limits for this query exceeded."}}})
	}
	q := &queries{site: s, asker: a, request: r}
	if doc.Mutation {
		return ok(doc.Execute(q.mutation()))
	}
	return ok(doc.Execute(q.root()))
}

// overloaded refuses a document with more aliases than Options.Aliases.
func (s *Site) overloaded(doc *graphql.Document) bool {
	return s.options.Aliases > 0 && doc.Aliases() > s.options.Aliases
}

// queries answers the fields of one request.
type queries struct {
	site    *Site
	asker   *asker
	request *http.Request
}

func notFound(what string) error {
	return &graphql.Error{Type: "NOT_FOUND", Message: "Could not resolve to " + what + "."}
}

func forbiddenField(a *asker) error {
	message := a.account.Login + " does not have the correct permissions to execute this mutation"
	if a.account.App {
		message = "Resource not accessible by integration"
	}
	return &graphql.Error{Type: "FORBIDDEN", Message: message}
}

// commit stores a change of an issue.
func (q *queries) commit(repo *repository, i *Issue, edit func(*Issue)) *Issue {
	q.site.commit(q.asker, q.request, repo, i, edit)
	return repo.issues[i.Number]
}

// note adds effects that are not an issue's.
func (q *queries) note(effects []sim.Effect) {
	call := sim.CallOf(q.request.Context())
	call.Effects = append(call.Effects, effects...)
}

// connection is a page of nodes, with cursors that count.
func connection(kind string, args graphql.Args, total int, at func(i int) any) (*graphql.Object, error) {
	first := args.Number("first")
	if first == 0 && args.Number("last") == 0 {
		return nil, &graphql.Error{Type: "MISSING_PAGINATION_BOUNDARIES", Message: "You must provide a `first` or `last` value to properly paginate the `" + kind + "` connection."}
	}
	if first > 100 || args.Number("last") > 100 {
		return nil, &graphql.Error{Type: "EXCESSIVE_PAGINATION", Message: "Requesting more than 100 records on the `" + kind + "` connection exceeds the `first` limit of 100 records."}
	}
	from := cursorPlace(args.Text("after"))
	to := min(from+first, total)
	if last := args.Number("last"); first == 0 {
		to = total
		if before := args.Text("before"); before != "" {
			to = max(cursorPlace(before)-1, 0)
		}
		from = max(to-last, 0)
	}
	var nodes []any
	for i := from; i < to; i++ {
		nodes = append(nodes, at(i))
	}
	if nodes == nil {
		nodes = []any{}
	}
	return graphql.Plain(kind, map[string]any{
		"totalCount": total, "nodes": nodes,
		"pageInfo": graphql.Plain("PageInfo", map[string]any{
			"hasNextPage": to < total, "hasPreviousPage": from > 0, "endCursor": cursorOf(to, len(nodes)), "startCursor": cursorOf(from+1, len(nodes)),
		}),
	}), nil
}
