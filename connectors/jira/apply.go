package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tandem/internal/work"
)

// sink writes single values.
type sink struct{ site *site }

// Batches puts all edits of one issue into one request. Two edits of one
// target cannot share one: the later begins the next.
func (s *sink) Batches(edits []work.Edit) [][]work.Edit {
	var batches [][]work.Edit
	var moves []work.Edit
	open := map[work.RefID]int{} // the batch of an issue that still takes edits
	for _, e := range edits {
		if e.Verb == work.MoveInBacklog {
			moves = append(moves, e)
			continue
		}
		i, ok := open[e.Target.RefID]
		if !ok || slices.ContainsFunc(batches[i], func(o work.Edit) bool { return o.Target == e.Target }) {
			i = len(batches)
			open[e.Target.RefID] = i
			batches = append(batches, nil)
		}
		batches[i] = append(batches[i], e)
	}
	return append(batches, moveBatches(moves)...)
}

// Send writes the edits of one issue. What is wished already is Unchanged,
// what differs from the plan's expectation is a Conflict, and the rest goes in
// one request.
func (s *sink) Send(ctx context.Context, batch []work.Edit) []work.Result {
	if len(batch) > 0 && batch[0].Verb == work.MoveInBacklog {
		return s.move(ctx, batch)
	}
	results := make([]work.Result, len(batch))
	var changes []*change
	for i, e := range batch {
		results[i].EditID = e.ID
		c := &change{edit: e, result: &results[i]}
		if fault := s.prepare(ctx, c); fault == nil {
			changes = append(changes, c)
		}
	}
	for _, group := range byIssue(changes) {
		s.write(ctx, s.compare(ctx, group))
	}
	return results
}

// change is one edit on its way.
type change struct {
	edit   work.Edit
	id     string // Jira's id of the field
	result *work.Result
	issue  issue // as it was read right before the write
}

// reject sets the edit aside for good.
func (c *change) reject(detail string) {
	c.result.State, c.result.Detail = work.Rejected, detail
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

// prepare finds out which field an edit means, and refuses what this connector
// never writes. A non-nil error is in the result already.
func (s *sink) prepare(ctx context.Context, c *change) error {
	if fault := refusal(c.edit); fault != "" {
		c.reject(fault)
		return fmt.Errorf("refuse edit %s: %s", c.edit.ID, fault)
	}
	id, err := s.site.resolve(ctx, c.edit.Target.Path)
	if err != nil {
		settle(c.result, err, false, s.site.now())
		return err
	}
	c.id = id
	return nil
}

// refusal says why an edit is none of ours; empty if it is.
func refusal(e work.Edit) string {
	path := e.Target.Path
	switch e.Verb {
	case work.AddLabel, work.RemoveLabel:
		switch label := e.Target.Element; {
		case path != work.NativeLabels:
			return strconv.Quote(path) + " holds no labels"
		case label == "":
			return "the edit names no label"
		case strings.ContainsFunc(label, unicode.IsSpace):
			return "the label " + strconv.Quote(label) + " contains a space, which Jira refuses; spell it without"
		case len([]rune(label)) > maxLabel:
			return fmt.Sprintf("the label %.40q… is longer than %d characters", label, maxLabel)
		}
		return ""
	case work.SetField, work.ClearField:
		field, ok := schema().Field(path)
		if !ok || !field.Writable || path == work.NativeLabels {
			return "jira does not write the field " + strconv.Quote(path) + "; it writes priority, labels and custom fields"
		}
		if e.Verb == work.SetField && !e.Value.Present() {
			return "the edit holds no value; clearing is a verb of its own"
		}
		return ""
	default:
		return "jira does not know the verb " + strconv.Quote(string(e.Verb))
	}
}

// compare reads the issue and settles what needs no write. It returns the
// changes that do.
func (s *sink) compare(ctx context.Context, group []*change) []*change {
	ids := []string{"issuetype", "project"}
	d := decoder{}
	for _, c := range group {
		ids = append(ids, c.id)
		d.columns = append(d.columns, columnFor(c.id, c.edit.Target.Path))
	}
	i, values, err := s.read(ctx, group[0].edit, d, ids)
	var open []*change
	for _, c := range group {
		if err != nil {
			settle(c.result, err, false, s.site.now())
			continue
		}
		c.issue = i
		if state, detail := verdict(c.edit, values); state != "" {
			c.result.State, c.result.Detail = state, detail
			continue
		}
		open = append(open, c)
	}
	return open
}

// read reads the fields of one issue, by id and not by search.
func (s *sink) read(ctx context.Context, e work.Edit, d decoder, ids []string) (issue, map[string]work.Value, error) {
	var i issue
	err := s.site.client.get(ctx, issuePath(e), url.Values{"fields": {strings.Join(sorted(ids), ",")}}, &i)
	if err != nil {
		return issue{}, nil, err
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

// columnFor reads one field as the record would.
func columnFor(id, native string) column {
	for _, c := range columns("") {
		if c.id == id && c.native == native {
			return c
		}
	}
	return column{id: id, native: native, read: anyValue}
}

// verdict compares an edit with what stands there; empty means: write.
func verdict(e work.Edit, values map[string]work.Value) (work.ResultState, string) {
	stands := values[e.Target.Path]
	if e.Verb == work.AddLabel || e.Verb == work.RemoveLabel {
		if !stands.Known() {
			return work.Rejected, "the issue shows no labels; is the field hidden in the project's field configuration?"
		}
		if stands.Has(e.Target.Element) == (e.Verb == work.AddLabel) {
			return work.Unchanged, ""
		}
		return "", ""
	}
	wish := e.Value
	if e.Verb == work.ClearField {
		wish = work.Empty()
	}
	switch {
	case !stands.Known():
		return work.Rejected, "the issue shows no value of " + e.Target.Path + " that can be compared; is the field in the project's field configuration?"
	case same(stands, wish):
		return work.Unchanged, ""
	case !same(stands, e.Expect):
		return work.Conflict, fmt.Sprintf("%s is %s, the plan expected %s; the next plan decides anew", e.Target.Path, clip([]byte(stands.String())), clip([]byte(e.Expect.String())))
	default:
		return "", ""
	}
}

// same reports whether two values are one: rules may spell a number or a date
// as text.
func same(a, b work.Value) bool {
	if a == b {
		return true
	}
	if !a.Present() || !b.Present() {
		return false
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

func issuePath(e work.Edit) string { return path("issue", cmp.Or(e.Target.ID, e.Key)) }

// fieldMessages are the messages of a 400 by field.
func fieldMessages(err error) map[string]string {
	e, ok := statusOf(err)
	if !ok || e.Status != http.StatusBadRequest {
		return nil
	}
	var body struct {
		Errors map[string]any `json:"errors"`
	}
	if json.Unmarshal(e.Raw(), &body) != nil {
		return nil
	}
	messages := make(map[string]string, len(body.Errors))
	for field, what := range body.Errors {
		messages[field] = fmt.Sprint(what)
	}
	return messages
}
