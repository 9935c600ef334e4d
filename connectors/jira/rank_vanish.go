package jira

import (
	"context"
	"encoding/json"
	"slices"
)

// vanished looks at the issues that stood in a backlog and that its search
// shows no more, by id. Most were finished or moved away; one that still
// belongs there is only hidden from the search for a while, and an order
// without it is no order: where a person put it would be forgotten (promises
// S1, S5). It says which one that is; empty if none.
func (s *site) vanished(ctx context.Context, project string, before, now []string) (string, error) {
	shown := make(map[string]bool, len(now))
	for _, id := range now {
		shown[id] = true
	}
	gone := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return shown[id] })
	if !s.config.cloud() {
		gone = gone[:min(len(gone), maxSingle)]
	}
	for chunk := range slices.Chunk(gone, maxFetch) {
		found, err := s.issuesByID(ctx, chunk, "issuetype", "project", statusField)
		if err != nil {
			return "", err
		}
		for _, i := range found {
			if i.project() == project && i.open() {
				return "it leaves out issue " + string(i.ID), nil
			}
		}
	}
	return "", nil
}

// open reports whether an issue belongs to a backlog by its status and type.
func (i issue) open() bool {
	status, err := category(i.Fields[statusField])
	var kind struct {
		Subtask bool `json:"subtask"`
	}
	return err == nil && status.Present() && status.Text() != "done" && json.Unmarshal(i.Fields["issuetype"], &kind) == nil && !kind.Subtask
}
