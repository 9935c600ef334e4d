package github

import (
	"context"
	"fmt"

	"tandem/connectors"
	"tandem/internal/work"
)

// Transfers: an issue that goes to another repository gets another number and
// another id there. Only the old address tells which: REST redirects it.

// moved makes the record of an issue that answers in the place of another one.
// Outside of the scope it is none of ours: the old one is absent.
func (r *reader) moved(ctx context.Context, ref work.Ref, is row) (*work.Record, *work.Reject, error) {
	rec := is.record
	if is.fault != "" || !r.scope.includes(rec.Place) {
		return nil, nil, nil
	}
	audience, err := r.viewers.of(ctx, rec.Place)
	if err != nil {
		return nil, nil, err
	}
	rec.Audience, rec.Was = audience, ref.ID
	records := []work.Record{rec}
	if err := r.board.enrich(ctx, records); err != nil {
		return nil, nil, err
	}
	return &records[0], nil, r.relations.settle(ctx, records)
}

// look asks by REST what became of an issue that GraphQL does not find.
func (r *reader) look(ctx context.Context, page *connectors.Page, s spot) error {
	rec, reject, err := r.one(ctx, work.Ref{RefID: s.ref, Key: fmt.Sprintf("%s#%d", s.name, s.number)})
	if rec != nil {
		page.Records = append(page.Records, *rec)
	}
	if reject != nil {
		page.Rejects = append(page.Rejects, *reject)
	}
	return err
}

// unseen makes sure that a repository that GraphQL does not find is not to be
// had by REST either. Anything but a plain "not there" says nothing of its
// issues (promise S5).
func (r *reader) unseen(ctx context.Context, name string) error {
	_, err := r.client.look(ctx, name)
	switch {
	case isAbsent(err):
		return nil
	case err != nil:
		return err
	default:
		return &answerError{fmt.Sprintf("GitHub finds the repository %s by REST and not by GraphQL; it is tried again", name)}
	}
}
