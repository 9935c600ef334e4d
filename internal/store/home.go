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
	case !machine:
		return false
	case h.Path == now.Path:
		return file || !contained
	default:
		return left && !contained && h.Inode != 0 && h.Inode == now.Inode && h.Device == now.Device
	}
}

// here is where the open store is.
func (s *Store) here() home { return s.base.here() }

// here is where the file is.
func (f *file) here() home {
	h := home{Path: f.path, Machine: machineID(), Container: contained()}
	h.Host, _ = os.Hostname() // only for people
	h.Device, h.Inode = fileID(f.path)
	return h
}

// here is where the schema is. The server's own number tells servers apart; it
// is the same for a standby that takes over, and another one after pg_upgrade.
func (p *server) here() home {
	return home{Path: "database " + p.config.Database + ", schema " + p.schema, Machine: p.system, Host: p.config.Host}
}

// away returns how a store with that home was copied; nil where it is at home.
func (s *Store) away(stored string) (*work.Copied, error) {
	if s.base.fleeting || stored == "" {
		return nil, nil //nolint:nilnil // to be at home is no error
	}
	var h home
	if err := json.Unmarshal([]byte(stored), &h); err != nil {
		return nil, damaged(homeKey, err)
	}
	now := s.here()
	_, err := os.Lstat(h.Path)
	if h.holds(now, os.IsNotExist(err)) {
		return nil, nil //nolint:nilnil // to be at home is no error
	}
	return &work.Copied{From: h.String(), To: now.String(), At: s.now().UTC()}, nil
}

// settleHome notes where a new store lives. From one that was copied nothing
// is written until somebody adopts it: who wrote a value would be known by two.
func (s *Store) settleHome(ctx context.Context) error {
	return s.change(ctx, "look where the store lives", durable, func(ctx context.Context, c *change) error {
		stored, err := metaOf(ctx, c, homeKey)
		if err != nil {
			return err
		}
		gone, err := s.away(stored)
		if err != nil {
			return err
		}
		before, err := copiedOf(ctx, c)
		if err != nil {
			return err
		}
		if gone == nil {
			return c.settle(ctx, s.here(), before != nil)
		}
		s.log.Warn("the store was copied or moved; nothing is written from here until you say that it is the only one: tandem resume --here", "detail", gone.String())
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
		former, err := formerNames(ctx, c)
		if err != nil {
			return err
		}
		if id != "" && !slices.Contains(former, id) {
			former = append(former, id)
		}
		text, err := encode(former)
		if err != nil {
			return err
		}
		if err := c.setMeta(ctx, formerKey, text); err != nil {
			return err
		}
		if err := c.setMeta(ctx, idKey, newID()); err != nil {
			return err
		}
		return c.settle(ctx, s.here(), true)
	})
	return adopted, err
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
	return s.away(stored)
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
