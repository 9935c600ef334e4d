package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// The permissions that matter, as Jira calls them.
const (
	mayBrowse     = "BROWSE_PROJECTS"
	mayEdit       = "EDIT_ISSUES"
	maySchedule   = "SCHEDULE_ISSUES"
	mayTransition = "TRANSITION_ISSUES"
	mayComment    = "ADD_COMMENTS"
	mayLink       = "LINK_ISSUES"
	mayAdminister = "ADMINISTER_PROJECTS"
)

// The features of rules that need a right of their own.
const (
	featureBacklog = "backlog"
	featureMark    = "mark"
)

// Native fields that stand on no edit screen.
const (
	nativeStatus  = "status"
	nativeComment = "comment"
)

// look is what was found out about one project.
type look struct {
	project string
	// fault ends the look: the project cannot be read.
	fault *placed
	have  map[string]bool
	// desk marks a service management project.
	desk bool
	// sample is the issue that was looked at; its Key is empty if the project
	// has none.
	sample issue
	meta   editMeta
	// statuses are asked for where rules write them.
	statuses []string
	// unread is why the sample could not be looked at.
	unread error
}

// seen names the issue that was looked at.
func (l *look) seen() string {
	var kind named
	if json.Unmarshal(l.sample.Fields["issuetype"], &kind) != nil || kind.Name == "" {
		return l.sample.Key
	}
	return l.sample.Key + ", " + kind.Name
}

// looked reports whether the edit screen of an issue was seen.
func (l *look) looked() bool { return l.fault == nil && l.unread == nil && l.sample.Key != "" }

func (l *look) fail(what, remedy string) *look {
	l.fault = &placed{work.Finding{Level: work.Fatal, What: what, Remedy: remedy}, l.project, ""}
	return l
}

// look asks for rights, kind, and one issue with its edit screen.
func (c *checker) look(ctx context.Context, project string) *look {
	l := &look{project: project}
	err := c.permissions(ctx, l)
	switch {
	case hasStatus(err, http.StatusNotFound):
		return l.fail("the project does not exist, or the account cannot see it", "check the key under projects, and give the account Browse projects")
	case err != nil:
		f := c.failed("", err)
		return l.fail(f.What, f.Remedy)
	case !l.have[mayBrowse]:
		return l.fail("the account may not read the project", "give it Browse projects in the permission scheme")
	}
	var bean struct {
		Type string `json:"projectTypeKey"`
	}
	if err := c.site.client.get(ctx, path("project", project), nil, &bean); err != nil {
		f := c.failed("", err)
		return l.fail(f.What, f.Remedy)
	}
	l.desk = bean.Type == "service_desk"
	if len(c.env.Writes) > 0 {
		l.unread = c.screen(ctx, l)
	}
	if l.unread == nil && c.writes(nativeStatus) {
		l.unread = c.statuses(ctx, l)
	}
	return l
}

// statuses asks which statuses the project's issues can have.
func (c *checker) statuses(ctx context.Context, l *look) error {
	list, err := c.site.client.projectStatuses(ctx, l.project)
	for _, s := range list {
		l.statuses = append(l.statuses, s.Name)
	}
	return err
}

func (c *checker) permissions(ctx context.Context, l *look) error {
	var a struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	wanted := []string{mayBrowse}
	for _, n := range c.needs() {
		wanted = append(wanted, n.permission)
	}
	if c.writing() {
		wanted = append(wanted, mayAdminister)
	}
	query := url.Values{"projectKey": {l.project}}
	if c.site.config.cloud() { // Data Center tells all of them
		query.Set("permissions", strings.Join(wanted, ","))
	}
	if err := c.site.client.get(ctx, path("mypermissions"), query, &a); err != nil {
		return err
	}
	l.have = map[string]bool{}
	for key, p := range a.Permissions {
		l.have[key] = p.Have
	}
	return nil
}

// need is a permission that what rules do needs.
type need struct{ permission, name, act string }

