package jira

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tandem/internal/work"
)

// aheadFor is how long an issue that was read with many others stands in for
// the read right before its write. What a person changes within it would be
// overwritten; a hundred issues are written in a few seconds.
const aheadFor = 10 * time.Second

// ahead is an issue that was read together with others.
type ahead struct {
	issue  issue
	fields []string // that were asked for, sorted
	at     time.Time
}

// Prepare reads the issues of many edits in few calls, so that each write needs
// no read of its own. Data Center knows no such call.
func (s *sink) Prepare(ctx context.Context, edits []work.Edit) {
	if !s.site.config.cloud() {
		return
	}
	ask, ids := everAsked(), map[string]bool{}
	for _, e := range edits {
		c := &change{edit: e, result: &work.Result{}}
		if e.Verb == work.MoveInBacklog || e.Target.ID == "" || s.prepare(ctx, c) != nil || !c.needsIssue() {
			continue
		}
		if c.lane == byTransition {
			continue // which way leads to a status depends on where the issue stands right before
		}
		ids[e.Target.ID] = true
		if c.id != "" {
			ask = append(append(ask, c.id), c.others...)
		}
	}
	if len(ids) < 2 {
		return
	}
	ask = sorted(ask)
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(ids)), maxFetch) {
		var a bulkAnswer
		body := map[string]any{"issueIdsOrKeys": chunk, "fields": ask, "properties": []string{markerProperty}}
		if s.site.client.ask(ctx, path("issue", "bulkfetch"), body, &a) != nil {
			return
		}
		s.keep(a.Issues, ask)
	}
}

func (s *sink) keep(raw []json.RawMessage, fields []string) {
	now := s.site.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ahead == nil {
		s.ahead = map[string]ahead{}
	}
	maps.DeleteFunc(s.ahead, func(_ string, a ahead) bool { return !work.Fresh(a.at, now, aheadFor) })
	for _, one := range raw {
		var i issue
		if json.Unmarshal(one, &i) == nil && i.ID != "" && i.Fields != nil {
			s.ahead[string(i.ID)] = ahead{i, fields, now}
		}
	}
}

// taken returns an issue that was read ahead, once: after a write it is of no
// use any more.
func (s *sink) taken(id string, fields []string) (issue, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.ahead[id]
	delete(s.ahead, id)
	for _, f := range fields {
		if _, asked := slices.BinarySearch(a.fields, f); !asked {
			return issue{}, false
		}
	}
	return a.issue, ok && work.Fresh(a.at, s.site.now(), aheadFor)
}
