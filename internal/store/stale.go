package store

import (
	"context"

	"tandem/internal/work"
)

// Stale stands in until the real one comes with leases.
func (s *Store) Stale(ctx context.Context, since int64, connector string) (bool, map[work.RefID]bool, error) {
	refs := map[work.RefID]bool{}
	err := each(ctx, s.reader, "SELECT id FROM record WHERE connector = ? AND moved > ?", []any{connector, since}, func(scan func(...any) error) error {
		ref := work.RefID{Connector: connector}
		err := scan(&ref.ID)
		refs[ref] = true
		return err
	})
	return false, refs, err
}
