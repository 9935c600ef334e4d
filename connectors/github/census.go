package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// census lists the issues of all repositories in the scope.
type census struct {
	name   string
	client *client
	scope  scope
}

const (
	// listedTogether is how many repositories one GraphQL request lists: it
	// costs one point all the same.
	listedTogether = 10
	// rollFields are what tells an issue from all others. Pull requests are not
	// among the issues of GraphQL.
	rollFields = `nameWithOwner issues(first: 100, after: $c%[1]d, orderBy: {field: CREATED_AT, direction: ASC}) { pageInfo { hasNextPage endCursor } nodes { fullDatabaseId number } }`
)

// errShortList says that a list has no end, or an end before its end.
var errShortList = errors.New("the list of issues is not of the documented form; nothing is taken for gone")

// IDs yields every issue with its Ref and nothing else. A repository that
// cannot be listed ends it with an error: a list with a hole is no census. The
// cursor holds the repositories that are left.
func (c *census) IDs(ctx context.Context, _ time.Time, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		r := &roll{census: c, yield: yield, width: listedTogether, met: map[string]bool{}}
		err := r.begin(ctx, from)
		if err != nil {
			yield(connectors.Page{}, fmt.Errorf("%s: %w", c.name, err))
			return
		}
		err = r.byGraphQL(ctx)
		if errors.Is(err, errNoGraphQL) {
			c.client.graph.giveUp()
			err = r.byREST(ctx)
		}
		switch {
		case errors.Is(err, errStopped):
		case err != nil:
			yield(connectors.Page{}, withRemedy(c.name+": list the issues", err))
		default:
			yield(connectors.Page{Done: true, Progress: connectors.Progress{Done: r.done}}, nil)
		}
	}
}

// partial is a repository and how far it was listed.
type partial struct {
	Name string `json:"name"`
	// After is where GraphQL goes on, Link where REST does.
	After string `json:"after,omitempty"`
	Link  string `json:"link,omitempty"`
}

// roll is one census.
type roll struct {
	census *census
	yield  func(connectors.Page, error) bool
	left   []partial
	width  int // repositories in one request
	done   int
	met    map[string]bool // addresses of pages
}

// begin finds out what is to be listed, or what is left of it.
func (r *roll) begin(ctx context.Context, from connectors.Cursor) error {
	if len(from) > 0 {
		if json.Unmarshal(from, &r.left) != nil || len(r.left) == 0 {
			return errShortList
		}
		return nil
	}
	found, err := r.census.scope.resolve(ctx, nil)
	if err != nil {
		return err
	}
	for _, name := range found.Names {
		r.left = append(r.left, partial{Name: name})
	}
	return nil
}

// emit yields a page, once it is known what is left after it.
func (r *roll) emit(page connectors.Page) error {
	r.done += len(page.Records)
	page.Progress.Done = r.done
	if len(r.left) == 0 {
		return r.last(page)
	}
	var err error
	if page.Cursor, err = json.Marshal(r.left); err != nil {
		return fmt.Errorf("write the cursor: %w", err)
	}
	if !r.yield(page, nil) {
		return errStopped
	}
	return nil
}

// last yields the records of the last page, which the Done one follows.
func (r *roll) last(page connectors.Page) error {
	if len(page.Records) > 0 && !r.yield(page, nil) {
		return errStopped
	}
	return nil
}

func (r *roll) add(page *connectors.Page, id int64, repository string, number int) error {
	if id <= 0 || number <= 0 || repository == "" {
		return errShortList
	}
	key := fmt.Sprintf("%s#%d", repository, number)
	page.Records = append(page.Records, work.Record{Ref: work.NewRef(r.census.name, strconv.FormatInt(id, 10), key)})
	return nil
}

// byGraphQL lists a hundred issues of several repositories in each request.
func (r *roll) byGraphQL(ctx context.Context) error {
	for len(r.left) > 0 {
		if r.census.client.graph.absent() {
			return errNoGraphQL
		}
		part := r.left[:min(r.width, len(r.left))]
		page, more, err := r.graphPage(ctx, part)
		if errors.Is(err, errTooHeavy) && r.width > 1 {
			r.width /= 2
			continue
		}
		if err != nil {
			return err
		}
		r.left = append(more, r.left[len(part):]...)
		if err := r.emit(page); err != nil {
			return err
		}
	}
	return nil
}

