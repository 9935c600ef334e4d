package jirasim

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim"
)

// Options are the switches of a site.
type Options struct {
	// Deployment is the flavour: Cloud unless set.
	Deployment Deployment
	// Connector is the name for counts and the log; empty is "jira".
	Connector string
	// Now is the site's clock; nil is the real one.
	Now func() time.Time
	// URL is the address in links; empty takes it from the request.
	URL string
	// QuietRank and QuietProperties keep ranking and writing properties from
	// moving `updated`. What the real service does is not known.
	QuietRank, QuietProperties bool
	// SprintObjects writes sprints as objects on a Data Center too, not as the
	// text of a Java object. Which of its releases do is not known.
	SprintObjects bool
	// RankAsField writes moves in the changelog under the rank field's own id,
	// as recorded in changelogs of a Cloud site; without it they stand under
	// the id Rank, as recorded in webhooks.
	RankAsField bool
	// EpochChangelog writes the times of the bulk changelog as seconds, as the
	// example of its description has them, and not as text.
	EpochChangelog bool
	// Limits enforces the published limits: on bursts and on writes per issue
	// on Cloud, the token bucket on a Data Center.
	Limits bool
	// Bucket is the limit of a Data Center; the zero value is a usual one.
	Bucket Bucket
	// KeepVisibility leaves a comment restricted when it is rewritten without
	// its visibility; what the real service does is not known.
	KeepVisibility bool
	// MostComments is how many comments an issue can have; 0 is any number.
	MostComments int
	// Hook announces changes; nil keeps them quiet.
	Hook *Hook
	// StrictMute refuses notifyUsers=false of accounts that administer
	// nothing; otherwise Cloud does not heed it.
	StrictMute bool
	// NoBasic switches Basic authentication off, as Data Center 11 has it; an
	// access token is then the only way in.
	NoBasic bool
}

// Site is the stand-in. It is safe for concurrent use.
type Site struct {
	*sim.Gate
	options Options

	mu       sync.Mutex
	catalog  *catalog
	current  map[int64]*entry
	keys     map[string]int64   // also the former keys
	ranks    *sim.Order[*entry] // the current issues by rank
	index    *index
	lag      func(Issue) time.Duration
	walks    walks
	vanished map[int64]time.Time // from the search, until then
	stumbles map[int64]bool      // of the next bulkfetch
	unranked map[int64]bool      // by the next attempt
	// conflicts are the issues whose next write meets another one.
	conflicts map[int64]bool
	mails     []Mail
	announced []Delivery
	hooked    int // announcements so far
	language  string
	odd       map[int64]func(map[string]any)
	muted     bool // the change that is stored now keeps quiet
	limits    limiter
	tokens    buckets
	failures  map[string]int // logins in a row, by name
	nextID    int64          // of issues
	nextPart  int64          // of changes, links and comments
}

// New returns a site that holds the world. The world's Issues may leave ID,
// Rank, Created and Updated empty; they are filled in.
func New(world World, options Options) (*Site, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Site{
		options: options, current: map[int64]*entry{}, keys: map[string]int64{},
		lag: func(Issue) time.Duration { return 0 }, nextID: 10000, nextPart: 10000,
		vanished: map[int64]time.Time{}, stumbles: map[int64]bool{}, unranked: map[int64]bool{}, conflicts: map[int64]bool{}, failures: map[string]int{},
	}
	s.catalog = s.catalogOf(world)
	for _, i := range world.Issues {
		s.nextID = max(s.nextID, i.ID+1)
	}
	all := make([]*entry, 0, len(world.Issues))
	var faults []error
	ranks := spread("0", len(world.Issues))
	for n := range world.Issues {
		e, err := s.seed(world.Issues[n].clone(), ranks[n])
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, e)
	}
	faults = append(faults, badPatterns(world.Projects))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	s.index = newIndex(all)
	s.ranks = sim.NewOrder(compareRanks, all...)
	routes := s.routes()
	s.Gate = &sim.Gate{
		Connector: cmp.Or(options.Connector, "jira"), Now: options.Now, Route: routes.template,
		Next: routes, Log: &sim.Log{},
	}
	return s, nil
}

