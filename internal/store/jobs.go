package store

import (
	"context"
	"strings"

	"tandem/internal/work"
)

// Jobs counts the jobs of the queue that are not over. Before the first daemon
// there is no queue, and nothing in it.
func (s *Store) Jobs(ctx context.Context) ([]work.JobCount, error) {
	var counts []work.JobCount
	err := each(ctx, s.reader, `SELECT kind, CAST(state AS text), count(*) FROM river_job
		WHERE CAST(state AS text) NOT IN ('completed', 'cancelled', 'discarded') GROUP BY kind, state ORDER BY kind, state`, nil,
		func(scan func(...any) error) error {
			var c work.JobCount
			err := scan(&c.Kind, &c.State, &c.Count)
			counts = append(counts, c)
			return err
		})
	if err != nil && strings.Contains(err.Error(), "river_job") {
		return nil, nil
	}
	return counts, s.fault("count the jobs", err)
}
