package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// walk is one poll: from a lower bound to the end, page by page, or from where
// a killed one stood.
type walk struct {
	site    *site
	cursor  cursor
	decoder decoder
	fields  []string
	// tokens are those sent in this walk, to notice a circle.
	tokens []string
	// again tells that the walk was started anew already.
	again bool
	done  int
}

// walk prepares a poll. It asks for the account's zone where a lower bound
// needs it, and for field names where rules use them; mostly for nothing.
func (s *site) walk(ctx context.Context, from connectors.Cursor) (*walk, error) {
	w := &walk{site: s, cursor: parseCursor(from, scopeOf(s.config, s.wanted, s.watched, s.features), s.config.base())}
	if s.names.load(w.cursor.Names) {
		w.cursor.Ledger = nil // what was read by its id meanwhile is read again
	}
	var err error
	if w.decoder, err = s.learn(ctx); err != nil {
		return w, err
	}
	w.fields = w.decoder.ids()
	if w.cursor.Walk == nil {
		return w, w.start(ctx)
	}
	return w, nil
}

// start begins at the lower bound.
func (w *walk) start(ctx context.Context) error {
	w.tokens = nil
	bound, wide := w.cursor.bound(w.site.now(), time.Duration(w.site.config.Overlap))
	w.cursor.Walk = &unfinished{Began: w.site.now(), Wide: wide}
	if bound.IsZero() && w.site.config.cloud() {
		return nil // no moment is written into the query
	}
	if !work.Fresh(w.cursor.ZoneAt, w.site.now(), zoneTrust) {
		if _, err := w.askZone(ctx); err != nil {
			return err
		}
	}
	if !bound.IsZero() {
		w.cursor.Walk.Since = sinceLiteral(bound, w.cursor.Zone)
	}
	return nil
}

// askZone asks for the account's zone and reports whether it is another one.
func (w *walk) askZone(ctx context.Context) (moved bool, err error) {
	me, err := w.site.client.myself(ctx)
	if err != nil {
		return false, err
	}
	if _, err := time.LoadLocation(me.TimeZone); err != nil || me.TimeZone == "" {
		w.site.log.WarnContext(ctx, "time zone of the account is unknown; polls look a day further back", "err", err)
	}
	moved = me.TimeZone != w.cursor.Zone
	w.cursor.Zone, w.cursor.ZoneAt = me.TimeZone, w.site.now()
	return moved, nil
}

// next reads one page. With errRepeatedToken the page counts all the same.
func (w *walk) next(ctx context.Context) (connectors.Page, error) {
	at := w.cursor.Walk
	reply, err := w.site.search(ctx, query{
		since: at.Since, zone: w.cursor.Zone, token: at.Token, fields: w.fields, size: w.site.config.PageSize,
	})
	if at.Token != "" && !w.again && hasStatus(err, http.StatusBadRequest) {
		// Tokens die after a week. The bound still stands.
		w.site.log.InfoContext(ctx, "page token is no longer valid; the walk starts anew")
		return w.anew(ctx)
	}
	if err != nil {
		return connectors.Page{}, err
	}
	page, err := w.read(ctx, reply.issues)
	if err != nil {
		return connectors.Page{}, err
	}
	w.done += len(reply.issues)
	page.Progress.Done = w.done
	if reply.next == "" {
		return w.last(ctx, page)
	}
	w.tokens = append(w.tokens, at.Token)
	if slices.Contains(w.tokens, reply.next) {
		w.cursor.Walk = nil // or the next poll would meet the same token again
		if page.Cursor, err = w.cursor.encode(); err != nil {
			return connectors.Page{}, err
		}
		return page, errRepeatedToken
	}
	at.Token = reply.next
	page.Cursor, err = w.cursor.encode()
	return page, err
}

// read turns into records what was not read before.
func (w *walk) read(ctx context.Context, issues []json.RawMessage) (connectors.Page, error) {
	at := w.cursor.Walk
	fresh, entries := w.cursor.Ledger.sift(issues)
	page, newest := w.site.page(fresh, w.decoder)
	whole, err := w.site.complete(ctx, &page, false)
	if err != nil {
		return page, err
	}
	if newest.After(at.Seen) {
		at.Seen = newest
	}
	at.Pages++
	at.News = at.News || len(page.Records) > 0
	if w.cursor.Ledger == nil {
		w.cursor.Ledger = ledger{}
	}
	for _, r := range page.Records {
		if !whole {
			break // the next poll tries again
		}
		w.cursor.Ledger.note(r.ID, entries[r.ID])
	}
	w.cursor.Names, page.Findings = w.site.names.saved(), w.site.names.take()
	w.cursor = w.cursor.prune(time.Duration(w.site.config.Overlap))
	return page, nil
}

// anew starts the walk again from its bound, once.
func (w *walk) anew(ctx context.Context) (connectors.Page, error) {
	w.again = true
	if err := w.start(ctx); err != nil {
		return connectors.Page{}, err
	}
	return w.next(ctx)
}

// last closes the walk with its last page. A bounded walk overlaps the newest
// issue, so one that finds nothing at all is odd: the issue may be gone, or
// the account moved to another time zone and the bound lies in the future.
func (w *walk) last(ctx context.Context, page connectors.Page) (connectors.Page, error) {
	if w.done == 0 && w.cursor.Walk.Since != "" && !w.again && !work.Fresh(w.cursor.ZoneAt, w.site.now(), zoneDoubt) {
		moved, err := w.askZone(ctx)
		if err != nil {
			return connectors.Page{}, err
		}
		if moved {
			w.site.log.InfoContext(ctx, "time zone of the account has changed; the walk starts anew")
			return w.anew(ctx)
		}
	}
	w.cursor = w.cursor.finish(w.site.now(), time.Duration(w.site.config.Overlap))
	var err error
	page.Cursor, err = w.cursor.encode()
	page.Done = true
	return page, err
}
