package github

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// The streams of this connector.
const (
	issueStream   = "issues"
	projectStream = "project"
	nameStream    = "names"
	talkStream    = "comments"
)

// source reads the issues of all repositories in the scope.
type source struct {
	name    string
	client  *client
	scope   scope
	viewers *viewers
	board   *board
	// relations completes records.
	relations *relations
	newcomers *newcomers
	names     *nameBook
	comments  Comments
	overlap   time.Duration
	now       func() time.Time
}

// Pages yields what changed since the cursor, one repository after the other.
// A repository that cannot be read stops no other; all of them are named in
// one error at the end.
func (s *source) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		if stream == projectStream {
			s.project(ctx, from, yield)
			return
		}
		if stream == talkStream {
			s.talk(ctx, from, yield)
			return
		}
		if stream == nameStream {
			s.renames(ctx, from, yield)
			return
		}
		if stream != issueStream {
			yield(connectors.Page{}, fmt.Errorf("%s: there is no stream %q; there are %q", s.name, stream, []string{nameStream, issueStream, projectStream, talkStream}))
			return
		}
		start, err := decodeCursor(from)
		if err != nil {
			yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
			return
		}
		w := &walk{source: s, cursor: start, yield: yield}
		if err := w.all(ctx); err != nil && !errors.Is(err, errStopped) {
			yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
		}
	}
}

// complete adds what the list of issues does not hold.
func (s *source) complete(ctx context.Context, records []work.Record) error {
	if err := s.board.enrich(ctx, records); err != nil {
		return err
	}
	return s.relations.settle(ctx, records)
}

// errStopped says that the reader of the pages wants no more.
var errStopped = errors.New("the reader stopped")

// walk is one read of the stream.
type walk struct {
	source *source
	cursor cursor
	yield  func(connectors.Page, error) bool
	done   int
}

// all walks through the repositories.
func (w *walk) all(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("read issues: %w", ctx.Err())
	}
	w.source.relations.learn(w.cursor.Types)
	found, stale := w.source.scope.resolve(ctx, w.cursor.Listing)
	if found == nil {
		return stale
	}
	told := w.source.scope.welcome(w.source.name, w.cursor.Listing, found)
	w.cursor.Listing = found
	w.source.newcomers.set(found.Names, found.New)
	if len(told) > 0 {
		if err := w.emit(connectors.Page{Findings: told}); err != nil {
			return err
		}
	}
	wanted := map[string]bool{}
	for _, name := range found.Names {
		wanted[strings.ToLower(name)] = true
	}
	w.cursor.keepOnly(wanted)
	var faults []error
	if stale != nil {
		faults = append(faults, stale)
	}
	outages := 0
	for _, name := range found.Names {
		err := w.repository(ctx, name)
		switch {
		case errors.Is(err, errStopped):
			return err
		case err == nil:
			outages = 0
			continue
		case switchedOff(err) && !w.source.scope.names(name):
			// Nobody asked for it by name, and there is nothing that one could
			// miss. What comes back is read from the beginning.
			delete(w.cursor.Repositories, strings.ToLower(name))
			continue
		case isAbsent(err) && !w.source.scope.names(name):
			found.At = time.Time{} // globs are looked up again next time
		}
		faults = append(faults, withRemedy(name, err))
		if isOutage(err) {
			outages++
		}
		if stopsAll(err) || outages > 1 {
			break // the others would meet the same
		}
	}
	if ctx.Err() != nil {
		return errors.Join(faults...)
	}
	if err := w.emit(connectors.Page{Done: len(faults) == 0}); err != nil {
		return err
	}
	return errors.Join(faults...)
}

// emit yields a page with the cursor behind it.
func (w *walk) emit(page connectors.Page) error {
	w.cursor.Types = w.source.relations.typing()
	at, err := w.cursor.encode()
	if err != nil {
		return err
	}
	w.done += len(page.Records)
	page.Cursor, page.Progress = at, connectors.Progress{Done: w.done}
	if !w.yield(page, nil) {
		return errStopped
	}
	return nil
}

// audience makes sure that the visibility of a repository is known and not
// older than allowed. Where it changed, everything is read again: records
// carry their audience.
func (w *walk) audience(ctx context.Context, name string, p position, believed time.Duration) (position, error) {
	now := w.source.now()
	if !w.source.viewers.doubted(name) && p.Audience != work.UnknownAudience && work.Fresh(p.Looked, now, believed) && w.source.viewers.agree(name, p.Audience, p.Looked) {
		return p, nil
	}
	r, err := w.source.client.look(ctx, name)
	if err != nil {
		return p, err
	}
	is := audienceOf(r)
	w.source.viewers.note(name, is, now)
	w.source.viewers.settle(name)
	if p.Audience != is {
		p = position{}
	}
	p.Audience, p.Looked = is, now.UTC().Truncate(time.Second)
	return p, nil
}
