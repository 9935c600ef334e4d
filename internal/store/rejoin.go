package store

import (
	"context"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Rejoin lets changed rules say by which keys a person or an account is known.
// It works as Relink does: in slices, for as long as it may, from where it
// stood. Rows up to its place are joined as the rules say now, those behind it
// as they said before.
func (s *Store) Rejoin(ctx context.Context, join evidence.Join, most time.Duration) (whole bool, err error) {
	const act = "join persons and accounts anew"
	for began := time.Now(); ; {
		at, err := joiningOf(ctx, s.reader)
		if err != nil {
			return false, s.fault(act, err)
		}
		if at.Next == nil && at.Done != nil && at.Done.Equal(join) {
			return true, nil
		}
		err = s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			if err := c.fence(ctx, work.Deciding); err != nil {
				return err
			}
			return c.rejoin(ctx, join)
		})
		if err != nil {
			return false, err
		}
		if most > 0 && time.Since(began) > most {
			return false, nil
		}
	}
}

// rejoin takes one step: the next rows, or the end. A walk that rules changed
// again meanwhile comes to its end first.
func (c *change) rejoin(ctx context.Context, join evidence.Join) error {
	ch, err := c.newChorus(ctx)
	if err != nil {
		return err
	}
	if ch.join.Next == nil {
		ch.join.Next = &join
	}
	rows, err := spokenOf(ctx, c, "num > ? AND gone = 0 ORDER BY num LIMIT ?", ch.join.After, atATime)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return c.setJoining(ctx, joining{Done: ch.join.Next})
	}
	if err := readLinks(ctx, c, rows); err != nil {
		return err
	}
	var refs []work.RefID
	var nums []int64
	for i := range rows {
		refs, nums = append(refs, rows[i].row.RefID), append(nums, rows[i].num)
	}
	if err := ch.recallVerdicts(ctx, "feedback", refs); err != nil {
		return err
	}
	if err := ch.touchNear(ctx, nums); err != nil {
		return err
	}
	before := ch.join
	ch.join.After = rows[len(rows)-1].num
	for i := range rows {
		if err := ch.move(ctx, &rows[i], before); err != nil {
			return err
		}
	}
	next := ch.join
	if len(rows) < atATime { // no more come while this transaction lasts
		next = joining{Done: ch.join.Next}
	}
	if err := c.setJoining(ctx, next); err != nil {
		return err
	}
	return ch.settle(ctx)
}

// move joins a row by other keys than before.
func (ch *chorus) move(ctx context.Context, f *spoken, before joining) error {
	was, is := before.as(f.num, &f.row), ch.join.as(f.num, &f.row)
	ch.uses(&was, -1)
	ch.uses(&is, 1)
	for kind, keys := range is.keys {
		for _, key := range keys {
			ch.anew[partyKey{kind, key}] = true
		}
	}
	for kind, keys := range was.keys {
		for _, key := range keys {
			ch.anew[partyKey{kind, key}] = true
		}
	}
	err := ch.put(ctx, "UPDATE feedback SET at = ?, speaker = ?, print = ?, duplicate_of = ? WHERE num = ?", said(&f.row), is.speaker, is.print, f.row.DuplicateOf, f.num)
	if err != nil {
		return err
	}
	return ch.relink(ctx, f)
}
