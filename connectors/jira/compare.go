package jira

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// compare reads the issue and settles what needs no write. It returns the
// changes that do. Links and comments are compared when they are written: they
// do not stand in the issue.
func (s *sink) compare(ctx context.Context, group []*change) []*change {
	ask := everAsked()
	d := decoder{names: s.site.names}
	for _, c := range group {
		if c.id != "" {
			ask = append(append(ask, c.id), c.others...)
			d.columns = append(d.columns, c.column())
		}
	}
	if !slices.ContainsFunc(group, (*change).needsIssue) {
		return group
	}
	i, values, err := s.read(ctx, group[0].edit, d, ask)
	var open []*change
	for _, c := range group {
		if err != nil {
			settle(c.result, err, false, s.site.now())
			continue
		}
		c.issue = i
		if state, detail := s.opened(c.edit, i); state != "" {
			c.result.State, c.result.Detail = state, detail
			continue
		}
		if state, detail := s.displaced(c.edit, i); state != "" {
			c.result.State, c.result.Detail = state, detail
			continue
		}
		if why := s.foreign(i); why != "" {
			c.result.State, c.result.Detail = work.Rejected, why
			continue
		}
		if c.inIssue() {
			if state, detail := verdict(c.edit, values); state != "" {
				c.result.State, c.result.Detail = state, detail
				continue
			}
		}
		open = append(open, c)
	}
	return open
}

// displaced says what becomes of an edit of an issue that was moved to another
// project since the plan: in a project of the settings the next plan decides
// anew, and anywhere else nothing is written (promise S2).
func (s *sink) displaced(e work.Edit, i issue) (work.ResultState, string) {
	switch project := i.project(); {
	case !slices.Contains(s.site.config.Projects, project):
		return work.Rejected, fmt.Sprintf("%s stands in the project %s by now, which is not among projects; nothing is written there; add the project if it should be", cmp.Or(i.Key, e.Key), project)
	case e.Place != "" && e.Place != project:
		return work.Conflict, fmt.Sprintf("%s was moved from %s to %s since the plan; the next plan decides anew", cmp.Or(i.Key, e.Key), e.Place, project)
	default:
		return "", ""
	}
}

// everAsked are the fields that every read before a write asks for.
func everAsked() []string { return []string{"issuetype", "project", "security", restrictionField} }

// opened says what becomes of an edit that was planned for fewer readers than
// the issue has now: a security level was taken off since (promise S7).
func (s *sink) opened(e work.Edit, i issue) (work.ResultState, string) {
	if e.Audience != work.Restricted || !e.Tells() {
		return "", ""
	}
	restricted, err := i.restricted()
	if err != nil || restricted {
		return "", ""
	}
	return work.Conflict, cmp.Or(i.Key, e.Key) + " is not restricted any more, and the edit was planned for restricted readers; the next plan decides anew"
}

// inIssue reports whether the value is read with the issue.
func (c *change) inIssue() bool { return c.lane <= byTransition }

// needsIssue reports whether the issue is read before the write: where a
// missing link counts as removed, its issue must be seen, and a restricted one
// must still be restricted.
func (c *change) needsIssue() bool {
	return c.inIssue() || c.lane == byLink && c.edit.Verb == work.ClearField || c.edit.Audience == work.Restricted && c.edit.Tells()
}

// read reads fields and the marker of one issue, by id and not by search.
func (s *sink) read(ctx context.Context, e work.Edit, d decoder, ids []string) (issue, map[string]work.Value, error) {
	i, known := s.taken(e.Target.ID, ids)
	if !known {
		query := url.Values{"fields": {strings.Join(sorted(ids), ",")}, "properties": {markerProperty}}
		if err := s.site.client.get(ctx, issuePath(e), query, &i); err != nil {
			return issue{}, nil, err
		}
	}
	if i.ID == "" || i.Fields == nil || e.Target.ID != "" && string(i.ID) != e.Target.ID {
		return issue{}, nil, fmt.Errorf("read %s before the write: %w", e.Ref(), errForm)
	}
	values, err := d.values(i)
	if err != nil {
		return issue{}, nil, &refusedError{"what stands there is not understood: " + err.Error()}
	}
	return i, values, nil
}