func (c *checker) needs() []need {
	var all []need
	if c.writing() {
		all = append(all, need{mayEdit, "Edit issues", "write"})
	}
	if c.uses(featureBacklog) {
		all = append(all, need{maySchedule, "Schedule issues", "order the backlog"})
	}
	if c.writes(nativeStatus) || c.writes(statusCategory) {
		all = append(all, need{mayTransition, "Transition issues", "change the status"})
	}
	if c.writes(nativeComment) {
		all = append(all, need{mayComment, "Add comments", "comment"})
	}
	if c.uses(featureMark) {
		all = append(all, need{mayLink, "Link issues", "link twins"})
	}
	return all
}

// samples is how many issues are asked for, to choose one to look at.
const samples = 20

// screen looks at what can be edited at one issue: an open one of a standard
// type if there is one among the newest.
func (c *checker) screen(ctx context.Context, l *look) error {
	issues, err := c.newest(ctx, l.project)
	if err != nil || len(issues) == 0 {
		return err
	}
	best := -1
	for _, i := range issues {
		if n := fitness(i); n > best {
			l.sample, best = i, n
		}
	}
	if err := c.site.client.get(ctx, path("issue", string(l.sample.ID), "editmeta"), nil, &l.meta); err != nil {
		return fmt.Errorf("read what can be edited at %s: %w", l.sample.Key, err)
	}
	return nil
}

// fitness tells how much an issue says about the others of its project.
func fitness(i issue) int {
	n := 0
	if v, err := category(i.Fields["status"]); err == nil && v.Text() != "done" {
		n += 2
	}
	if v, err := level(i.Fields["issuetype"]); err == nil {
		if f, known := v.Number(); !known || f == 0 {
			n++
		}
	}
	return n
}

// newest returns some issues of a project, those changed last.
func (c *checker) newest(ctx context.Context, project string) ([]issue, error) {
	query := url.Values{
		"jql":        {"project = " + quote(project) + " ORDER BY updated DESC"},
		"maxResults": {strconv.Itoa(samples)}, "fields": {"issuetype,status"},
	}
	at := path("search", "jql")
	if !c.site.config.cloud() {
		at = path("search")
	}
	var a struct {
		Issues []issue `json:"issues"`
	}
	if err := c.site.client.get(ctx, at, query, &a); err != nil {
		return nil, fmt.Errorf("find an issue of %s: %w", project, err)
	}
	return a.Issues, nil
}

// rights says what the account lacks.
func (c *checker) rights(looked []*look) []work.Finding {
	var all []placed
	for _, l := range looked {
		if l.fault != nil {
			all = append(all, *l.fault)
			continue
		}
		for _, n := range c.needs() {
			if l.have[n.permission] {
				continue
			}
			all = append(all, placed{work.Finding{
				Level: work.Warning, What: "the account may not " + n.act, Remedy: "give it " + n.name + " in the permission scheme, or leave the project's team at write: observe",
			}, l.project, ""})
		}
		if l.unread != nil {
			all = append(all, placed{work.Finding{
				Level: work.Warning, What: "what can be edited was not seen: " + l.unread.Error(), Remedy: cmp.Or(remedy(l.unread), "check again"),
			}, l.project, ""})
		}
	}
	return c.joined(all)
}

// effects says what writing sets off beside the change itself.
func (c *checker) effects(looked []*look) []work.Finding {
	if !c.writing() {
		return nil
	}
	var mails, slas []placed
	for _, l := range looked {
		if l.fault != nil {
			continue
		}
		if !l.have[mayAdminister] {
			mails = append(mails, placed{work.Finding{
				Level: work.Note, What: "Jira mails the watchers of each issue that is written, for only project admins can write without mails",
				Remedy: "give the account Administer projects, or let adopt: {ramp: …} spread the first writes over days",
			}, l.project, ""})
		}
		if l.desk && c.writes("priority") {
			slas = append(slas, placed{work.Finding{
				Level: work.Note, What: "a priority may drive an SLA in a service project, and Jira's REST interface does not tell which",
				Remedy: "look at the project's SLA settings before Tandem writes priorities there, or leave its team at write: observe",
			}, l.project, ""})
		}
	}
	findings := append(c.joined(mails), c.joined(slas)...)
	return append(findings, c.finding(work.Note, "writing",
		"each write moves the issue's updated, stands in its history, and starts the automation rules and webhooks that wait for such a change",
		"look through the projects' automation rules for the fields that are mapped; start with write: propose"))
}
