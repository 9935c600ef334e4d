package hotjar

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// responseStream is the only stream.
const responseStream = "responses"

// source reads responses.
type source struct {
	name     string
	config   Config
	audience work.Audience
	client   *client
	now      func() time.Time

	mu   sync.Mutex
	told map[string]bool
}

// Pages yields the responses of all surveys, survey by survey.
func (s *source) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		if stream != responseStream {
			yield(connectors.Page{}, fmt.Errorf("%s: there is no stream %q", s.name, stream))
			return
		}
		if err := s.round(ctx, from, yield); err != nil && !errors.Is(err, errStopped) {
			if ctx.Err() != nil {
				yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
				return
			}
			yield(connectors.Page{}, explained(s.name, err))
		}
	}
}

// round reads every survey once, and goes on where the last one was cut.
func (s *source) round(ctx context.Context, from connectors.Cursor, yield func(connectors.Page, error) bool) error {
	at, err := decode(from)
	if err != nil {
		return err
	}
	surveys, err := s.client.surveys(ctx)
	if err != nil {
		return err
	}
	w := &walker{source: s, at: at, yield: yield}
	listed := map[string]bool{}
	for _, one := range surveys {
		if !s.config.wants(one) {
			continue
		}
		listed[one.ID] = true
		p := at.of(one.ID)
		if p.Round == at.Round || p.Walk == nil && !one.Enabled && work.Fresh(p.Ended, s.now(), rest) {
			continue
		}
		if err := w.survey(ctx, one, p); err != nil {
			return err
		}
	}
	maps.DeleteFunc(at.Surveys, func(id string, _ *position) bool { return !listed[id] })
	at.Round++
	return w.emit(connectors.Page{Done: true, Findings: s.nothing(surveys, listed)})
}

// nothing says that the settings cover no survey of the site.
func (s *source) nothing(all []survey, wanted map[string]bool) []work.Finding {
	if len(wanted) > 0 || len(all) == 0 || !s.first("no survey") {
		return nil
	}
	return []work.Finding{{
		Level: work.Warning, Subject: s.name, What: fmt.Sprintf("surveys: covers none of the %d surveys of the site", len(all)),
		Remedy: "write names or ids as Hotjar shows them",
	}}
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
