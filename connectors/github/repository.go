package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
)

const (
	perPage = 100
	// quiet is the most rows that the overlap may hold, so that a look at a
	// repository without changes is one page.
	quiet = 90
	// tick is how coarse GitHub's times are. Bounds are set a tick earlier,
	// because its documents disagree on whether since is inclusive.
	tick = time.Second
	// settles is how often a walk looks again from its end before it leaves
	// the rest to the next one.
	settles = 3
)

// list walks through the issues of one repository.
type list struct {
	walk *walk
	name string
	at   position
	// seen tells which rows of the overlap were yielded, by id.
	seen map[int64]time.Time
	// settled is the bound that was last asked for from the end of the list.
	settled time.Time
	rounds  int
	// ignored tells that the server ignores since; its links are followed then.
	ignored bool
}

// repository yields what changed in one repository.
func (w *walk) repository(ctx context.Context, name string) error {
	if w.source.names.doubted(name) {
		if err := w.source.renamed(ctx, name, w.emit); err != nil {
			return err
		}
	}
	p, err := w.audience(ctx, name, w.cursor.of(name), looksAgain)
	if err != nil {
		return err
	}
	w.cursor.set(name, p)
	l := &list{walk: w, name: name, at: p, seen: map[int64]time.Time{}, settled: p.Since}
	address, etag := l.start()
	for address != "" {
		if ctx.Err() != nil {
			return fmt.Errorf("read issues: %w", ctx.Err())
		}
		a, err := w.source.client.get(ctx, address, etag)
		if expired(err) && l.at.Next != "" {
			// All up to High was yielded in order, so nothing is lost.
			l.at.Next = ""
			address, etag = l.address(l.bound()), ""
			continue
		}
		if err != nil {
			return err
		}
		if a.unchanged() {
			l.at.Next = ""
			w.cursor.set(name, l.at)
			return nil
		}
		if address, err = l.page(ctx, address, a); err != nil {
			return err
		}
		etag = ""
	}
	return nil
}

// expired tells answers that refuse a position in the list.
func expired(err error) bool {
	e, ok := errors.AsType[*httpx.StatusError](err)
	return ok && (e.Status == http.StatusUnprocessableEntity || e.Status == http.StatusBadRequest)
}

// start is where a walk begins: in the middle, where an earlier one ended, or
// at the bound.
func (l *list) start() (address, etag string) {
	if l.at.Next != "" {
		return l.at.Next, ""
	}
	return l.address(l.at.Since), l.at.ETag
}

// address lists issues that changed since the bound, oldest change first.
func (l *list) address(since time.Time) string {
	address := repositoryPath(l.name) + "/issues?state=all&sort=updated&direction=asc&per_page=" + strconv.Itoa(perPage)
	if !since.IsZero() {
		address += "&since=" + since.UTC().Format("2006-01-02T15:04:05Z")
	}
	return address
}

// page yields one page and returns the address to go on with; empty at the
// end.
func (l *list) page(ctx context.Context, address string, a answer) (string, error) {
	believed := looksAgain
	if !l.at.High.IsZero() {
		believed = busyLooksAgain
	}
	p, err := l.walk.audience(ctx, l.name, l.at, believed)
	if err != nil {
		return "", err
	}
	if p.Audience != l.at.Audience {
		l.at, l.seen, l.settled = p, map[int64]time.Time{}, time.Time{}
		return l.address(time.Time{}), nil
	}
	l.at = p
	var raws []json.RawMessage
	if err := a.into(&raws); err != nil {
		return "", err
	}
	rows := make([]row, len(raws))
	for i, raw := range raws {
		rows[i] = decodeRow(raw, l.walk.source.name, l.name, l.at.Audience)
	}
	page := l.fresh(rows, raws)
	if err := l.walk.source.complete(ctx, page.Records); err != nil {
		return "", err
	}
	next, err := l.next(address, a, rows)
	if err != nil {
		return "", err
	}
	l.at.Next = next
	l.walk.cursor.set(l.name, l.at)
	if len(page.Records)+len(page.Rejects) == 0 {
		return next, nil
	}
	return next, l.walk.emit(page)
}

// fresh puts rows on a page that were not yielded before.
func (l *list) fresh(rows []row, raws []json.RawMessage) connectors.Page {
	var page connectors.Page
	for i, r := range rows {
		if r.updated.After(l.at.High) {
			l.at.High = r.updated
		}
		if r.id != 0 {
			if t, ok := l.seen[r.id]; ok && t.Equal(r.updated) {
				continue
			}
			l.seen[r.id] = r.updated
		}
		switch {
		case r.pull:
		case r.fault != "":
			page.Rejects = append(page.Rejects, r.reject(l.walk.source.name, raws[i]))
		default:
			page.Records = append(page.Records, r.record)
		}
	}
	for id, t := range l.seen { // only the overlap can come again
		if t.Before(l.at.High.Add(-max(l.walk.source.overlap, 2*tick) - tick)) {
			delete(l.seen, id)
		}
	}
	return page
}

// next decides how to go on.
func (l *list) next(address string, a answer, rows []row) (string, error) {
	link := nextOf(a.header)
	if link == "" {
		return l.settle(address, a), nil
	}
	link, err := follow(l.walk.source.client.base, link)
	if err != nil {
		return "", err
	}
	asked, last := sinceOf(address), time.Time{}
	for _, r := range rows {
		l.ignored = l.ignored || r.updated.Before(asked) && !r.updated.IsZero()
		if r.updated.After(last) {
			last = r.updated
		}
	}
	u, err := url.Parse(link)
	switch {
	case err != nil || link == address:
		return "", &answerError{"the list of issues links to itself"}
	case l.ignored && l.rounds > 0: // this look would begin at the first issue
		l.end(l.bound(), "")
		return "", nil
	case l.ignored || u.Query().Has("after") && !u.Query().Has("page") || !last.Add(-tick).After(asked):
		return link, nil
	}
	return l.address(last.Add(-tick)), nil
}

func sinceOf(address string) time.Time {
	u, err := url.Parse(address)
	if err != nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, u.Query().Get("since"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// settle ends a walk. The answer to the bound of the next walk must be known
// for that one to be a 304; so where something newer was seen, the list is
// asked for once more from there. This look also finds what came meanwhile.
func (l *list) settle(address string, a answer) string {
	bound := l.bound()
	if address == l.address(bound) {
		l.end(bound, a.header.Get("Etag"))
		return ""
	}
	if l.ignored || bound.Equal(l.settled) || l.rounds >= settles {
		l.end(bound, "")
		return ""
	}
	l.rounds++
	l.settled = bound
	return l.address(bound)
}

// end sets where the next walk begins.
func (l *list) end(bound time.Time, etag string) {
	l.at.Since, l.at.ETag, l.at.Base = bound, etag, l.at.High
}

// bound is the lower bound of the next walk: the overlap before the newest
// change, less where that would hold more than a page.
func (l *list) bound() time.Time {
	if l.at.High.Equal(l.at.Base) {
		return l.at.Since
	}
	bound := l.at.High.Add(-l.walk.source.overlap)
	var times []time.Time
	for _, t := range l.seen {
		times = append(times, t)
	}
	slices.SortFunc(times, func(a, b time.Time) int { return cmp.Compare(b.Unix(), a.Unix()) })
	if len(times) > quiet && times[quiet].After(bound) {
		bound = times[quiet]
	}
	return bound
}
