package httpjson

import (
	"context"
	"hash/fnv"
	"iter"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// most is how many bytes an answer may unpack to.
func (s *source) most() int64 { return int64(s.program.config.MaxMB) << 20 }

func (s *source) reject(where string, why *fault, body any) work.Reject {
	return work.Reject{Connector: s.env.Name, Where: where, Cause: why.cause, Remedy: why.remedy, Body: excerpt(describe(body), 1000)}
}

// take puts the records of an answer on the page. It tells where to go on, and
// whether what was read before was reached.
func (w *walk) take(ctx context.Context, said answer, p parent, pt *part) (next place, more, reached bool, err error) {
	if said.none {
		return pt.Place, false, false, nil
	}
	var root any
	var rows iter.Seq2[row, error]
	if w.stream.Format == "jsonl" {
		rows = w.stream.linesOf(said.body, w.source.most())
	} else {
		if root, err = rootOf(said.body, w.source.most()); err != nil {
			return next, false, false, err
		}
		list, err := w.stream.rowsOf(root)
		if err != nil {
			return next, false, false, err
		}
		rows = func(yield func(row, error) bool) {
			for _, r := range list {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	t, reached, same, err := w.takeRows(ctx, rows, p, pt)
	if err == nil && !same { // the answer changed meanwhile
		pt.Place.Skip, pt.Place.Sum = 0, 0
		t, reached, _, err = w.takeRows(ctx, rows, p, pt)
	}
	if err != nil {
		return next, false, false, err
	}
	next, more, err = w.stream.next(pt.Place, t, root)
	pt.Place.Skip, pt.Place.Sum = 0, 0
	return next, more, reached, err
}

// takeRows puts rows on pages, behind those that were handed over before. It
// reports whether these are still the same.
func (w *walk) takeRows(ctx context.Context, rows iter.Seq2[row, error], p parent, pt *part) (t tally, reached, same bool, err error) {
	before, skip, was := w.page, pt.Place.Skip, pt.Place.Sum
	sum := fnv.New64a()
	for r, err := range rows {
		if err != nil {
			return t, false, false, err
		}
		made := w.add(r, p, pt.Place.Seen)
		t.note(&w.stream.endpoint, r.value, made.id, w.stream.key)
		_, _ = sum.Write([]byte(made.id + made.at.String() + "\x00")) // never fails
		if made.at.After(pt.High) {
			pt.High = made.at
		}
		old := w.stream.spec.Since.NewestFirst && !pt.Since.IsZero() && !made.at.IsZero() && made.at.Before(pt.Since)
		reached = reached || old
		if t.rows < skip {
			continue
		}
		if t.rows == skip {
			w.page, w.index = before, map[string]int{}
			if sum.Sum64() != was {
				return t, false, false, nil
			}
			continue
		}
		if w.isFull() {
			pt.Place.Skip, pt.Place.Sum = t.rows, sum.Sum64()
			if err := w.full(ctx); err != nil {
				return t, false, false, err
			}
		}
	}
	if t.rows < skip {
		w.page, w.index = before, map[string]int{}
	}
	return t, reached, t.rows >= skip, nil
}

// made is what became of a row.
type made struct {
	id string
	at time.Time
}

// add turns a row into what the stream yields.
func (w *walk) add(r row, p parent, seen []string) made {
	w.done++
	where := w.stream.name
	if p.id != "" {
		where += " of " + p.id
	}
	if r.fault != "" {
		w.page.Rejects = append(w.page.Rejects, w.source.reject(where+", "+r.where, &fault{r.fault, "correct it at the source, or the stream's records: in the settings"}, r.value))
		return made{}
	}
	sc := scope{value: r.value, parent: p.value, join: w.join, params: w.source.program.config.Params}
	if !kept(sc, w.stream.only, w.stream.skip) {
		return made{at: w.ownTime(sc, time.Time{})}
	}
	m, why := w.put(sc, w.stream.fields, seen)
	if why != nil {
		name := m.id // the same wherever it stands, so that it ends when it is understood
		if name == "" {
			name = r.where
		}
		w.page.Rejects = append(w.page.Rejects, w.source.reject(where+", "+name, why, r.value))
		return made{id: m.id}
	}
	for _, a := range w.stream.also {
		v, _ := sc.find(a.records)
		for _, e := range elements(v, "") {
			inner := scope{value: e, record: r.value, parent: p.value, join: sc.join, params: sc.params}
			if _, why := w.put(inner, a.fields, nil); why != nil {
				w.page.Rejects = append(w.page.Rejects, w.source.reject(where+", inside of "+m.id, why, e))
			}
		}
	}
	m.at = w.ownTime(sc, m.at)
	return m
}

// ownTime is the time by which the stream is read.
func (w *walk) ownTime(sc scope, version time.Time) time.Time {
	if !w.stream.own.set() {
		return version
	}
	v, ok := w.stream.own.read(sc)
	if !ok {
		return time.Time{}
	}
	t, err := moment(v, w.stream.own.Time, w.stream.own.zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// put makes one record and puts it on the page.
func (w *walk) put(sc scope, fields map[string]reading, seen []string) (made, *fault) {
	switch w.stream.yields {
	case connectors.YieldsFeedback:
		f, why := w.maker.feedback(sc, fields, w.stream.answers)
		if why == nil && !slices.Contains(seen, f.ID) {
			w.page.Feedback = place1(w, w.page.Feedback, f, f.ID, func(have work.Feedback) bool { return !f.Version.Before(have.Version) })
		}
		return made{f.ID, f.Version}, why
	case connectors.YieldsInsights:
		in, why := w.maker.insight(sc, fields)
		if why == nil && !slices.Contains(seen, in.ID) {
			w.page.Insights = place1(w, w.page.Insights, in, in.ID, func(have work.Insight) bool { return !in.Version.Before(have.Version) })
		}
		return made{in.ID, in.Version}, why
	case connectors.YieldsMetrics:
		m, user, why := w.maker.metric(sc)
		id := sumKey(m)
		switch {
		case why != nil:
		case w.stream.spec.AddUp:
			why = w.addUp(m, user, w.unique(sc))
		case slices.Contains(seen, id):
		default:
			w.page.Metrics = place1(w, w.page.Metrics, m, id, func(work.Metric) bool { return true })
		}
		return made{id, m.Day}, why
	default:
		rec, why := w.maker.item(sc, fields)
		if why == nil && !slices.Contains(seen, rec.ID) {
			w.page.Records = place1(w, w.page.Records, rec, rec.ID, func(have work.Record) bool { return !rec.Version.Before(have.Version) })
		}
		return made{rec.ID, rec.Version}, why
	}
}

// place1 adds a record to a page, or replaces an earlier one of the same id.
func place1[T any](w *walk, page []T, record T, id string, newer func(have T) bool) []T {
	if i, there := w.index[id]; there {
		if newer(page[i]) {
			page[i] = record
		}
		return page
	}
	w.index[id] = len(page)
	return append(page, record)
}

// isFull reports whether a page is long enough.
func (w *walk) isFull() bool { return len(w.index)+len(w.page.Rejects) >= pageRows }

// full hands over a page in the middle of an answer. What is added up counts
// only as a whole: a walk that is cut there reads the window again.
func (w *walk) full(ctx context.Context) error {
	if w.stream.spec.AddUp {
		return w.hand(ctx, w.stored, false)
	}
	return w.flush(ctx, false)
}

// flush hands the page over with the cursor behind it.
func (w *walk) flush(ctx context.Context, done bool) error {
	at, err := w.at.encode()
	if err != nil {
		return err
	}
	w.stored = at
	return w.hand(ctx, at, done)
}

func (w *walk) hand(ctx context.Context, at connectors.Cursor, done bool) error {
	page := w.page
	page.Cursor, page.Done, page.Progress = at, done, connectors.Progress{Done: w.done}
	w.page, w.index = connectors.Page{}, map[string]int{}
	if !w.yield(page, nil) {
		return errStopped
	}
	if !done {
		return ctx.Err()
	}
	return nil
}
