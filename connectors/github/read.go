package github

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// reader reads issues by their number. One that was transferred or deleted, or
// that the credentials cannot see any more, is absent.
type reader struct {
	name    string
	client  *client
	viewers *viewers
	board   *board
	// relations completes records.
	relations *relations
	scope     scope
}

// Read yields the records of the refs, in pages of a hundred. A ref that names no
// issue is set aside and stops no other.
func (r *reader) Read(ctx context.Context, refs []work.Ref) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		refs, err := r.locate(ctx, refs)
		if err != nil {
			yield(connectors.Page{}, withRemedy(r.name+": find what was announced", err))
			return
		}
		refs, unnamed := r.named(refs)
		page, done, err := r.many(ctx, refs)
		if err != nil {
			yield(connectors.Page{}, withRemedy(r.name+": read by id", err))
			return
		}
		page.Rejects = append(page.Rejects, unnamed...)
		if done {
			page.Done = true
			yield(page, nil)
			return
		}
		for _, ref := range refs {
			rec, reject, err := r.one(ctx, ref)
			if err != nil {
				if len(page.Records)+len(page.Rejects) == 0 || yield(page, nil) {
					yield(connectors.Page{}, withRemedy(r.name+": read "+ref.Key, err))
				}
				return
			}
			if rec != nil {
				page.Records = append(page.Records, *rec)
			}
			if reject != nil {
				page.Rejects = append(page.Rejects, *reject)
			}
			if len(page.Records)+len(page.Rejects) < perPage {
				continue
			}
			if !yield(page, nil) {
				return
			}
			page = connectors.Page{}
		}
		page.Done = true
		yield(page, nil)
	}
}

// named sets the refs aside that name no issue.
func (r *reader) named(refs []work.Ref) (some []work.Ref, unnamed []work.Reject) {
	for _, ref := range refs {
		if _, _, err := splitKey(ref.Key); err != nil {
			unnamed = append(unnamed, work.Reject{Connector: r.name, Where: ref.ID, Cause: "it cannot be read by id: " + err.Error()})
			continue
		}
		some = append(some, ref)
	}
	return some, unnamed
}

// one reads an issue; nil where it is not there.
func (r *reader) one(ctx context.Context, ref work.Ref) (*work.Record, *work.Reject, error) {
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	name, number, err := splitKey(ref.Key)
	if err != nil {
		return nil, nil, err
	}
	a, err := r.client.get(ctx, issuePath(name, number), "")
	if isAbsent(err) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return r.understand(ctx, ref, name, a)
}

// understand turns the answer into a record, if it is the issue of the ref.
func (r *reader) understand(ctx context.Context, ref work.Ref, name string, a answer) (*work.Record, *work.Reject, error) {
	found := decodeRow(a.body, r.name, name, work.UnknownAudience)
	switch {
	case found.id == 0:
		return nil, nil, &answerError{"the answer is no issue: " + found.fault}
	case found.pull:
		return nil, nil, nil
	case ref.ID != "" && strconv.FormatInt(found.id, 10) != ref.ID:
		return r.moved(ctx, ref, found)
	case found.fault != "":
		return nil, new(found.reject(r.name, a.body)), nil
	}
	audience, err := r.viewers.of(ctx, found.record.Place)
	if err != nil {
		return nil, nil, err
	}
	found.record.Audience = audience
	return &found.record, nil, r.relations.settle(ctx, []work.Record{found.record})
}

// isAbsent tells that there is no such issue from all other errors. A redirect
// that was not followed leads out of this service.
func isAbsent(err error) bool {
	e, ok := errors.AsType[*httpx.StatusError](err)
	if !ok || e.Kind == httpx.WebPage {
		return false
	}
	return e.Status == http.StatusNotFound || e.Status == http.StatusGone || e.Status == http.StatusMovedPermanently
}
