package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// surveyor looks over a GitHub for tandem init. It reads only:
//
//	once            meta (of an Enterprise Server), user, the pages of repositories
//	per repository  the pages of its labels, one page of open issues
type surveyor struct {
	checker *checker
	// anonymous sends no credentials.
	anonymous *http.Client
}

func newSurveyor(env connectors.Env, c *checker) *surveyor {
	return &surveyor{checker: c, anonymous: httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log, UserAgent: userAgent})}
}

// mostListed bounds the pages of one list: 5,000 repositories, 1,000 labels.
const (
	mostListed     = 50
	surveyedLabels = 10
)

// Probe asks an Enterprise Server what it is; github.com is known.
func (s *surveyor) Probe(ctx context.Context) (connectors.Service, []work.Finding) {
	base := s.checker.client.base
	if base.String() == publicURL+"/" {
		return connectors.Service{Name: "GitHub", Kind: kind}, nil
	}
	service := connectors.Service{Name: "GitHub Enterprise Server", Kind: kind}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath("meta").String(), http.NoBody)
	if err != nil {
		return service, []work.Finding{s.checker.fatal("url", fmt.Errorf("build the request: %w", err))}
	}
	resp, err := s.anonymous.Do(r) //nolint:bodyclose // ReadJSON closes it
	if err != nil {
		return service, []work.Finding{s.checker.fatal("url", httpx.Explain(err))}
	}
	var body json.RawMessage
	err = httpx.ReadJSON(resp, &body)
	var meta struct {
		Version string `json:"installed_version"`
	}
	switch status := statusOf(err); {
	case status == http.StatusUnauthorized, status == http.StatusForbidden: // private mode
		return service, nil
	case err != nil:
		return service, []work.Finding{s.checker.fatal("url", err)}
	}
	if json.Unmarshal(body, &meta) == nil && meta.Version != "" {
		service.Name += " " + meta.Version
	}
	return service, nil
}

// surveyed is a repository as lists show it.
type surveyed struct {
	wireRepository

	Description string `json:"description"`
}

func (r surveyed) place() connectors.Place {
	visibility := r.Visibility
	switch {
	case visibility != "" || r.Private == nil:
	case *r.Private:
		visibility = "private"
	default:
		visibility = "public"
	}
	return connectors.Place{Key: r.FullName, Name: cmp.Or(r.Description, r.FullName), Kind: visibility}
}

// Survey tries the credentials once and lists the repositories that can have
// issues to write to.
func (s *surveyor) Survey(ctx context.Context) (connectors.Survey, []work.Finding) {
	me := s.checker.identity(ctx)
	if me.Level == work.Fatal {
		return connectors.Survey{}, []work.Finding{me}
	}
	survey := connectors.Survey{Account: strings.TrimPrefix(me.What, "signed in as ")}
	address := "user/repos?per_page=100&sort=full_name"
	if s.checker.client.app != nil {
		address = "installation/repositories?per_page=100"
	}
	found, partial, err := s.repositories(ctx, address)
	if err != nil {
		return survey, []work.Finding{s.checker.fatal("repositories", err)}
	}
	var findings []work.Finding
	closed := 0
	for _, r := range found {
		if r.Archived || r.withoutIssues() {
			closed++
			continue
		}
		survey.Places = append(survey.Places, r.place())
	}
	if closed > 0 {
		findings = append(findings, work.Finding{Level: work.Note, Subject: s.checker.name + " repositories", What: fmt.Sprintf("%d more left out: archived, or with issues switched off", closed)})
	}
	if partial {
		findings = append(findings, work.Finding{
			Level: work.Warning, Subject: s.checker.name + " repositories", What: "GitHub leaves out organisations that ask for single sign-on", Remedy: remedySSO,
		})
	}
	slices.SortFunc(survey.Places, func(a, b connectors.Place) int {
		return cmp.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key))
	})
	return survey, findings
}

