package jirasim

import (
	"fmt"
	"slices"

	"tandem/internal/sim"
)

// Create makes an issue as a person does and returns its key. ID, Key, Rank
// and times are the site's to give.
func (s *Site) Create(by string, draft Issue) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	project := s.catalog.projects[draft.Project]
	if project == nil {
		return "", fmt.Errorf("create in %q: no such project", draft.Project)
	}
	i := draft.clone()
	i.ID, i.Key, i.Version, i.History = s.nextID, fmt.Sprintf("%s-%d", project.Key, max(project.Next, 1)), 0, nil
	s.nextID++
	project.Next = max(project.Next, 1) + 1
	i.Created, i.Updated, i.Rank = s.now(), s.now(), s.after()
	if i.Creator == "" {
		i.Creator = by
	}
	s.complete(i, project, i.Rank)
	s.store(i)
	s.announceIssue(by, "jira:issue_created", i)
	s.note(by, []sim.Effect{{Ref: i.Key, Field: "issue", To: i.Summary}})
	return i.Key, nil
}

// Edit changes an issue as a person does. The function may change anything but
// id, key, times, history and version.
func (s *Site) Edit(key, by string, edit func(*Issue)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(key)
	if e == nil {
		return fmt.Errorf("edit %s: no such issue", key)
	}
	s.note(by, s.change(e, by, nil, func(i *Issue) {
		edit(i)
		i.Key, i.Project = e.Key, e.Project
	}))
	return nil
}

// Comment adds a comment as a person does.
func (s *Site) Comment(key, by, body string) error {
	return s.Edit(key, by, func(i *Issue) {
		i.Comments = append(i.Comments, Comment{ID: s.part(), Author: by, Body: body, Created: s.now(), Updated: s.now()})
	})
}

// Move takes an issue to another project and returns its new key. The old key
// still finds it.
func (s *Site) Move(key, by, to string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, project := s.find(key), s.catalog.projects[to]
	if e == nil || project == nil {
		return "", fmt.Errorf("move %s to %s: no such issue or project", key, to)
	}
	moved := fmt.Sprintf("%s-%d", project.Key, max(project.Next, 1))
	project.Next = max(project.Next, 1) + 1
	s.note(by, s.change(e, by, nil, func(i *Issue) {
		i.Key, i.Project, i.FixVersions = moved, project.Key, nil
		scheme := s.catalog.schemes[project.Scheme]
		if scheme != nil && !slices.Contains(scheme.Priorities, i.Priority) {
			i.Priority = scheme.Default
		}
	}))
	return moved, nil
}

// Delete removes an issue for good.
func (s *Site) Delete(key, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(key)
	if e == nil {
		return fmt.Errorf("delete %s: no such issue", key)
	}
	s.announceIssue(by, "jira:issue_deleted", e.Issue)
	delete(s.current, e.ID)
	s.ranks.Delete(e)
	now := s.now()
	s.index.learn(arrival{due: now.Add(s.lag(*e.Issue)), id: e.ID, version: e.Version + 1})
	s.index.catchUp(now)
	s.note(by, []sim.Effect{{Ref: e.Key, Field: "issue", From: e.Summary}})
	return nil
}

// Rank puts issues before or after another one, in the given order, as a
// person does by dragging. One of before and after names the anchor.
func (s *Site) Rank(by string, keys []string, before, after string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	moved := make([]*entry, 0, len(keys))
	for _, key := range keys {
		e := s.find(key)
		if e == nil {
			return fmt.Errorf("rank %s: no such issue", key)
		}
		moved = append(moved, e)
	}
	anchor := s.find(before + after)
	if anchor == nil || (before == "") == (after == "") {
		return fmt.Errorf("rank: name one anchor that exists, got before %q, after %q", before, after)
	}
	s.note(by, s.reorder(moved, anchor, before != "", by))
	return nil
}

// Administer changes projects, schemes, fields, people and accounts. Issues in
// the world are not looked at.
func (s *Site) Administer(change func(*World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := copyCatalog(s.catalog.world)
	change(&w)
	s.catalog = s.catalogOf(w)
	clear(s.failures)
}

func (s *Site) note(by string, effects []sim.Effect) {
	s.Log.Add(sim.Write{At: s.now(), Connector: s.Connector, Actor: s.catalog.name(by), Effects: effects})
}
