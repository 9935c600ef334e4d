package jira

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// doubt sets aside what a read by id did not find in projects that the account
// may not browse just now. Jira leaves out what does not exist and what is not
// visible alike: without the right to see a project nothing of it is gone
// (promise S5). known are the answers so far, by project.
func (r *reader) doubt(ctx context.Context, page *connectors.Page, ids []string, keys map[string]string, known map[string]bool) error {
	found := map[string]bool{}
	for i := range page.Records {
		found[page.Records[i].ID], found[page.Records[i].Key] = true, true
	}
	for _, id := range ids {
		key := keys[id]
		project := key[:max(strings.LastIndexByte(key, '-'), 0)]
		if found[id] || !slices.Contains(r.site.config.Projects, project) {
			continue
		}
		may, asked := known[project]
		if !asked {
			var err error
			if may, err = r.site.browses(ctx, project); err != nil {
				return err
			}
			known[project] = may
		}
		if !may {
			page.Rejects = append(page.Rejects, work.Reject{
				Connector: r.site.name, Where: key, Cause: "it was not found, and the account may not browse " + project + " just now, so nobody can tell whether it is gone",
				Remedy: "give the account Browse projects in " + project + ", or take the project out of projects",
			})
		}
	}
	return nil
}

// browses reports whether the account sees the project at all.
func (s *site) browses(ctx context.Context, project string) (bool, error) {
	var a struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	query := url.Values{"projectKey": {project}}
	if s.config.cloud() { // Data Center tells all
		query.Set("permissions", mayBrowse)
	}
	err := s.client.get(ctx, path("mypermissions"), query, &a)
	if e, answered := statusOf(err); answered && slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}, e.Status) && e.Kind != httpx.WebPage {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read own rights in %s: %w", project, err)
	}
	return a.Permissions[mayBrowse].Have, nil
}
