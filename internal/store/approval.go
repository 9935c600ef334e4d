package store

import (
	"context"
	"database/sql"

	"tandem/internal/engine"
	"tandem/internal/plan"
)

const approvalColumns = "edit, connector, id, field, key, by, run, quiet, at"

// approver finds who approved an edit of the audit: the approval ended in the
// transaction that began it.
const approver = `coalesce((SELECT max(p.by) FROM journal j JOIN approval p ON p.edit = j.edit AND p.ended = j.begun
	WHERE j.num = audit.num AND j.approved = 1), '')`

// Approve notes that a person approved edits of a plan. One that is approved
// already stays as it is, unless it is approved for quiet hours too by now.
func (s *Store) Approve(ctx context.Context, approvals []plan.Approval) error {
	for len(approvals) > 0 {
		part := approvals[:min(refsPerWrite, len(approvals))]
		approvals = approvals[len(part):]
		err := s.change(ctx, "approve edits", durable, func(ctx context.Context, c *change) error {
			for i := range part {
				if err := c.approve(ctx, &part[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *change) approve(ctx context.Context, a *plan.Approval) error {
	var open, louder int
	err := c.QueryRowContext(ctx, "SELECT count(*), coalesce(max(CASE WHEN quiet < ? THEN 1 ELSE 0 END), 0) FROM approval WHERE edit = ? AND ended IS NULL", a.Quiet, a.Edit).Scan(&open, &louder)
	if err != nil || open > 0 && louder == 0 {
		return err
	}
	if open > 0 {
		if _, err := c.endApproval(ctx, a.Edit, plan.ApprovalReplaced); err != nil {
			return err
		}
	}
	seq, err := c.next(ctx)
	if err != nil {
		return err
	}
	return c.put(ctx, "INSERT INTO approval ("+approvalColumns+", seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.Edit, a.Slot.Ref.Connector, a.Slot.Ref.ID, a.Slot.Field.String(), a.Key, a.By, a.Run, a.Quiet, c.at, seq)
}

// endApproval ends the approval of an edit, and reports whether there was one.
func (c *change) endApproval(ctx context.Context, edit string, end plan.ApprovalEnd) (bool, error) {
	if c.memo.approved != nil && !c.memo.approved[edit] {
		return false, nil
	}
	var open int
	err := c.QueryRowContext(ctx, "SELECT count(*) FROM approval WHERE edit = ? AND ended IS NULL", edit).Scan(&open)
	if err != nil || open == 0 {
		return false, err
	}
	seq, err := c.next(ctx)
	if err != nil {
		return false, err
	}
	err = c.put(ctx, "UPDATE approval SET ended = ?, ended_seq = ?, outcome = ? WHERE edit = ? AND ended IS NULL", c.at, seq, string(end), edit)
	return err == nil, err
}

// useApproval ends the approval of an edit that is about to be sent, and tells
// the journal if there was one.
func (c *change) useApproval(ctx context.Context, edit string) error {
	used, err := c.endApproval(ctx, edit, plan.ApprovalUsed)
	if err != nil || !used {
		return err
	}
	return c.put(ctx, "UPDATE journal SET approved = 1 WHERE num = (SELECT max(num) FROM journal WHERE edit = ?)", edit)
}

// renewApproval lets the approval of an edit count again that was not sent
// after all: the person need not be asked twice.
func (c *change) renewApproval(ctx context.Context, a *attempt) error {
	var last sql.NullInt64
	err := c.QueryRowContext(ctx, `SELECT max(num) FROM approval WHERE edit = ?1 AND outcome = 'used'
		AND NOT EXISTS (SELECT 1 FROM approval o WHERE o.edit = ?1 AND o.ended IS NULL)
		AND EXISTS (SELECT 1 FROM journal j WHERE j.num = ?2 AND j.approved = 1)`, a.edit.ID, a.num).Scan(&last)
	if err != nil || !last.Valid {
		return err
	}
	seq, err := c.next(ctx)
	if err != nil {
		return err
	}
	if err := c.put(ctx, "UPDATE approval SET outcome = ? WHERE num = ?", string(plan.ApprovalPutOff), last.Int64); err != nil {
		return err
	}
	return c.put(ctx, "INSERT INTO approval ("+approvalColumns+", seq) SELECT "+approvalColumns+", CAST(? AS bigint) FROM approval WHERE num = ?", seq, last.Int64)
}

// endApprovals ends those that the run saw and whose edits it no longer plans.
func (c *change) endApprovals(ctx context.Context, run *engine.Run) error {
	open, err := approvedOf(ctx, c, run.DataSeq)
	if err != nil {
		return err
	}
	for _, edit := range plan.Stale(open, &run.Plan) {
		if _, err := c.endApproval(ctx, edit, plan.ApprovalStale); err != nil {
			return err
		}
	}
	return nil
}

// approvedOf lists the approvals that counted at a number of the sequence.
func approvedOf(ctx context.Context, q queryer, seq int64) ([]plan.Approval, error) {
	return approvalsOf(ctx, q, "WHERE seq <= ?1 AND (ended_seq IS NULL OR ended_seq > ?1) ORDER BY num", seq)
}

func approvalsOf(ctx context.Context, q queryer, where string, args ...any) ([]plan.Approval, error) {
	var all []plan.Approval
	err := each(ctx, q, "SELECT "+approvalColumns+", ended, outcome FROM approval "+where, args, func(scan func(...any) error) error {
		var a plan.Approval
		var field string
		var at int64
		var ended sql.NullInt64
		err := scan(&a.Edit, &a.Slot.Ref.Connector, &a.Slot.Ref.ID, &field, &a.Key, &a.By, &a.Run, &a.Quiet, &at, &ended, &a.End)
		if err != nil {
			return err
		}
		if a.At = timeOf(at); ended.Valid {
			a.Ended = timeOf(ended.Int64)
		}
		if err := a.Slot.Field.UnmarshalText([]byte(field)); err != nil {
			return damaged("approval", err)
		}
		all = append(all, a)
		return nil
	})
	return all, err
}

// Approvals lists approvals, those that count first, the newest first.
func (s *Store) Approvals(ctx context.Context, limit int) ([]plan.Approval, error) {
	all, err := approvalsOf(ctx, s.reader, "ORDER BY ended IS NOT NULL, num DESC LIMIT ?", limit)
	return all, s.fault("list approvals", err)
}

// countApproved counts edits of a span that nobody approved, and approvals
// that count.
func countApproved(ctx context.Context, q rower, since int64) (unapproved, open int, err error) {
	if unapproved, _, err = sentSince(ctx, q, since); err != nil {
		return 0, 0, err
	}
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM approval WHERE ended IS NULL").Scan(&open)
	return unapproved, open, err
}
