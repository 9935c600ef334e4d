package github

import (
	"context"
	"fmt"
	"net/http"

	"tandem/connectors"
	"tandem/internal/work"
)

// checker looks whether address, credentials, rights and repositories are
// right.
type checker struct {
	name   string
	client *client
	scope  scope
	config Config
	board  *board
	// lost is nil without a webhook.
	lost *recovery
	// features are those that rules use.
	features []string
	// writes is what rules may write.
	writes []connectors.Write
}

// maxChecked is how many repositories are looked at one by one.
const maxChecked = 50

// Check changes nothing.
func (c *checker) Check(ctx context.Context) []work.Finding {
	findings := []work.Finding{c.identity(ctx)}
	if findings[0].Level == work.Fatal {
		return findings
	}
	findings = append(findings, c.project(ctx)...)
	found, err := c.scope.resolve(ctx, nil)
	if err != nil {
		return append(findings, c.fatal("repositories", err))
	}
	for i, name := range found.Names {
		if i == maxChecked {
			findings = append(findings, work.Finding{
				Level: work.Note, Subject: c.name, What: fmt.Sprintf("%d further repositories were not looked at one by one", len(found.Names)-i),
			})
			break
		}
		findings = append(append(findings, c.repository(ctx, name)...), c.milestones(ctx, name)...)
	}
	return append(append(findings, c.webhook(ctx)...), c.quota(ctx)...)
}

// webhook says whether deliveries that do not arrive can be looked up.
func (c *checker) webhook(ctx context.Context) []work.Finding {
	if c.lost == nil {
		return nil
	}
	at, err := c.lost.look(ctx)
	if err != nil {
		return []work.Finding{c.fatal("webhook", err)}
	}
	return c.lost.findings(at)
}

func (c *checker) fatal(subject string, err error) work.Finding {
	f := work.Finding{Level: work.Fatal, Subject: c.name + " " + subject, What: err.Error(), Remedy: remedy(err)}
	if f.Remedy == "" {
		f.Remedy = "check url: in the settings and the way to the service"
	}
	return f
}

// identity says who we are, and finds wrong addresses and credentials.
func (c *checker) identity(ctx context.Context) work.Finding {
	if c.client.app != nil {
		return c.installation(ctx)
	}
	var user struct {
		Login string `json:"login"`
	}
	a, err := c.client.get(ctx, "user", "")
	if err == nil {
		err = a.into(&user)
	}
	if err == nil && user.Login == "" {
		err = &answerError{"the answer is no user"}
	}
	switch {
	case statusOf(err) == http.StatusForbidden: // tokens of machines are nobody
		return work.Finding{Level: work.Note, Subject: c.name + " auth", What: "the service does not say whose token this is"}
	case err != nil:
		return c.fatal("auth", err)
	}
	return work.Finding{Level: work.Note, Subject: c.name + " auth", What: "signed in as " + user.Login}
}

func (c *checker) installation(ctx context.Context) work.Finding {
	var i struct {
		Slug        string            `json:"app_slug"`
		Permissions map[string]string `json:"permissions"`
		Suspended   *string           `json:"suspended_at"`
	}
	if err := c.client.app.ask(ctx, http.MethodGet, "", &i); err != nil {
		return c.fatal("auth", err)
	}
	subject := c.name + " auth"
	switch {
	case i.Suspended != nil:
		return work.Finding{Level: work.Fatal, Subject: subject, What: "the installation is suspended", Remedy: "let an owner of the organisation resume it"}
	case i.Permissions["issues"] == "":
		return work.Finding{Level: work.Fatal, Subject: subject, What: "the App " + i.Slug + " may not read issues", Remedy: "grant the App Issues (read and write)"}
	case i.Permissions["issues"] != "write":
		return work.Finding{Level: work.Warning, Subject: subject, What: "the App " + i.Slug + " may read issues and not write them", Remedy: "grant the App Issues (read and write)"}
	}
	if _, err := c.client.app.token(ctx); err != nil {
		return c.fatal("auth", err)
	}
	return work.Finding{Level: work.Note, Subject: subject, What: "signed in as the App " + i.Slug}
}

// repository looks at one repository: visible, issues on, writable, labels.
func (c *checker) repository(ctx context.Context, name string) []work.Finding {
	subject := c.name + " " + name
	r, err := c.client.look(ctx, name)
	if err != nil {
		return []work.Finding{c.fatal(name, err)}
	}
	var findings []work.Finding
	add := func(level work.Level, what, remedy string) {
		findings = append(findings, work.Finding{Level: level, Subject: subject, What: what, Remedy: remedy})
	}
	if r.FullName != name && repositoryPath(r.FullName) != repositoryPath(name) {
		add(work.Warning, "it is called "+r.FullName+" now", "write the new name into repositories:")
	}
	if audienceOf(r) == work.UnknownAudience {
		add(work.Warning, "the service does not say who may read it; nothing will be written there", "update the server, or take it out of repositories:")
	}
	switch {
	case r.withoutIssues():
		add(work.Warning, "issues are switched off", "switch them on, or take it out of repositories:")
		return findings
	case r.Archived:
		add(work.Warning, "it is archived: it is read, and writes will be refused", `take it out with "!`+name+`"`)
	case c.client.app == nil && r.Permissions != nil && !r.Permissions.Push && !r.Permissions.Triage:
		add(work.Warning, "the credentials may not write there", "give them write access, or leave the repository to observe")
	}
	if _, err := c.client.get(ctx, repositoryPath(name)+"/labels?per_page=1", ""); err != nil {
		findings = append(findings, c.fatal(name+" labels", err))
	}
	if len(findings) == 0 {
		add(work.Note, "it is "+audienceOf(r).String()+" and can be read and written", "")
	}
	return findings
}

// quota says what is left; servers may have no limits.
func (c *checker) quota(ctx context.Context) []work.Finding {
	var q struct {
		Resources struct {
			Core struct {
				Limit, Remaining int
			} `json:"core"`
		} `json:"resources"`
	}
	a, err := c.client.get(ctx, "rate_limit", "")
	if err != nil || a.into(&q) != nil || q.Resources.Core.Limit == 0 {
		return nil // Enterprise Server answers 404 where limits are off
	}
	core := q.Resources.Core
	f := work.Finding{Level: work.Note, Subject: c.name + " quota", What: fmt.Sprintf("%d of %d requests of this hour are left", core.Remaining, core.Limit)}
	if float64(core.Remaining) <= float64(core.Limit)*float64(c.config.Reserve) {
		f.Level, f.Remedy = work.Warning, "wait for the next hour; see who else uses the same credentials"
	}
	return []work.Finding{f}
}
