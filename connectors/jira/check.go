package jira

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"tandem/connectors"
	"tandem/internal/work"
)

// checker looks whether settings and rules fit the site. It reads only, and
// its calls grow with the projects, never with the issues:
//
//	once         serverInfo, myself, field (custom fields), jql/parse (where)
//	per project  mypermissions, project, one search, editmeta of one issue,
//	             statuses (where rules write them)
type checker struct {
	site *site
	env  connectors.Env
}

// Check looks at address, credentials, projects, rights, fields, values and
// the restriction, in this order; without the first two it goes no further.
func (c *checker) Check(ctx context.Context) []work.Finding {
	_, findings, ok := c.door(ctx)
	if !ok {
		return findings
	}
	looked := c.lookAll(ctx)
	findings = append(findings, c.rights(looked)...)
	findings = append(findings, c.fields(ctx, looked)...)
	findings = append(findings, c.labels()...)
	findings = append(findings, c.rankFindings(ctx)...)
	findings = append(findings, c.effects(looked)...)
	return append(findings, c.restriction(ctx)...)
}

func (c *checker) finding(level work.Level, subject, what, remedy string) work.Finding {
	return work.Finding{Level: level, Subject: c.site.name + " " + subject, What: what, Remedy: remedy}
}

// failed is a call that did not succeed.
func (c *checker) failed(subject string, err error) work.Finding {
	if e, ok := statusOf(err); ok {
		return c.finding(work.Fatal, subject, e.Error(), remedy(err))
	}
	what, remedy, found := strings.Cut(err.Error(), "; ")
	if !found {
		remedy = "check the address and the way to it, then try again"
	}
	return c.finding(work.Fatal, subject, what, remedy)
}

// uses reports whether rules use a feature.
func (c *checker) uses(feature string) bool { return slices.Contains(c.env.Features, feature) }

// writes reports whether rules write the native field anywhere.
func (c *checker) writes(native string) bool {
	return slices.ContainsFunc(c.env.Writes, func(w connectors.Write) bool { return w.Path == native })
}

// writing reports whether rules write anything at all.
func (c *checker) writing() bool {
	return len(c.env.Writes) > 0 || c.uses(featureBacklog) || c.uses(featureMark)
}

// parallel is how many projects are looked at at a time.
const parallel = 4

// lookAll looks at every project, some at a time, in the order of the
// settings.
func (c *checker) lookAll(ctx context.Context) []*look {
	looked := make([]*look, len(c.site.config.Projects))
	seats := make(chan struct{}, parallel)
	var all sync.WaitGroup
	for i, project := range c.site.config.Projects {
		all.Go(func() {
			seats <- struct{}{}
			looked[i] = c.look(ctx, project)
			<-seats
		})
	}
	all.Wait()
	return looked
}

// placed is a finding about one project; those that say the same of several
// are joined.
type placed struct {
	work.Finding

	project string
	// seen names the issue that was looked at; empty where none was.
	seen string
}

// joined makes one finding of all that say the same, in the order in which
// they came first.
func (c *checker) joined(all []placed) []work.Finding {
	var findings []work.Finding
	for len(all) > 0 {
		first := all[0]
		var projects, seen []string
		all = slices.DeleteFunc(all, func(p placed) bool {
			if p.Finding != first.Finding {
				return false
			}
			projects = append(projects, p.project)
			if p.seen != "" {
				seen = append(seen, p.seen)
			}
			return true
		})
		f := first.Finding
		f.Subject = c.site.name + " " + where(f.Subject, projects)
		if len(seen) > 0 {
			f.What += " (seen at " + some(seen) + ")"
		}
		findings = append(findings, f)
	}
	return findings
}

// where names projects, and a field in them.
func where(subject string, projects []string) string {
	switch {
	case subject != "":
		return subject + " in " + some(projects)
	case len(projects) == 1:
		return "project " + projects[0]
	default:
		return "projects " + some(projects)
	}
}

// some lists names, and counts those beyond ten.
func some(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + count(len(names)-most, "other", "others")
}

// restriction lets Jira read the JQL: a bare word, for one, is a text search
// to it and no mistake, but finds nothing.
func (c *checker) restriction(ctx context.Context) []work.Finding {
	if c.site.config.Where == "" {
		return nil
	}
	var a struct {
		Queries []struct {
			Errors []string `json:"errors"`
		} `json:"queries"`
	}
	var err error
	if query := jql(c.site.config, ""); c.site.config.cloud() {
		body := map[string]any{"queries": []string{query}}
		err = c.site.client.ask(ctx, path("jql", "parse")+"?validation=strict", body, &a)
	} else {
		// Data Center offers no such call; a search for nothing reads the JQL too.
		err = c.site.client.ask(ctx, path("search"), map[string]any{"jql": query, "maxResults": 0}, nil)
	}
	if e, ok := statusOf(err); ok && e.Status == http.StatusBadRequest && !c.site.config.cloud() {
		return []work.Finding{c.finding(work.Fatal, "where", e.Reason, "mend the JQL under where; try it in Jira's issue search first")}
	}
	if err != nil {
		return []work.Finding{c.finding(work.Note, "where", "Jira did not check the restriction: "+err.Error(), "the first poll will show whether it is right")}
	}
	var findings []work.Finding
	for _, q := range a.Queries {
		for _, e := range q.Errors {
			findings = append(findings, c.finding(work.Fatal, "where", e, "mend the JQL under where; try it in Jira's issue search first"))
		}
	}
	return findings
}
