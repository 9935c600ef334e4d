package githubsim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/sim"
)

// Create makes an issue as a person does and returns its key. ID, Number and
// times are the site's to give.
func (s *Site) Create(by string, draft Issue) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(draft.Repository)
	if r == nil {
		return "", fmt.Errorf("create in %q: no such repository", draft.Repository)
	}
	i, effects := s.create(r, by, draft)
	s.note(by, effects)
	return i.Key(), nil
}

// create makes an issue. Callers hold the lock.
func (s *Site) create(r *repository, by string, draft Issue) (*Issue, []sim.Effect) {
	i := draft.clone()
	i.ID, i.NodeID, i.Number, i.Events = 0, "", r.next, nil
	i.Created, i.Updated = s.now(), s.now()
	if i.Author == "" {
		i.Author = by
	}
	s.complete(r, i)
	for _, l := range r.labelled(i) {
		i.Events = append(i.Events, Event{ID: next(&s.ids.event), Kind: "labeled", Actor: by, At: s.now(), Label: l.Name, Color: l.Color})
	}
	r.put(i)
	s.announce("issues", "opened", by, r, map[string]any{"issue": i})
	return i, []sim.Effect{{Ref: i.Key(), Field: "issue", To: i.Title}}
}

// Edit changes an issue as a person does, and moves its updated_at. The
// function may change anything but what names the issue, its times and its
// events. A comment without ID is a new one.
func (s *Site) Edit(key, by string, edit func(*Issue)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, i, err := s.find(key)
	if err != nil {
		return fmt.Errorf("edit %w", err)
	}
	s.note(by, s.change(r, i, by, edit))
	return nil
}

// Comment adds a comment as a person does.
func (s *Site) Comment(key, by, body string) error {
	return s.Edit(key, by, func(i *Issue) { i.Comments = append(i.Comments, Comment{Body: body}) })
}

// Delete removes an issue for good. Its number is never used again.
func (s *Site) Delete(key, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, i, err := s.find(key)
	if err != nil {
		return fmt.Errorf("delete %w", err)
	}
	r.take(i.Number)
	r.gone[i.Number] = grave{}
	s.announce("issues", "deleted", by, r, map[string]any{"issue": i})
	s.note(by, []sim.Effect{{Ref: i.Key(), Field: "issue", From: i.Title}})
	return nil
}

// Transfer takes an issue to another repository and returns its new key. It
// gets a new number and id; comments and assignees stay, labels and the
// milestone only where the other repository has the same.
func (s *Site) Transfer(key, by, to string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, i, err := s.find(key)
	if err != nil {
		return "", fmt.Errorf("transfer %w", err)
	}
	r := s.repository(to)
	if r == nil || r == from {
		return "", fmt.Errorf("transfer %s to %q: no such other repository", key, to)
	}
	moved := i.clone()
	moved.ID, moved.NodeID, moved.Number, moved.Updated = 0, "", r.next, s.now()
	moved.Labels = slices.DeleteFunc(moved.Labels, func(name string) bool { return r.labels[fold(name)] == nil })
	moved.Milestone = r.twin(from.milestones[i.Milestone])
	s.complete(r, moved)
	from.take(i.Number)
	from.gone[i.Number] = grave{repository: r.ID, number: int64(moved.Number)}
	r.put(moved)
	a := s.announcer()
	s.announce("issues", "transferred", by, from, map[string]any{
		"issue": i, "changes": map[string]any{"new_issue": a.show(r, moved), "new_repository": a.repositoryView(r)},
	})
	s.announce("issues", "opened", by, r, map[string]any{"issue": moved})
	s.note(by, []sim.Effect{{Ref: key, Field: "issue", From: i.Title}, {Ref: moved.Key(), Field: "issue", To: i.Title}})
	return moved.Key(), nil
}

// twin returns the number of the milestone with the same title and due date.
func (r *repository) twin(m *Milestone) int {
	for number, other := range r.milestones {
		if m != nil && other.Title == m.Title && other.Due.Equal(m.Due) {
			return number
		}
	}
	return 0
}

