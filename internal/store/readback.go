package store

import (
	"context"
	"slices"

	"tandem/internal/work"
)

// refsPerWrite keeps the transactions of a read by id short.
const refsPerWrite = 250

// reply is what a read by id says of one record.
type reply struct {
	ref work.RefID
	// asked tells that the record was asked for: where it was not found, it is
	// gone, and edits that wait to be read back wait no longer.
	asked, found bool
	arrivals     []arrival
}

// SaveRead stores records that were read by id: the same version with another
// hash replaces, an older version never does. Refs that were asked and not
// found are marked gone. It ends the waiting for confirmation of all asked
// refs, except where the answer to an edit is still out: Finish says first
// what became of it.
func (s *Store) SaveRead(ctx context.Context, asked []work.Ref, records []work.Record) error {
	const act = "store records that were read by id"
	replies, rejects := repliesOf(asked, records)
	duties := connectorsOf(replies)
	for len(replies) > 0 {
		part := replies[:min(refsPerWrite, len(replies))]
		replies = replies[len(part):]
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			if err := c.fence(ctx, duties...); err != nil {
				return err
			}
			return c.saveRead(ctx, part, &work.Saved{})
		})
		if err != nil {
			return err
		}
	}
	if len(rejects) == 0 {
		return nil
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, duties...); err != nil {
			return err
		}
		for _, r := range rejects {
			if err := c.putRejects(ctx, r.Connector, []work.Reject{r}); err != nil {
				return err
			}
		}
		return nil
	})
}

// repliesOf brings questions and answers together, each record once. A record
// that cannot be stored was found all the same.
func repliesOf(asked []work.Ref, records []work.Record) ([]reply, []work.Reject) {
	replies := make([]reply, 0, len(asked))
	at := make(map[work.RefID]int, len(asked))
	find := func(ref work.RefID) *reply {
		i, ok := at[ref]
		if !ok {
			i = len(replies)
			at[ref], replies = i, append(replies, reply{ref: ref})
		}
		return &replies[i]
	}
	for _, r := range asked {
		find(r.RefID).asked = true
	}
	for i := range records {
		find(records[i].RefID).found = true
	}
	arrivals, rejects := arrivalsOf(records)
	for _, a := range arrivals {
		r := find(a.ref.RefID)
		r.arrivals = append(r.arrivals, a)
	}
	return replies, rejects
}

// connectorsOf returns the connectors that were asked, each once.
func connectorsOf(replies []reply) []string {
	var names []string
	for i := range replies {
		if name := replies[i].ref.Connector; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// saveRead stores one slice of a read by id, and counts what came.
func (c *change) saveRead(ctx context.Context, replies []reply, saved *work.Saved) error {
	var arrivals []arrival
	var confirmed []work.RefID
	for i := range replies {
		r := &replies[i]
		arrivals = append(arrivals, r.arrivals...)
		if !r.asked {
			continue
		}
		confirmed = append(confirmed, r.ref)
		if !r.found {
			if err := c.lose(ctx, r.ref); err != nil {
				return err
			}
		}
	}
	if err := c.putRecords(ctx, arrivals, true, saved); err != nil {
		return err
	}
	for connector, some := range byName(arrivals) {
		if err := c.endRejects(ctx, connector, understood("", some, nil, nil), nil); err != nil {
			return err
		}
	}
	if err := c.confirm(ctx, confirmed); err != nil {
		return err
	}
	if err := c.endSuspects(ctx, confirmed); err != nil {
		return err
	}
	for _, a := range arrivals {
		if a.was == "" {
			continue
		}
		if err := c.succeed(ctx, work.RefID{Connector: a.ref.Connector, ID: a.was}, a.ref); err != nil {
			return err
		}
	}
	return nil
}

// byName sorts arrivals by their connector. No order matters to those who ask.
func byName(arrivals []arrival) map[string][]arrival {
	all := map[string][]arrival{}
	for _, a := range arrivals {
		all[a.ref.Connector] = append(all[a.ref.Connector], a)
	}
	return all
}

// lose marks a record gone that was asked for by id and not found.
func (c *change) lose(ctx context.Context, ref work.RefID) error {
	var known int
	err := c.QueryRowContext(ctx, "SELECT count(*) FROM record WHERE connector = ? AND id = ? AND gone <> ?", ref.Connector, ref.ID, goneByID).Scan(&known)
	if err != nil || known == 0 {
		return err
	}
	return c.setGone(ctx, ref, goneByID)
}

// confirm ends the waiting of edits whose result is known, and of their lines
// in the ledger.
func (c *change) confirm(ctx context.Context, refs []work.RefID) error {
	return byConnector(refs, func(connector, ids string) error {
		err := c.put(ctx, "UPDATE journal SET waits = 0 WHERE waits = 2 AND connector = ? AND id "+inList, connector, ids)
		if err != nil {
			return err
		}
		settled, err := c.exec(ctx, `UPDATE ledger AS l SET pending = 0 WHERE pending = 1 AND connector = ? AND id `+inList+`
			AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.waits = 1 AND j.connector = l.connector AND j.id = l.id AND j.path = l.path AND j.element = l.element)`,
			connector, ids)
		if err != nil {
			return err
		}
		return c.touch(ctx, settled)
	})
}
