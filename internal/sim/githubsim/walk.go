package githubsim

import (
	"encoding/base64"
	"fmt"
	"iter"
	"slices"
	"time"

	"tandem/internal/sim"
)

// rows is the list that a query pages through, without a copy where the order
// alone decides.
type rows interface {
	Len() int
	Position(reached func(*Issue) bool) int
	Up(from int) iter.Seq[*Issue]
	Down(before int) iter.Seq[*Issue]
}

// rows returns the rows in their ascending order, and how many they are after
// since.
func (q *query) rows(r *repository) (rows, int) {
	list := r.lists[q.state][q.order]
	if len(q.keep) > 0 {
		var kept []*Issue
		for i := range list.Up(0) {
			if !slices.ContainsFunc(q.keep, func(keep func(*Issue) bool) bool { return !keep(i) }) {
				kept = append(kept, i)
			}
		}
		list = sim.NewOrder(comparison(q.order), kept...)
	}
	return list, list.Len() - q.first(list)
}

// first is the position of the first row that is recent enough.
func (q *query) first(list rows) int {
	if q.since.IsZero() || q.order != byUpdated {
		return 0
	}
	return list.Position(func(i *Issue) bool { return !i.Updated.Before(q.since) })
}

func comparison(order int) func(a, b *Issue) int {
	return [orders]func(a, b *Issue) int{compareCreated, compareUpdated, compareComments}[order]
}

// cut returns the rows of the page, and how many rows come before them. It
// reports a problem when the cursor cannot be read.
func (q *query) cut(list rows, total int) (issues []*Issue, from int, problem bool) {
	from, room := (q.page.number-1)*q.page.size, q.page.size
	if place := q.after + q.before; place != "" {
		mark, ok := readCursor(place)
		if !ok {
			return nil, 0, true
		}
		ahead, through := q.around(list, mark)
		from = through
		if q.after == "" {
			from = max(ahead-q.page.size, 0)
			room = ahead - from
		}
	}
	from = max(min(from, total), 0)
	room = min(room, total-from)
	walk := list.Down(list.Len() - from)
	if q.up {
		walk = list.Up(q.first(list) + from)
	}
	for i := range walk {
		if len(issues) >= room {
			break
		}
		issues = append(issues, i)
	}
	return issues, from, false
}

// around returns how many rows come before a mark in the direction of the
// list, and how many up to it.
func (q *query) around(list rows, mark *Issue) (ahead, through int) {
	compare := comparison(q.order)
	less := list.Position(func(i *Issue) bool { return compare(i, mark) >= 0 })
	most := list.Position(func(i *Issue) bool { return compare(i, mark) > 0 })
	if q.up {
		return less - q.first(list), most - q.first(list)
	}
	return list.Len() - most, list.Len() - less
}

// issueLinks returns the Link header of a page of issues.
func (s *Site) issueLinks(l *links, q query, issues []*Issue, from, total int) string {
	if s.options.Links == PagesOnly && q.after+q.before == "" {
		return q.page.links(l, total)
	}
	place := func(name string, i *Issue, number int) []string {
		parts := []string{cursor(name, writeCursor(i))}
		if s.options.Links == CursorsAndPages {
			parts = append(parts, pageNumber(number))
		}
		return parts
	}
	if len(issues) == 0 {
		return ""
	}
	if from > 0 {
		l.add("prev", place("before", issues[0], max(q.page.number-1, 1))...)
	}
	if from+len(issues) < total {
		l.add("next", place("after", issues[len(issues)-1], q.page.number+1)...)
	}
	return l.String()
}

// writeCursor names a row by what all orders sort by.
func writeCursor(i *Issue) string {
	return base64.URLEncoding.EncodeToString(fmt.Appendf(nil, "cursor:v2:%d:%d:%d:%d", i.Created.Unix(), i.Updated.Unix(), len(i.Comments), i.Number))
}

// readCursor returns an issue that stands where the row stood.
func readCursor(text string) (*Issue, bool) {
	raw, err := base64.URLEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	var at, updated int64
	var comments, number int
	if _, err := fmt.Sscanf(string(raw), "cursor:v2:%d:%d:%d:%d", &at, &updated, &comments, &number); err != nil {
		return nil, false
	}
	return &Issue{
		Created: time.Unix(at, 0).UTC(), Updated: time.Unix(updated, 0).UTC(), Number: number, Comments: make([]Comment, max(min(comments, 10_000), 0)),
	}, true
}
