package jira

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// checker looks whether the settings fit the site.
type checker struct{ site *site }

// Check looks at address, credentials, projects, rights, fields and the
// restriction, in this order; without the first two it goes no further.
func (c *checker) Check(ctx context.Context) []work.Finding {
	if f := c.address(ctx); f != nil {
		return []work.Finding{*f}
	}
	me, err := c.site.client.myself(ctx)
	if err != nil {
		return []work.Finding{c.failed("credentials", err)}
	}
	if me.id() == "" {
		return []work.Finding{c.failed("credentials", fmt.Errorf("read own account: %w", errForm))}
	}
	findings := c.account(me)
	for _, project := range c.site.config.Projects {
		findings = append(findings, c.rights(ctx, project)...)
	}
	findings = append(findings, c.fields(ctx)...)
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
	return c.finding(work.Fatal, subject, err.Error(), "check the address and the way to it, then try again")
}

// address asks what stands there. A scoped token may lack the right to ask;
// then myself decides.
func (c *checker) address(ctx context.Context) *work.Finding {
	var info struct {
		Deployment string `json:"deploymentType"`
		Version    string `json:"version"`
	}
	err := c.site.client.get(ctx, path("serverInfo"), nil, &info)
	switch {
	case hasStatus(err, http.StatusUnauthorized), hasStatus(err, http.StatusForbidden):
		return nil
	case err != nil:
		f := c.failed("url", err)
		return &f
	case info.Deployment != "" && strings.EqualFold(info.Deployment, cloud) != c.site.config.cloud():
		not, remedy := "Jira Cloud", "write deployment: datacenter"
		if !c.site.config.cloud() {
			not, remedy = "Data Center", "leave deployment out"
		}
		f := c.finding(work.Fatal, "url", "this is Jira "+info.Deployment+" "+info.Version+", not "+not, remedy)
		return &f
	default:
		return nil
	}
}

func (c *checker) account(me account) []work.Finding {
	findings := []work.Finding{c.finding(work.Note, "account", fmt.Sprintf("connected as %s, time zone %s", me.DisplayName, me.TimeZone), "")}
	if _, err := time.LoadLocation(me.TimeZone); err != nil || me.TimeZone == "" {
		findings = append(findings, c.finding(work.Warning, "account", "the time zone of the account is not known", "set one in the account's profile; until then each poll reads a day more"))
	}
	if me.Active != nil && !*me.Active {
		findings = append(findings, c.finding(work.Fatal, "account", "the account is deactivated", "use the token of an active account"))
	}
	return findings
}

// rights asks what the account may do in a project.
func (c *checker) rights(ctx context.Context, project string) []work.Finding {
	const browse, edit = "BROWSE_PROJECTS", "EDIT_ISSUES"
	var a struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	subject := "project " + project
	err := c.site.client.get(ctx, path("mypermissions"), url.Values{"projectKey": {project}, "permissions": {browse + "," + edit}}, &a)
	switch {
	case hasStatus(err, http.StatusNotFound):
		return []work.Finding{c.finding(work.Fatal, subject, "the project does not exist, or the account cannot see it", "check the key under projects, and give the account Browse projects")}
	case err != nil:
		return []work.Finding{c.failed(subject, err)}
	case !a.Permissions[browse].Have:
		return []work.Finding{c.finding(work.Fatal, subject, "the account may not read the project", "give it Browse projects in the permission scheme")}
	case !a.Permissions[edit].Have:
		return []work.Finding{c.finding(work.Warning, subject, "the account may read the project, but not write", "give it Edit issues, or leave the project's write mode at observe")}
	default:
		return nil
	}
}

// fields looks for the custom fields that rules name.
func (c *checker) fields(ctx context.Context) []work.Finding {
	custom := slices.DeleteFunc(sorted(c.site.wanted), func(f string) bool {
		return !strings.HasPrefix(f, customPrefix) && !strings.HasPrefix(f, namePrefix)
	})
	if len(custom) == 0 {
		return nil
	}
	book, err := c.site.fields(ctx)
	if err != nil {
		return []work.Finding{c.failed("fields", err)}
	}
	var findings []work.Finding
	for _, native := range custom {
		if _, fault := book.find(native); fault != nil {
			findings = append(findings, c.finding(fault.Level, "field "+native, fault.What, fault.Remedy))
		}
	}
	return findings
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
	body := map[string]any{"queries": []string{jql(c.site.config, "")}}
	err := c.site.client.ask(ctx, path("jql", "parse")+"?validation=strict", body, &a)
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
