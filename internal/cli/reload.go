package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"sync/atomic"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

// daemon does the work of the daemon, by one generation of the configuration
// after the other. The store, the listener and the process live on; settings,
// rules and connectors are read anew at a reload:
//
//	signal ─► load, compile, open ──mistake──► told; the old generation goes on
//	                │
//	                ▼
//	          the old one finishes what has begun ─► the new one begins
//
// Everything that can fail is done before the old generation is touched. Plans
// carry the hashes of the rules and settings that they were made by: what the
// old generation planned and did not send is decided anew. daemon returns the
// generation that was the last, to be closed.
func (a *app) daemon(cmd *cobra.Command, s *session) (*session, error) {
	signals, quit := reloads()
	defer quit()
	easing, eased := context.WithCancel(cmd.Context())
	defer eased()
	go ease(easing, s.store)
	var door door
	host := s.host(s.teller(cmd.Context()))
	door.lead(s.inboxes(host.Wake))
	stop, err := s.listen(cmd.Context(), &door)
	if err != nil {
		return s, err
	}
	defer stop()
	for {
		s.watch.As(host.Node())
		face, err := a.serve(cmd.Context(), s, host)
		if err != nil {
			return s, err
		}
		next, err := a.generation(cmd, s, host, signals)
		face.stop()
		if next == nil {
			return s, err
		}
		host = next.host(next.teller(cmd.Context()))
		door.lead(next.inboxes(host.Wake))
		s.discard(next.kept)
		next.log.Info("the configuration was read anew and counts from now on", "count", len(next.live))
		s = next
	}
}

// generation works until the context ends, and then returns no session, or
// until the next generation is ready to begin.
func (a *app) generation(cmd *cobra.Command, s *session, host *jobs.Host, signals <-chan os.Signal) (*session, error) {
	ctx, end := context.WithCancel(cmd.Context())
	defer end()
	done := make(chan error, 1)
	go func() {
		err := s.work(ctx, host)
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = nil // it was asked to end before it had begun
		}
		done <- err
	}()
	for {
		select {
		case err := <-done:
			return nil, err
		case <-signals:
			next, err := a.renew(cmd, s)
			if err != nil {
				s.tellRefused(err)
				continue
			}
			end()
			if err := <-done; err != nil {
				next.discard(next.kept)
				return nil, err
			}
			return next, nil
		}
	}
}

// tellRefused logs each mistake with its place.
func (s *session) tellRefused(err error) {
	var mistakes config.Diagnostics
	if !errors.As(err, &mistakes) {
		s.log.Error("the configuration was not read anew; the old one goes on", "err", err)
		return
	}
	for _, m := range mistakes {
		s.log.Error("the configuration has a mistake; the old one goes on until it is mended and read again", "err", m.Error())
	}
}

// renew reads the configuration and opens what changed in it. Nothing of the
// old session is touched.
func (a *app) renew(cmd *cobra.Command, old *session) (*session, error) {
	fresh, err := a.load(cmd)
	if err != nil {
		return nil, err
	}
	fresh.watch, fresh.pseudonyms = old.watch, old.pseudonyms
	if fixed := fresh.moved(old.setup); len(fixed) > 0 {
		return nil, fixed
	}
	next := &session{setup: fresh, store: old.store, log: a.logger(fresh.settings), kept: map[string]bool{}}
	next.wide = old.wide
	for _, i := range fresh.instances {
		live, kept := next.keep(i, old)
		if !kept {
			live = fresh.open(cmd.Context(), i, nil, next.log)
		}
		next.live, next.kept[i.name] = append(next.live, live), kept
		if live.Failure != nil && !old.failed(i.name) {
			next.discard(next.kept)
			return nil, fmt.Errorf("open %s: %w", i.name, live.Failure)
		}
	}
	return next, nil
}

// moved reports settings that only a new process can follow.
func (s *setup) moved(old *setup) config.Diagnostics {
	var problems []work.Problem
	differs := func(key string, now, before any) {
		if now != before {
			problems = append(problems, work.Problem{At: work.Pointer("").Key(key), What: key + " cannot change while Tandem runs", Remedy: "stop tandem run and start it again, or put the old value back"})
		}
	}
	differs("instance", s.settings.Instance, old.settings.Instance)
	differs("store", s.settings.Store, old.settings.Store)
	differs("listen", s.settings.Listen, old.settings.Listen)
	differs("webhooks", s.settings.Webhooks, old.settings.Webhooks)
	differs("privacy", s.settings.Privacy, old.settings.Privacy)
	return s.document.Diagnose(problems)
}

// keep takes a connector over that is to be as it was: it keeps its
// connections, its budget and what it knows. One that keeps nothing is opened
// anew, with the files that its settings name.
func (s *session) keep(i instance, old *session) (scheduler.Live, bool) {
	for n, was := range old.instances {
		if was.name != i.name || !was.settings.Same(i.settings) || old.live[n].Failure != nil || old.live[n].Conn.Meter == nil {
			continue
		}
		if !reflect.DeepEqual(told(s.env(i, nil, s.log)), told(old.env(was, nil, old.log))) {
			continue
		}
		live := s.paced(i)
		live.Conn = old.live[n].Conn
		return live, true
	}
	return scheduler.Live{}, false
}

// told is what rules tell a connector.
func told(env connectors.Env) connectors.Env {
	env.Log, env.Now, env.Transport = nil, nil, nil
	return env
}

// failed reports whether a connector could not be opened.
func (s *session) failed(name string) bool {
	for _, l := range s.live {
		if l.Name == name {
			return l.Failure != nil
		}
	}
	return false
}

// discard closes the connectors that are not kept for another session.
func (s *session) discard(kept map[string]bool) {
	for _, l := range s.live {
		if l.Conn.Close == nil || kept[l.Name] {
			continue
		}
		if err := l.Conn.Close(); err != nil {
			s.log.Warn("a connector did not close", "connector", l.Name, "err", err)
		}
	}
}

// door leads deliveries to the generation that works.
type door struct{ to atomic.Pointer[http.Handler] }

func (d *door) lead(to http.Handler) { d.to.Store(&to) }

// ServeHTTP hands the request on.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*d.to.Load()).ServeHTTP(w, r) }
