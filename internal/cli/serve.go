package cli

import (
	"context"
	"net/http"
	"sync"
	"time"

	"tandem/config"
	"tandem/internal/api"
	"tandem/internal/engine"
	"tandem/internal/view"
	"tandem/internal/web/signin"
	"tandem/scheduler/jobs"
)

// served is what a process shows at its address.
type served struct {
	// at is the address with the port that was taken; empty where nothing is
	// served.
	at   string
	gate *signin.Gate
	stop func()
}

// serve answers at the address of the settings: the API where it has tokens,
// metrics and health, and the pages. Its stop ends that; the store is closed
// after it.
func (a *app) serve(ctx context.Context, s *session, host *jobs.Host) (served, error) {
	s.front = s.desk(a.version, host)
	extra := s.pages()
	tokens := s.tokens()
	if len(tokens) == 0 {
		s.log.Info("the api is off: no tokens are configured; write api: {tokens: […]} to use it")
	}
	server, err := api.New(s.apiConfig(s.front, tokens, extra))
	if err != nil {
		return served{}, codedError{exitWrong, err}
	}
	face, err := s.face(ctx, s.front, a.version)
	if err != nil {
		return served{}, err
	}
	tls := s.settings.API.TLS
	listener, err := api.Address{Listen: s.settings.Listen, Cert: tls.Cert, Key: tls.Key}.Open(ctx)
	switch {
	case err == nil:
		at := listener.Addr().String()
		s.log.Info("pages, metrics, health and the api are served", "ref", at, "count", len(tokens))
		end, kept := api.Serve(ctx, listener, front(server, face.pages), s.log), s.keepShown(ctx)
		return served{at, face.gate, func() { face.close(); end(); kept() }}, nil
	case len(tokens) == 0 && !s.settings.Web.Given(): // nobody asked for it: it is the default that is taken
		s.log.Warn("nothing is served; the daemon runs without", "err", err)
		return served{stop: func() {}}, nil
	default:
		return served{}, err
	}
}

// keepShown lets what is shown be brought up to date beside those who look, until the
// returned function is called.
func (s *session) keepShown(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() { s.front.Keep(ctx) })
	return func() {
		cancel()
		group.Wait()
	}
}

// pages are those that ask for no token, by pattern: metrics and health.
func (s *session) pages() map[string]http.Handler {
	if s.watch == nil {
		return nil
	}
	h := s.watch.Handler()
	return map[string]http.Handler{"GET /metrics": h, "GET /healthz": h, "GET /readyz": h}
}

// tokens are the clients of the settings.
func (s *setup) tokens() []api.Token {
	tokens := make([]api.Token, 0, len(s.settings.API.Tokens))
	for _, t := range s.settings.API.Tokens {
		role, _ := view.ParseRole(t.Role)
		tokens = append(tokens, api.Token{Name: t.Name, Secret: t.Token, Role: role, Audience: t.Sees()})
	}
	return tokens
}

func (s *session) apiConfig(desk *view.Desk, tokens []api.Token, extra map[string]http.Handler) api.Config {
	if !config.Loopback(s.settings.Listen) && s.settings.API.TLS.Cert == "" {
		s.log.Warn("the api speaks without TLS to other machines, as the settings say", "ref", s.settings.Listen)
	}
	return api.Config{
		Desk: desk, Tokens: tokens, Listen: s.settings.Listen, Hosts: s.settings.API.Hosts, Extra: extra, Log: s.log, Now: time.Now,
	}
}

// desk is what the API and the pages show and decide by.
func (s *session) desk(version string, host *jobs.Host) *view.Desk {
	return view.New(view.Config{
		Store: s.store, Rules: s.rules, Guard: s.guardNow, Closed: s.closedNow, Who: s.who, Wake: host.Wake, Orders: s.store,
		Remake: s.remakeForAPI, WhatIf: s.whatIfForAPI, Sensitivity: s.sensitivityForDesk, Leases: s.store.Held, Forecast: s.forecast, Inspect: s.inspectForDesk, Version: version, Now: time.Now,
	})
}

// whatIfForAPI compares other rules with today's on what is stored.
func (s *session) whatIfForAPI(ctx context.Context, order view.WhatIfOrder) (view.WhatIfFound, error) {
	doc := s.rulesDoc
	if order.Rules != "" {
		parsed, found := config.ParseDocument("rules", []byte(order.Rules))
		if len(found) > 0 {
			return view.WhatIfFound{}, view.MistakesError{Text: found.Error()}
		}
		doc = parsed
	}
	other, err := s.with(doc, order.Set)
	if err != nil {
		return view.WhatIfFound{}, view.MistakesError{Text: err.Error()}
	}
	snap, err := s.store.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return view.WhatIfFound{}, err
	}
	otherwise, retied, err := s.retieForAPI(ctx, other.rules, snap)
	if err != nil {
		return view.WhatIfFound{}, err
	}
	then, now := engine.Evaluate(s.rules, snap), engine.Evaluate(other.rules, otherwise)
	s.gate(&then, snap, time.Now())
	other.gate(&now, otherwise, time.Now())
	found := view.WhatIfFound{WhatIf: now.WhatIf(other.rules, &then, s.rules, &otherwise), Requests: map[string]int{}, AsOf: now.AsOf, Retied: retied}
	calls, _ := other.calls(ctx, s.log, found.Follow)
	for _, c := range calls {
		found.Requests[c.Connector] = c.Requests
	}
	return found, nil
}

// sensitivityForDesk tells what the top of the order hangs on.
func (s *session) sensitivityForDesk(ctx context.Context, top int) ([]engine.Sensitivity, error) {
	snap, err := s.store.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return nil, err
	}
	o := engine.Evaluate(s.rules, snap)
	return o.Sensitivity(s.rules, &snap, top, "", true), nil
}

// remakeForAPI decides a kept run anew.
func (s *session) remakeForAPI(ctx context.Context, run engine.Run) (view.Remade, error) {
	r, err := s.remake(ctx, s.store, run)
	remade := view.Remade{Outcome: r.outcome, Rules: r.rules, Why: r.why}
	if r.outcome != nil {
		remade.Snapshot = &r.snapshot
	}
	return remade, err
}