// RenameRepository gives a repository another name. The old one redirects
// until another repository takes it.
func (s *Site) RenameRepository(name, to string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(name)
	if r == nil || !strings.Contains(to, "/") {
		return fmt.Errorf("rename %s to %s: no such repository, or not owner/name", name, to)
	}
	if s.repository(to) != nil && !s.former[fold(to)] {
		return fmt.Errorf("rename %s to %s: the name is taken", name, to)
	}
	s.former[fold(r.Name)] = true
	delete(s.former, fold(to))
	s.names[fold(to)] = r.ID
	r.Name = to
	for _, i := range r.issues {
		renamed := i.clone()
		renamed.Repository = to
		r.issues[i.Number] = renamed
	}
	r.index()
	return nil
}

// AddRepository makes a new repository.
func (s *Site) AddRepository(r Repository) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seedRepository(r)
}

// Configure changes a repository's settings: description, privacy, archiving,
// access and whether it has issues. Its name and contents stay.
func (s *Site) Configure(name string, change func(*Repository)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(name)
	if r == nil {
		return fmt.Errorf("configure %s: no such repository", name)
	}
	c := r.Repository
	change(&c)
	c.ID, c.Name, c.Labels, c.Milestones, c.Next = r.ID, r.Name, nil, nil, 0
	was := r.Private
	r.Repository = c
	if was != r.Private {
		s.announce("repository", map[bool]string{true: "privatized", false: "publicized"}[r.Private], "ghost", r, nil)
	}
	return nil
}

// EditLabel changes a label's definition as a person does. Issues follow a new
// name, and their updated_at stays.
func (s *Site) EditLabel(repository, label, by string, edit func(*Label)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(repository)
	if r == nil || r.labels[fold(label)] == nil {
		return fmt.Errorf("edit label %q of %s: no such label", label, repository)
	}
	changed := *r.labels[fold(label)]
	edit(&changed)
	if other := r.labels[fold(changed.Name)]; other != nil && other != r.labels[fold(label)] {
		return fmt.Errorf("edit label %q of %s: the name %q is taken", label, repository, changed.Name)
	}
	s.announce("label", "edited", by, r, map[string]any{"label": map[string]any{"name": changed.Name}})
	s.note(by, r.redefine(r.labels[fold(label)], changed))
	return nil
}

// DeleteLabel removes a label from its repository and from all issues, whose
// updated_at stays.
func (s *Site) DeleteLabel(repository, label, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(repository)
	if r == nil || r.labels[fold(label)] == nil {
		return fmt.Errorf("delete label %q of %s: no such label", label, repository)
	}
	s.announce("label", "deleted", by, r, map[string]any{"label": map[string]any{"name": label}})
	s.note(by, r.undefine(r.labels[fold(label)]))
	return nil
}

// EditMilestone changes a milestone as a person does. Issues follow, and their
// updated_at stays.
func (s *Site) EditMilestone(repository string, number int, by string, edit func(*Milestone)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(repository)
	if r == nil || r.milestones[number] == nil {
		return fmt.Errorf("edit milestone %d of %s: no such milestone", number, repository)
	}
	m := r.milestones[number]
	changed := *m
	edit(&changed)
	changed.ID, changed.Number, changed.Updated = m.ID, m.Number, s.now()
	s.note(by, []sim.Effect{{Ref: r.Name, Field: "milestone " + m.Title, From: m.Title, To: changed.Title}})
	*m = changed
	s.announce("milestone", "edited", by, r, map[string]any{"milestone": map[string]any{"number": m.Number, "title": m.Title}})
	return nil
}

// DeleteMilestone removes a milestone from its repository and from all issues,
// whose updated_at stays.
func (s *Site) DeleteMilestone(repository string, number int, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repository(repository)
	if r == nil || r.milestones[number] == nil {
		return fmt.Errorf("delete milestone %d of %s: no such milestone", number, repository)
	}
	m := r.milestones[number]
	for _, i := range slices.Collect(maps.Values(r.issues)) {
		if i.Milestone == number {
			after := i.clone()
			after.Milestone = 0
			r.put(after)
		}
	}
	delete(r.milestones, number)
	s.note(by, []sim.Effect{{Ref: r.Name, Field: "milestone " + m.Title, From: m.Title}})
	s.announce("milestone", "deleted", by, r, map[string]any{"milestone": map[string]any{"number": m.Number, "title": m.Title}})
	return nil
}

// SetAccounts replaces the accounts, as when a token is revoked or renewed.
func (s *Site) SetAccounts(accounts ...Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts = slices.Clone(accounts)
}

func (s *Site) note(by string, effects []sim.Effect) {
	s.Log.Add(sim.Write{At: s.now(), Connector: s.Connector, Actor: by, Effects: effects})
}
