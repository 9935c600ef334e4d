package scheduler_test

import (
	"context"
	"errors"
	"sync"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/work"
	"tandem/scheduler"

	"tandem/mapping/evidence"
)

// errDead is how a process ends that is killed.
var errDead = errors.New("the process was killed")

// mortal is a store whose process is killed at one of its calls. From then on
// nothing happens any more.
type mortal struct {
	scheduler.Store

	mu    sync.Mutex
	left  int  // calls until death
	after bool // the last call still has its effect
}

// live does one call, unless the process is dead.
func (m *mortal) live(do func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left--
	switch {
	case m.left > 0:
		return do()
	case m.left == 0 && m.after:
		return errors.Join(do(), errDead)
	default:
		return errDead
	}
}

// SavePage may be the last call.
func (m *mortal) SavePage(ctx context.Context, connector, stream string, page connectors.Page, links [][]evidence.Link) (saved work.Saved, err error) {
	err = m.live(func() (err error) { saved, err = m.Store.SavePage(ctx, connector, stream, page, links); return })
	return saved, err
}

// SaveRead may be the last call.
func (m *mortal) SaveRead(ctx context.Context, asked []work.Ref, records []work.Record) error {
	return m.live(func() error { return m.Store.SaveRead(ctx, asked, records) })
}

// SaveRun may be the last call.
func (m *mortal) SaveRun(ctx context.Context, run engine.Run) (number int64, err error) {
	err = m.live(func() (err error) { number, err = m.Store.SaveRun(ctx, run); return })
	return number, err
}

// Begin may be the last call.
func (m *mortal) Begin(ctx context.Context, run int64, edits []work.Edit) error {
	return m.live(func() error { return m.Store.Begin(ctx, run, edits) })
}

// Finish may be the last call.
func (m *mortal) Finish(ctx context.Context, results []work.Result) error {
	return m.live(func() error { return m.Store.Finish(ctx, results) })
}

// late is a store where somebody acts between a snapshot and the end of its
// evaluation, once.
type late struct {
	scheduler.Store

	act  func()
	once sync.Once
}

// SaveRun is too late to see what was done.
func (l *late) SaveRun(ctx context.Context, run engine.Run) (int64, error) {
	l.once.Do(l.act)
	return l.Store.SaveRun(ctx, run)
}
