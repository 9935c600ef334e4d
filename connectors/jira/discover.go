package jira

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"tandem/connectors"
	"tandem/internal/work"
)

// surveyor looks over a site for tandem init. It reads only, and its calls
// grow with the projects that are chosen:
//
//	once         serverInfo, myself, the pages of projects, field, issuetype
//	per project  project, statuses, one search, editmeta, boards, the
//	             configuration of one board
type surveyor struct{ checker *checker }

// Probe asks without credentials.
func (s *surveyor) Probe(ctx context.Context) (connectors.Service, []work.Finding) {
	info, err := s.checker.serverInfo(ctx)
	if hasStatus(err, http.StatusUnauthorized) || hasStatus(err, http.StatusForbidden) {
		return connectors.Service{Name: "Jira", Kind: s.checker.site.config.Deployment}, nil
	}
	if f := s.checker.strange(info, err); f != nil {
		return connectors.Service{}, []work.Finding{*f}
	}
	kind := dataCenter
	if info.isCloud() {
		kind = cloud
	}
	return connectors.Service{Name: info.String(), Kind: kind}, nil
}

// projectBean is a project as lists and single answers show it.
type projectBean struct {
	ID    identifier `json:"id"`
	Key   string     `json:"key"`
	Name  string     `json:"name"`
	Type  string     `json:"projectTypeKey"`
	Style string     `json:"style"`
	Lead  struct {
		user

		DisplayName string `json:"displayName"`
	} `json:"lead"`
	Types      []typeBean `json:"issueTypes"`
	Components []named    `json:"components"`
}

func (b projectBean) place() connectors.Place {
	kind := ""
	switch {
	case b.Type == "service_desk":
		kind = "service project"
	case b.Style == "next-gen":
		kind = "team-managed"
	case b.Type == "business":
		kind = "business project"
	}
	return connectors.Place{Key: b.Key, Name: cmp.Or(b.Name, b.Key), Kind: kind}
}

// Survey tries the credentials once and lists the projects.
func (s *surveyor) Survey(ctx context.Context) (connectors.Survey, []work.Finding) {
	me, findings, ok := s.checker.door(ctx)
	if !ok {
		return connectors.Survey{}, findings
	}
	projects, err := s.projects(ctx)
	if err != nil {
		return connectors.Survey{}, []work.Finding{s.checker.failed("projects", err)}
	}
	survey := connectors.Survey{Account: me.DisplayName, TimeZone: me.TimeZone}
	for _, p := range projects {
		survey.Places = append(survey.Places, p.place())
	}
	slices.SortFunc(survey.Places, func(a, b connectors.Place) int { return cmp.Compare(a.Key, b.Key) })
	return survey, slices.DeleteFunc(findings, func(f work.Finding) bool { return f.Level == work.Note })
}

// mostPages bounds the list of projects: 5,000 of them.
const mostPages = 100

// projects lists what the account sees, page by page; Data Center sends all at
// once.
func (s *surveyor) projects(ctx context.Context) ([]projectBean, error) {
	client := s.checker.site.client
	var all []projectBean
	if !s.checker.site.config.cloud() {
		err := client.get(ctx, path("project"), nil, &all)
		return all, err
	}
	for range mostPages {
		var page struct {
			Values []projectBean `json:"values"`
			IsLast bool          `json:"isLast"`
		}
		query := url.Values{"startAt": {strconv.Itoa(len(all))}, "maxResults": {"50"}, "orderBy": {"key"}}
		if err := client.get(ctx, path("project", "search"), query, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Values...)
		if page.IsLast || len(page.Values) == 0 {
			break
		}
	}
	return all, nil
}

// fieldBean is a field of the site with what tells its kind: names are
// anybody's, in any language.
type fieldBean struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Schema struct {
		Type   string `json:"type"`
		Custom string `json:"custom"`
	} `json:"schema"`
}

// Discover looks at projects, some at a time.
func (s *surveyor) Discover(ctx context.Context, places []string) (connectors.Discovery, []work.Finding) {
	var fields []fieldBean
	if err := s.checker.site.client.get(ctx, path("field"), nil, &fields); err != nil {
		return connectors.Discovery{}, []work.Finding{s.checker.failed("fields", err)}
	}
	english, err := s.english(ctx)
	if err != nil {
		return connectors.Discovery{}, []work.Finding{s.checker.failed("issue types", err)}
	}
	found := make([]*scene, len(places))
	errs := make([]error, len(places))
	seats := make(chan struct{}, parallel)
	var all sync.WaitGroup
	for i, key := range places {
		all.Go(func() {
			seats <- struct{}{}
			found[i], errs[i] = s.visit(ctx, key)
			<-seats
		})
	}
	all.Wait()
	var d connectors.Discovery
	var findings []work.Finding
	for i, sc := range found {
		if errs[i] != nil {
			findings = append(findings, s.lost(places[i], errs[i]))
			continue
		}
		sc.english = english
		d.Places = append(d.Places, connectors.Discovered{Place: sc.bean.place(), Lead: sc.lead(), Facts: sc.facts(fields)})
		d.Proposals = append(d.Proposals, sc.propose(fields)...)
	}
	return d, findings
}

// lost is a project that could not be looked at.
func (s *surveyor) lost(key string, err error) work.Finding {
	if hasStatus(err, http.StatusNotFound) {
		return s.checker.finding(work.Fatal, "project "+key, "the project does not exist, or the account cannot see it", "check the key, and give the account Browse projects")
	}
	return s.checker.failed("project "+key, fmt.Errorf("look at %s: %w", key, err))
}
