package userpilot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// The streams.
const (
	answerStream = "answers"
	usageStream  = "usage"
)

// stream says how a stream is exported.
type stream struct {
	name    string
	kinds   func(Config) []string
	collect func(Config) collector
	window  func(*cursor, Config, time.Time) *job
	every   func(Config) time.Duration
}

func streamOf(name string) (stream, bool) {
	switch name {
	case answerStream:
		return stream{
			name: name, kinds: func(Config) []string { return []string{interaction} },
			collect: func(c Config) collector { return &voices{config: c, all: map[string]utterance{}} },
			window:  (*cursor).voiceWindow, every: func(c Config) time.Duration { return time.Duration(c.ExportEvery) },
		}, true
	case usageStream:
		return stream{
			name: name, kinds: func(c Config) []string { return c.Usage.Events },
			collect: func(c Config) collector { return &usage{config: c, counts: map[counted]*tally{}} },
			window:  (*cursor).usageWindow, every: func(c Config) time.Duration { return time.Duration(c.Usage.ExportEvery) },
		}, true
	default:
		return stream{}, false
	}
}

// source reads exports.
type source struct {
	name     string
	config   Config
	audience work.Audience
	client   *client
	now      func() time.Time
	// nudged says that a webhook told of something new.
	nudged atomic.Bool

	mu   sync.Mutex
	told map[string]bool
	held map[string]*held
}

// held is what was read of a job and is not stored: a process that starts anew
// reads it again.
type held struct {
	job     string
	done    map[string]bool
	collect collector
	rejects []work.Reject
	rows    *rows
}

// hold returns what is held of a job, and forgets other jobs of the stream.
func (s *source) hold(st stream, job string) *held {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.held[st.name]; h != nil && h.job == job {
		return h
	}
	if s.held == nil {
		s.held = map[string]*held{}
	}
	h := &held{job: job, done: map[string]bool{}, collect: st.collect(s.config)}
	s.held[st.name] = h
	return h
}

// first reports whether something is to be told: once in the life of a
// process.
func (s *source) first(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told[what] {
		return false
	}
	if s.told == nil {
		s.told = map[string]bool{}
	}
	s.told[what] = true
	return true
}

// Pages goes through the states of exports until nothing is to be read for now.
func (s *source) Pages(ctx context.Context, name string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		st, known := streamOf(name)
		at, err := decode(from)
		switch {
		case !known:
			yield(connectors.Page{}, fmt.Errorf("%s: there is no stream %q", s.name, name))
			return
		case err != nil:
			yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
			return
		}
		r := &run{source: s, stream: st, at: at, yield: yield}
		switch err := r.steps(ctx); {
		case err == nil, errors.Is(err, errStopped):
		case ctx.Err() != nil:
			yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
		default:
			yield(connectors.Page{}, explained(s.name, err))
		}
	}
}

// run is one call of Pages.
type run struct {
	source *source
	stream stream
	at     *cursor
	yield  func(connectors.Page, error) bool
}

// steps takes one step after the other. Each state is stored before the next step
// leaves a trace at the service.
func (r *run) steps(ctx context.Context) error {
	if r.at.Start.IsZero() {
		r.at.Start = r.source.now().UTC().Add(-time.Duration(r.source.config.History)).Truncate(time.Second)
	}
	for ctx.Err() == nil {
		switch {
		case r.at.Job == nil:
			if r.at.Job = r.next(); r.at.Job == nil {
				return r.emit(connectors.Page{Done: true})
			}
			if err := r.emit(connectors.Page{}); err != nil {
				return err
			}
		case r.at.Job.ID == "":
			if stop, err := r.begin(ctx); stop || err != nil {
				return err
			}
		default:
			if stop, err := r.follow(ctx); stop || err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// follow goes on with a job that was begun.
func (r *run) follow(ctx context.Context) (stop bool, err error) {
	st, is, err := r.await(ctx)
	switch {
	case err != nil:
		return true, err
	case is == completed:
		return false, r.read(ctx, st)
	case is == lost, r.source.now().Sub(r.at.Job.Began) > longestRun:
		return false, r.again()
	default:
		return true, r.emit(connectors.Page{Done: true})
	}
}

// nudgedRest is the least time between exports that webhooks cause.
const nudgedRest = 5 * time.Minute

// next is the window to ask for now: at once where there is more than one to
// catch up with, else at the interval of the settings.
func (r *run) next() *job {
	s := r.source
	now := s.now()
	if len(r.stream.kinds(s.config)) == 0 {
		return nil
	}
	j := r.stream.window(r.at, s.config, now)
	if j == nil {
		return nil
	}
	since := now.Sub(r.at.Last)
	switch {
	case r.at.More, since >= r.stream.every(s.config):
		return j
	case r.stream.name == answerStream && since >= nudgedRest && s.nudged.Swap(false):
		return j
	default:
		return nil
	}
}

// emit yields a page with the cursor behind it.
func (r *run) emit(page connectors.Page) error {
	var err error
	if page.Cursor, err = r.at.encode(); err != nil {
		return err
	}
	if !r.yield(page, nil) {
		return errStopped
	}
	return nil
}
