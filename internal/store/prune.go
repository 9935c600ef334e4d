package store

import (
	"context"
	"time"
)

// Keep is how long audit, runs and replaced versions are kept for people who
// ask later.
const Keep = 90 * day

// keepTold is how long it can be asked what became of an order. What it wrote
// stands in the journal.
const keepTold = 7 * day

// Pruned counts what Prune removed.
type Pruned struct {
	Edits, Runs, Versions, DeadLetters int
}

// pruneSlice keeps the transactions of Prune short.
const pruneSlice = 1000

// Prune forgets what is older than before: finished edits, runs but the last,
// versions of records that were replaced before, and settled dead letters.
// What counts now is never touched: current versions, the ledger, edits that
// wait.
func (s *Store) Prune(ctx context.Context, before time.Time) (Pruned, error) {
	var p Pruned
	sweeps := []struct {
		count  *int
		find   string
		remove string
	}{
		{&p.Edits, "SELECT num FROM journal WHERE waits = 0 AND begun < ?1", "DELETE FROM journal WHERE num = ? AND waits = 0"},
		{&p.Runs, "SELECT num FROM run WHERE at < ?1 AND num < (SELECT max(num) FROM run)", "DELETE FROM run WHERE num = ?"},
		{&p.DeadLetters, "SELECT num FROM dead_letter WHERE ended < ?1", "DELETE FROM dead_letter WHERE num = ?"},
		{new(int), "SELECT num FROM approval WHERE ended < ?1", "DELETE FROM approval WHERE num = ?"},
		{new(int), "SELECT num FROM override WHERE coalesce(ended, until) < ?1", "DELETE FROM override WHERE num = ?"},
		{&p.Versions, `SELECT v.seq FROM record_version v WHERE v.stored < ?1 AND EXISTS
			(SELECT 1 FROM record_version w WHERE w.connector = v.connector AND w.id = v.id AND w.seq > v.seq AND w.stored < ?1)`, "DELETE FROM record_version WHERE seq = ?"},
	}
	for _, sweep := range sweeps {
		if err := s.sweep(ctx, sweep.find, sweep.remove, before, sweep.count); err != nil {
			return p, err
		}
	}
	if err := s.pruneHistory(ctx, before.Add(Keep-KeepHistory)); err != nil {
		return p, err
	}
	return p, s.change(ctx, "prune", normal, func(ctx context.Context, c *change) error {
		told := c.at - keepTold.Microseconds()
		if err := c.put(ctx, "DELETE FROM commission WHERE ended < ?", told); err != nil {
			return err
		}
		if err := c.put(ctx, "DELETE FROM digest WHERE at < ?", before.UnixMicro()); err != nil {
			return err
		}
		if err := c.put(ctx, "DELETE FROM web_session WHERE began < ?", c.at-keepSession.Microseconds()); err != nil {
			return err
		}
		if err := c.put(ctx, "DELETE FROM visit WHERE latest < ?", c.at-KeepHistory.Microseconds()); err != nil { // nobody can compare with it any more
			return err
		}
		if err := c.endAsides(ctx); err != nil {
			return err
		}
		for _, query := range []string{
			"DELETE FROM plan_text WHERE hash NOT IN (SELECT plan_hash FROM run)",
			"DELETE FROM rules_text WHERE hash NOT IN (SELECT rules_hash FROM run)",
			"DELETE FROM past WHERE num <= coalesce((SELECT min(past) FROM run), (SELECT max(num) FROM past))",
		} {
			if err := c.put(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
}

// sweep finds rows with a long read and deletes them in short writes. Between
// the two only an edit that was put off can come to life again.
func (s *Store) sweep(ctx context.Context, find, remove string, before time.Time, count *int) error {
	const act = "prune"
	var nums []int64
	err := each(ctx, s.reader, find, []any{before.UnixMicro()}, func(scan func(...any) error) error {
		var num int64
		err := scan(&num)
		nums = append(nums, num)
		return err
	})
	if err != nil {
		return s.fault(act, err)
	}
	for len(nums) > 0 {
		part := nums[:min(pruneSlice, len(nums))]
		nums = nums[len(part):]
		removed := 0
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			for _, num := range part {
				r, err := c.exec(ctx, remove, num)
				if err != nil {
					return err
				}
				n, err := r.RowsAffected()
				if err != nil {
					return err
				}
				removed += int(n)
			}
			return nil
		})
		if err != nil {
			return err
		}
		*count += removed
	}
	return nil
}
