package githubsim

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// userView is a user in an answer.
type userView struct {
	Login             string `json:"login"`
	ID                int64  `json:"id"`
	NodeID            string `json:"node_id"`
	AvatarURL         string `json:"avatar_url"`
	GravatarID        string `json:"gravatar_id"`
	URL               string `json:"url"`
	HTMLURL           string `json:"html_url"`
	FollowersURL      string `json:"followers_url"`
	FollowingURL      string `json:"following_url"`
	GistsURL          string `json:"gists_url"`
	StarredURL        string `json:"starred_url"`
	SubscriptionsURL  string `json:"subscriptions_url"`
	OrganizationsURL  string `json:"organizations_url"`
	ReposURL          string `json:"repos_url"`
	EventsURL         string `json:"events_url"`
	ReceivedEventsURL string `json:"received_events_url"`
	Type              string `json:"type"`
	SiteAdmin         bool   `json:"site_admin"`
}

// user shows a user. A login that is empty shows as null.
func (a *asker) user(login string) *userView {
	if login == "" {
		return nil
	}
	p := a.site.person(login)
	kind, html, avatar := "User", a.html+"/"+p.Login, fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", p.ID)
	if p.Bot {
		kind, html = "Bot", a.html+"/apps/"+strings.TrimSuffix(p.Login, "[bot]")
		avatar = fmt.Sprintf("https://avatars.githubusercontent.com/in/%d?v=4", p.ID%100000)
	}
	return a.actor(p, kind, html, avatar)
}

// organization shows the owner of repositories.
func (a *asker) organization(login string) *userView {
	p := a.site.person(login)
	return a.actor(p, "Organization", a.html+"/"+p.Login, fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", p.ID))
}

func (a *asker) actor(p Person, kind, html, avatar string) *userView {
	self := a.base + "/users/" + url.PathEscape(p.Login)
	return &userView{
		Login: p.Login, ID: p.ID, NodeID: legacyID("0"+strconv.Itoa(len(kind))+":"+kind, p.ID), AvatarURL: avatar,
		URL: self, HTMLURL: html, FollowersURL: self + "/followers", FollowingURL: self + "/following{/other_user}",
		GistsURL: self + "/gists{/gist_id}", StarredURL: self + "/starred{/owner}{/repo}", SubscriptionsURL: self + "/subscriptions",
		OrganizationsURL: self + "/orgs", ReposURL: self + "/repos", EventsURL: self + "/events{/privacy}",
		ReceivedEventsURL: self + "/received_events", Type: kind,
	}
}

// legacyID is a node id in the older form, which users still have.
func legacyID(kind string, id int64) string {
	return base64.StdEncoding.EncodeToString([]byte(kind + strconv.FormatInt(id, 10)))
}

// nodeID is a node id in the newer form.
func nodeID(prefix string, repository, id int64) string {
	return prefix + "_" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%08x:%010x", repository, id))
}

// privateUser is what a user sees of themselves.
type privateUser struct {
	*userView
	ViewType     string  `json:"user_view_type"`
	Name         string  `json:"name"`
	Company      *string `json:"company"`
	Blog         string  `json:"blog"`
	Location     *string `json:"location"`
	Email        *string `json:"email"`
	Hireable     *bool   `json:"hireable"`
	Bio          *string `json:"bio"`
	PublicRepos  int     `json:"public_repos"`
	PublicGists  int     `json:"public_gists"`
	Followers    int     `json:"followers"`
	Following    int     `json:"following"`
	Created      string  `json:"created_at"`
	Updated      string  `json:"updated_at"`
	PrivateGists int     `json:"private_gists"`
	TotalPrivate int     `json:"total_private_repos"`
	OwnedPrivate int     `json:"owned_private_repos"`
	DiskUsage    int     `json:"disk_usage"`
	Collaborator int     `json:"collaborators"`
	TwoFactor    bool    `json:"two_factor_authentication"`
}

// user answers who the token belongs to. An installation is nobody.
func (s *Site) user(a *asker, _ *http.Request) reply {
	if a.account.App {
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	const since = "2020-01-01T00:00:00Z"
	return ok(privateUser{
		userView: a.user(a.account.Login), ViewType: "private", Name: a.account.Login, Created: since, Updated: since, TwoFactor: true,
	})
}

// rateLimit answers how the token stands; asking is free.
func (s *Site) rateLimit(a *asker, r *http.Request) reply {
	if s.options.Enterprise {
		return refuse(http.StatusNotFound, "Rate limiting is not enabled.")
	}
	b := s.charge(a, r, http.StatusNotModified)
	show := func(limit, used int) map[string]any {
		return map[string]any{"limit": limit, "remaining": limit - used, "used": used, "reset": b.reset.Unix()}
	}
	core := show(b.limit, b.used)
	v := map[string]any{
		"resources": map[string]any{"core": core, "search": show(30, 0), "graphql": show(5000, 0), "integration_manifest": show(5000, 0)},
		"rate":      core,
	}
	if a.modern {
		delete(v, "rate")
	}
	return ok(v)
}
