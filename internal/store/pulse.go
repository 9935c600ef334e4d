package store

import (
	"context"

	"tandem/internal/work"
)

// Pulse tells at little cost whether there is something to do: it is asked
// several times a second.
func (s *Store) Pulse(ctx context.Context) (work.Pulse, error) {
	const act = "look for something to do"
	p := work.Pulse{Waiting: map[string]work.Waiting{}}
	err := s.reader.QueryRowContext(ctx, `SELECT value, coalesce((SELECT max(num) FROM run), 0),
		(SELECT count(*) FROM commission WHERE stage <> 'over') FROM sequence`).Scan(&p.Seq, &p.Run, &p.Ordered)
	if err != nil {
		return p, s.fault(act, err)
	}
	err = each(ctx, s.reader, `SELECT connector, sum(CASE WHEN id = '' AND key = '' THEN 0 ELSE 1 END),
			max(CASE WHEN id = '' AND key = '' THEN num ELSE 0 END) FROM hint GROUP BY connector`, nil,
		func(scan func(...any) error) error {
			var connector string
			var w work.Waiting
			err := scan(&connector, &w.Records, &w.Poll)
			p.Waiting[connector] = w
			return err
		})
	if err != nil {
		return p, s.fault(act, err)
	}
	err = each(ctx, s.reader, "SELECT connector, count(*) FROM parcel WHERE tried = '' GROUP BY connector", nil, func(scan func(...any) error) error {
		var connector string
		var n int
		err := scan(&connector, &n)
		w := p.Waiting[connector]
		w.Records += n
		p.Waiting[connector] = w
		return err
	})
	return p, s.fault(act, err)
}
