package file

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/table"
	"tandem/internal/work"
)

// frame is what a row does not say itself.
type frame struct {
	connector string
	place     string
	audience  work.Audience
	changed   time.Time // of the file
	schema    work.Schema
	columns   columns
	// kinds are those of the stream's columns, the column file included.
	kinds map[string]work.ValueKind
}

// fault is why a row is set aside.
type fault struct{ cause, remedy string }

// recordOf is record for rows that may be faulty.
func (c frame) recordOf(r row) (work.Record, *fault) {
	if r.fault != "" {
		return work.Record{}, &fault{r.fault, r.remedy}
	}
	return c.record(r)
}

// record turns a row into a record.
func (c frame) record(r row) (work.Record, *fault) {
	id, key := table.Text(r.cells["id"]), table.Text(r.cells["key"])
	if id == "" {
		id = key
	}
	if key == "" {
		key = id
	}
	if id == "" {
		return work.Record{}, &fault{"the row has neither id nor key", "add a column id, or map one to id in the column file"}
	}
	rec := work.Record{
		Ref: work.NewRef(c.connector, id, key), Place: table.Text(r.cells["place"]), URL: addressOf(r.cells["url"]),
		Audience: c.audience, Version: c.changed, Fields: map[string]work.Value{},
	}
	if rec.Place == "" {
		rec.Place = c.place
	}
	for _, field := range slices.Sorted(maps.Keys(r.cells)) {
		if field == "id" || field == "key" || field == "place" || field == "" {
			continue
		}
		v, err := table.Value(r.cells[field], c.kinds[field])
		if err != nil {
			return rec, &fault{fmt.Sprintf("%s: %v", field, err), "correct the cell"}
		}
		rec.Fields[field] = v
	}
	if t, ok := rec.Fields["updated"].Time(); ok {
		rec.Version = t
	}
	rec.Created, _ = rec.Fields["created"].Time()
	return rec, nil
}

// addressOf returns web addresses and nothing else: it becomes a link.
func addressOf(cell any) string {
	s := table.Text(cell)
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}
