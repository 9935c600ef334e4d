package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

var _ scheduler.Leases = (*Store)(nil)

// Shared reports whether several processes may write to the store, so that
// leases say who does what. In the other kind a process is alone.
func (s *Store) Shared() bool { return s.base.shared }

// given is when a lease expires that was given back.
const given = 0

// holder is what is stored of a lease.
type holder struct {
	known          bool
	node           string
	token, expires int64
	now            int64 // by the clock of the store
}

// free reports whether a node gets the lease.
func (h holder) free(node string) bool {
	return !h.known || h.node == node || h.expires <= h.now
}

// moves reports whether the lease changes its owner, or was over: what began
// under it before has no answer any more.
func (h holder) moves(node string) bool {
	return !h.known || h.node != node || h.expires == given
}

func (s *Store) holderOf(ctx context.Context, q rower, duty string) (holder, error) {
	h := holder{known: true}
	err := q.QueryRowContext(ctx, "SELECT node, token, expires, "+s.clock()+" FROM lease WHERE duty = ?", duty).Scan(&h.node, &h.token, &h.expires, &h.now)
	if errors.Is(err, sql.ErrNoRows) {
		return holder{}, nil
	}
	return h, err
}

// Acquire takes a duty for a span, or renews it. It reports false, and who has
// it, where another node has it and is not late. A duty that changes its node,
// or was given back, gets a new token, and in the same transaction whatever had
// begun there counts as unknown. A node is one life of a process: a process
// that starts again needs another name. A node that was late itself, and that
// nobody took the duty from, goes on with its token.
func (s *Store) Acquire(ctx context.Context, duty, node string, span time.Duration) (work.Lease, bool, error) {
	act := "take the lease of " + duty
	h, err := s.holderOf(ctx, s.reader, duty)
	if err != nil {
		return work.Lease{}, false, s.fault(act, err)
	}
	if !h.free(node) { // most looks end here, and keep nobody from writing
		return h.lease(duty), false, nil
	}
	d := durability(h.moves(node)) // a token is never lost; a renewal may be
	got := false
	err = s.change(ctx, act, d, func(ctx context.Context, c *change) error {
		got = false
		if h, err = s.holderOf(ctx, c, duty); err != nil || !h.free(node) {
			return err
		}
		got = true
		if h.moves(node) {
			h.node, h.token = node, h.token+1
			if err := c.cut(ctx, duty, "the node that sent it gave way before the answer came", flight); err != nil {
				return err
			}
		}
		return c.QueryRowContext(ctx, `INSERT INTO lease (duty, node, token, expires) VALUES (?, ?, ?, `+s.clock()+` + ?)
			ON CONFLICT (duty) DO UPDATE SET node = excluded.node, token = excluded.token, expires = excluded.expires RETURNING expires`,
			duty, h.node, h.token, span.Microseconds()).Scan(&h.expires)
	})
	if err != nil {
		return work.Lease{}, false, err
	}
	return h.lease(duty), got, nil
}

func (h holder) lease(duty string) work.Lease {
	return work.Lease{Duty: duty, Node: h.node, Token: h.token, Expires: timeOf(h.expires)}
}

// flight is how long a request may be on its way whose sender gave way: as long
// it counts for nothing that it did not arrive yet.
const flight = 15 * time.Second

// cut notes that nobody waits any more for the answers to the edits of a
// connector that had begun, or to all where it is empty. Some may be on their
// way still.
func (c *change) cut(ctx context.Context, connector, why string, flight time.Duration) error {
	done, err := c.exec(ctx, "UPDATE journal SET state = 'unknown', detail = ?1, until = ?3 WHERE state = 'begun' AND ?2 IN ('', connector)",
		why, connector, c.at+flight.Microseconds())
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n > 0 {
		c.log.Info("edits were cut short; they are read back first", "connector", connector, "count", n)
	}
	return err
}

// Yield gives a lease back, so that another node need not wait. One that is
// lost already is none of our business.
func (s *Store) Yield(ctx context.Context, lease work.Lease) error {
	return s.change(ctx, "give back the lease of "+lease.Duty, normal, func(ctx context.Context, c *change) error {
		err := c.put(ctx, "UPDATE lease SET expires = ? WHERE duty = ? AND node = ? AND token = ?", given, lease.Duty, lease.Node, lease.Token)
		return err
	})
}

// Held lists the leases that have not expired, by duty.
func (s *Store) Held(ctx context.Context) ([]work.Lease, error) {
	var held []work.Lease
	err := each(ctx, s.reader, "SELECT duty, node, token, expires FROM lease WHERE expires > "+s.clock()+" ORDER BY duty", nil, func(scan func(...any) error) error {
		var l work.Lease
		var expires int64
		err := scan(&l.Duty, &l.Node, &l.Token, &expires)
		l.Expires = timeOf(expires)
		held = append(held, l)
		return err
	})
	return held, s.fault("list leases", err)
}

// Beat notes that a node is alive for a span, and returns all that are, sorted.
// With a span of nothing the node says that it leaves.
func (s *Store) Beat(ctx context.Context, node string, span time.Duration) ([]string, error) {
	const act = "note that a node is alive"
	var alive []string
	err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		alive = nil
		if err := c.put(ctx, "DELETE FROM node WHERE until <= "+s.clock()+" OR name = ?", node); err != nil {
			return err
		}
		if span > 0 {
			if err := c.put(ctx, "INSERT INTO node (name, until) VALUES (?, "+s.clock()+" + ?)", node, span.Microseconds()); err != nil {
				return err
			}
		}
		return each(ctx, c, "SELECT name FROM node ORDER BY name", nil, func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			alive = append(alive, name)
			return err
		})
	})
	return alive, err
}

// Alive returns the nodes that said so lately, sorted: daemons, not commands.
func (s *Store) Alive(ctx context.Context) ([]string, error) {
	var alive []string
	err := each(ctx, s.reader, "SELECT name FROM node WHERE until > "+s.clock()+" ORDER BY name", nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		alive = append(alive, name)
		return err
	})
	return alive, s.fault("list nodes", err)
}

// Under returns the same store as the holder of leases sees it: what concerns
// the duty of one is written only while that lease lasts, which is looked at in
// the same transaction; after that the answer is work.ErrLeaseLost. It holds for
// edits that begin, for all that is read from the connector, and for runs and
// links under the lease of work.Deciding. Answers are kept even then (see
// Finish). A view is not closed; the store is.
func (s *Store) Under(leases ...work.Lease) *Store {
	view := *s
	view.leases = leases
	return &view
}

// leaseOf is the lease of a duty under which the change is made; nil without
// one.
func (c *change) leaseOf(duty string) *work.Lease {
	for i := range c.leases {
		if c.leases[i].Duty == duty {
			return &c.leases[i]
		}
	}
	return nil
}

// fence refuses to go on with a duty under a lease that is lost.
func (c *change) fence(ctx context.Context, duties ...string) error {
	for _, duty := range duties {
		lease := c.leaseOf(duty)
		if lease == nil {
			continue
		}
		held, err := c.held(ctx, lease)
		if err != nil {
			return err
		}
		if !held {
			return fmt.Errorf("%s, token %d: %w", duty, lease.Token, work.ErrLeaseLost)
		}
	}
	return nil
}

// held reports whether a lease still counts.
func (c *change) held(ctx context.Context, lease *work.Lease) (bool, error) {
	var n int
	err := c.QueryRowContext(ctx, "SELECT count(*) FROM lease WHERE duty = ? AND node = ? AND token = ? AND expires > "+c.clock,
		lease.Duty, lease.Node, lease.Token).Scan(&n)
	return n > 0, err
}
