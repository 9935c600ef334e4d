package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tandem/internal/work"
)

// asking is how a request is sent: with the installation's token, or as the
// App itself.
type asking func(ctx context.Context, address, etag string) (answer, error)

// hookPlace is a webhook that sends to us.
type hookPlace struct {
	// path is the address above its deliveries.
	path string
	get  asking
	// installation tells apart whose deliveries these are; 0 where all are ours.
	installation int64
}

// hooksAt is where webhooks were looked for, and what was found.
type hooksAt struct {
	places []hookPlace
	// hidden are owners and repositories whose webhooks are not to be seen.
	hidden []string
}

const hookRights = "grant Webhooks (read), of the organisation or the repository where the webhook was entered (a classic token: admin:org_hook, read:repo_hook)"

// ends is how the address ends that a webhook of this connector sends to.
func (r *recovery) ends() string { return "/hooks/" + r.inbox.name }

// isOurs reports whether a webhook sends to this connector.
func (r *recovery) isOurs(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), r.ends())
}

// look finds the webhooks: of the App, else of the organisations, else of the
// repositories.
func (r *recovery) look(ctx context.Context) (hooksAt, error) {
	var at hooksAt
	if app := r.client.app; app != nil {
		var config struct {
			URL string `json:"url"`
		}
		a, err := app.get(ctx, "app/hook/config", "")
		if err == nil {
			err = a.into(&config)
		}
		if err == nil && r.isOurs(config.URL) {
			at.places = []hookPlace{{"app/hook", app.get, app.auth.InstallationID}}
			return at, nil
		}
		if err != nil && !isHidden(err) {
			return at, fmt.Errorf("read the webhook of the App: %w", err)
		}
	}
	found, err := r.inbox.scope.resolve(ctx, nil)
	if err != nil {
		return at, err
	}
	asked := map[string]bool{}
	for i, name := range found.Names {
		owner, _, _ := strings.Cut(strings.ToLower(name), "/")
		if asked[owner] {
			continue
		}
		asked[owner] = true
		there, err := r.list(ctx, &at, owner, "orgs/"+url.PathEscape(owner)+"/hooks")
		if err == nil && !there {
			err = r.ofRepositories(ctx, &at, owner, found.Names[i:])
		}
		if err != nil {
			return at, err
		}
	}
	return at, nil
}

// ofRepositories looks at one repository after the other, and stops at the
// first whose webhooks are not to be seen.
func (r *recovery) ofRepositories(ctx context.Context, at *hooksAt, owner string, names []string) error {
	for i, name := range names {
		if i == maxChecked {
			return nil
		}
		if !strings.HasPrefix(strings.ToLower(name), owner+"/") {
			continue
		}
		hidden := len(at.hidden)
		if _, err := r.list(ctx, at, name, repositoryPath(name)+"/hooks"); err != nil || len(at.hidden) > hidden {
			return err
		}
	}
	return nil
}

// list adds the webhooks of one place that are ours.
func (r *recovery) list(ctx context.Context, at *hooksAt, place, path string) (found bool, err error) {
	var hooks []struct {
		ID     int64 `json:"id"`
		Active bool  `json:"active"`
		Config struct {
			URL string `json:"url"`
		} `json:"config"`
	}
	a, err := r.client.get(ctx, path+"?per_page=100", "")
	if isHidden(err) {
		at.hidden = append(at.hidden, place)
		return false, nil
	}
	if err == nil {
		err = a.into(&hooks)
	}
	if err != nil {
		return false, fmt.Errorf("list the webhooks of %s: %w", place, err)
	}
	for _, h := range hooks {
		if h.Active && r.isOurs(h.Config.URL) {
			at.places = append(at.places, hookPlace{fmt.Sprintf("%s/%d", path, h.ID), r.client.get, 0})
			found = true
		}
	}
	return found, nil
}

// isHidden reports whether credentials may not see what was asked for, or it
// is not there: nobody can tell which.
func isHidden(err error) bool {
	status := statusOf(err)
	return isAbsent(err) || status == http.StatusForbidden && !stopsAll(err)
}

// findings say why nothing can be recovered.
func (r *recovery) findings(at hooksAt) []work.Finding {
	f := work.Finding{Level: work.Note, Subject: r.inbox.name + " webhook"}
	switch {
	case len(at.places) > 0:
		return nil
	case len(at.hidden) > 0:
		f.What = "deliveries that did not arrive cannot be looked up: the credentials do not see the webhooks of " + strings.Join(at.hidden, ", ")
		f.Remedy = hookRights + "; without it the census finds what they told, within six hours"
	default:
		f.What = "GitHub has no webhook whose address ends in " + r.ends() + ", although webhook: has a secret"
		f.Remedy = "enter one in the organisation, the repository or the App; without it polls find what changes"
	}
	return []work.Finding{f}
}
