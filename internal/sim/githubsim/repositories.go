package githubsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// repositoryGet answers with one repository.
func (s *Site) repositoryGet(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	v := a.repositoryView(repo)
	v["network_count"], v["subscribers_count"] = 0, 1
	v["organization"] = v["owner"]
	return ok(v)
}

// orgRepositories answers with the repositories of an organization that the
// asker can see.
func (s *Site) orgRepositories(a *asker, r *http.Request) reply {
	var shown []*repository
	owner := Person{}
	for _, repo := range s.sorted() {
		login, _, _ := strings.Cut(repo.Name, "/")
		p := s.person(login)
		if !strings.EqualFold(login, r.PathValue("org")) && strconv.FormatInt(p.ID, 10) != r.PathValue("org_id") {
			continue
		}
		owner = p
		if a.sees(repo) {
			shown = append(shown, repo)
		}
	}
	if owner.Login == "" {
		return missing()
	}
	return paged(r, fmt.Sprintf("%s/organizations/%d/repos", a.base, owner.ID), shown, func(repo *repository) any { return a.repositoryView(repo) })
}

// userRepositories answers with the repositories that the account has rights
// in.
func (s *Site) userRepositories(a *asker, r *http.Request) reply {
	if a.account.App {
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	return paged(r, a.base+"/user/repos", s.granted(), func(repo *repository) any { return a.repositoryView(repo) })
}

// granted are the repositories that accounts have rights in.
func (s *Site) granted() []*repository {
	var all []*repository
	for _, repo := range s.sorted() {
		if repo.Access != None {
			all = append(all, repo)
		}
	}
	return all
}

// installationRepositories answers with what an installation was given.
func (s *Site) installationRepositories(a *asker, r *http.Request) reply {
	if !a.account.App {
		return refuse(http.StatusForbidden, "You must authenticate with an installation access token in order to list repositories for an installation.")
	}
	all := s.granted()
	out := paged(r, a.base+"/installation/repositories", all, func(repo *repository) any { return a.repositoryView(repo) })
	out.body = map[string]any{"total_count": len(all), "repository_selection": "selected", "repositories": out.body}
	return out
}

// repositoryView shows a repository as lists have it.
func (a *asker) repositoryView(r *repository) map[string]any {
	owner, name, _ := strings.Cut(r.Name, "/")
	self, html := a.self(r), a.html+"/"+r.Name
	host := strings.TrimPrefix(strings.TrimPrefix(a.html, "https://"), "http://")
	access, open := a.access(r), r.lists[openState][byCreated].Len()
	visibility := "public"
	if r.Private {
		visibility = "private"
	}
	v := map[string]any{
		"id": r.ID, "node_id": nodeID("R", 0, r.ID), "name": name, "full_name": r.Name, "private": r.Private, "owner": a.organization(owner),
		"html_url": html, "description": text(r.Description), "fork": false, "url": self,
		"created_at": stamp(r.Created), "updated_at": stamp(r.Created), "pushed_at": stamp(r.Created),
		"git_url": "git://" + host + "/" + r.Name + ".git", "ssh_url": "git@" + host + ":" + r.Name + ".git", "clone_url": html + ".git", "svn_url": html,
		"homepage": nil, "size": 0, "stargazers_count": 0, "watchers_count": 0, "language": nil,
		"has_issues": !r.IssuesOff, "has_projects": true, "has_downloads": true, "has_wiki": true, "has_pages": false, "has_discussions": false,
		"forks_count": 0, "mirror_url": nil, "archived": r.Archived, "disabled": false, "open_issues_count": open, "license": nil,
		"allow_forking": true, "is_template": false, "web_commit_signoff_required": false, "topics": []string{}, "visibility": visibility,
		"forks": 0, "open_issues": open, "watchers": 0, "default_branch": "main",
		"permissions": map[string]any{"admin": false, "maintain": false, "push": access == Push, "triage": access == Push, "pull": true},
	}
	if a.modern {
		delete(v, "has_downloads")
	}
	for field, path := range repositoryPaths() {
		v[field] = self + path
	}
	return v
}

// repositoryPaths are the addresses below a repository, as recorded.
func repositoryPaths() map[string]string {
	return map[string]string{
		"forks_url": "/forks", "keys_url": "/keys{/key_id}", "collaborators_url": "/collaborators{/collaborator}", "teams_url": "/teams",
		"hooks_url": "/hooks", "issue_events_url": "/issues/events{/number}", "events_url": "/events", "assignees_url": "/assignees{/user}",
		"branches_url": "/branches{/branch}", "tags_url": "/tags", "blobs_url": "/git/blobs{/sha}", "git_tags_url": "/git/tags{/sha}",
		"git_refs_url": "/git/refs{/sha}", "trees_url": "/git/trees{/sha}", "statuses_url": "/statuses/{sha}", "languages_url": "/languages",
		"stargazers_url": "/stargazers", "contributors_url": "/contributors", "subscribers_url": "/subscribers", "subscription_url": "/subscription",
		"commits_url": "/commits{/sha}", "git_commits_url": "/git/commits{/sha}", "comments_url": "/comments{/number}",
		"issue_comment_url": "/issues/comments{/number}", "contents_url": "/contents/{+path}", "compare_url": "/compare/{base}...{head}",
		"merges_url": "/merges", "archive_url": "/{archive_format}{/ref}", "downloads_url": "/downloads", "issues_url": "/issues{/number}",
		"pulls_url": "/pulls{/number}", "milestones_url": "/milestones{/number}", "notifications_url": "/notifications{?since,all,participating}",
		"labels_url": "/labels{/name}", "releases_url": "/releases{/id}", "deployments_url": "/deployments",
	}
}
