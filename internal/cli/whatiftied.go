package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"tandem/internal/engine"
	"tandem/internal/store"

	"tandem/mapping/evidence"
)

// tied is the snapshot with the evidence that other rules make of the stored
// feedback: they tie it anew in a copy of the store, by the same steps as the
// first run by them would, so that what people decided of links, who says the
// same twice and who is known by several names counts as it will. The copy is in
// a folder that only this account may read, and is removed at once.
func (s *setup) tied(ctx context.Context, db *store.Store, other *engine.Rules, snap engine.Snapshot) (engine.Snapshot, error) {
	folder, err := os.MkdirTemp("", "tandem-what-if-")
	if err != nil {
		return snap, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // the answer is there
	file := filepath.Join(folder, "tandem.db")
	if _, err = db.Backup(ctx, file); errors.Is(err, store.ErrServer) {
		return snap, wrong("a store on PostgreSQL cannot be copied, so nothing can be tied anew beside it; without --relink the rows are counted")
	}
	if err != nil {
		return snap, err
	}
	copied, err := store.Open(ctx, "sqlite:"+file, s.settings.Instance, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return snap, err
	}
	defer func() { _ = copied.Close() }() // nobody needs it any more
	by := other.Evidence()
	if _, err := copied.Rejoin(ctx, by.Join(), 0); err != nil {
		return snap, err
	}
	if _, err := copied.Relink(ctx, other.LinkHash(), by, 0); err != nil {
		return snap, err
	}
	anew, err := copied.Snapshot(ctx, snap.AsOf)
	snap.Evidence, snap.Findings, snap.Usage = anew.Evidence, anew.Findings, anew.Usage
	return snap, err
}

// retieForAPI tells what other rules tie otherwise, and ties it anew where that
// is a matter of seconds. Where it cannot be done the comparison goes by the ties
// of today, and says so.
func (s *session) retieForAPI(ctx context.Context, other *engine.Rules, snap engine.Snapshot) (engine.Snapshot, *evidence.Retied, error) {
	if other.LinkHash() == s.rules.LinkHash() {
		return snap, nil, nil
	}
	r, err := retied(ctx, s.store, s.rules, other, pageRetied)
	if err != nil || !r.Whole {
		return snap, r, err
	}
	anew, err := s.tied(ctx, s.store, other, snap)
	if err != nil {
		s.log.Debug("feedback is not tied anew for a comparison", "err", err)
		return snap, r, nil
	}
	r.Tied = true
	return anew, r, nil
}
