package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"tandem/internal/work"
)

// The settings that tie a store to its place.
const (
	homeKey   = "home"       // where it was made or last adopted
	copiedKey = "copied"     // that it is somewhere else now
	idKey     = "store_id"   // its own name in markers; another one after each adoption
	formerKey = "former_ids" // the names that it had before
)

// home is where a store lives.
//
//	path     machine    file       is
//	same     same       same       at home
//	same     same       another    at home: a backup was restored; in a container: a copy
//	same     another               a copy
//	another  same       same       at home: it was renamed and left nothing behind
//	another                        a copy
//
// What is not known counts as the same. In a container only the file tells one
// machine from another.
type home struct {
	Path    string `json:"path"`
	Machine string `json:"machine,omitempty"`
	Host    string `json:"host,omitempty"` // for people
	// Device and Inode name the file on its disk.
	Device    uint64 `json:"device,omitempty"`
	Inode     uint64 `json:"inode,omitempty"`
	Container bool   `json:"container,omitempty"`
	// System and Database are PostgreSQL's own numbers of the server's data and
	// of the database, Schema the name in it. A server keeps its number when it
	// moves or a standby takes over, and a restored dump gets another one.
	System   string `json:"system,omitempty"`
	Database int64  `json:"database,omitempty"`
	Schema   string `json:"schema,omitempty"`
}

// String names the place for people.
func (h home) String() string {
	if h.Host == "" {
		return h.Path
	}
	return h.Path + " on " + h.Host
}

// holds reports whether a store that lived at h is at home where it is now.
// left tells that nothing stands any more where it lived.
func (h home) holds(now home, left bool) bool {
	machine := h.Machine == "" || now.Machine == "" || h.Machine == now.Machine
	file := h.Inode == 0 || now.Inode == 0 || h.Inode == now.Inode
	contained := h.Container || now.Container || h.Machine == "" || now.Machine == ""
	switch {
	case h.Schema != "" || now.Schema != "":
		return h.Schema == now.Schema && h.Database == now.Database && (h.System == "" || now.System == "" || h.System == now.System)
	case !machine:
		return false
	case h.Path == now.Path:
		return file || !contained
	default:
		return left && !contained && h.Inode != 0 && h.Inode == now.Inode && h.Device == now.Device
	}
}

// here is where the file is.
func (f *file) here(context.Context, rower) (home, error) {
	h := home{Path: f.path, Machine: machineID(), Container: contained()}
	h.Host, _ = os.Hostname() // only for people
	h.Device, h.Inode = fileID(f.path)
	return h, nil
}

// here is where the schema is. Not every server tells its number to everybody.
func (p *server) here(ctx context.Context, q rower) (home, error) {
	h := home{Path: p.place, Schema: p.schema}
	told := false
	err := q.QueryRowContext(ctx, `SELECT CAST(oid AS bigint), has_function_privilege('pg_control_system()', 'execute')
		FROM pg_database WHERE datname = current_database()`).Scan(&h.Database, &told)
	if err == nil && told {
		err = q.QueryRowContext(ctx, "SELECT CAST(system_identifier AS text) FROM pg_control_system()").Scan(&h.System)
	}
	return h, err
}

// away returns how a store with that home was copied, nil where it is at home,
// and where it is.
func (s *Store) away(ctx context.Context, q rower, stored string) (*work.Copied, home, error) {
	if s.base.here == nil {
		return nil, home{}, nil
	}
	now, err := s.base.here(ctx, q)
	if err != nil || stored == "" {
		return nil, now, err
	}
	var h home
	if err := json.Unmarshal([]byte(stored), &h); err != nil {
		return nil, now, damaged(homeKey, err)
	}
	_, gone := os.Lstat(h.Path)
	if h.holds(now, os.IsNotExist(gone)) {
		return nil, now, nil
	}
	return &work.Copied{From: h.String(), To: now.String(), At: s.now().UTC()}, now, nil
}

// settleHome notes where a new store lives. From one that was copied nothing
// is written until somebody adopts it: who wrote a value would be known by two.
func (s *Store) settleHome(ctx context.Context) error {
	if s.base.here == nil {
		return nil
	}
	return s.change(ctx, "look where the store lives", durable, func(ctx context.Context, c *change) error {
		stored, err := metaOf(ctx, c, homeKey)
		if err != nil {
			return err
		}
		gone, here, err := s.away(ctx, c, stored)
		if err != nil {
			return err
		}
		before, err := copiedOf(ctx, c)
		if err != nil {
			return err
		}
		if gone == nil {
			return c.settle(ctx, here, before != nil)
		}
		s.log.Warn("the store was copied or moved; nothing is written from here until you say that it is the only one: tandem resume --here", "err", gone.String())
		if before != nil && before.To == gone.To {
			return nil
		}
		text, err := encode(gone)
		if err != nil {
			return err
		}
		if _, err := c.next(ctx); err != nil {
			return err
		}
		return c.setMeta(ctx, copiedKey, text)
	})
}

