package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// maxHops is how many transitions one change may take.
const maxHops = 4

// flowTrust is how long a workflow that was learned is believed.
const flowTrust = time.Hour

// way is one transition that an issue may take now.
type way struct {
	ID     identifier          `json:"id"`
	Name   string              `json:"name"`
	To     named               `json:"to"`
	Fields map[string]wayField `json:"fields"`
}

// wayField is one field of a transition's screen.
type wayField struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Default  bool   `json:"hasDefaultValue"`
}

// demands lists the fields that a person would have to fill in. What Tandem
// does not know it never guesses.
func (w way) demands() []string {
	var names []string
	for _, id := range slices.Sorted(maps.Keys(w.Fields)) {
		if f := w.Fields[id]; f.Required && !f.Default {
			names = append(names, fieldMeta{Name: f.Name}.label())
		}
	}
	return names
}

// flow is what is known of the workflow of one project and issue type: the
// ways out of each status that was seen, by the status's id.
type flow struct {
	ways  map[string][]way
	names map[string]string // of statuses
	at    time.Time
}

// learned returns a copy of what is known of the issue's workflow.
func (s *site) learned(key string) *flow {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &flow{ways: map[string][]way{}, names: map[string]string{}, at: s.now()}
	if known := s.flows[key]; known != nil && work.Fresh(known.at, s.now(), flowTrust) {
		maps.Copy(f.ways, known.ways)
		maps.Copy(f.names, known.names)
		f.at = known.at
	}
	return f
}

// keep remembers what was learned.
func (s *site) keep(key string, f *flow) {
	if key == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flows[key] = f
}

// unlearn forgets a workflow that led nowhere. It reports whether anything was
// known from before.
func (s *site) unlearn(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.flows[key]
	delete(s.flows, key)
	return known
}

// see notes the ways out of a status.
func (f *flow) see(from named, ways []way) {
	f.ways[string(from.ID)] = ways
	f.names[string(from.ID)] = from.Name
	for _, w := range ways {
		f.names[string(w.To.ID)] = w.To.Name
	}
}

// statuses lists the names of the statuses that were seen.
func (f *flow) statuses() string {
	names := slices.Sorted(maps.Values(f.names))
	return strings.Join(slices.Compact(names), ", ")
}

// step is a status on the way and how it is reached.
type step struct {
	status named
	first  *way // the transition that the issue has to take now
	hops   int
}

// route finds the first transition of a shortest way to the target that nobody
// has to fill in a field for. Statuses whose ways are not known are asked for
// while the search comes to them. Only the ways from the issue's own status
// are certain; the others are tried when the issue stands there.
func (f *flow) route(from named, hops int, avoid map[string]bool, is func(named) bool, ask func(status string) ([]way, error)) (*way, []way, error) {
	var blocked []way
	seen := map[string]bool{string(from.ID): true}
	queue := []step{{status: from}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at.hops == hops {
			continue
		}
		ways, known := f.ways[string(at.status.ID)]
		if !known {
			var err error
			if ways, err = ask(string(at.status.ID)); err != nil {
				return nil, nil, err
			}
			f.see(at.status, ways)
		}
		for _, w := range ways {
			to := string(w.To.ID)
			if len(w.demands()) > 0 {
				if is(w.To) {
					blocked = append(blocked, w)
				}
				continue
			}
			first := at.first
			if first == nil {
				first = &w
			}
			if is(w.To) {
				return first, nil, nil
			}
			if !seen[to] && !avoid[to] {
				seen[to] = true
				queue = append(queue, step{status: w.To, first: first, hops: at.hops + 1})
			}
		}
	}
	return nil, blocked, nil
}

// ways asks which transitions an issue may take now. Without the right to any
// the list is empty, which is no error.
func (s *site) ways(ctx context.Context, idOrKey string) ([]way, error) {
	var a struct {
		Transitions []way `json:"transitions"`
	}
	query := url.Values{"expand": {"transitions.fields"}}
	if err := s.client.get(ctx, path("issue", idOrKey, "transitions"), query, &a); err != nil {
		return nil, fmt.Errorf("read transitions: %w", err)
	}
	return a.Transitions, nil
}

// sample asks for the ways out of a status by some issue of the same project
// and type that stands there; without one nothing is known.
func (s *site) sample(ctx context.Context, project, kind, status string) ([]way, error) {
	found, err := s.search(ctx, query{
		jql: fmt.Sprintf("project = %q AND issuetype = %s AND status = %s ORDER BY updated DESC", project, kind, status), fields: []string{"status"}, size: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("look for an issue with status %s: %w", status, err)
	}
	for _, raw := range found.issues {
		var i issue
		if json.Unmarshal(raw, &i) == nil && i.ID != "" {
			return s.ways(ctx, string(i.ID))
		}
	}
	return nil, nil
}
