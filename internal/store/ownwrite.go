package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// recent is how long after an edit began a new version of its record may be its
// doing, where it was read back already.
const recent = time.Hour

// recentEdit is the condition for edits that may have made a new version of
// their record.
const recentEdit = "state IN ('begun', 'unknown', 'applied') AND (waits > 0 OR begun > ?)"

// lastChange returns when somebody other than Tandem last changed the record
// of an arrival; nothing where its version is theirs. A version that differs
// from the one before by Tandem's own edits alone is not: no rule should see
// life in an issue because Tandem wrote to it.
func (c *change) lastChange(ctx context.Context, a *arrival) (sql.NullInt64, error) {
	theirs := sql.NullInt64{}
	edits, visible, err := c.recentEdits(ctx, a.ref.RefID)
	if err != nil || len(edits) == 0 {
		return theirs, err
	}
	var body string
	var version int64
	var last sql.NullInt64
	err = c.QueryRowContext(ctx, `SELECT v.body, v.version, v.last_change FROM record r JOIN record_version v ON v.seq = r.seq
		WHERE r.connector = ? AND r.id = ?`, a.ref.Connector, a.ref.ID).Scan(&body, &version, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return theirs, nil
	}
	if err != nil {
		return theirs, err
	}
	var before, after work.Record
	if err := errors.Join(json.Unmarshal([]byte(body), &before), json.Unmarshal([]byte(a.body), &after)); err != nil {
		return theirs, damaged("record "+a.ref.String(), err)
	}
	if !ownAlone(&before, &after, edits, visible) {
		return theirs, nil
	}
	if !last.Valid {
		last = sql.NullInt64{Int64: version, Valid: true}
	}
	return last, nil
}

// recentEdits returns the edits that may have made a new version of a record.
// visible is false where one of them was not read back yet that no field shows.
func (c *change) recentEdits(ctx context.Context, ref work.RefID) (edits []work.Edit, visible bool, err error) {
	visible = true
	err = each(ctx, c, "SELECT body, waits FROM journal WHERE connector = ? AND id = ? AND "+recentEdit, []any{ref.Connector, ref.ID, c.at - recent.Microseconds()}, func(scan func(...any) error) error {
		var body string
		var waits waiting
		if err := scan(&body, &waits); err != nil {
			return err
		}
		var e work.Edit
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return damaged("journal", err)
		}
		edits = append(edits, e)
		if waits != over && slices.Contains([]string{work.NativeRank, work.NativeRemoteLink, work.NativeComment}, e.Target.Path) {
			visible = false
		}
		return nil
	})
	return edits, visible, err
}

// ownAlone reports whether edits of Tandem account for all that differs. Where
// nothing differs, some edit must be of a kind that shows nowhere.
func ownAlone(before, after *work.Record, edits []work.Edit, visible bool) bool {
	differs := false
	for _, path := range pathsOf(before, after) {
		was, is := before.Fields[path], after.Fields[path]
		if path == updatedField || was == is {
			continue
		}
		differs = true
		if !explained(path, was, is, after, edits) {
			return false
		}
	}
	a, b := *before, *after
	for _, r := range []*work.Record{&a, &b} {
		r.Fields, r.Touched, r.Version = nil, nil, time.Time{}
	}
	return reflect.DeepEqual(a, b) && (differs || !visible)
}

// updatedField is the time of the last change: it always differs.
const updatedField = "updated"

func pathsOf(records ...*work.Record) []string {
	var paths []string
	for _, r := range records {
		for path := range r.Fields {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// explained reports whether edits account for the change of one field: of a
// list, for each element that came or went.
func explained(path string, was, is work.Value, after *work.Record, edits []work.Edit) bool {
	made := func(element string) bool {
		return slices.ContainsFunc(edits, func(e work.Edit) bool {
			return e.Target.Path == path && e.Target.Element == element && plan.Arrived(e, after)
		})
	}
	if made("") {
		return true
	}
	changed := 0
	for _, element := range append(was.List(), is.List()...) {
		if was.Has(element) != is.Has(element) {
			changed++
			if !made(element) {
				return false
			}
		}
	}
	return changed > 0
}
