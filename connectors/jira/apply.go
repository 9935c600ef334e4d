package jira

import (
	"context"
	"fmt"
	"sync"

	"tandem/internal/work"
)

// sink writes.
type sink struct {
	site *site

	mu    sync.Mutex
	ahead map[string]ahead // by id
}

// Batches puts all edits of one issue into one batch: fields, labels and the
// marker become one request, and what Jira takes only by calls of its own
// (transitions, links, comments) follows it. Two edits of one target cannot
// share a batch: the later begins the next. Moves are batched apart.
func (s *sink) Batches(edits []work.Edit) [][]work.Edit {
	var batches [][]work.Edit
	var moves []work.Edit
	open := map[work.RefID]int{}   // the batch of an issue that still takes edits
	taken := map[work.Target]int{} // the batch that holds a target, plus one
	for _, e := range edits {
		if e.Verb == work.MoveInBacklog {
			moves = append(moves, e)
			continue
		}
		i, ok := open[e.Target.RefID]
		if !ok || taken[e.Target] == i+1 {
			i = len(batches)
			open[e.Target.RefID] = i
			batches = append(batches, nil)
		}
		batches[i] = append(batches[i], e)
		taken[e.Target] = i + 1
	}
	return append(batches, moveBatches(moves)...)
}

// Send writes the edits of one issue. What is wished already is Unchanged,
// what differs from the plan's expectation is a Conflict, and the rest is
// written.
func (s *sink) Send(ctx context.Context, batch []work.Edit) []work.Result {
	results := make([]work.Result, len(batch))
	if len(batch) > 0 && batch[0].Verb == work.MoveInBacklog {
		var run []*change
		for i, e := range batch {
			results[i].EditID = e.ID
			run = append(run, &change{edit: e, result: &results[i]})
		}
		if len(s.refuseClaimed(ctx, run)) < len(run) {
			return results
		}
		return s.move(ctx, batch)
	}
	var changes []*change
	for i, e := range batch {
		results[i].EditID = e.ID
		c := &change{edit: e, result: &results[i]}
		if fault := s.prepare(ctx, c); fault == nil {
			changes = append(changes, c)
		}
	}
	for _, group := range byIssue(s.refuseClaimed(ctx, changes)) {
		s.issue(ctx, group)
	}
	return results
}

// lane is the kind of request by which a change goes.
type lane int

// The lanes, in the order in which they are sent.
const (
	byEdit       lane = iota // fields, labels and the marker: one PUT
	byUnmark                 // the marker is removed
	byTransition             // the status
	byLink                   // the link to the twin
	byComment                // the comment
)

// change is one edit on its way.
type change struct {
	edit   work.Edit
	lane   lane
	id     string   // Jira's id of the field; empty where it is no field
	others []string // further fields that hold the value in other projects
	result *work.Result
	issue  issue // as it was read right before the write
	// stale tells that the issue was written since.
	stale bool
}

// reject sets the edit aside for good.
func (c *change) reject(format string, args ...any) {
	c.result.State, c.result.Detail = work.Rejected, fmt.Sprintf(format, args...)
}

func byIssue(changes []*change) [][]*change {
	var groups [][]*change
	index := map[string]int{}
	for _, c := range changes {
		i, ok := index[c.edit.Target.ID]
		if !ok {
			i = len(groups)
			index[c.edit.Target.ID] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

// issue writes what goes in one request, and then the rest, one by one. Where
// a request is put off or its answer is lost, the later ones wait.
func (s *sink) issue(ctx context.Context, group []*change) {
	var edits, others []*change
	for _, c := range s.compare(ctx, group) {
		if c.lane == byEdit {
			edits = append(edits, c)
		} else {
			others = append(others, c)
		}
	}
	if len(edits) > 0 {
		s.write(ctx, edits)
	}
	sent := edits
	for l := byUnmark; l <= byComment; l++ {
		for _, c := range others {
			if c.lane != l {
				continue
			}
			if before := stuck(sent); before != nil {
				s.wait(c, before)
				continue
			}
			c.stale = len(sent) > 0
			s.send(ctx, c)
			sent = append(sent, c)
		}
	}
}

// send makes a change that has calls of its own.
func (s *sink) send(ctx context.Context, c *change) {
	switch c.lane {
	case byUnmark:
		s.unmark(ctx, c)
	case byTransition:
		s.transit(ctx, c)
	case byLink:
		s.link(ctx, c)
	default:
		s.comment(ctx, c)
	}
}

// stuck returns the result after which nothing more is sent to the issue.
func stuck(sent []*change) *work.Result {
	for _, c := range sent {
		if c.result.State == work.Deferred || c.result.State == work.Uncertain {
			return c.result
		}
	}
	return nil
}

// wait puts a change off behind another one.
func (s *sink) wait(c *change, before *work.Result) {
	*c.result = work.Result{EditID: c.edit.ID, State: work.Deferred, Until: before.Until, Scope: before.Scope, Detail: "waits for the edit before it: " + before.Detail}
	if before.State == work.Uncertain {
		c.result.Until, c.result.Scope = s.site.now().Add(pauseAfterFailure), "issue"
	}
}
