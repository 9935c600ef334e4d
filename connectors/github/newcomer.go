package github

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/work"
)

// newcomers are repositories that appeared under a glob after the globs were
// first looked up: nobody decided yet that Tandem may write there. They are
// read, and not written before they are listed by name.
type newcomers struct {
	scope scope

	mu    sync.Mutex
	names map[string]bool
	// listed are all repositories in the scope; nil before they were listed.
	listed []string
}

// observedFor is how long an edit waits before it is refused again.
const observedFor = time.Hour

func (n *newcomers) set(listed, names []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.listed = slices.Clone(listed)
	n.names = map[string]bool{}
	for _, name := range names {
		n.names[strings.ToLower(name)] = true
	}
}

// has reports whether a repository is new. The listing is known from the first
// read on, and no cycle writes before it read.
func (n *newcomers) has(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.names[strings.ToLower(name)] && !n.scope.names(name)
}

// names reports whether the settings name the repository, not by a glob.
func (s scope) names(name string) bool {
	return slices.ContainsFunc(s.patterns, func(p string) bool { return !isGlob(p) && strings.EqualFold(p, name) })
}

// arrived returns the repositories of a new listing that are newcomers: those
// that were, and those that the globs of the old one take in and that were not
// there.
func (s scope) arrived(old, fresh *listing) []string {
	if old == nil {
		return nil
	}
	before := scope{patterns: strings.Fields(old.Patterns)}
	is := func(list []string, name string) bool {
		return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, name) })
	}
	var arrived []string
	for _, name := range fresh.Names {
		if !s.names(name) && (is(old.New, name) || !is(old.Names, name) && before.includes(name)) {
			arrived = append(arrived, name)
		}
	}
	return arrived
}

// welcome says of each newcomer, once, what lets Tandem write there.
func (s scope) welcome(connector string, old, fresh *listing) []work.Finding {
	var findings []work.Finding
	for _, name := range fresh.New {
		if old != nil && slices.Contains(old.New, name) || s.names(name) {
			continue
		}
		line := make([]string, 0, len(s.patterns)+1)
		for _, p := range s.patterns {
			if isGlob(p) || strings.HasPrefix(p, "!") {
				p = strconv.Quote(p)
			}
			line = append(line, p)
		}
		findings = append(findings, work.Finding{
			Level: work.Note, Subject: connector + " " + name, What: "it is new: it is read, and not written",
			Remedy: "to have Tandem write there, list it by name: repositories: [" + strings.Join(append(line, name), ", ") + "]",
		})
	}
	return findings
}

// Send writes one batch, but for what is meant for newcomers.
func (s *sink) Send(ctx context.Context, batch []work.Edit) []work.Result {
	results := make([]work.Result, len(batch))
	var able []work.Edit
	var at []int
	for i, e := range batch {
		if name, _, err := splitKey(e.Key); err == nil && s.newcomers.has(name) {
			results[i] = work.Result{
				EditID: e.ID, State: work.Deferred, Scope: "issue", Until: s.now().Add(observedFor),
				Detail: fmt.Sprintf("the repository %s is new: it is read, and not written before it is listed by name; add it to repositories:", name),
			}
			continue
		}
		if refusal := s.refuseClaimed(ctx, e); refusal != nil {
			results[i] = *refusal
			results[i].EditID = e.ID
			continue
		}
		able, at = append(able, e), append(at, i)
	}
	if len(able) > 0 {
		for i, r := range s.send(ctx, s.names.rename(able)) {
			results[at[i]] = r
		}
	}
	return results
}
