package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// memo is what a transaction has read ahead, in one query instead of one for
// each row: a server may be far away.
type memo struct {
	attempts map[string]*attempt // the last one of an edit; nil where there is none
	read     map[work.RefID]bool // records whose lines of the ledger are known
	lines    map[work.Target]plan.Entry
	voice    int64           // the last number of a feedback; 0 until asked for
	approved map[string]bool // edits with an approval that counts; nil until asked for
	undone   *bool           // whether there is anything that was undone
	// displaced tells whether there is anything that was written over.
	displaced *bool
}

// recallAttempts reads the last attempts to make edits ahead.
func (c *change) recallAttempts(ctx context.Context, ids []string) error {
	list, err := encode(ids)
	if err != nil {
		return err
	}
	found := make(map[string]*attempt, len(ids))
	for _, id := range ids {
		found[id] = nil
	}
	err = each(ctx, c, "SELECT "+attemptColumns+" FROM journal WHERE edit "+inList+" ORDER BY num", []any{list}, func(scan func(...any) error) error {
		var id string
		a, err := scanAttempt(scan, &id)
		found[id] = a // the newest counts
		return err
	})
	c.memo.attempts = found
	return err
}

// recallApprovals reads ahead which edits are approved.
func (c *change) recallApprovals(ctx context.Context, ids []string) error {
	list, err := encode(ids)
	if err != nil {
		return err
	}
	found := map[string]bool{}
	err = each(ctx, c, "SELECT edit FROM approval WHERE ended IS NULL AND edit "+inList, []any{list}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		found[id] = true
		return err
	})
	c.memo.approved = found
	return err
}

// attemptColumns are what scanAttempt reads.
const attemptColumns = "edit, num, run, state, waits, token, until, body, prev"

// scanAttempt reads an edit's id and its attempt.
func scanAttempt(scan func(...any) error, id *string) (*attempt, error) {
	var a attempt
	var body string
	var prev sql.NullString
	if err := scan(id, &a.num, &a.run, &a.state, &a.waits, &a.token, &a.until, &body, &prev); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(body), &a.edit); err != nil {
		return nil, damaged("journal", err)
	}
	if prev.Valid {
		a.prev = new(plan.Entry)
		if err := json.Unmarshal([]byte(prev.String), a.prev); err != nil {
			return nil, damaged("journal", err)
		}
	}
	return &a, nil
}

// recallLines reads the lines of the ledger at targets ahead.
func (c *change) recallLines(ctx context.Context, targets []work.Target) error {
	read, refs := make(map[work.RefID]bool, len(targets)), make([]work.RefID, 0, len(targets))
	for _, t := range targets {
		if !read[t.RefID] {
			read[t.RefID] = true
			refs = append(refs, t.RefID)
		}
	}
	lines := make(map[work.Target]plan.Entry, len(targets))
	err := byConnector(refs, func(connector, ids string) error {
		return each(ctx, c, "SELECT "+ledgerColumns+" FROM ledger WHERE connector = ? AND id "+inList, []any{connector, ids},
			func(scan func(...any) error) error {
				e, err := scanEntry(scan)
				lines[e.Target] = e
				return err
			})
	})
	c.memo.read, c.memo.lines = read, lines
	return err
}

// anyUndone reports whether people undid anything that still stands.
func (c *change) anyUndone(ctx context.Context) (bool, error) {
	if c.memo.undone == nil {
		var found bool
		if err := c.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM undone)").Scan(&found); err != nil {
			return false, err
		}
		c.memo.undone = &found
	}
	return *c.memo.undone, nil
}

// busy returns which of some records edits of Tandem may just have changed.
func (c *change) busy(ctx context.Context, arrivals []arrival) (map[work.RefID]bool, error) {
	refs := make([]work.RefID, 0, len(arrivals))
	for i := range arrivals {
		refs = append(refs, arrivals[i].ref.RefID)
	}
	found := map[work.RefID]bool{}
	err := byConnector(refs, func(connector, ids string) error {
		return each(ctx, c, "SELECT DISTINCT id FROM journal WHERE connector = ? AND id "+inList+" AND "+recentEdit,
			[]any{connector, ids, c.at - recent.Microseconds()}, func(scan func(...any) error) error {
				ref := work.RefID{Connector: connector}
				err := scan(&ref.ID)
				found[ref] = true
				return err
			})
	})
	return found, err
}
