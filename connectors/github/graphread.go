package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// readFields are those of a record. What REST shows and this does not would
// look like a change.
const readFields = `id fullDatabaseId number title body state stateReason locked url createdAt updatedAt closedAt
	repository { nameWithOwner }
	author { __typename login }
	milestone { title }
	comments { totalCount }
	reactions(content: THUMBS_UP) { totalCount }
	assignees(first: 20) { nodes { login } }
	labels(first: 100) { nodes { name } }`

// graphIssue is an issue as GraphQL writes it.
type graphIssue struct {
	DatabaseID  bigID      `json:"fullDatabaseId"`
	Number      int        `json:"number"`
	Title       string     `json:"title"`
	Body        string     `json:"body"`
	State       string     `json:"state"`
	StateReason *string    `json:"stateReason"`
	Locked      bool       `json:"locked"`
	URL         string     `json:"url"`
	Created     time.Time  `json:"createdAt"`
	Updated     time.Time  `json:"updatedAt"`
	Closed      *time.Time `json:"closedAt"`
	Repository  struct {
		Name string `json:"nameWithOwner"`
	} `json:"repository"`
	Author *struct {
		Kind  string `json:"__typename"`
		Login string `json:"login"`
	} `json:"author"`
	Milestone *wireTitle `json:"milestone"`
	Comments  struct {
		Total float64 `json:"totalCount"`
	} `json:"comments"`
	Reactions struct {
		Total float64 `json:"totalCount"`
	} `json:"reactions"`
	Assignees struct {
		Nodes []wireUser `json:"nodes"`
	} `json:"assignees"`
	Labels struct {
		Nodes []wireLabel `json:"nodes"`
	} `json:"labels"`
	Parent json.RawMessage `json:"parent"`
	Type   json.RawMessage `json:"issueType"`
}

// wire turns it into what REST writes. REST spells constants small, and names
// Apps with "[bot]".
func (g graphIssue) wire() wireIssue {
	w := wireIssue{
		ID: int64(g.DatabaseID), Number: g.Number, Title: g.Title, Body: &g.Body, State: strings.ToLower(g.State), Labels: g.Labels.Nodes,
		Milestone: g.Milestone, Assignees: g.Assignees.Nodes, Created: g.Created, Updated: g.Updated, Closed: g.Closed,
		Comments: g.Comments.Total, Reactions: &wireReactions{PlusOne: g.Reactions.Total}, Locked: g.Locked,
		RepositoryURL: "/repos/" + g.Repository.Name, HTMLURL: g.URL, Type: g.Type,
	}
	var parent struct {
		Number     int `json:"number"`
		Repository struct {
			Name string `json:"nameWithOwner"`
		} `json:"repository"`
	}
	if w.Parent = g.Parent; json.Unmarshal(g.Parent, &parent) == nil && parent.Number > 0 {
		w.Parent = json.RawMessage(literal(fmt.Sprintf("/repos/%s/issues/%d", parent.Repository.Name, parent.Number)))
	}
	if g.StateReason != nil {
		reason := strings.ToLower(*g.StateReason)
		w.StateReason = &reason
	}
	if g.Author != nil {
		w.User = &wireUser{Login: g.Author.Login}
		if g.Author.Kind == "Bot" && !strings.HasSuffix(g.Author.Login, "[bot]") {
			w.User.Login += "[bot]"
		}
	}
	return w
}

// many reads issues by GraphQL, a hundred in a request. It reports false where
// that cannot be done here. Fields of the board are to be had no other way.
func (r *reader) many(ctx context.Context, refs []work.Ref) (page connectors.Page, done bool, err error) {
	if len(refs) <= fewIssues && r.board == nil || r.client.graph.absent() || r.board == nil && r.relations.onlyREST() {
		return page, false, nil
	}
	var spots []spot
	for _, ref := range refs {
		name, number, err := splitKey(ref.Key)
		if err != nil {
			return page, true, err
		}
		spots = append(spots, spot{ref.RefID, name, number})
	}
	page, denied, err := r.gather(ctx, spots)
	if r.relations.refused(err) {
		return r.many(ctx, refs)
	}
	if errors.Is(err, errNoGraphQL) {
		r.client.graph.giveUp()
		return connectors.Page{}, false, nil
	}
	if err == nil && denied != "" { // not seen is not gone (promise S5)
		err = &answerError{denied}
	}
	return page, true, err
}

// gather reads issues by GraphQL. denied says of one of them why it cannot be
// told whether it is there.
func (r *reader) gather(ctx context.Context, spots []spot) (page connectors.Page, denied string, err error) {
	all, shape, err := r.board.lookUp(ctx, r.client, spots, readFields+r.relations.byGraphQL(), shapeAge)
	if err != nil {
		return page, "", err
	}
	unseen := map[string]bool{}
	for _, s := range spots {
		f := all[s]
		if f.unseen && !unseen[s.name] {
			if err := r.unseen(ctx, s.name); err != nil {
				return page, "", err
			}
			unseen[s.name] = true
		}
		if f.unseen {
			continue
		}
		if f.denied != "" {
			denied = cmp.Or(denied, fmt.Sprintf("%s#%d: %s", s.name, s.number, f.denied))
			continue
		}
		if f.raw == nil {
			if err := r.look(ctx, &page, s); err != nil {
				return page, denied, err
			}
			continue
		}
		if err := r.add(ctx, &page, s, f.raw, shape); err != nil {
			return page, denied, err
		}
	}
	return page, denied, r.relations.settle(ctx, page.Records)
}

func (r *reader) add(ctx context.Context, page *connectors.Page, s spot, raw json.RawMessage, sh *shape) error {
	var g graphIssue
	if err := json.Unmarshal(raw, &g); err != nil {
		page.Rejects = append(page.Rejects, faultyRow(raw, s.name, err.Error()).reject(r.name, raw))
		return nil
	}
	w := g.wire()
	if s.ref.ID != "" && strconv.FormatInt(w.ID, 10) != s.ref.ID {
		return r.look(ctx, page, s) // transferred: a new issue answers
	}
	if fault := w.check(); fault != "" {
		page.Rejects = append(page.Rejects, row{where: fmt.Sprintf("%s#%d", s.name, s.number), fault: fault}.reject(r.name, raw))
		return nil
	}
	rec := w.record(r.name, s.name, work.UnknownAudience)
	if err := r.board.fill(sh, &rec, raw); err != nil {
		return err
	}
	audience, err := r.viewers.of(ctx, rec.Place)
	rec.Audience = audience
	page.Records = append(page.Records, rec)
	return err
}
