package githubsim

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim"
)

// Links is the form of the links between pages of issues.
type Links int

// The forms of links. Which of the first two the service uses for which list
// is not known; the last is what was recorded in 2022.
const (
	CursorsAndPages Links = iota // after=…&page=2
	CursorsOnly                  // after=…
	PagesOnly                    // page=2
)

// Options are the switches of a site.
type Options struct {
	// Connector is the name for counts and the log; empty is "github".
	Connector string
	// Now is the site's clock; nil is the real one.
	Now func() time.Time
	// URL is the address of the interface in answers, such as
	// https://api.github.com; empty takes it from the request.
	URL string
	// Enterprise serves under /api/v3, without rate limits, as an Enterprise
	// Server does.
	Enterprise bool
	// Links is the form of the links between pages of issues.
	Links Links
	// Limits enforces the published limits, and Quota is the primary one per
	// hour; 0 is 5000. Without Limits the headers still count.
	Limits bool
	Quota  int
	// EmptyRedirects lets the parts of a transferred issue answer 301 without
	// an address instead of 404. Both were seen.
	EmptyRedirects bool
	// LoudReactions lets reactions move updated_at. What the real service
	// does is not known.
	LoudReactions bool
	// Aliases is how many fields a GraphQL document may have at its top before
	// it is answered by a resource error; 0 is any number. The real limit is
	// one of time, and differs.
	Aliases int
	// Hook announces changes; nil announces none.
	Hook *Hook
}

// Site is the stand-in. It is safe for concurrent use.
type Site struct {
	*sim.Gate
	options Options
	limits  limiter

	mu           sync.RWMutex
	accounts     []Account
	apps         []App
	tokens       int                   // that were bought
	people       map[string]Person     // by folded login
	repositories map[int64]*repository // by id
	names        map[string]int64      // by folded name, also former names
	former       map[string]bool       // folded names that only redirect
	projects     []*project
	dependent    map[*repository]bool // with issues that others must come before
	failing      []string             // mutations to fail, by name
	announced    []Delivery
	deliveries   int
	attempts     []attempt // of the last days, oldest first
	tries        int64
	ids          ids
}

// ids are the next ids to give.
type ids struct{ issue, label, comment, event, milestone, repository, project, field, item int64 }

// New returns a site that holds the world. IDs, numbers and times may be left
// empty; they are filled in, and so are labels that only issues name.
func New(world World, options Options) (*Site, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	options.Quota = cmp.Or(options.Quota, 5000)
	s := &Site{
		options: options, people: map[string]Person{}, repositories: map[int64]*repository{},
		names: map[string]int64{}, former: map[string]bool{},
		ids: firstIDs(world), dependent: map[*repository]bool{},
	}
	s.accounts, s.apps = slices.Clone(world.Accounts), slices.Clone(world.Apps)
	for _, p := range world.People {
		s.people[fold(p.Login)] = p
	}
	var faults []error
	for _, r := range world.Repositories {
		faults = append(faults, s.seedRepository(r))
	}
	for n := range world.Issues {
		faults = append(faults, s.seed(world.Issues[n].clone()))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for _, p := range world.Projects {
		s.seedProject(p)
	}
	for _, r := range s.repositories {
		r.index()
	}
	routes := s.routes()
	s.Gate = &sim.Gate{
		Connector: cmp.Or(options.Connector, "github"), Now: options.Now, Route: routes.template,
		Next: routes, Log: &sim.Log{},
	}
	return s, nil
}

// firstIDs starts above what the world has, and beyond 32 bits as the
// service's ids are.
func firstIDs(w World) ids {
	n := ids{issue: 5_200_000_000, label: 5_300_000_000, comment: 5_400_000_000, event: 15_500_000_000, milestone: 5_600_000, repository: 700_000_000, project: 4_100_000, field: 9_100_000, item: 88_000_000}
	for _, r := range w.Repositories {
		n.repository = max(n.repository, r.ID+1)
		for _, l := range r.Labels {
			n.label = max(n.label, l.ID+1)
		}
		for _, m := range r.Milestones {
			n.milestone = max(n.milestone, m.ID+1)
		}
	}
	for i := range w.Issues {
		n.issue = max(n.issue, w.Issues[i].ID+1)
		for _, c := range w.Issues[i].Comments {
			n.comment = max(n.comment, c.ID+1)
		}
		for _, e := range w.Issues[i].Events {
			n.event = max(n.event, e.ID+1)
		}
	}
	return n
}

func next(id *int64) int64 {
	*id++
	return *id - 1
}

func fold(name string) string { return strings.ToLower(name) }

// now is the site's time in whole seconds, as every time in its answers.
func (s *Site) now() time.Time { return s.options.Now().UTC().Truncate(time.Second) }

// World returns a copy of everything the site holds, repositories by id and
// issues by repository and number.
func (s *Site) World() World {
	s.mu.RLock()
	defer s.mu.RUnlock()
	w := World{Accounts: slices.Clone(s.accounts), Apps: slices.Clone(s.apps)}
	for _, p := range s.people {
		w.People = append(w.People, p)
	}
	slices.SortFunc(w.People, func(a, b Person) int { return cmp.Compare(a.Login, b.Login) })
	for _, r := range s.sorted() {
		w.Repositories = append(w.Repositories, r.plain())
		for i := range r.lists[anyState][byCreated].Up(0) {
			w.Issues = append(w.Issues, *i.clone())
		}
	}
	for _, p := range s.projects {
		w.Projects = append(w.Projects, p.plain())
	}
	return w
}

// sorted returns the repositories by id. Callers hold the lock.
func (s *Site) sorted() []*repository {
	all := make([]*repository, 0, len(s.repositories))
	for _, r := range s.repositories {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *repository) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Issue returns a copy of one issue as it is now, by its key such as
// acme/pay#7. Former keys of transferred issues find nothing.
func (s *Site) Issue(key string) (Issue, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, i, err := s.find(key)
	if err != nil {
		return Issue{}, false
	}
	return *i.clone(), true
}

// find looks an issue up by key. Callers hold the lock.
func (s *Site) find(key string) (*repository, *Issue, error) {
	name, digits, _ := strings.Cut(key, "#")
	number, err := strconv.Atoi(digits)
	r := s.repository(name)
	if err != nil || r == nil || r.issues[number] == nil {
		return nil, nil, fmt.Errorf("%s: no such issue", key)
	}
	return r, r.issues[number], nil
}

// repository looks a repository up by name. Callers hold the lock.
func (s *Site) repository(name string) *repository { return s.repositories[s.names[fold(name)]] }

// Writes is the log of everything that changed the site, by accounts and by
// people.
func (s *Site) Writes() *sim.Log { return s.Log }

// ServeHTTP answers one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.Gate.ServeHTTP(w, r) }