// repositories reads all pages; partial tells that GitHub says that it left
// some out.
func (s *surveyor) repositories(ctx context.Context, address string) (all []surveyed, partial bool, err error) {
	err = s.pages(ctx, address, mostListed, func(a answer) error {
		partial = partial || strings.HasPrefix(a.header.Get("X-Github-Sso"), "partial-results")
		var bare []surveyed
		if len(a.body) > 0 && a.body[0] == '{' {
			var wrapped struct {
				Repositories []surveyed `json:"repositories"`
			}
			err := a.into(&wrapped)
			all = append(all, wrapped.Repositories...)
			return err
		}
		err := a.into(&bare)
		all = append(all, bare...)
		return err
	})
	return all, partial, err
}

// pages follows a list to its end.
func (s *surveyor) pages(ctx context.Context, address string, most int, take func(answer) error) error {
	for range most {
		a, err := s.checker.client.get(ctx, address, "")
		if err != nil {
			return err
		}
		if err := take(a); err != nil {
			return err
		}
		next := nextOf(a.header)
		if next == "" {
			return nil
		}
		if address, err = follow(s.checker.client.base, next); err != nil {
			return err
		}
	}
	return nil
}

// sights is how many repositories are looked at at once.
const sights = 4

// Discover looks at repositories, some at a time.
func (s *surveyor) Discover(ctx context.Context, places []string) (connectors.Discovery, []work.Finding) {
	found, errs := make([]*sight, len(places)), make([]error, len(places))
	seats := make(chan struct{}, sights)
	var all sync.WaitGroup
	for n, name := range places {
		all.Go(func() {
			seats <- struct{}{}
			found[n], errs[n] = s.visit(ctx, name)
			<-seats
		})
	}
	all.Wait()
	var d connectors.Discovery
	var findings []work.Finding
	for n, seen := range found {
		if errs[n] != nil {
			findings = append(findings, s.checker.fatal(places[n], errs[n]))
			continue
		}
		d.Places = append(d.Places, connectors.Discovered{Place: connectors.Place{Key: seen.name, Name: seen.name}, Facts: seen.facts()})
		d.Proposals = append(d.Proposals, seen.propose()...)
	}
	return d, findings
}

// sight is what one repository showed.
type sight struct {
	name   string
	labels []string // as they are spelled
	// issues are those open issues that changed last, without pull requests;
	// onIssues and onPulls count the labels of both, by folded name.
	issues            []wireIssue
	onIssues, onPulls map[string]int
	types             []string // of the organisation, as far as issues have them
	headings          int      // issues with acceptance criteria under a heading
}

func (s *surveyor) visit(ctx context.Context, name string) (*sight, error) {
	seen := &sight{name: name, onIssues: map[string]int{}, onPulls: map[string]int{}}
	err := s.pages(ctx, repositoryPath(name)+"/labels?per_page=100", surveyedLabels, func(a answer) error {
		var labels []wireLabel
		err := a.into(&labels)
		for _, l := range labels {
			seen.labels = append(seen.labels, l.Name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a, err := s.checker.client.get(ctx, repositoryPath(name)+"/issues?state=open&sort=updated&per_page=100", "")
	if err != nil {
		return nil, err
	}
	var raws []json.RawMessage
	if err := a.into(&raws); err != nil {
		return nil, err
	}
	for _, raw := range raws {
		var i wireIssue
		if json.Unmarshal(raw, &i) == nil { // one that is odd shows nothing
			seen.count(i)
		}
	}
	slices.Sort(seen.types)
	seen.types = slices.Compact(seen.types)
	return seen, nil
}

func (s *sight) count(i wireIssue) {
	on := s.onIssues
	if len(i.PullRequest) > 0 && string(i.PullRequest) != "null" {
		on = s.onPulls
	} else {
		s.issues = append(s.issues, i)
		var t *wireType
		if json.Unmarshal(i.Type, &t) == nil && t != nil && t.Name != "" {
			s.types = append(s.types, t.Name)
		}
		if i.Body != nil && hasCriteria(*i.Body) {
			s.headings++
		}
	}
	for _, l := range i.Labels {
		on[strings.ToLower(l.Name)]++
	}
}

func (s *sight) facts() []connectors.Fact {
	facts := []connectors.Fact{{What: "labels", Values: s.labels}}
	if len(s.types) > 0 {
		facts = append(facts, connectors.Fact{What: "types", Values: s.types})
	}
	if len(s.issues) == 0 {
		facts = append(facts, connectors.Fact{What: "issues"})
	}
	return facts
}
