package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/work"
)

// Native fields of relations between issues.
const (
	nativeParent   = "parent"
	nativeBlockers = "blocked_by"
	nativeType     = "type"
)

const (
	// parentFields ask for the parent by GraphQL.
	parentFields = " parent { number repository { nameWithOwner } }"
	// typeFields ask for the issue type.
	typeFields = " issueType { name }"
	// mostBlockers bounds the pages of one issue's blockers.
	mostBlockers = 5
	// missingAge is how long a server is believed to lack a capability.
	missingAge = time.Hour
)

// relations reads what an issue is a part of and what must come before it,
// where rules use that and the server has it.
type relations struct {
	client           *client
	names            *nameBook
	parent, blockers bool
	now              func() time.Time

	mu sync.Mutex
	// noParent and noBlockers are until when the server is believed to lack
	// them: parents by GraphQL, dependencies at all.
	noParent, noBlockers, noTypes time.Time
	// types is what REST showed of issue types: nothing, that there are none, or
	// that they are used.
	types typing
	// answered tells that dependencies were read once: what is not found then is
	// an issue that went away.
	answered bool
}

func newRelations(cl *client, names *nameBook, fields []string, now func() time.Time) *relations {
	return &relations{client: cl, names: names, now: now, parent: slices.Contains(fields, nativeParent), blockers: slices.Contains(fields, nativeBlockers)}
}

func (r *relations) lacks(until *time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now().Before(*until)
}

func (r *relations) giveUp(until *time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*until = r.now().Add(missingAge)
}

// byGraphQL is what a GraphQL read asks for beside the rest. A record must not
// depend on how it was read.
func (r *relations) byGraphQL() string {
	fields := ""
	if r.parent && !r.lacks(&r.noParent) {
		fields += parentFields
	}
	if r.typing() == typesUsed && !r.lacks(&r.noTypes) {
		fields += typeFields
	}
	return fields
}

// onlyREST reports whether parents or issue types are to be had by REST alone.
func (r *relations) onlyREST() bool {
	return r.parent && r.lacks(&r.noParent) || r.typing() == typesUsed && r.lacks(&r.noTypes)
}

// refused takes note of a field that the server does not know; false where
// none was asked for.
func (r *relations) refused(err error) bool {
	asked := r.byGraphQL()
	switch {
	case !errors.Is(err, errNoField) || asked == "":
		return false
	case strings.Contains(asked, typeFields) && (strings.Contains(err.Error(), "issueType") || asked == typeFields):
		r.giveUp(&r.noTypes)
	default:
		r.giveUp(&r.noParent)
	}
	return true
}

// typing is what is known of issue types.
type typing string

const (
	typesUnknown typing = ""
	noTypesYet   typing = "none"
	typesUsed    typing = "used"
)

func (r *relations) typing() typing {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.types
}

// learn takes note of what REST, or an earlier process, showed of types.
func (r *relations) learn(t typing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t == typesUsed || r.types == typesUnknown {
		r.types = t
	}
}

// kinds learns from a record, or completes one that was read by GraphQL where
// nobody uses types.
func (r *relations) kinds(rec work.Record) {
	switch kind, told := rec.Fields[nativeType]; {
	case told && kind.Present():
		r.learn(typesUsed)
	case told:
		r.learn(noTypesYet)
	case r.typing() == noTypesYet:
		rec.Fields[nativeType] = work.Empty()
	}
}

// settle completes records: it names labels as rules do, takes out what no rule uses, and asks for what
// must come first, a request for each issue of which the server did not say
// that there is nothing.
func (r *relations) settle(ctx context.Context, records []work.Record) error {
	r.names.translate(records)
	for _, rec := range records {
		r.kinds(rec)
		if !r.parent {
			delete(rec.Fields, nativeParent)
		}
		if !r.blockers {
			delete(rec.Fields, nativeBlockers)
			continue
		}
		if _, known := rec.Fields[nativeBlockers]; known || r.lacks(&r.noBlockers) {
			continue
		}
		blockers, err := r.ask(ctx, rec.Key)
		if statusOf(err) == http.StatusNotFound {
			r.notFound()
			continue
		}
		if err != nil {
			return fmt.Errorf("read what blocks %s: %w", rec.Key, err)
		}
		rec.Fields[nativeBlockers] = blockers
		r.found()
	}
	return nil
}

func (r *relations) found() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered = true
}

func (r *relations) notFound() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.answered {
		r.noBlockers = r.now().Add(missingAge)
	}
}

func (r *relations) ask(ctx context.Context, key string) (work.Value, error) {
	name, number, err := splitKey(key)
	if err != nil {
		return work.Value{}, err
	}
	var keys []string
	address := issuePath(name, number) + "/dependencies/blocked_by?per_page=" + strconv.Itoa(perPage)
	for range mostBlockers {
		a, err := r.client.get(ctx, address, "")
		if err != nil {
			return work.Value{}, err
		}
		var page []wireIssue
		if err := a.into(&page); err != nil {
			return work.Value{}, err
		}
		for _, w := range page {
			keys = append(keys, fmt.Sprintf("%s#%d", repositoryOf(w.RepositoryURL, name), w.Number))
		}
		next := nextOf(a.header)
		if next == "" {
			break
		}
		if address, err = follow(r.client.base, next); err != nil {
			return work.Value{}, err
		}
	}
	return work.NewList(keys...), nil
}

// parent is the key of the issue that this one is a part of; false where the
// server does not say.
func (w wireIssue) parent() (work.Value, bool) {
	address := textOf(w.Parent)
	if address == "" {
		return work.Empty(), len(w.Parent) > 0 || len(w.Parts) > 0
	}
	place, number, found := strings.Cut(address, "/issues/")
	name := repositoryOf(place, "")
	if _, err := strconv.Atoi(number); !found || err != nil || name == "" {
		return work.Value{}, false
	}
	return work.NewText(name + "#" + number), true
}
