package chaos_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// weather is what is wrong with the services.
type weather struct {
	storms map[string]bool // by connector
	lagged bool            // since when the search may lag
	locked map[string]bool // credentials are not what Tandem has
}

func (w *weather) calm() bool { return len(w.storms)+len(w.locked) == 0 && !w.lagged }

// blow is one way in which requests fail.
type blow struct {
	name string
	kind func(l *life, connector string) *sim.Fault
	// only writes, or only reads; empty is both.
	only string
}

func blows() []blow {
	plain := func(code int) *sim.Fault {
		return &sim.Fault{Status: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"errorMessages":["something is wrong"],"errors":{},"message":"something is wrong"}`}
	}
	return []blow{
		{"answer lost after the write", func(*life, string) *sim.Fault { return sim.LostAnswer() }, "writes"},
		{"answer lost", func(*life, string) *sim.Fault { return sim.LostAnswer() }, ""},
		{"connection refused", func(*life, string) *sim.Fault { return sim.Refused() }, ""},
		{"page cut off", func(*life, string) *sim.Fault { return sim.CutOff(60) }, "reads"},
		{"answer cut off", func(*life, string) *sim.Fault { return sim.CutOff(10) }, ""},
		{"429 with Retry-After", func(l *life, connector string) *sim.Fault {
			if connector == "jira" {
				return jirasim.RateLimited("jira-quota-tenant-based", 5*time.Minute, time.Now())
			}
			return githubsim.SecondaryLimit(http.StatusTooManyRequests, 5*time.Minute, time.Now())
		}, ""},
		{"429 without Retry-After", func(*life, string) *sim.Fault { return plain(http.StatusTooManyRequests) }, ""},
		{"500", func(*life, string) *sim.Fault { return plain(http.StatusInternalServerError) }, ""},
		{"502 page", func(*life, string) *sim.Fault { return sim.HTMLPage(http.StatusBadGateway) }, ""},
		{"503", func(*life, string) *sim.Fault { return sim.Unavailable(0) }, ""},
		{"503 with Retry-After", func(*life, string) *sim.Fault { return sim.Unavailable(20) }, ""},
		{"500 after the write", func(*life, string) *sim.Fault {
			f := plain(http.StatusInternalServerError)
			f.After = true
			return f
		}, "writes"},
		{"page of a proxy with 200", func(*life, string) *sim.Fault { return sim.HTMLPage(http.StatusOK) }, ""},
		{"409", func(*life, string) *sim.Fault { return plain(http.StatusConflict) }, "writes"},
	}
}

// storm breaks a share of the requests of one service.
func (l *life) storm() {
	connector := pick(l, []string{"jira", "github"})
	b := pick(l, blows())
	share, salt := 1+l.dice.IntN(4), l.dice.Uint64()
	l.tells("weather: %s, one in %d, at %s", b.name, share, connector)
	l.weather.storms[connector] = true
	var mu sync.Mutex
	count := map[string]int{}
	l.site(connector).SetFault(func(r *http.Request) *sim.Fault {
		name := r.Method + " " + r.URL.Path
		mu.Lock()
		count[name]++
		n := count[name]
		mu.Unlock()
		writes := isWrite(r)
		if b.only == "writes" && !writes || b.only == "reads" && writes || draw(salt, name, n)%uint64(share) != 0 {
			return nil
		}
		f := b.kind(l, connector)
		f.Name = b.name
		l.strikes(b.name, connector+" "+name)
		return f
	})
}

// isWrite tells requests that change something; searches are posted too.
func isWrite(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/search") && !strings.HasSuffix(r.URL.Path, "/bulkfetch") && !strings.HasSuffix(r.URL.Path, "/graphql")
}

// draw is one throw of dice that depends on nothing but its name.
func draw(salt uint64, name string, n int) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, salt, name, n)
	return h.Sum64() >> 7
}

func (l *life) calm() {
	connector := pick(l, []string{"jira", "github"})
	l.tells("weather: calm at %s", connector)
	l.clear(connector)
}

func (l *life) clear(connector string) {
	delete(l.weather.storms, connector)
	l.site(connector).SetFault(nil)
}

// lags makes the search of Jira late, hides an issue from it, or mends it.
func (l *life) lags() {
	switch l.dice.IntN(3) {
	case 0:
		l.jira.SetLag(0)
		l.jira.Settle()
		l.weather.lagged = false
		l.tells("weather: the search is up to date")
	case 1:
		span := time.Duration(1+l.dice.IntN(180)) * time.Second
		l.jira.SetLag(span)
		l.weather.lagged = true
		l.strikes("stale search", span.String())
	default:
		if key := l.some(); key != "" {
			l.jira.Vanish(key, time.Duration(1+l.dice.IntN(120))*time.Minute)
			l.weather.lagged = true
			l.strikes("issue missing in the search", key)
		}
	}
}

// rotates changes a credential at the service, or tells Tandem the new one.
func (l *life) rotates() {
	connector := pick(l, []string{"jira", "github"})
	if l.weather.locked[connector] {
		l.unlock(connector)
		return
	}
	token := fmt.Sprintf("%s-token-%d", connector, l.act)
	l.token[connector] = token
	if connector == "jira" {
		l.jira.Administer(func(w *jirasim.World) { w.Accounts[0].Token = token })
	} else {
		l.hub.SetAccounts(githubsim.Account{Token: token, Login: "tandem-bot", Service: true})
	}
	l.weather.locked[connector] = true
	l.strikes("credential rotated", connector)
}

func (l *life) unlock(connector string) {
	if l.weather.locked[connector] {
		l.tells("admin: the new credential of %s is there", connector)
		l.write(connector+".token", l.token[connector])
		if connector == "jira" {
			l.jira.Unlock("bot@acme.example")
			l.jira.Unlock("tandem")
		}
		delete(l.weather.locked, connector)
		l.restart()
	}
}

// disk lets calls of the store fail in the next cycle.
func (l *life) disk() {
	l.doom = &doom{left: -1}
	n := 1 + l.dice.IntN(12)
	switch l.dice.IntN(3) {
	case 0:
		l.doom.gone = n
	case 1:
		l.doom.full = n
	default:
		l.doom.vague = n
	}
	for range 2 {
		l.cycle(nil)
	}
	l.doom = nil
}

// clock lets the clock of Tandem's machine step.
func (l *life) clock() {
	if l.skew = 0; l.dice.IntN(2) == 0 {
		l.skew = time.Duration(l.dice.IntN(180)-90) * time.Minute
		l.strikes("clock step", l.skew.String())
	}
}

// meets lets a person act right before a write arrives: a label of the team, or
// the very value that is written. Whoever replaces labels as a set would lose the
// one, and nobody can see the other in time.
func (l *life) meets(r *http.Request) {
	dice := draw(l.seed, r.URL.Path, l.act)
	if isWrite(r) && r.Method == http.MethodPut && dice%5 == 1 {
		l.meetsPriority(r, dice)
	}
	if !isWrite(r) || dice%5 != 0 {
		return
	}
	label := fmt.Sprintf("met-%d", l.act)
	for _, i := range l.hub.World().Issues {
		if path := fmt.Sprintf("/repos/%s/issues/%d/labels", i.Repository, i.Number); strings.HasPrefix(r.URL.Path, path) && !slices.Contains(i.Labels, label) {
			l.strikes("person in the middle of a write", i.Key())
			l.ok(l.hub.Edit(i.Key(), "ana-acme", func(i *githubsim.Issue) { i.Labels = append(i.Labels, label) }))
		}
	}
	for _, i := range l.jira.World().Issues {
		if r.Method == http.MethodPut && (strings.HasSuffix(r.URL.Path, "/issue/"+i.Key) || strings.HasSuffix(r.URL.Path, fmt.Sprintf("/issue/%d", i.ID))) && !slices.Contains(i.Labels, label) {
			l.strikes("person in the middle of a write", i.Key)
			l.ok(l.jira.Edit(i.Key, jirasim.Ana, func(i *jirasim.Issue) { i.Labels = append(i.Labels, label) }))
		}
	}
}

// meetsPriority lets a person set the priority that is about to be written.
func (l *life) meetsPriority(r *http.Request, dice uint64) {
	body, err := io.ReadAll(r.Body)
	l.ok(err)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var put struct {
		Fields struct {
			Priority struct{ ID string } `json:"priority"`
		} `json:"fields"`
	}
	if json.Unmarshal(body, &put) != nil || put.Fields.Priority.ID == "" {
		return
	}
	for _, i := range l.jira.World().Issues {
		id := strconv.FormatInt(i.ID, 10)
		if !strings.HasSuffix(r.URL.Path, "/issue/"+i.Key) && !strings.HasSuffix(r.URL.Path, "/issue/"+id) {
			continue
		}
		tier := strconv.Itoa(1 + int(dice/5%4))
		theirs := native(i.Project, tier)
		if theirs == i.Priority || theirs == put.Fields.Priority.ID {
			return
		}
		l.strikes("person in the middle of a write of the same value", i.Key)
		l.ok(l.jira.Edit(i.Key, jirasim.Ana, func(i *jirasim.Issue) { i.Priority = theirs }))
		l.mu.Lock()
		l.book.met[slot{"jira:" + id, "priority"}] = tier
		l.mu.Unlock()
	}
}
