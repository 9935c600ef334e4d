package userpilot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

const (
	// firstWait is the pause before a job is asked for again; it doubles until
	// patience is over, and then the next poll goes on.
	firstWait = 2 * time.Second
	patience  = 8 * time.Second
	// longestRun is how long a job is believed to run.
	longestRun = 24 * time.Hour
	// maxTries is how often the export of a window is begun in vain.
	maxTries = 3
	vainRest = 30 * time.Minute
	// maxHeld is how many events or counts of one job are held in memory.
	maxHeld = 1_000_000
	// pageRows is how many rows are stored at a time.
	pageRows = 500
)

// begin asks for the export. Where another one runs, it waits a little, and then
// the next poll asks again.
func (r *run) begin(ctx context.Context) (stop bool, err error) {
	s, j := r.source, r.at.Job
	if s.now().Before(j.Pause) {
		return true, r.emit(connectors.Page{Done: true})
	}
	var id string
	var clock time.Time
	for wait := firstWait; ; wait *= 2 {
		id, clock, err = s.client.order(ctx, j.From, j.To, r.stream.kinds(s.config))
		if !isStatus(err, httpx.Conflict) {
			break
		}
		if err := s.client.jobs(ctx); err != nil { // a service that refuses everything is not busy
			return true, err
		}
		if wait > patience {
			return true, r.emit(connectors.Page{Done: true, Findings: s.busy()})
		}
		if err := pause(ctx, wait); err != nil {
			return true, err
		}
	}
	if err != nil {
		return true, err
	}
	if !clock.IsZero() && clock.Before(j.To) && clock.After(j.From) {
		j.To = clock.UTC() // our clock is ahead: what is not yet there cannot be read
	}
	j.ID, j.Began, r.at.Last = id, s.now().UTC(), s.now().UTC()
	return false, r.emit(connectors.Page{})
}

// await asks how the job stands, a few times.
func (r *run) await(ctx context.Context) (state, phase, error) {
	for wait := firstWait; ; wait *= 2 {
		st, is, err := r.source.client.status(ctx, r.at.Job.ID)
		if err != nil || is != running || wait > patience {
			return st, is, err
		}
		if err := pause(ctx, wait); err != nil {
			return st, is, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// busy tells that another export runs.
func (s *source) busy() []work.Finding {
	if !s.first("busy") {
		return nil
	}
	return []work.Finding{{
		Level: work.Note, Subject: s.name, What: "another export of this environment runs; Userpilot runs one at a time",
		Remedy: "none is needed: it is asked again at the next poll",
	}}
}

// again wants the same window anew, in a job of its own.
func (r *run) again() error {
	j := r.at.Job
	vain := fmt.Errorf("export %s: %w", j.ID, errVain)
	j.ID, j.Sent = "", 0
	if j.Tries++; j.Tries < maxTries {
		return r.emit(connectors.Page{})
	}
	j.Tries, j.Pause = 0, r.source.now().UTC().Add(vainRest)
	if err := r.emit(connectors.Page{}); err != nil {
		return err
	}
	return vain
}

// read reads the parts of a job, and then gives its rows.
func (r *run) read(ctx context.Context, st state) error {
	parts, err := st.parts()
	if err != nil {
		return err
	}
	h := r.source.hold(r.stream, r.at.Job.ID)
	for _, p := range parts {
		if h.done[p.name] {
			continue
		}
		take, keep := h.collect.part()
		rejects, err := r.source.client.fetch(ctx, r.source.name, p, take)
		if errors.Is(err, errEnded) {
			return r.again()
		}
		if err != nil {
			return err
		}
		keep()
		h.done[p.name], h.rejects = true, append(h.rejects, rejects...)
		if h.collect.size() > maxHeld {
			return fmt.Errorf("read export %s: %w", r.at.Job.ID, errBulky)
		}
		if err := r.emit(connectors.Page{Progress: connectors.Progress{Done: len(h.done), Total: len(parts)}}); err != nil {
			return err
		}
	}
	return r.give(ctx, h)
}

// give yields the rows of a job that was read, and moves the mark with the last
// of them.
func (r *run) give(ctx context.Context, h *held) error {
	s, j := r.source, r.at.Job
	if h.rows == nil {
		books, findings, err := r.lookup(ctx, h)
		if err != nil {
			return err
		}
		found, whole := h.collect.rows(frame{connector: s.name, audience: s.audience, config: s.config, books: books}, *j)
		if !whole {
			j.widen(r.at.Start)
			return r.emit(connectors.Page{})
		}
		found.rejects = append(h.rejects, found.rejects...)
		found.findings = append(findings, found.findings...)
		h.rows = &found
	}
	for {
		from := min(j.Sent, h.rows.count())
		to := min(from+pageRows, h.rows.count())
		page := h.rows.page(from, to)
		page.Progress = connectors.Progress{Done: to, Total: h.rows.count()}
		j.Sent = to
		if to == h.rows.count() {
			r.at.Mark, r.at.More, r.at.Job = j.To, j.More, nil
		}
		if err := r.emit(page); err != nil || r.at.Job == nil {
			return err
		}
	}
}

// lookup reads wordings and names, where there is something to name. A key that
// may not read them costs the names and nothing else.
func (r *run) lookup(ctx context.Context, h *held) (books, []work.Finding, error) {
	if h.collect.size() == 0 {
		return books{}, nil, nil
	}
	read := r.source.client.surveyBooks
	if r.stream.name == usageStream {
		read = r.source.client.featureBooks
	}
	b, err := read(ctx)
	if isStatus(err, httpx.Forbidden, httpx.Missing) {
		if !r.source.first("lookup " + r.stream.name) {
			return b, nil, nil
		}
		return b, []work.Finding{{
			Level: work.Note, Subject: r.source.name, What: "wordings and names cannot be looked up: " + err.Error(),
			Remedy: "none is needed; questions and features have their ids for names",
		}}, nil
	}
	return b, nil, err
}
