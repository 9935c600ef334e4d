package jirasim

import (
	"net/http"
	"strconv"
)

func (s *Site) myself(a *asker, w http.ResponseWriter, _ *http.Request) {
	person, ok := a.person(a.account.Person).(object)
	if !ok {
		person = object{"self": a.userSelf(a.account.Person), "accountId": a.account.Person, "active": true, "displayName": a.account.Email}
	}
	person["emailAddress"], person["locale"] = a.account.Email, a.locale()
	reply(w, http.StatusOK, person)
}

func (s *Site) serverInfo(a *asker, w http.ResponseWriter, _ *http.Request) {
	if a.server {
		reply(w, http.StatusOK, object{
			"baseUrl": a.base, "version": release, "versionNumbers": []int{10, 3, 24}, "deploymentType": "Server",
			"buildNumber": 10030024, "buildDate": "2026-10-01T00:00:00.000+0000", "serverTime": a.time(s.now()),
			"scmInfo": "0000000000000000000000000000000000000000", "serverTitle": "Jira",
		})
		return
	}
	reply(w, http.StatusOK, object{
		"baseUrl": a.base, "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0}, "deploymentType": "Cloud",
		"buildNumber": 100292, "buildDate": "2026-11-01T00:00:00.000+0000", "serverTime": a.time(s.now()),
		"scmInfo": "0000000000000000000000000000000000000000", "serverTitle": "Jira", "displayUrl": a.base,
	})
}

// permissions that a client asks about, with their scope.
func permissionNames() map[string]string {
	return map[string]string{
		"BROWSE_PROJECTS": "PROJECT", "EDIT_ISSUES": "PROJECT", "SCHEDULE_ISSUES": "PROJECT", "TRANSITION_ISSUES": "PROJECT",
		"ADD_COMMENTS": "PROJECT", "LINK_ISSUES": "PROJECT", "ASSIGN_ISSUES": "PROJECT", "CREATE_ISSUES": "PROJECT",
		"DELETE_ISSUES": "PROJECT", "ADMINISTER_PROJECTS": "PROJECT", "ADMINISTER": "GLOBAL", "BULK_CHANGE": "GLOBAL",
	}
}

// myPermissions tells what the account may do in a project, or anywhere.
func (s *Site) myPermissions(a *asker, w http.ResponseWriter, r *http.Request) {
	wanted := list(r, "permissions")
	if a.server { // tells all, whatever is asked
		wanted = sortedKeys(permissionNames())
	}
	if len(wanted) == 0 {
		refuse(w, http.StatusBadRequest, "The 'permissions' query parameter is required.")
		return
	}
	project, ok := s.askedFor(a, r)
	if !ok {
		refuse(w, http.StatusNotFound, "No project or issue could be found.")
		return
	}
	known, out := permissionNames(), object{}
	for i, key := range wanted {
		kind, ok := known[key]
		if !ok {
			refuse(w, http.StatusBadRequest, "Unrecognized permission key: "+key)
			return
		}
		out[key] = object{
			"id": strconv.Itoa(10 + i), "key": key, "name": key, "type": kind, "description": "", "havePermission": a.holds(project, Permission(key), kind == "GLOBAL"),
		}
	}
	reply(w, http.StatusOK, object{"permissions": out})
}

// askedFor finds the project that the request asks about; none is fine, one
// that the caller does not see is not.
func (s *Site) askedFor(a *asker, r *http.Request) (*Project, bool) {
	q := r.URL.Query()
	p := a.catalog.projects[q.Get("projectKey")]
	if id := q.Get("projectId"); id != "" {
		p = a.catalog.projectIDs[id]
	}
	if issue := q.Get("issueKey") + q.Get("issueId"); issue != "" {
		s.mu.Lock()
		e := s.seen(a, issue)
		s.mu.Unlock()
		if e == nil {
			return nil, false
		}
		p = a.catalog.projects[e.Project]
	}
	if p == nil {
		asked := q.Get("projectKey") + q.Get("projectId")
		return nil, asked == ""
	}
	return p, p.Access != NoAccess
}