// settle writes where the store lives, and gives it a name where it has none.
func (c *change) settle(ctx context.Context, here home, wasAway bool) error {
	text, err := encode(here)
	if err != nil {
		return err
	}
	if err := c.setMeta(ctx, homeKey, text); err != nil {
		return err
	}
	id, err := metaOf(ctx, c, idKey)
	if err != nil {
		return err
	}
	if id == "" {
		if err := c.setMeta(ctx, idKey, newID()); err != nil {
			return err
		}
	}
	if !wasAway {
		return nil
	}
	if _, err := c.next(ctx); err != nil {
		return err
	}
	return c.setMeta(ctx, copiedKey, "")
}

// newID returns a name that no other store has.
func newID() string { return rand.Text()[:12] }

// Adopt makes the place where the store is its home, and lets Tandem write
// again. The store gets another name, so that whoever still runs the original
// finds out. It reports false where the store was at home.
func (s *Store) Adopt(ctx context.Context) (bool, error) {
	adopted := false
	err := s.change(ctx, "adopt the store", durable, func(ctx context.Context, c *change) error {
		gone, err := s.copied(ctx, c)
		if err != nil || gone == nil {
			return err
		}
		adopted = true
		id, err := metaOf(ctx, c, idKey)
		if err != nil {
			return err
		}
		if err := c.inherit(ctx, id); err != nil {
			return err
		}
		if err := c.setMeta(ctx, idKey, newID()); err != nil {
			return err
		}
		here, err := s.base.here(ctx, c)
		if err != nil {
			return err
		}
		return c.settle(ctx, here, true)
	})
	return adopted, err
}

// TakeOver lets Tandem write where another one, which is gone for good, left
// its signature: INSTANCE/STORE.
func (s *Store) TakeOver(ctx context.Context, signature string) error {
	return s.change(ctx, "take over from "+signature, durable, func(ctx context.Context, c *change) error {
		return c.inherit(ctx, signature)
	})
}

// inherit adds a name to those that the store had before.
func (c *change) inherit(ctx context.Context, name string) error {
	former, err := formerNames(ctx, c)
	if err != nil || name == "" || slices.Contains(former, name) {
		return err
	}
	text, err := encode(append(former, name))
	if err != nil {
		return err
	}
	return c.setMeta(ctx, formerKey, text)
}

// Names returns the name of the store in markers, and those that it had
// before.
func (s *Store) Names(ctx context.Context) (id string, former []string, err error) {
	if id, err = metaOf(ctx, s.reader, idKey); err == nil {
		former, err = formerNames(ctx, s.reader)
	}
	return id, former, s.fault("read the store's name", err)
}

func formerNames(ctx context.Context, q rower) ([]string, error) {
	text, err := metaOf(ctx, q, formerKey)
	if err != nil || text == "" {
		return nil, err
	}
	var former []string
	if err := json.Unmarshal([]byte(text), &former); err != nil {
		return nil, damaged(formerKey, err)
	}
	return former, nil
}

// copied returns that the store is a copy, as it was noted or as it shows now.
func (s *Store) copied(ctx context.Context, q rower) (*work.Copied, error) {
	if c, err := copiedOf(ctx, q); err != nil || c != nil {
		return c, err
	}
	stored, err := metaOf(ctx, q, homeKey)
	if err != nil {
		return nil, err
	}
	gone, _, err := s.away(ctx, q, stored)
	return gone, err
}

func copiedOf(ctx context.Context, q rower) (*work.Copied, error) {
	text, err := metaOf(ctx, q, copiedKey)
	if err != nil || text == "" {
		return nil, err
	}
	c := new(work.Copied)
	if err := json.Unmarshal([]byte(text), c); err != nil {
		return nil, damaged(copiedKey, err)
	}
	return c, nil
}

// awayFrom is the pause of a copied store.
func awayFrom(c *work.Copied) pause {
	if c == nil {
		return pause{}
	}
	return pause{on: true, by: "Tandem", why: fmt.Sprintf("%s, and the original may still write", c), end: "tandem resume --here"}
}
