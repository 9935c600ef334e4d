package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// errNoProgress says that an offset search does not come to its end.
var errNoProgress = errors.New("jira says that more issues match and sends none of them; raise page_size, or jira.search.views.default.max of the server")

// offset is the page token of Data Center, which knows only startAt and total.
// It pages by keyset: as soon as a page ends in a later minute than the bound,
// the bound moves there and startAt is 0 again, so that an offset never grows
// over more than what changed in one minute.
type offset struct {
	Since string `json:"since,omitempty"`
	Start int    `json:"start,omitempty"`
	Total int    `json:"total,omitempty"`
	// Tail is the row that was handed out last.
	Tail string `json:"tail,omitempty"`
	// Last is the newest change that was handed out and that the search index
	// must know: an index that is behind sorts a row by its old time and shows
	// it with the new one.
	Last time.Time `json:"last,omitzero"`
	// Recent are the rows handed out last, up to maxRecent of them.
	Recent []string `json:"recent,omitempty"`
	// Idle is how many pages in a row held nothing new.
	Idle int `json:"idle,omitempty"`
}

// maxIdle is how many pages may come that hold nothing new: those that step
// back do, and those of the hour that comes twice in autumn.
const maxIdle = 1000

// maxRecent bounds the rows that a token remembers. One that is forgotten is
// read twice, which is harmless.
const maxRecent = 300

// offsetAnswer is the answer of the search of Data Center.
type offsetAnswer struct {
	StartAt int               `json:"startAt"`
	Total   *int              `json:"total"`
	Issues  []json.RawMessage `json:"issues"`
}

// row is what paging must know of an issue.
type row struct {
	id      string
	updated time.Time
}

func (r row) String() string { return r.id + "@" + strconv.FormatInt(r.updated.UnixMilli(), 36) }

// searchOffset asks Data Center. People work meanwhile: a row that was handed
// out and is changed then moves to the end, and all behind it move up by one.
// Each page therefore begins with the last row of the one before, or with an
// earlier one; where it does not, it is asked for again from further up.
func (s *site) searchOffset(ctx context.Context, q query) (found, error) {
	at := offset{Since: q.since}
	if q.token != "" && json.Unmarshal([]byte(q.token), &at) != nil {
		at = offset{Since: q.since} // a token of another deployment
	}
	for {
		a, err := s.askOffset(ctx, q, at)
		if err != nil {
			return found{}, err
		}
		rows := rowsOf(a.Issues)
		if at.Start == 0 || at.joins(rows) {
			return at.page(a, rows, q.zone, s.now().Add(-time.Duration(s.config.Overlap)))
		}
		shrunk := max(0, at.Total-*a.Total)
		at.Start, at.Total = max(0, at.Start-shrunk-max(1, len(rows)-1)), *a.Total
	}
}

func (s *site) askOffset(ctx context.Context, q query, at offset) (offsetAnswer, error) {
	body := map[string]any{"jql": s.jqlOf(q, at.Since), "startAt": at.Start, "maxResults": q.size + 1, "fields": q.fields} // one was read already
	if len(s.watched) > 0 {
		body["expand"] = []string{"changelog"}
	}
	var a offsetAnswer
	if err := s.client.ask(ctx, path("search"), body, &a); err != nil {
		return a, err
	}
	if a.Issues == nil || a.Total == nil {
		return a, fmt.Errorf("read issues: %w", errForm)
	}
	return a, nil
}

// joins reports whether nothing can lie between the rows that were handed out
// and these.
func (o offset) joins(rows []row) bool {
	return len(rows) > 0 && (rows[0].String() == o.Tail || o.has(rows[0]))
}

// has reports whether a row was handed out already.
func (o offset) has(r row) bool {
	return !r.updated.IsZero() && (r.updated.Before(o.Last) || slices.Contains(o.Recent, r.String()))
}

// page hands out the rows that are new, and says where the next page begins.
func (o offset) page(a offsetAnswer, rows []row, zone string, settled time.Time) (found, error) {
	reply := found{issues: make([]json.RawMessage, 0, len(rows))}
	next := o
	next.Start, next.Total, next.Recent = max(o.Start+len(rows)-1, 0), *a.Total, slices.Clone(o.Recent)
	for i, r := range rows {
		if o.has(r) || i == 0 && o.Start > 0 && r.String() == o.Tail {
			continue
		}
		reply.issues = append(reply.issues, a.Issues[i])
		next.Tail = r.String()
		if i+1 == len(rows) || !rows[i+1].updated.Before(r.updated) { // or the index is behind, and the row will move
			next.Recent = append(next.Recent, r.String())
		}
		if r.updated.After(next.Last) && !r.updated.After(settled) {
			next.Last = r.updated
		}
	}
	next.Recent = next.Recent[max(0, len(next.Recent)-maxRecent):]
	if o.Start+len(rows) >= next.Total {
		return reply, nil
	}
	if next.Idle++; len(reply.issues) > 0 {
		next.Idle = 0
	}
	if bound := minuteOf(next.Last, zone); bound > next.Since {
		next.Since, next.Start, next.Total = bound, 0, 0
	} else if next.Start <= o.Start || next.Idle > maxIdle {
		return found{}, errNoProgress
	}
	token, err := json.Marshal(next)
	if err != nil {
		return found{}, fmt.Errorf("write page token: %w", err)
	}
	reply.next = string(token)
	return reply, nil
}

// minuteOf is the bound that a walk can move to; empty where the zone is not
// known, for then a bound lies a day back and moving it gains nothing.
func minuteOf(t time.Time, zone string) string {
	if _, err := time.LoadLocation(zone); t.IsZero() || zone == "" || err != nil {
		return ""
	}
	return sinceLiteral(t, zone)
}

// rowsOf reads what paging needs. A row that cannot be understood has no time:
// it is handed out, and set aside by others.
func rowsOf(raw []json.RawMessage) []row {
	rows := make([]row, len(raw))
	for i, one := range raw {
		var r struct {
			ID     identifier `json:"id"`
			Fields struct {
				Updated string `json:"updated"`
			} `json:"fields"`
		}
		if json.Unmarshal(one, &r) != nil {
			continue
		}
		rows[i].id = string(r.ID)
		rows[i].updated, _ = parseMoment(r.Fields.Updated)
	}
	return rows
}
