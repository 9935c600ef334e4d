package github

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"tandem/internal/work"
)

// audienceOf says who may read a repository. An internal repository of an
// enterprise is open to its members.
func audienceOf(r wireRepository) work.Audience {
	switch {
	case r.Visibility == "public":
		return work.Public
	case r.Visibility == "private" || r.Visibility == "internal":
		return work.Internal
	case r.Private == nil:
		return work.UnknownAudience
	case *r.Private:
		return work.Internal
	default:
		return work.Public
	}
}

// look reads a repository.
func (c *client) look(ctx context.Context, name string) (wireRepository, error) {
	var r wireRepository
	a, err := c.get(ctx, repositoryPath(name), "")
	if err != nil {
		return r, err
	}
	if err := a.into(&r); err != nil {
		return r, err
	}
	if r.FullName == "" {
		return r, &answerError{"the answer is no repository; check url: in the settings"}
	}
	return r, nil
}

// viewers remembers who may read which repository, for reads by id.
type viewers struct {
	client *client
	now    func() time.Time

	mu       sync.Mutex
	known    map[string]seenAudience
	doubtful map[string]bool
}

type seenAudience struct {
	audience work.Audience
	at       time.Time
}

const (
	// looksAgain is how long a visibility is believed while nothing changes,
	// busyLooksAgain while something does.
	looksAgain     = 24 * time.Hour
	busyLooksAgain = time.Hour
)

// note remembers what was read elsewhere. What differs from before makes the
// walk look too, and read all issues again: they carry their audience.
func (v *viewers) note(name string, a work.Audience, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil {
		v.known = map[string]seenAudience{}
	}
	if seen, ok := v.known[strings.ToLower(name)]; ok && seen.audience != a {
		v.suspect(name)
	}
	v.known[strings.ToLower(name)] = seenAudience{a, at}
}

// agree tells what a walk believes since it looked, and reports whether nobody
// saw otherwise. What an earlier process saw is no look of this one: it is not
// believed for long, nor by reads by id.
func (v *viewers) agree(name string, a work.Audience, looked time.Time) bool {
	v.mu.Lock()
	seen, ok := v.known[strings.ToLower(name)]
	v.mu.Unlock()
	if ok {
		return seen.audience == a
	}
	if !work.Fresh(looked, v.now(), busyLooksAgain) {
		return false
	}
	v.note(name, a, time.Time{})
	return true
}

// of returns who may read a repository, asking where that is not known.
func (v *viewers) of(ctx context.Context, name string) (work.Audience, error) {
	return v.within(ctx, name, busyLooksAgain)
}

// within is of, believing what was seen for so long.
func (v *viewers) within(ctx context.Context, name string, believed time.Duration) (work.Audience, error) {
	v.mu.Lock()
	seen, ok := v.known[strings.ToLower(name)]
	v.mu.Unlock()
	if ok && seen.audience != work.UnknownAudience && work.Fresh(seen.at, v.now(), believed) {
		return seen.audience, nil
	}
	r, err := v.client.look(ctx, name)
	if err != nil {
		return work.UnknownAudience, err
	}
	v.note(name, audienceOf(r), v.now())
	return audienceOf(r), nil
}

// doubt forgets who may read a repository: it may just have changed.
func (v *viewers) doubt(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.suspect(name)
	delete(v.known, strings.ToLower(name))
}

// suspect lets the walk look anew. Callers hold the lock.
func (v *viewers) suspect(name string) {
	if v.doubtful == nil {
		v.doubtful = map[string]bool{}
	}
	v.doubtful[strings.ToLower(name)] = true
}

// doubted reports whether a repository is to be looked at anew.
func (v *viewers) doubted(name string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.doubtful[strings.ToLower(name)]
}

// settle ends the doubt of a walk that looked.
func (v *viewers) settle(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.doubtful, strings.ToLower(name))
}

// opened says what becomes of an edit that was planned for fewer readers than
// the repository has now; nil where it may go. The next walk looks at it anew.
func (v *viewers) opened(e work.Edit, name string, now work.Audience) *work.Result {
	if !e.Tells() || now != work.UnknownAudience && now >= e.Audience {
		return nil
	}
	v.doubt(name)
	detail := fmt.Sprintf("%s is %s now, and the edit was planned for %s readers; the next plan decides anew", name, now, e.Audience)
	if now == work.UnknownAudience {
		detail = "nobody knows who can read " + name + " now; the next plan decides anew"
	}
	return &work.Result{State: work.Conflict, Detail: detail}
}
