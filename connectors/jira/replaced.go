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

	"tandem/internal/work"
)

// historian tells what our writes replaced: a PUT knows no condition, and what
// a person set since the issue was read is gone without a word. The changelog
// has it.
type historian struct{ site *site }

// single is an edit of a single value and the fields that may hold it.
type single struct {
	edit    work.Edit
	watches []watch
}

// Replaced looks into the changelogs of the issues.
func (h *historian) Replaced(ctx context.Context, edits []work.Edit) ([]work.Replaced, error) {
	var all []work.Replaced
	err := h.look(ctx, edits, func(s single, logs []history, me string) {
		if r, ok := s.replaced(logs, me, h.site.names); ok {
			all = append(all, r)
		}
	})
	return all, err
}

// Later looks into the changelogs of the issues.
func (h *historian) Later(ctx context.Context, edits []work.Edit) ([]work.Later, error) {
	var all []work.Later
	err := h.look(ctx, edits, func(s single, logs []history, me string) {
		changes := s.changes(logs)
		if n := len(changes); n > 0 && changes[n-1].by != me {
			later := work.Later{EditID: s.edit.ID, By: changes[n-1].by, At: changes[n-1].at}
			for _, c := range slices.Backward(changes) {
				if c.by == me && s.led(c.item.to(), h.site.names) {
					later.Wrote = c.at
					break
				}
			}
			all = append(all, later)
		}
	})
	return all, err
}

// look reads the changelogs of the issues: on Cloud one call for up to 1,000
// issues and ten fields, on Data Center one for each issue. Where they may not be
// read it looks at nothing, and says so in the log.
func (h *historian) look(ctx context.Context, edits []work.Edit, at func(s single, logs []history, me string)) error {
	singles, err := h.singles(ctx, edits)
	if err != nil || len(singles) == 0 {
		return err
	}
	me, err := h.site.self(ctx)
	if err != nil {
		return err
	}
	read := h.site.logsOfAll
	if !h.site.config.cloud() {
		read = h.site.logsOfEach
	}
	logs, err := read(ctx, singles)
	if isRefusal(err) {
		h.site.log.WarnContext(ctx, "whether a change of a person was written over is not known", "count", len(singles), "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	for _, s := range singles {
		at(s, logs[s.edit.Target.ID], me)
	}
	return nil
}

// singles are the edits that replace one value by another.
func (h *historian) singles(ctx context.Context, edits []work.Edit) ([]single, error) {
	var singles []single
	for _, e := range edits {
		one := e.Verb == work.SetField || e.Verb == work.ClearField
		lane := laneOf(e)
		if !one || e.Target.ID == "" || e.Target.Path == work.NativeMarker || lane != byEdit && lane != byTransition || e.Value.Kind() == work.List {
			continue
		}
		watches, err := h.site.watchesOf(ctx, e.Target.Path)
		if err != nil {
			return nil, err
		}
		if len(watches) > 0 {
			singles = append(singles, single{e, watches})
		}
	}
	return singles, nil
}

// entry is one change of one field.
type entry struct {
	by      string
	at      time.Time
	id      int64
	item    historyItem
	nothing bool
}

// replaced finds what the edit replaced; false where the changelog does not
// end with the edit.
func (s single) replaced(histories []history, me string, names *nameBook) (work.Replaced, bool) {
	last, before := s.newest(histories)
	if last.nothing || last.by != me || !before.nothing && before.by == me {
		return work.Replaced{}, false
	}
	from, to := last.item.from(), last.item.to()
	for _, n := range []*named{&from, &to} {
		n.Name = names.called(s.edit.Target.Path, string(n.ID), n.Name)
	}
	r := work.Replaced{EditID: s.edit.ID, Written: last.at}
	if !before.nothing {
		r.By, r.At = before.by, before.at
	}
	byID, written := spelledBy(to, s.edit.Value, s.edit.Verb == work.ClearField)
	if !written {
		return work.Replaced{}, false
	}
	switch {
	case from.ID == "" && from.Name == "":
		r.Value = work.Empty()
	case from.Name != "" && same(readAs(from.Name, s.edit), s.edit.Expect), from.ID != "" && same(readAs(string(from.ID), s.edit), s.edit.Expect):
		r.Value = s.edit.Expect
	case byID:
		r.Value = readAs(string(from.ID), s.edit)
	default:
		r.Value = readAs(from.Name, s.edit)
	}
	return r, true
}

// led reports whether a change led to what the edit writes.
func (s single) led(to named, names *nameBook) bool {
	to.Name = names.called(s.edit.Target.Path, string(to.ID), to.Name)
	_, written := spelledBy(to, s.edit.Value, s.edit.Verb == work.ClearField)
	return written
}

// spelledBy reports whether a change led to the value, and whether the value is
// the id in the changelog rather than the name, as those of people are.
func spelledBy(to named, value work.Value, cleared bool) (byID, written bool) {
	if cleared || !value.Present() {
		return false, to.ID == "" && to.Name == ""
	}
	e := work.Edit{Value: value}
	if same(readAs(to.Name, e), value) {
		return false, true
	}
	return true, to.ID != "" && same(readAs(string(to.ID), e), value)
}

// readAs reads a text of a changelog as the kind of value that the edit writes
// or expects.
func readAs(text string, e work.Edit) work.Value {
	like := e.Value
	if !like.Present() {
		like = e.Expect
	}
	switch like.Kind() {
	case work.Number:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return work.NewNumber(f)
		}
	case work.Time:
		day, _, _ := strings.Cut(text, " ") // 2026-11-23 00:00:00.0
		if t, ok := parseMoment(day); ok {
			return work.NewTime(t)
		}
	default:
	}
	return work.NewText(text)
}

