package jirasim

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"time"

	"tandem/internal/sim"
)

// walker reads pages of one compiled query. It works under the site's lock.
type walker struct {
	site     *Site
	compiled *compiled
	// fresh are issues whose current version is to be shown, however late the
	// index is.
	fresh map[int64]*entry
}

// page returns up to n issues behind the mark and the mark of the next page;
// more is false at the end.
func (w *walker) page(m mark, resume bool, n int) (found []*entry, next mark, more bool, err error) {
	if resume && m.List > 0 {
		return w.listed(m, n)
	}
	order, compare, down, ok := w.index()
	if !ok {
		ids := []int64{}
		for _, e := range w.sorted() {
			ids = append(ids, e.ID)
		}
		m.List, m.Offset = w.site.walks.keep(ids), 0
		return w.listed(m, n)
	}
	var last *entry
	if resume {
		last = m.entry()
	}
	for e := range w.merge(w.scan(order, compare, down, last), compare, down, last) {
		if len(found) == n {
			return found, m.at(found[n-1]), true, nil
		}
		found = append(found, e)
	}
	return found, m, false, nil
}

// view returns an issue as the search shows it.
func (w *walker) view(id int64) *entry {
	if e, ok := w.fresh[id]; ok {
		return e
	}
	return w.site.index.issues[id]
}

func (w *walker) matches(e *entry) bool {
	return w.shown(e) && w.compiled.matches(e)
}

// shown reports whether the caller may see the issue, as the index has it and
// as it is now. A deleted issue is shown until the index knows.
func (w *walker) shown(e *entry) bool {
	if e == nil || !w.compiled.visible(e.Issue) {
		return false
	}
	if until, gone := w.site.vanished[e.ID]; gone && w.site.now().Before(until) {
		return false
	}
	current := w.site.current[e.ID]
	return current == nil || current == e || w.compiled.visible(current.Issue)
}

func (w *walker) listed(m mark, n int) (found []*entry, next mark, more bool, err error) {
	ids, ok := w.site.walks.lists[m.List]
	if !ok {
		return nil, m, false, errors.New("the provided next page token is invalid or expired")
	}
	end := min(m.Offset+n, len(ids))
	for _, id := range ids[m.Offset:end] {
		if e := w.view(id); w.shown(e) {
			found = append(found, e)
		}
	}
	m.Offset = end
	return found, m, end < len(ids), nil
}

// index picks the order to walk, when there is one for the ORDER BY.
func (w *walker) index() (order *sim.Order[*entry], compare func(a, b *entry) int, down, ok bool) {
	terms := w.compiled.order
	if len(terms) == 0 {
		terms = []sortTerm{{field: "key", down: true}}
	}
	if len(terms) > 2 || (len(terms) == 2 && terms[1] != sortTerm{field: "key", down: terms[0].down}) {
		return nil, nil, false, false
	}
	x := w.site.index
	switch terms[0].field {
	case "updated":
		return x.updated, compareUpdated, terms[0].down, true
	case "created":
		return x.created, compareCreated, terms[0].down, true
	case "rank":
		return x.rank, compareRanks, terms[0].down, true
	case "key":
		return x.keys, compareKeys, terms[0].down, true
	}
	return nil, nil, false, false
}

// scan yields the index's matching issues behind the last one.
func (w *walker) scan(order *sim.Order[*entry], compare func(a, b *entry) int, down bool, last *entry) iter.Seq[*entry] {
	if w.compiled.ids != nil {
		return slices.Values(w.chosen(compare, down, last))
	}
	c, byUpdated := w.compiled, order == w.site.index.updated
	return func(yield func(*entry) bool) {
		rows := order.Up(w.start(order, compare, last, c.since, byUpdated))
		if down {
			rows = order.Down(w.startDown(order, compare, last, c.until, byUpdated))
		}
		for e := range rows {
			if byUpdated && (!down && !c.until.IsZero() && e.Updated.After(c.until) || down && e.Updated.Before(c.since)) {
				return
			}
			if _, fresh := w.fresh[e.ID]; !fresh && w.matches(e) && !yield(e) {
				return
			}
		}
	}
}