// column reads the field as the record would.
func (c *change) column() column {
	native := c.edit.Target.Path
	for _, own := range columns("") {
		if own.id == c.id && own.native == native {
			return own
		}
	}
	return column{id: c.id, others: c.others, native: native, read: readerOf(native)}
}

// settleField chooses among the fields that may hold the value the one that is
// on the edit screen.
func (c *change) settleField(meta editMeta) {
	for _, id := range c.others {
		if _, ok := meta.Fields[c.id]; !ok {
			c.id = id
		}
	}
}

// verdict compares an edit with what stands there; empty means: write.
func verdict(e work.Edit, values map[string]work.Value) (work.ResultState, string) {
	stands := values[e.Target.Path]
	if e.Verb == work.AddLabel || e.Verb == work.RemoveLabel {
		if !stands.Known() {
			return work.Rejected, "the issue shows no " + e.Target.Path + "; is the field hidden in the project's field configuration?"
		}
		if other, missing := misses(stands, e.Keeps); missing {
			return work.Conflict, fmt.Sprintf("%q that was to stay in place of %q was taken off; the next plan decides anew", other, e.Target.Element)
		}
		adds := e.Verb == work.AddLabel
		other, missing := misses(stands, e.While)
		switch there := stands.Has(e.Target.Element); {
		case there == adds && !adds && missing:
			return work.Conflict, fmt.Sprintf("%q was taken off before %q took its place; the next plan decides anew", e.Target.Element, other)
		case there == adds:
			return work.Unchanged, ""
		case adds && missing:
			return work.Conflict, fmt.Sprintf("%q that %q is to replace was taken off; the next plan decides anew", other, e.Target.Element)
		}
		for other := range e.Unless.Elements {
			if stands.Has(other) {
				return work.Conflict, fmt.Sprintf("%q stands there by now; the next plan decides anew", other)
			}
		}
		return "", ""
	}
	switch {
	case !stands.Known():
		return work.Rejected, "the issue shows no value of " + e.Target.Path + " that can be compared; is the field in the project's field configuration?"
	case same(stands, wish(e)):
		return work.Unchanged, ""
	case !same(stands, e.Expect):
		return work.Conflict, fmt.Sprintf("%s is %s, the plan expected %s; the next plan decides anew", e.Target.Path, clip([]byte(stands.String())), clip([]byte(e.Expect.String())))
	default:
		return "", ""
	}
}

// misses returns the first of the labels that is not on a list.
func misses(stands, labels work.Value) (label string, missing bool) {
	for label := range labels.Elements {
		if !stands.Has(label) {
			return label, true
		}
	}
	return "", false
}

// wish is what should stand there after the edit.
func wish(e work.Edit) work.Value {
	if e.Verb == work.ClearField {
		return work.Empty()
	}
	return e.Value
}

// same reports whether two values are one: rules may spell a number or a date
// as text, and a list of one as its element.
func same(a, b work.Value) bool {
	if a == b {
		return true
	}
	if !a.Present() || !b.Present() {
		return false
	}
	if a.Kind() == work.List || b.Kind() == work.List {
		return slices.Equal(a.List(), b.List())
	}
	if x, ok := timeOf(a); ok {
		y, ok := timeOf(b)
		return ok && x.Equal(y)
	}
	return a.String() == b.String()
}

func timeOf(v work.Value) (time.Time, bool) {
	if t, ok := v.Time(); ok {
		return t, true
	}
	if v.Kind() != work.Text {
		return time.Time{}, false
	}
	return parseMoment(v.Text())
}

func issuePath(e work.Edit, below ...string) string {
	return path(append([]string{"issue", cmp.Or(e.Target.ID, e.Key)}, below...)...)
}
