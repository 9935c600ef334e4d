package jirasim

import (
	"net/http"
	"strings"
	"time"
)

// asker is who asks, and how the answer is to be written.
type asker struct {
	account Account
	zone    *time.Location
	base    string // address of the site, without a slash at the end
	version string // "2" or "3" of the platform interface
	server  bool   // a Data Center answers
	fields  boardFields
	// sprintObjects keeps the sprint field from being text on a Data Center.
	sprintObjects bool
	catalog       *catalog
	issue         func(key string) *entry // any issue; takes the site's lock
	language      string
	odd           map[int64]func(map[string]any) // how issues are spoilt
	header        http.Header                    // of the answer
}

// jiraTime is the layout of every time in an answer.
const jiraTime = "2006-01-02T15:04:05.000-0700"

func parseJiraTime(text string) (time.Time, error) { return time.Parse(jiraTime, text) }

func (a *asker) time(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(a.shownIn()).Format(jiraTime)
}

// self returns the address of a resource of the platform interface.
func (a *asker) self(path string) string { return a.base + "/rest/api/" + a.version + path }

// identify checks the credentials. Callers hold the lock.
func (s *Site) identify(r *http.Request) (*asker, bool) {
	for _, account := range s.catalog.world.Accounts {
		if s.fits(account, r) {
			a := s.anonymous(r)
			a.account, a.catalog, a.language, a.odd = account, s.view(account), s.language, s.odd
			if zone := s.catalog.zones[account.Person]; zone != nil {
				a.zone = zone
			}
			return a, true
		}
	}
	return nil, false
}

func (s *Site) anonymous(r *http.Request) *asker {
	base := strings.TrimSuffix(s.options.URL, "/")
	if base == "" {
		base = "http://" + r.Host
		if r.TLS != nil || r.URL.Scheme == "https" {
			base = "https://" + r.Host
		}
	}
	version := "2"
	if strings.HasPrefix(r.URL.Path, "/rest/api/3/") {
		version = "3"
	}
	return &asker{
		base: base, version: version, server: s.server(), fields: s.boardFields(), catalog: s.catalog, zone: time.UTC, issue: s.locked,
		sprintObjects: s.options.SprintObjects,
	}
}

func (s *Site) locked(key string) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(key)
}