func (w *walker) start(order *sim.Order[*entry], compare func(a, b *entry) int, last *entry, since time.Time, byUpdated bool) int {
	from := 0
	if last != nil {
		from = order.Position(func(e *entry) bool { return compare(e, last) > 0 })
	}
	if byUpdated && !since.IsZero() {
		from = max(from, order.Position(func(e *entry) bool { return !e.Updated.Before(since) }))
	}
	return from
}

func (w *walker) startDown(order *sim.Order[*entry], compare func(a, b *entry) int, last *entry, until time.Time, byUpdated bool) int {
	before := order.Len()
	if last != nil {
		before = order.Position(func(e *entry) bool { return compare(e, last) >= 0 })
	}
	if byUpdated && !until.IsZero() {
		before = min(before, order.Position(func(e *entry) bool { return e.Updated.After(until) }))
	}
	return before
}

// chosen returns the issues that the query names by key, sorted.
func (w *walker) chosen(compare func(a, b *entry) int, down bool, last *entry) []*entry {
	var rows []*entry
	for _, id := range slices.Compact(slices.Sorted(slices.Values(w.compiled.ids))) {
		if _, fresh := w.fresh[id]; !fresh && w.matches(w.site.index.issues[id]) {
			rows = append(rows, w.site.index.issues[id])
		}
	}
	return behind(rows, compare, down, last)
}

// behind sorts rows and drops those up to the last one.
func behind(rows []*entry, compare func(a, b *entry) int, down bool, last *entry) []*entry {
	if down {
		up := compare
		compare = func(a, b *entry) int { return up(b, a) }
	}
	rows = slices.DeleteFunc(rows, func(e *entry) bool { return last != nil && compare(e, last) <= 0 })
	slices.SortFunc(rows, compare)
	return rows
}

// merge adds the fresh issues to what the index has.
func (w *walker) merge(rows iter.Seq[*entry], compare func(a, b *entry) int, down bool, last *entry) iter.Seq[*entry] {
	var fresh []*entry
	for _, e := range w.fresh {
		if w.matches(e) {
			fresh = append(fresh, e)
		}
	}
	if len(fresh) == 0 {
		return rows
	}
	fresh = behind(fresh, compare, down, last)
	return func(yield func(*entry) bool) {
		for e := range rows {
			for len(fresh) > 0 && (compare(fresh[0], e) < 0) != down {
				if !yield(fresh[0]) {
					return
				}
				fresh = fresh[1:]
			}
			if !yield(e) {
				return
			}
		}
		for _, e := range fresh {
			if !yield(e) {
				return
			}
		}
	}
}

// sorted returns all matching issues in the query's order; the slow way.
func (w *walker) sorted() []*entry {
	var rows []*entry
	for id := range w.site.index.issues {
		if e := w.view(id); w.matches(e) {
			rows = append(rows, e)
		}
	}
	for id, e := range w.fresh {
		if w.site.index.issues[id] == nil && w.matches(e) {
			rows = append(rows, e)
		}
	}
	slices.SortFunc(rows, func(a, b *entry) int {
		for _, term := range w.compiled.order {
			c := w.site.catalog.compareBy(term.field, a, b)
			if term.down {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return compareKeys(a, b)
	})
	return rows
}

func (c *catalog) compareBy(field string, a, b *entry) int {
	switch field {
	case "updated":
		return a.Updated.Compare(b.Updated)
	case "created":
		return a.Created.Compare(b.Created)
	case "resolved":
		return a.Resolved.Compare(b.Resolved)
	case "rank":
		return cmp.Compare(a.Rank, b.Rank)
	case "priority":
		return c.urgency[b.Priority] - c.urgency[a.Priority] // ascending is least urgent first
	case "status":
		return cmp.Compare(a.Status, b.Status)
	case "summary":
		return cmp.Compare(a.Summary, b.Summary)
	case "duedate":
		return cmp.Compare(a.Due, b.Due)
	default:
		return compareKeys(a, b)
	}
}
