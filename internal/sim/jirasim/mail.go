package jirasim

import (
	"net/http"
	"slices"
	"time"
)

// Mail is what one change made the site send to people.
type Mail struct {
	Key, By string // issue, and who changed it
	At      time.Time
	// To are the account ids of the people who were told; none when the
	// request was allowed to keep quiet.
	To []string
}

// Mails lists the changes that people are told of, oldest first: edits,
// transitions and comments. Ranks, properties and remote links send nothing.
func (s *Site) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.mails)
	for n := range list {
		list[n].To = slices.Clone(list[n].To)
	}
	return list
}

// MailCount is the number of mails since the site began.
func (s *Site) MailCount() int {
	n := 0
	for _, m := range s.Mails() {
		n += len(m.To)
	}
	return n
}

// mail notes whom a change is told: reporter and assignees, but not the one
// who made it. Callers hold the lock.
func (s *Site) mail(by string, before, after *Issue, d *difference) {
	told := len(d.items) > 0
	for _, e := range d.effects {
		told = told || e.Field == "comment"
	}
	if onlyRank := d.rank && len(d.items) == 1; !told || onlyRank {
		return
	}
	m := Mail{Key: after.Key, By: by, At: s.now()}
	for _, person := range []string{after.Reporter, before.Assignee, after.Assignee} {
		if person != "" && person != by && !s.muted && !slices.Contains(m.To, person) {
			m.To = append(m.To, person)
		}
	}
	s.mails = append(s.mails, m)
}

// mayMute reports whether the request may go on with its notifyUsers, or
// answers 403: a Data Center refuses those who administer nothing, and so does
// a site with StrictMute. What Cloud really does is not known for certain; its
// description says that it ignores the wish. Values but true and false are
// understood by nobody.
func (s *Site) mayMute(a *asker, w http.ResponseWriter, r *http.Request) bool {
	notify := r.URL.Query().Get("notifyUsers")
	if notify == "" || notify == "true" || !a.server && !s.options.StrictMute {
		return true
	}
	s.mu.Lock()
	e := s.seen(a, r.PathValue("issueIdOrKey"))
	s.mu.Unlock()
	if e == nil || a.may(e.Project, AdministerProjects) {
		return true
	}
	refuse(w, http.StatusForbidden, "To discard the user notification either admin or project admin permissions are required.")
	return false
}

// mutes reports whether the request keeps people from being told.
func (a *asker) mutes(r *http.Request, project string) bool {
	return r.URL.Query().Get("notifyUsers") == "false" && a.may(project, AdministerProjects)
}
