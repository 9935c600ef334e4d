package jirasim

import (
	"slices"
	"time"
)

// Deployment is the flavour of a site.
type Deployment int

// The flavours of Jira.
const (
	// Cloud is a site of Atlassian's: interfaces 2 and 3, account ids, the
	// search with page tokens.
	Cloud Deployment = iota
	// DataCenter is an own server, release 10.3: interface 2 alone, login
	// names and user keys, the search with startAt and total.
	DataCenter
)

// release is the version that a Data Center site reports.
const release = "10.3.24"

func (s *Site) server() bool { return s.options.Deployment == DataCenter }

// versions are the names of the platform interface in paths.
func (s *Site) versions() []string {
	if s.server() {
		return []string{"2", "latest"}
	}
	return []string{"2", "3"}
}

// deployed lists the routes of the site's flavour: a Data Center lacks what
// was made for the Cloud and keeps the older calls.
func (s *Site) deployed() []route {
	all := s.table()
	if !s.server() {
		return all
	}
	all = slices.DeleteFunc(all, func(r route) bool { return slices.Contains(cloudOnly(), r.pattern) })
	return append(all,
		route{"GET /rest/api/*/search", false, s.offsetGet},
		route{"POST /rest/api/*/search", false, s.offsetPost},
		route{"GET /rest/api/*/user", false, s.userGet},
		route{"GET /rest/api/*/project", false, s.projectList},
		route{"GET /rest/api/*/priorityschemes", false, s.schemeList},
		route{"GET /rest/api/*/priorityschemes/{schemeId}", false, s.schemeGet},
	)
}

// cloudOnly are the routes that a Data Center does not have.
func cloudOnly() []string {
	return []string{
		"GET /rest/api/*/search/jql",
		"POST /rest/api/*/search/jql",
		"GET /rest/api/*/search",
		"POST /rest/api/*/search",
		"POST /rest/api/*/search/approximate-count",
		"POST /rest/api/*/jql/parse",
		"POST /rest/api/*/issue/bulkfetch",
		"GET /rest/api/*/issue/{issueIdOrKey}/changelog",
		"POST /rest/api/*/changelog/bulkfetch",
		"GET /rest/api/*/priority/search",
		"GET /rest/api/*/priorityscheme",
		"GET /rest/api/*/priorityscheme/{schemeId}/priorities",
		"GET /rest/api/*/project/search",
	}
}

// Fields of the boards. Their numbers differ from site to site; clients are to
// know them by schema.custom.
type boardFields struct {
	rank, sprint int
	rankAsField  bool // in the changelog
}

func (s *Site) boardFields() boardFields {
	if s.server() {
		return boardFields{rank: 10005, sprint: 10004, rankAsField: s.options.RankAsField}
	}
	return boardFields{rank: 10019, sprint: 10020, rankAsField: s.options.RankAsField}
}

func (s *Site) catalogOf(w World) *catalog {
	c := newCatalog(w)
	c.numbers = s.boardFields()
	return c
}

// shownIn is the zone of the times in answers: the caller's on Cloud, the
// server's own on a Data Center. Queries are read in the caller's on both.
func (a *asker) shownIn() *time.Location {
	if a.server {
		return time.UTC
	}
	return a.zone
}