// newest returns the newest change of the edit's field, and the one before.
func (s single) newest(histories []history) (last, before entry) {
	all := s.changes(histories)
	last, before = entry{nothing: true}, entry{nothing: true}
	if n := len(all); n > 0 {
		last = all[n-1]
		if n > 1 {
			before = all[n-2]
		}
	}
	return last, before
}

// changes returns the changes of the edit's field, the newest last.
func (s single) changes(histories []history) (all []entry) {
	for _, h := range histories {
		at, known := historyTime(h.Created)
		if !known {
			continue
		}
		id, _ := strconv.ParseInt(string(h.ID), 10, 64)
		for _, item := range h.Items {
			if slices.ContainsFunc(s.watches, func(w watch) bool { return w.is(item.Field, item.FieldID) }) {
				all = append(all, entry{by: cmp.Or(h.Author.id(), anonymous), at: at.UTC(), id: id, item: item})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	return all
}

// logsOfAll reads changelogs on Cloud.
func (s *site) logsOfAll(ctx context.Context, singles []single) (map[string][]history, error) {
	logs := map[string][]history{}
	var ids, fields []string
	for _, one := range singles {
		ids = append(ids, one.edit.Target.ID)
		for _, w := range one.watches {
			fields = append(fields, w.id)
		}
	}
	for chunk := range slices.Chunk(sorted(ids), maxLogIssues) {
		for some := range slices.Chunk(sorted(fields), maxLogFields) {
			err := s.eachLog(ctx, chunk, some, func(id string, histories []history) { logs[id] = append(logs[id], histories...) })
			if err != nil {
				return nil, err
			}
		}
	}
	return logs, nil
}

// logsOfEach reads changelogs on Data Center.
func (s *site) logsOfEach(ctx context.Context, singles []single) (map[string][]history, error) {
	ids := make([]string, len(singles))
	for i := range singles {
		ids[i] = singles[i].edit.Target.ID
	}
	ids = sorted(ids)
	found := make([][]history, len(ids))
	err := sideBySide(ctx, len(ids), func(ctx context.Context, i int) error {
		var one logged
		err := s.client.get(ctx, path("issue", ids[i]), url.Values{"fields": {"id"}, "expand": {"changelog"}}, &one)
		if err != nil && !hasStatus(err, http.StatusNotFound) {
			return fmt.Errorf("read changelog: %w", err)
		}
		found[i] = one.Changelog.Histories
		return nil
	})
	logs := make(map[string][]history, len(ids))
	for i, id := range ids {
		logs[id] = found[i]
	}
	return logs, err
}

// historyItem is one field of an entry of a changelog: what it was and what it
// became, by id and by name as far as the field has both.
type historyItem struct {
	Field    string    `json:"field"`
	FieldID  string    `json:"fieldId"`
	From     looseText `json:"from"`
	FromText looseText `json:"fromString"`
	To       looseText `json:"to"`
	ToText   looseText `json:"toString"`
}

func (i historyItem) from() named {
	return named{ID: identifier(i.From), Name: string(i.FromText)}
}

func (i historyItem) to() named { return named{ID: identifier(i.To), Name: string(i.ToText)} }

// looseText is a text that may be null or in another form, which says nothing.
type looseText string

// UnmarshalJSON never fails: one odd entry hides no other.
func (t *looseText) UnmarshalJSON(b []byte) error {
	var id identifier
	if json.Unmarshal(b, &id) == nil {
		*t = looseText(id)
	}
	return nil
}
