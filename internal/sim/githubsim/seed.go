package githubsim

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// seedRepository completes and stores one repository.
func (s *Site) seedRepository(r Repository) error {
	if owner, name, ok := strings.Cut(r.Name, "/"); !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return fmt.Errorf("repository %q: write the name as owner/name", r.Name)
	}
	if s.repository(r.Name) != nil && !s.former[fold(r.Name)] {
		return fmt.Errorf("repository %s: name is used twice", r.Name)
	}
	if r.ID == 0 {
		r.ID = next(&s.ids.repository)
	}
	if s.repositories[r.ID] != nil {
		return fmt.Errorf("repository %s: id %d is used twice", r.Name, r.ID)
	}
	r.Created = orTime(r.Created, s.now())
	live := newRepository(r)
	for _, l := range r.Labels {
		if live.labels[fold(l.Name)] != nil {
			return fmt.Errorf("repository %s: label %q is there twice; names are unique ignoring case", r.Name, l.Name)
		}
		s.define(live, l)
	}
	for n, m := range r.Milestones {
		m.Number = cmp.Or(m.Number, n+1)
		if m.ID == 0 {
			m.ID = next(&s.ids.milestone)
		}
		m.State = cmp.Or(m.State, Open)
		m.Created = orTime(m.Created, r.Created).Truncate(time.Second)
		m.Updated = orTime(m.Updated, m.Created).Truncate(time.Second)
		live.milestones[m.Number] = &m
	}
	s.repositories[r.ID], s.names[fold(r.Name)] = live, r.ID
	delete(s.former, fold(r.Name))
	return nil
}

// seed completes and stores one issue of the first world.
func (s *Site) seed(i *Issue) error {
	r := s.repository(i.Repository)
	if r == nil {
		return fmt.Errorf("issue %s: repository %q is not in the world; add it to Repositories", i.Title, i.Repository)
	}
	if i.Number == 0 {
		i.Number = r.next
	}
	if r.issues[i.Number] != nil {
		return fmt.Errorf("issue %s: number is used twice", i.Key())
	}
	if i.Milestone != 0 && r.milestones[i.Milestone] == nil {
		return fmt.Errorf("issue %s: milestone %d is not in the repository; add it to Milestones", i.Key(), i.Milestone)
	}
	s.complete(r, i)
	r.keep(i)
	s.depend(r, i)
	return nil
}

// complete fills in what every issue must have.
func (s *Site) complete(r *repository, i *Issue) {
	i.Repository = r.Name
	if i.ID == 0 {
		i.ID = next(&s.ids.issue)
	}
	if i.NodeID == "" {
		i.NodeID = nodeID("I", r.ID, i.ID)
	}
	i.Created = orTime(i.Created, orTime(i.Updated, s.now())).UTC().Truncate(time.Second)
	i.Updated = orTime(i.Updated, i.Created).UTC().Truncate(time.Second)
	i.State = cmp.Or(i.State, Open)
	i.Author = cmp.Or(i.Author, "ghost")
	if i.State == Closed {
		i.Closed = orTime(i.Closed, i.Updated).UTC().Truncate(time.Second)
		i.StateReason = cmp.Or(i.StateReason, "completed")
		if i.PullRequest {
			i.StateReason = ""
		}
	}
	i.Labels = s.labels(r, i.Labels)
	for n := range i.Comments {
		c := &i.Comments[n]
		if c.ID == 0 {
			c.ID = next(&s.ids.comment)
		}
		c.Created = orTime(c.Created, i.Updated).UTC().Truncate(time.Second)
		c.Updated = orTime(c.Updated, c.Created).UTC().Truncate(time.Second)
	}
	for n := range i.Events {
		if i.Events[n].ID == 0 {
			i.Events[n].ID = next(&s.ids.event)
		}
	}
}

func orTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}
