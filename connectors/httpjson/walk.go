package httpjson

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// source reads the streams of one instance.
type source struct {
	program *program
	env     connectors.Env
	client  *client
}

// Pages yields what changed since the cursor.
func (s *source) Pages(ctx context.Context, name string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		st, ok := s.program.streams[name]
		if !ok {
			yield(connectors.Page{}, fmt.Errorf("%s: there is no stream %q; the settings name those there are", s.env.Name, name))
			return
		}
		w, err := s.walk(st, from, yield)
		if err == nil {
			err = w.run(ctx)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(connectors.Page{}, fmt.Errorf("read %s: %w", name, err))
		}
	}
}

// errStopped says that the reader of the pages wants no more.
var errStopped = errors.New("the reader stopped")

// walk is one read of one stream.
type walk struct {
	source *source
	stream *stream
	maker  maker
	now    time.Time
	at     cursor
	yield  func(connectors.Page, error) bool
	// probe reads only one parent and the newest window.
	probe bool
	// resumed: the place comes from a stored cursor, and the service may have
	// forgotten it.
	resumed bool

	stored connectors.Cursor // of what was handed over
	page   connectors.Page
	index  map[string]int // of ids on the page
	sums   *sums
	join   any // what join: read
	done   int
}

func (s *source) walk(st *stream, from connectors.Cursor, yield func(connectors.Page, error) bool) (*walk, error) {
	at, err := decodeCursor(from, st.meaning)
	if err != nil {
		return nil, err
	}
	w := &walk{source: s, stream: st, now: s.env.Now().UTC(), at: at, yield: yield, index: map[string]int{}}
	if w.at.Walk == nil {
		sweep := time.Duration(st.spec.Since.Sweep)
		whole := sweep > 0 && !work.Fresh(at.Swept, w.now, sweep)
		w.at.Walk = &walkState{Began: w.now.Truncate(time.Second), Whole: whole}
	} else {
		w.resumed = true
	}
	w.maker = maker{
		connector: s.env.Name, place: s.program.config.Place, audience: s.program.audience, stream: st, read: w.at.Walk.Began,
	}
	w.stored, err = w.at.encode()
	return w, err
}

// run reads every parent from where the walk stands.
func (w *walk) run(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	all, err := w.parents(ctx)
	if err != nil {
		return err
	}
	if err := w.joined(ctx); err != nil {
		return err
	}
	state := w.at.Walk
	todo := slices.DeleteFunc(slices.Clone(all), func(p parent) bool {
		same := p.print != "" && p.print == w.at.Marks[p.id].Print && !state.Whole && p.id != state.Parent
		return state.Done != "" && p.id <= state.Done || same
	})
	if w.probe {
		todo = todo[:min(len(todo), 1)]
	}
	for i, p := range todo {
		if state.Part == nil || state.Parent != p.id {
			state.Parent, state.Part = p.id, w.begin(p)
		}
		if err := w.parent(ctx, p, func() { w.end(p, all, i == len(todo)-1) }); err != nil {
			return err
		}
	}
	if w.at.Walk != nil {
		w.end(parent{}, all, true) // nothing was to be read
		return w.flush(ctx, true)
	}
	return nil
}

// begin says from where to where a parent is read.
func (w *walk) begin(p parent) *part {
	since, spec := time.Time{}, w.stream.spec.Since
	m := w.at.Marks[p.id]
	if spec.First > 0 {
		since = w.now.Add(-time.Duration(spec.First))
	}
	if !m.At.IsZero() && !w.at.Walk.Whole {
		since = m.At.Add(-time.Duration(spec.Overlap))
	}
	unit := w.unit()
	until := w.now.Add(-time.Duration(spec.Delay))
	if spec.Delay > 0 && unit > time.Second {
		until = floor(until, unit, w.stream.zone)
	}
	if w.probe && spec.Window > 0 {
		since = until.Add(-time.Duration(spec.Window))
	}
	if !since.IsZero() {
		since = floor(since, unit, w.stream.zone)
	}
	pt := &part{From: since, Since: since, Until: until, Now: w.now}
	if !w.at.Walk.Whole {
		pt.Place.Token = m.Token
	}
	return pt
}

// unit is the smallest step of windows: usage that is added up needs whole
// days.
func (w *walk) unit() time.Duration {
	if w.stream.spec.AddUp {
		return 24 * time.Hour
	}
	return unitOf(w.stream.spec.Since.Format)
}

