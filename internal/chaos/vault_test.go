package chaos_test

import (
	"context"
	"errors"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// vault is the store as a process sees it that may die, whose disk may be full
// and whose database may be gone.
type vault struct {
	*store.Store

	p     *process
	lease work.Lease // under which it writes; zero without
}

// holds judges a write that was stored: whoever was taken over stores nothing
// but the answers to what it had sent (S9).
func (v *vault) holds(what string, err error) {
	now := v.p.duties[v.lease.Duty]
	if err == nil && now != nil && v.lease.Token != 0 && v.lease.Token != now.lease.Token {
		v.p.l.broken("S9", v.lease.Duty, "%s under token %d was stored although token %d has the duty", what, v.lease.Token, now.lease.Token)
	}
}

var (
	errFull = errors.New("database or disk is full")
	errGone = errors.New("the database cannot be reached")
)

// do does one call, unless something is in its way.
func (v *vault) do(step, connector string, writes bool, call func() error) error {
	align(connector)
	l := v.p.l
	if v.p.isDead() {
		return errDead
	}
	if err := l.trouble(step, writes); err != nil {
		if errors.Is(err, errVague) {
			return errors.Join(call(), errGone)
		}
		return err
	}
	if writes && l.fate(v.p, step, connector) == before {
		return errDead
	}
	err := call()
	l.believes(step, err)
	if writes && l.fate(v.p, "", connector) == after || v.p.isDead() {
		return errDead
	}
	return err
}

// errVague is a call that is done and whose answer is lost.
var errVague = errors.New("done, and nobody knows")

// trouble says what is wrong with the store.
func (l *life) trouble(step string, writes bool) error {
	l.mu.Lock()
	d := l.doom
	var err error
	switch {
	case d == nil:
	case d.gone > 0:
		d.gone--
		err = errGone
	case d.full > 0 && writes:
		d.full--
		err = errFull
	case d.vague > 0 && writes:
		if d.vague--; d.vague == 0 {
			err = errVague
		}
	}
	l.mu.Unlock()
	switch {
	case errors.Is(err, errGone):
		l.strikes("database gone", step)
	case errors.Is(err, errFull):
		l.strikes("disk full", step)
	case errors.Is(err, errVague):
		l.strikes("answer of the database lost", step)
	}
	return err
}

// Cursor reads.
func (v *vault) Cursor(ctx context.Context, connector, stream string) (c connectors.Cursor, err error) {
	err = v.do("cursor", connector, false, func() (err error) { c, err = v.Store.Cursor(ctx, connector, stream); return })
	return c, err
}

// SavePage writes.
func (v *vault) SavePage(ctx context.Context, connector, stream string, page connectors.Page, links [][]evidence.Link) (saved work.Saved, err error) {
	err = v.do("save page", connector, true, func() (err error) {
		saved, err = v.Store.SavePage(ctx, connector, stream, page, links)
		if v.holds("a page", err); err != nil && !v.p.l.hears("save page").kept {
			return err
		}
		v.p.fresh(connector+" "+stream, true) // it is so even where the answer gets lost
		v.p.fresh(connector+" ", true)        // whatever page it is: the connector answers
		if page.Done {
			v.p.l.met(connector, stream)
		}
		return err
	})
	return saved, err
}

// SaveRead writes.
func (v *vault) SaveRead(ctx context.Context, asked []work.Ref, records []work.Record) error {
	connector := ""
	if len(asked) > 0 {
		connector = asked[0].Connector
	}
	return v.do("save read", connector, true, func() error {
		err := v.Store.SaveRead(ctx, asked, records)
		v.holds("a read by id", err)
		return err
	})
}

// SaveFailure writes. What a node could not read that another one took over from is
// nobody's concern.
func (v *vault) SaveFailure(ctx context.Context, connector, stream, cause string) error {
	err := v.do("save failure", connector, true, func() error { return v.Store.SaveFailure(ctx, connector, stream, cause) })
	if !errors.Is(err, work.ErrLeaseLost) {
		v.p.fresh(connector+" "+stream, cause == "")
	}
	return err
}

// Hints reads.
func (v *vault) Hints(ctx context.Context, connector string, limit int) (h work.Hints, err error) {
	err = v.do("hints", connector, false, func() (err error) { h, err = v.Store.Hints(ctx, connector, limit); return })
	return h, err
}

// SaveHinted writes.
func (v *vault) SaveHinted(ctx context.Context, connector string, last int64, asked []work.Ref, records []work.Record) (saved work.Saved, err error) {
	err = v.do("save hinted", connector, true, func() (err error) {
		saved, err = v.Store.SaveHinted(ctx, connector, last, asked, records)
		return
	})
	return saved, err
}

// SavePolled writes.
func (v *vault) SavePolled(ctx context.Context, connector string, poll int64) error {
	return v.do("save polled", connector, true, func() error { return v.Store.SavePolled(ctx, connector, poll) })
}

// SaveCensus writes.
func (v *vault) SaveCensus(ctx context.Context, connector string, mark work.CensusMark, whole bool) error {
	return v.do("save census", connector, true, func() error { return v.Store.SaveCensus(ctx, connector, mark, whole) })
}

// SaveLimits writes.
func (v *vault) SaveLimits(ctx context.Context, connector string, limits []work.LimitState) error {
	return v.do("save limits", connector, true, func() error { return v.Store.SaveLimits(ctx, connector, limits) })
}

// Snapshot reads.
func (v *vault) Snapshot(ctx context.Context, asOf time.Time) (s engine.Snapshot, err error) {
	err = v.do("snapshot", "", false, func() (err error) { s, err = v.Store.Snapshot(ctx, asOf); return })
	return s, err
}

// SaveRun writes.
func (v *vault) SaveRun(ctx context.Context, run engine.Run) (number int64, err error) {
	err = v.do("save run", "", true, func() (err error) {
		if number, err = v.Store.SaveRun(ctx, run); err == nil {
			v.p.l.book.outlived(run.Outlived)
		}
		v.holds("a run", err)
		return
	})
	return number, err
}

// Seq reads.
func (v *vault) Seq(ctx context.Context) (n int64, err error) {
	err = v.do("seq", "", false, func() (err error) { n, err = v.Store.Seq(ctx); return })
	return n, err
}

// Begin writes.
func (v *vault) Begin(ctx context.Context, run int64, edits []work.Edit) error {
	v.p.begins(edits)
	return v.do("begin", edits[0].Target.Connector, true, func() error {
		err := v.Store.Begin(ctx, run, edits)
		v.holds("the beginning of edits", err)
		return err
	})
}

// Finish writes.
func (v *vault) Finish(ctx context.Context, results []work.Result) error {
	return v.do("finish", "", true, func() error { return v.Store.Finish(ctx, results) })
}

// Pending reads.
func (v *vault) Pending(ctx context.Context) (unsure, unread []work.Edit, err error) {
	err = v.do("pending", "", false, func() (err error) { unsure, unread, err = v.Store.Pending(ctx); return })
	return unsure, unread, err
}

// SaveDisplaced writes.
func (v *vault) SaveDisplaced(ctx context.Context, all []plan.Displaced) error {
	return v.do("save displaced", all[0].Target.Connector, true, func() error { return v.Store.SaveDisplaced(ctx, all) })
}

// Release writes.
func (v *vault) Release(ctx context.Context, r plan.Release, by string) error {
	return v.do("release", "", true, func() error { return v.Store.Release(ctx, r, by) })
}

// fresh notes whether the last read of a stream failed.
func (p *process) fresh(stream string, good bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stale[stream] = !good
}
