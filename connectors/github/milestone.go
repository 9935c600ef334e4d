package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// milestonesAge is how long a list of milestones is believed; one that a title
// is missing from is asked for again after freshness.
const milestonesAge = 5 * time.Minute

// mostMilestones bounds how many pages of milestones are read.
const mostMilestones = 20

type wireMilestone struct {
	Number int    `json:"number"`
	NodeID string `json:"node_id"`
	Title  string `json:"title"`
}

// milestones are the open ones of a repository.
type milestones struct {
	open []wireMilestone
	at   time.Time
}

func (m *milestones) find(title string) *wireMilestone {
	if i := slices.IndexFunc(m.open, func(w wireMilestone) bool { return w.Title == title }); i >= 0 {
		return &m.open[i]
	}
	return nil
}

// milestoneOf finds the milestone that an edit sets; nil where it clears it.
// Tandem creates none.
func (s *sink) milestoneOf(ctx context.Context, name string, e work.Edit) (*wireMilestone, *work.Result) {
	if e.Verb == work.ClearField {
		return nil, nil
	}
	title, key := e.Value.Text(), strings.ToLower(name)
	known := s.milestones[key]
	if known != nil && work.Fresh(known.at, s.now(), milestonesAge) {
		if m := known.find(title); m != nil {
			return m, nil
		}
	}
	if known == nil || !work.Fresh(known.at, s.now(), freshness) {
		open, err := s.client.milestones(ctx, name)
		if err != nil {
			r := s.outcome(err, false) // the issue was not touched
			r.Detail = "the milestones of " + name + ": " + r.Detail
			return nil, &r
		}
		if s.milestones == nil {
			s.milestones = map[string]*milestones{}
		}
		known = &milestones{open, s.now()}
		s.milestones[key] = known
	}
	if m := known.find(title); m != nil {
		return m, nil
	}
	var titles []string
	for _, m := range known.open {
		titles = append(titles, m.Title)
	}
	r := rejected(fmt.Sprintf("%s has no open milestone %q; %s; create it there, or correct the value", name, title, listed(titles)))
	return nil, &r
}

// listed names what there is, not more than a line of it.
func listed(titles []string) string {
	const most = 12
	switch n := len(titles); {
	case n == 0:
		return "it has none that is open"
	case n > most:
		return fmt.Sprintf("open are: %s and %d more", strings.Join(titles[:most], ", "), n-most)
	default:
		return "open are: " + strings.Join(titles, ", ")
	}
}

// milestones lists the open milestones of a repository.
func (c *client) milestones(ctx context.Context, name string) ([]wireMilestone, error) {
	var all []wireMilestone
	address := repositoryPath(name) + "/milestones?state=open&per_page=" + url.QueryEscape(fmt.Sprint(perPage))
	for range mostMilestones {
		a, err := c.get(ctx, address, "")
		if err != nil {
			return nil, err
		}
		var page []wireMilestone
		if err := a.into(&page); err != nil {
			return nil, err
		}
		all = append(all, page...)
		next := nextOf(a.header)
		if next == "" {
			return all, nil
		}
		if address, err = follow(c.base, next); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// milestoning sets the milestone of an issue; nil takes it off.
type milestoning struct{ to *wireMilestone }

func (m *milestoning) rights() string { return issueRights }

func (m *milestoning) join(act) bool { return false }

func (m *milestoning) compose(at *mutation, n int, vars map[string]any) (params []string, field string) {
	id, milestone := fmt.Sprintf("i%d", n), fmt.Sprintf("s%d", n)
	vars[id], vars[milestone] = at.at.node.ID, nil
	if m.to != nil {
		vars[milestone] = m.to.NodeID
	}
	return []string{"$" + id + ": ID!", "$" + milestone + ": ID"},
		fmt.Sprintf("updateIssue(input: {id: $%s, milestoneId: $%s}) { issue { milestone { title } } }", id, milestone)
}

func (m *milestoning) compare(at *mutation, raw json.RawMessage) error {
	var body struct {
		Issue *node `json:"issue"`
	}
	if json.Unmarshal(raw, &body) != nil || body.Issue == nil {
		return errForm
	}
	at.at.node.Milestone = body.Issue.Milestone
	at.applied(at.at.node.state(), dropped(at.at.node.Repository.Name))
	return nil
}
