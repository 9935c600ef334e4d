package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"tandem/config"
	"tandem/internal/view"
	"tandem/internal/web"
	"tandem/internal/web/signin"
	"tandem/internal/work"
)

// face is the pages, behind the gate that lets people in.
type face struct {
	gate  *signin.Gate
	pages http.Handler
	close func()
}

// face makes the pages of this generation of the configuration.
func (s *session) face(ctx context.Context, desk *view.Desk, version string) (*face, error) {
	pages, err := web.New(web.Config{
		Desk: desk, Who: signin.WhoOf, Token: signin.TokenOf, Shared: linkOf, Instance: s.settings.Instance, Version: version, Log: s.log, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	c := s.gateConfig()
	c.Render, c.Assets = pages.Outside, []string{web.AssetBase}
	gate, err := signin.New(c)
	if err != nil {
		return nil, codedError{exitWrong, fmt.Errorf("start the pages: %w", err)}
	}
	if c.OIDC != nil {
		go func() { // it may take a while, and sign-in tells the same
			if err := gate.Ready(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("nobody can sign in before the issuer answers", "err", err)
			}
		}()
	}
	return &face{gate, gate.Wrap(pages), pages.Close}, nil
}

// linkOf tells the pages which link somebody has who did not sign in.
func linkOf(ctx context.Context) (web.Link, bool) {
	l, ok := signin.LinkOf(ctx)
	return web.Link{Teams: l.Teams}, ok
}

// gateConfig is how people sign in, as the settings say.
func (s *session) gateConfig() signin.Config {
	w := s.settings.Web
	c := signin.Config{
		PublicURL: w.PublicURL, Listen: s.settings.Listen, Hosts: s.settings.API.Hosts, Token: w.Token, Store: s.store,
		PersonOf: s.personByMail, Log: s.log, Now: time.Now,
	}
	if w.OIDC.Given() {
		o := w.OIDC
		c.OIDC = &signin.OIDC{Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, GroupsClaim: o.Groups, SignOut: o.SignOut}
		for _, g := range o.Grants {
			role, _ := view.ParseRole(g.Role)
			c.OIDC.Grants = append(c.OIDC.Grants, signin.Grant{Group: g.Group, Everyone: g.Everyone, Role: role, Audience: g.Sees()})
		}
	}
	for _, r := range w.Roadmap {
		c.Links = append(c.Links, signin.Link{Name: r.Name, Token: r.Token, Audience: r.Sees(), Teams: r.Teams})
	}
	return c
}

// sharedTeams finds teams of the roadmaps by link that the rules do not have: the
// page would be empty for them, and nobody would be told.
func (s *setup) sharedTeams() config.Diagnostics {
	known := s.rules.Org().TeamNames()
	var wrong []work.Problem
	for i, r := range s.settings.Web.Roadmap {
		at := work.Pointer("/web/roadmap").Index(i).Key("teams")
		for n, team := range r.Teams {
			if !slices.Contains(known, team) {
				wrong = append(wrong, work.Problem{At: at.Index(n), What: "there is no team " + team, Remedy: cmp.Or(work.Suggest(team, known), "name a team of the rules, or remove teams: to show all")})
			}
		}
	}
	return s.document.Diagnose(wrong)
}

// personByMail names a person as the rules do.
func (s *session) personByMail(email string) string {
	name, _ := s.rules.Org().PersonByNative("email", email)
	return name
}

// front sends each request to whom it is for: programs to the API, people to the
// pages.
func front(api, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/metrics", "/healthz", "/readyz"} {
		mux.Handle(path, api)
	}
	mux.Handle("/", pages)
	return mux
}

// inspectForDesk tells what is wrong as a whole.
func (s *session) inspectForDesk(ctx context.Context) (view.Inspection, error) {
	st, err := s.inspect(ctx, s.store, nil)
	if err != nil {
		return view.Inspection{}, err
	}
	found := view.Inspection{Every: map[string]time.Duration{}, Census: map[string]work.CensusFound{}}
	for _, p := range st.Problems {
		found.Troubles = append(found.Troubles, view.Trouble{Severity: string(p.Severity), Code: p.Code, About: p.About, What: p.What, Remedy: p.Remedy})
	}
	for _, c := range s.settings.Connectors {
		found.Every[c.Name] = time.Duration(cmp.Or(c.Every, s.settings.Every))
		mark, _, err := s.store.Census(ctx, c.Name)
		if err != nil {
			return found, err
		}
		if mark.Found != nil {
			found.Census[c.Name] = *mark.Found
		}
	}
	found.Jobs, err = s.store.Jobs(ctx)
	return found, err
}

// forecast asks the connectors what writing edits would set off.
func (s *session) forecast(ctx context.Context, edits []work.Edit) []work.Finding {
	byConnector := map[string][]work.Edit{}
	for i := range edits {
		byConnector[edits[i].Target.Connector] = append(byConnector[edits[i].Target.Connector], edits[i])
	}
	var found []work.Finding
	for _, l := range s.live {
		if mine := byConnector[l.Name]; l.Conn.Forecaster != nil && len(mine) > 0 {
			found = append(found, l.Conn.Forecaster.Forecast(ctx, mine)...)
		}
	}
	return found
}
