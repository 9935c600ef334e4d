package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// listingAge is how long what a glob stands for is believed.
const listingAge = time.Hour

// scope tells which repositories are meant.
type scope struct {
	patterns []string
	client   *client
	now      func() time.Time
}

// includes reports whether the patterns take a repository in; case does not
// count at GitHub.
func (s scope) includes(name string) bool {
	name, in := strings.ToLower(name), false
	for _, p := range s.patterns {
		pattern, out := strings.CutPrefix(strings.ToLower(p), "!")
		matched, err := path.Match(pattern, name)
		if !matched || err != nil {
			continue
		}
		if out {
			return false
		}
		in = true
	}
	return in
}

// owners lists whose repositories must be listed for the globs.
func (s scope) owners() []string {
	var owners []string
	for _, p := range s.patterns {
		owner, repository, _ := strings.Cut(p, "/")
		if !strings.HasPrefix(p, "!") && isGlob(repository) {
			owners = append(owners, owner)
		}
	}
	slices.Sort(owners)
	owners = slices.Compact(owners)
	if s.client.app != nil && len(owners) > 1 {
		owners = owners[:1] // an installation lists what it sees of all owners
	}
	return owners
}

// resolve returns the repositories in the scope, sorted. An old listing is
// used for an hour, and longer where a new one cannot be had: it then comes
// together with the error that says why.
func (s scope) resolve(ctx context.Context, old *listing) (*listing, error) {
	patterns := strings.Join(s.patterns, " ")
	fresh := &listing{Patterns: patterns, At: s.now().UTC()}
	for _, p := range s.patterns {
		if !strings.HasPrefix(p, "!") && !isGlob(p) && s.includes(p) {
			fresh.Names = append(fresh.Names, p)
		}
	}
	same := old != nil && old.Patterns == patterns
	if same && (len(s.owners()) == 0 || work.Fresh(old.At, s.now(), listingAge)) {
		return old, nil
	}
	for _, owner := range s.owners() {
		names, err := s.list(ctx, owner)
		if err == nil && s.client.app == nil && old.lost(owner, names, s.includes) {
			err = &answerError{"none of the repositories that were there has issues that can be seen now; was " + owner + " renamed, or did the credentials lose it?"}
		}
		if err != nil && same && !stopsAll(err) {
			return old, withRemedy("list the repositories of "+owner, err)
		}
		if err != nil {
			return nil, withRemedy("list the repositories of "+owner, err)
		}
		fresh.Names = append(fresh.Names, names...)
	}
	slices.SortFunc(fresh.Names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	fresh.Names = slices.CompactFunc(fresh.Names, strings.EqualFold)
	fresh.New = s.arrived(old, fresh)
	if len(fresh.Names) == 0 {
		return nil, fmt.Errorf("no repository matches %s; check repositories: and what the credentials may see", patterns)
	}
	return fresh, nil
}

// list returns the names of an owner's repositories that are in the scope.
func (s scope) list(ctx context.Context, owner string) ([]string, error) {
	if s.client.app != nil {
		return s.pages(ctx, "installation/repositories?per_page=100")
	}
	names, err := s.pages(ctx, "orgs/"+url.PathEscape(owner)+"/repos?type=all&per_page=100")
	if e, ok := errors.AsType[*httpx.StatusError](err); ok && e.Status == http.StatusNotFound {
		// A person, not an organisation: what the token's own user can see.
		return s.pages(ctx, "user/repos?per_page=100")
	}
	return names, err
}

func (s scope) pages(ctx context.Context, address string) ([]string, error) {
	var all []string
	for address != "" {
		a, err := s.client.get(ctx, address, "")
		if err != nil {
			return nil, err
		}
		found, err := repositoriesIn(a)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if s.includes(r.FullName) && !r.withoutIssues() {
				all = append(all, r.FullName)
			}
		}
		if address = nextOf(a.header); address != "" {
			if address, err = follow(s.client.base, address); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// repositoriesIn reads a list, bare or as an installation wraps it.
func repositoriesIn(a answer) ([]wireRepository, error) {
	if len(a.body) > 0 && a.body[0] == '{' {
		var wrapped struct {
			Repositories *[]wireRepository `json:"repositories"`
		}
		if err := a.into(&wrapped); err != nil {
			return nil, err
		}
		if wrapped.Repositories == nil {
			return nil, &answerError{"the list of repositories is no list; check url: in the settings"}
		}
		return *wrapped.Repositories, nil
	}
	var bare []wireRepository
	return bare, a.into(&bare)
}