// rolled is a repository as the GraphQL list shows it.
type rolled struct {
	Name   string `json:"nameWithOwner"`
	Issues *struct {
		Info struct {
			More bool   `json:"hasNextPage"`
			End  string `json:"endCursor"`
		} `json:"pageInfo"`
		Nodes []struct {
			ID     bigID `json:"fullDatabaseId"`
			Number int   `json:"number"`
		} `json:"nodes"`
	} `json:"issues"`
}

// graphPage lists one page of each repository, and returns those that have
// more.
func (r *roll) graphPage(ctx context.Context, part []partial) (page connectors.Page, more []partial, err error) {
	var b strings.Builder
	var params []string
	variables := map[string]any{}
	for i, l := range part {
		owner, repository, _ := strings.Cut(l.Name, "/")
		n := strconv.Itoa(i)
		params = append(params, "$o"+n+": String!", "$n"+n+": String!", "$c"+n+": String")
		variables["o"+n], variables["n"+n], variables["c"+n] = owner, repository, nil
		if l.After != "" {
			variables["c"+n] = l.After
		}
		fmt.Fprintf(&b, " r%[1]d: repository(owner: $o%[1]d, name: $n%[1]d) { "+rollFields+" }", i)
	}
	a, err := r.census.client.query(ctx, "query("+strings.Join(params, ", ")+") {"+b.String()+" }", variables)
	if err != nil {
		return page, nil, err
	}
	if len(a.faults) > 0 {
		return page, nil, &answerError{"GitHub does not list everything: " + a.faults[0].Message}
	}
	for i, l := range part {
		var is rolled
		if err := json.Unmarshal(a.data["r"+strconv.Itoa(i)], &is); err != nil || is.Issues == nil {
			return page, nil, errShortList
		}
		for _, n := range is.Issues.Nodes {
			if err := r.add(&page, int64(n.ID), is.Name, n.Number); err != nil {
				return page, nil, err
			}
		}
		if end := is.Issues.Info; end.More {
			if end.End == "" || end.End == l.After {
				return page, nil, errShortList
			}
			more = append(more, partial{Name: l.Name, After: end.End})
		}
	}
	return page, more, nil
}

// byREST lists the repositories that are left, pull requests told apart. What
// GraphQL listed of them before is listed once more.
func (r *roll) byREST(ctx context.Context) error {
	for len(r.left) > 0 {
		l := r.left[0]
		if l.Link == "" {
			l.Link = repositoryPath(l.Name) + "/issues?state=all&sort=created&direction=asc&per_page=" + strconv.Itoa(perPage)
		}
		page, next, err := r.restPage(ctx, l)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		if r.left = r.left[1:]; next != "" {
			r.left = append([]partial{{Name: l.Name, Link: next}}, r.left...)
		}
		if err := r.emit(page); err != nil {
			return err
		}
	}
	return nil
}

// restPage lists one page of a repository, and returns the address of the next.
func (r *roll) restPage(ctx context.Context, l partial) (page connectors.Page, next string, err error) {
	a, err := r.census.client.get(ctx, l.Link, "")
	if switchedOff(err) {
		return page, "", nil
	}
	var raws []json.RawMessage
	if err == nil {
		err = a.into(&raws)
	}
	if err != nil {
		return page, "", err
	}
	for _, raw := range raws {
		var head struct {
			ID            int64           `json:"id"`
			Number        int             `json:"number"`
			RepositoryURL string          `json:"repository_url"`
			PullRequest   json.RawMessage `json:"pull_request"`
		}
		if json.Unmarshal(raw, &head) != nil {
			continue // read by id before anything is said of it
		}
		if len(head.PullRequest) > 0 && string(head.PullRequest) != "null" {
			continue
		}
		if err := r.add(&page, head.ID, repositoryOf(head.RepositoryURL, l.Name), head.Number); err != nil {
			return page, "", err
		}
	}
	if next = nextOf(a.header); next == "" {
		return page, "", nil
	}
	if r.met[next] {
		return page, "", errShortList
	}
	r.met[next] = true
	next, err = follow(r.census.client.base, next)
	return page, next, err
}