// seed completes and stores one issue of the first world.
func (s *Site) seed(i *Issue, rank string) (*entry, error) {
	project := s.catalog.projects[i.Project]
	if i.Project == "" {
		key, _, _ := strings.Cut(i.Key, "-")
		i.Project, project = key, s.catalog.projects[key]
	}
	if project == nil {
		return nil, fmt.Errorf("issue %s: project %q is not in the world; add it to Projects", i.Key, i.Project)
	}
	if i.ID == 0 {
		i.ID = s.nextID
		s.nextID++
	}
	s.complete(i, project, rank)
	if _, taken := s.keys[i.Key]; taken {
		return nil, fmt.Errorf("issue %s: key is used twice", i.Key)
	}
	e := newEntry(i)
	project.Next = max(project.Next, e.number+1)
	for _, c := range i.History {
		s.nextPart = max(s.nextPart, c.ID+1)
	}
	for _, l := range i.Remote {
		s.nextPart = max(s.nextPart, l.ID+1)
	}
	for _, c := range i.Comments {
		s.nextPart = max(s.nextPart, c.ID+1)
	}
	s.current[i.ID], s.keys[i.Key] = e, i.ID
	return e, nil
}

// complete fills in what a new issue must have.
func (s *Site) complete(i *Issue, project *Project, rank string) {
	now := s.now()
	if i.Created.IsZero() {
		i.Created = firstTime(i.Updated, now)
	}
	if i.Updated.IsZero() {
		i.Updated = i.Created
	}
	i.Created, i.Updated = i.Created.Truncate(time.Millisecond), i.Updated.Truncate(time.Millisecond)
	i.Rank = cmp.Or(i.Rank, rank)
	slices.Sort(i.Labels)
	i.Labels = slices.Compact(i.Labels)
	i.Version = max(i.Version, 1)
	if i.Type == "" && len(project.Types) > 0 {
		i.Type = project.Types[0]
	}
	if i.Status == "" && len(project.Statuses) > 0 {
		i.Status = project.Statuses[0]
	}
	if scheme := s.catalog.schemes[project.Scheme]; i.Priority == "" && scheme != nil {
		i.Priority = scheme.Default
	}
	i.Creator = cmp.Or(i.Creator, i.Reporter, project.Lead)
	i.Reporter = cmp.Or(i.Reporter, i.Creator)
	s.resolve(i, i.Updated)
}

// resolve keeps resolution and date in step with the status category.
func (s *Site) resolve(i *Issue, at time.Time) {
	if !s.catalog.done(i.Status) {
		i.Resolved, i.Resolution = time.Time{}, ""
		return
	}
	i.Resolved = firstTime(i.Resolved, at)
	if i.Resolution == "" && len(s.catalog.world.Resolutions) > 0 {
		i.Resolution = s.catalog.world.Resolutions[0].ID
	}
}

func firstTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

func (s *Site) now() time.Time { return s.options.Now().Truncate(time.Millisecond) }

// SetLag makes the search late: changes from now on reach it after the given
// time. Single reads stay immediate. Changes that are already on their way
// keep their time.
func (s *Site) SetLag(lag time.Duration) { s.SetLagFunc(func(Issue) time.Duration { return lag }) }

// SetLagFunc makes the search late by a different time for each change, so
// that changes may arrive out of order. The function must not change the
// issue and must not call the site.
func (s *Site) SetLagFunc(lag func(changed Issue) time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = lag
}

// Settle brings the search up to date at once.
func (s *Site) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index.settle()
}

// Vanish keeps an issue out of the search for a time, though it is there and
// single reads show it: the visibility of a search is not monotonic.
func (s *Site) Vanish(key string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(key); e != nil {
		s.vanished[e.ID] = s.now().Add(d)
	}
}

// Stumble makes the next bulkfetch that asks for the issue report it among its
// issueErrors, once.
func (s *Site) Stumble(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(key); e != nil {
		s.stumbles[e.ID] = true
	}
}

// World returns a copy of everything the site holds, issues by id.
func (s *Site) World() World {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := copyCatalog(s.catalog.world)
	w.Issues = make([]Issue, 0, len(s.current))
	for _, e := range s.current {
		w.Issues = append(w.Issues, *e.clone())
	}
	slices.SortFunc(w.Issues, func(a, b Issue) int { return cmp.Compare(a.ID, b.ID) })
	return w
}

// Issue returns a copy of one issue as it is now, by key or former key.
func (s *Site) Issue(key string) (Issue, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(key)
	if e == nil {
		return Issue{}, false
	}
	return *e.clone(), true
}

// find looks an issue up by id or key. Callers hold the lock.
func (s *Site) find(idOrKey string) *entry {
	if id, ok := s.keys[strings.ToUpper(idOrKey)]; ok {
		return s.current[id]
	}
	return s.current[parseID(idOrKey)]
}

// reachable is like find, for accounts.
func (s *Site) reachable(idOrKey string) *entry {
	if e := s.find(idOrKey); e != nil && s.catalog.visible(e.Issue) {
		return e
	}
	return nil
}

// Writes is the log of everything that changed the site, by accounts and by
// people.
func (s *Site) Writes() *sim.Log { return s.Log }

// ServeHTTP answers one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.Gate.ServeHTTP(w, r) }
