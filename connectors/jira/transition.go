package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tandem/internal/work"
)

// statusField is the field that only transitions change.
const statusField = "status"

// transit leads an issue to the status of the edit, by the transitions that
// the account may take. Each is asked for once and never again: where its
// answer is lost, the next cycle reads the issue first. Before and after each
// the issue is read, and where it stands elsewhere than expected, the rest is
// left to the next plan.
func (s *sink) transit(ctx context.Context, c *change) {
	t := &transition{sink: s, change: c, been: map[string]bool{}}
	if err := t.begin(ctx); err != nil || c.result.State != "" {
		t.fail(err)
		return
	}
	for !t.arrived() {
		next, err := t.next(ctx)
		if err != nil || next == nil {
			t.fail(err)
			return
		}
		if !t.hop(ctx, next) {
			return
		}
	}
	c.result.State, c.result.Detail = work.Applied, strings.Join(t.path, ", then ")
	if len(t.path) == 1 {
		c.result.Detail = ""
	}
}

// transition is one issue on its way to a status.
type transition struct {
	*sink
	*change
	at   named           // the status in which it stands
	been map[string]bool // statuses that it has left
	path []string        // transitions that were made
}

// is reports whether a status is the wished one: by the name that rules know,
// which survives a renaming, or by its id.
func (t *transition) is(status named) bool {
	wish := t.edit.Value.Text()
	return strings.EqualFold(t.name(status), wish) || string(status.ID) == wish
}

// name is what rules call a status.
func (t *transition) name(status named) string {
	return t.site.names.follow(statusField, string(status.ID), status.Name)
}

func (t *transition) arrived() bool { return t.is(t.at) }

// fail settles a change that no request was under way for.
func (t *transition) fail(err error) {
	if err == nil {
		return
	}
	settle(t.result, err, false, t.site.now())
	t.tellPath()
}

// tellPath says how far the issue came.
func (t *transition) tellPath() {
	if len(t.path) > 0 {
		t.result.Detail += fmt.Sprintf("; %s came as far as %q by %s", t.edit.Key, t.at.Name, strings.Join(t.path, ", then "))
	}
}

// begin finds out where the issue stands, anew where it was written since it
// was compared.
func (t *transition) begin(ctx context.Context) error {
	if t.stale {
		return t.look(ctx)
	}
	if json.Unmarshal(t.change.issue.Fields[statusField], &t.at) != nil || t.at.ID == "" {
		return &refusedError{"the issue shows no status"}
	}
	return nil
}

// look reads where the issue stands. Before the first transition, another
// status than the plan's is a Conflict.
func (t *transition) look(ctx context.Context) error {
	i, _, err := t.read(ctx, t.edit, decoder{}, []string{statusField, "issuetype", "project"})
	if err != nil {
		return err
	}
	var now named
	if json.Unmarshal(i.Fields[statusField], &now) != nil || now.ID == "" {
		return &refusedError{"the issue shows no status"}
	}
	t.change.issue, t.at = i, now
	if len(t.path) == 0 && !t.is(now) && !same(work.NewText(t.name(now)), t.edit.Expect) {
		t.result.State, t.result.Detail = work.Conflict, fmt.Sprintf("status is %s, the plan expected %s; the next plan decides anew", t.name(now), t.edit.Expect)
	}
	return nil
}

// next returns the transition to take now; nil with a settled change where
// there is none.
func (t *transition) next(ctx context.Context) (*way, error) {
	ways, err := t.site.ways(ctx, string(t.change.issue.ID))
	if err != nil {
		return nil, err
	}
	for {
		key := t.change.issue.metaKey()
		known := t.site.learned(key)
		known.see(t.at, ways)
		step, blocked, err := known.route(t.at, maxHops-len(t.path), t.been, t.is, func(status string) ([]way, error) {
			if key == "" {
				return nil, nil
			}
			return t.site.sample(ctx, t.change.issue.project(), t.change.issue.kind(), status)
		})
		if err != nil {
			return nil, err
		}
		if step != nil {
			t.site.keep(key, known)
			return step, nil
		}
		if t.site.unlearn(key) { // the workflow may have changed since
			continue
		}
		t.reject("%s", t.noWay(known, blocked, len(ways)))
		t.tellPath()
		return nil, nil
	}
}

// noWay says why the status cannot be reached.
func (t *transition) noWay(known *flow, blocked []way, offered int) string {
	wish := t.edit.Value.Text()
	if len(blocked) > 0 {
		w := blocked[0]
		return fmt.Sprintf("the transition %q of %s to %q demands %s, which Tandem never guesses; do it by hand, or give the field a default or a post function in the workflow",
			w.Name, t.edit.Key, wish, strings.Join(w.demands(), ", "))
	}
	if offered == 0 {
		return fmt.Sprintf("%s offers this account no transition from %q; give it the permission Transition issues, or look at the conditions of the workflow", t.edit.Key, t.at.Name)
	}
	return fmt.Sprintf("no way of at most %d transitions without required fields leads %s from %q to %q; statuses that were found: %s; map the value to one of these under by_project, or do it by hand",
		maxHops, t.edit.Key, t.at.Name, wish, known.statuses())
}

// hop makes one transition and reports whether the issue stands where it
// leads.
func (t *transition) hop(ctx context.Context, w *way) bool {
	if err := ctx.Err(); err != nil {
		t.fail(&notSentError{err})
		return false
	}
	body := map[string]any{"transition": map[string]string{"id": string(w.ID)}}
	if i := t.change.issue; signs(t.edit) && t.site.unsigned(i) {
		body["properties"] = []property{t.site.marking(i, i.mark().Twin)}
	}
	err := t.site.client.change(ctx, http.MethodPost, issuePath(t.edit, "transitions"), body, http.StatusNoContent, http.StatusOK)
	if err != nil {
		settle(t.result, err, true, t.site.now())
		t.result.Detail = fmt.Sprintf("transition %q: %s", w.Name, t.result.Detail)
		t.tellPath()
		return false
	}
	t.been[string(t.at.ID)] = true
	t.path = append(t.path, fmt.Sprintf("%q", w.Name))
	if err := t.look(ctx); err != nil {
		t.result.State, t.result.Detail = work.Uncertain, fmt.Sprintf("the transition %q was made, but the issue could not be read again: %v", w.Name, err)
		return false
	}
	if t.at.ID != w.To.ID && !t.arrived() {
		t.result.State = work.Conflict
		t.result.Detail = fmt.Sprintf("after the transition %q %s stands in %q, not %q: somebody, or an automation, moved it; the next plan decides anew", w.Name, t.edit.Key, t.at.Name, w.To.Name)
		return false
	}
	return true
}
