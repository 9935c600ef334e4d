package jirasim

import (
	"fmt"

	"tandem/internal/sim"
)

// RenameStatus changes the name of a status as an administrator does; its id
// stays.
func (s *Site) RenameStatus(by, id, name string) error {
	return s.renamed(by, "status "+id, name, func(w *World) *string {
		return nameIn(w.Statuses, id, func(st *Status) (string, *string) { return st.ID, &st.Name })
	})
}

// RenamePriority changes the name of a priority; its id stays.
func (s *Site) RenamePriority(by, id, name string) error {
	return s.renamed(by, "priority "+id, name, func(w *World) *string {
		return nameIn(w.Priorities, id, func(p *Priority) (string, *string) { return p.ID, &p.Name })
	})
}

// RenameField changes the name of a custom field; its id stays.
func (s *Site) RenameField(by, id, name string) error {
	return s.renamed(by, "field "+id, name, func(w *World) *string {
		return nameIn(w.Fields, id, func(f *Field) (string, *string) { return f.ID, &f.Name })
	})
}

func nameIn[T any](list []T, id string, of func(*T) (id string, name *string)) *string {
	for n := range list {
		if have, name := of(&list[n]); have == id {
			return name
		}
	}
	return nil
}

// renamed changes a name that the function finds, and notes it for the log.
func (s *Site) renamed(by, ref, name string, find func(*World) *string) error {
	before := ""
	s.Administer(func(w *World) {
		if at := find(w); at != nil {
			before, *at = *at, name
		}
	})
	if before == "" {
		return fmt.Errorf("rename %s: there is none; name one that is in the world", ref)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(by, []sim.Effect{{Ref: ref, Field: "name", From: before, To: name}})
	return nil
}