// end notes that a parent was read to its end.
func (w *walk) end(p parent, all []parent, last bool) {
	state := w.at.Walk
	if pt := state.Part; pt != nil && state.Parent == p.id {
		m := w.at.Marks[p.id]
		m.Print = p.print
		high := pt.High
		if w.stream.spec.Since.Window > 0 {
			high = pt.Until
		}
		if high.After(pt.Now) {
			high = pt.Now // a date in the future must not hide what comes before
		}
		if high.After(m.At) || state.Whole && !high.IsZero() {
			m.At = high
		}
		if w.stream.Page.Keep {
			m.Token = pt.Place.Token
		}
		w.at.Marks[p.id] = m
	}
	state.Done, state.Part, state.Parent = p.id, nil, ""
	if !last {
		return
	}
	if w.stream.spec.Since.Sweep > 0 && (state.Whole || w.at.Swept.IsZero()) {
		w.at.Swept = state.Began
	}
	if !w.probe {
		listed := map[string]bool{}
		for _, p := range all {
			listed[p.id] = true
		}
		w.at.forget(listed)
	}
	w.at.Walk = nil
}

// parent reads all windows of one parent; settle is called before its last
// page is handed over.
func (w *walk) parent(ctx context.Context, p parent, settle func()) error {
	pt := w.at.Walk.Part
	p, err := w.detailed(ctx, p)
	if err != nil {
		return w.skipped(ctx, p, settle, err)
	}
	window := time.Duration(w.stream.spec.Since.Window)
	if window > 0 && !pt.From.Before(pt.Until) {
		settle()
		return w.flush(ctx, w.at.Walk == nil)
	}
	for {
		to := pt.Until
		if window > 0 {
			to = stepped(pt.From, window, w.stream.zone)
		}
		final := window <= 0 || !to.Before(pt.Until)
		if final {
			to = pt.Until
		}
		err := w.window(ctx, p, to, func() {
			pt.From = to
			if kept := pt.Place.Token; w.stream.Page.Keep {
				pt.Place = place{Token: kept}
			} else {
				pt.Place = place{}
			}
			if final {
				settle()
			}
		})
		if err != nil {
			return w.skipped(ctx, p, settle, err)
		}
		if final {
			return nil
		}
	}
}

// stepped adds a window; whole days follow the calendar of the zone.
func stepped(t time.Time, window time.Duration, zone *time.Location) time.Time {
	const day = 24 * time.Hour
	if window%day == 0 {
		return t.In(zone).AddDate(0, 0, int(window/day))
	}
	return t.Add(window)
}

// skipped sets a parent aside that is no more; any other error ends the walk.
func (w *walk) skipped(ctx context.Context, p parent, settle func(), err error) error {
	status, ok := errors.AsType[*httpx.StatusError](err)
	gone := ok && (status.Status == http.StatusNotFound || status.Status == http.StatusGone)
	if w.stream.parents == nil || w.stream.parents.spec.Values != "" || !gone {
		return err
	}
	w.page.Rejects = append(w.page.Rejects, work.Reject{
		Connector: w.source.env.Name, Where: w.stream.name + " of " + p.id, Cause: excerpt(err.Error(), 300),
		Remedy: "it was removed between two requests, or may not be read; nothing else stopped",
	})
	settle()
	return w.flush(ctx, w.at.Walk == nil)
}

// window reads all pages of one window; settle is called before the last is
// handed over.
func (w *walk) window(ctx context.Context, p parent, to time.Time, settle func()) error {
	e, pt := &w.stream.endpoint, w.at.Walk.Part
	for {
		said, err := w.source.client.send(ctx, w.asked(pt.Place), w.look(p, pt, to), e.EmptyOn, w.address(pt.Place))
		if err != nil && w.stale(err, pt) {
			continue
		}
		if err != nil {
			return err
		}
		w.trust(said.date, pt)
		next, more, reached, err := w.take(ctx, said, p, pt)
		if err != nil {
			return err
		}
		w.resumed = false
		if more && !reached {
			pt.Place = next
			if !w.stream.spec.AddUp {
				if err := w.flush(ctx, false); err != nil {
					return err
				}
			}
			continue
		}
		if w.stream.Page.Keep {
			pt.Place.Token = next.Token
		}
		if err := w.flushSums(ctx); err != nil {
			return err
		}
		settle()
		return w.flush(ctx, w.at.Walk == nil)
	}
}

// stale starts a window anew where the service forgot a stored place, or where
// that place is an address of the service that url: named before.
func (w *walk) stale(err error, pt *part) bool {
	if _, elsewhere := errors.AsType[*elsewhereError](err); elsewhere && w.resumed {
		pt.Place, w.resumed = place{}, false
		return true
	}
	status, ok := errors.AsType[*httpx.StatusError](err)
	if !ok || pt.Place.Token == "" || !w.resumed && !w.stream.Page.Keep {
		return false
	}
	switch status.Status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity:
		pt.Place, w.resumed = place{}, false
		return true
	default:
		return false
	}
}

// trust takes the service's clock where ours is ahead.
func (w *walk) trust(date string, pt *part) {
	if t, err := http.ParseTime(date); err == nil && t.Before(w.now.Add(-clockSlack)) && t.Before(pt.Now) {
		pt.Now = t.UTC()
	}
}
