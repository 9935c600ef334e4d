package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/work"
)

// arrival is a record on its way into the store.
type arrival struct {
	ref     work.Ref
	version int64
	hash    string
	body    string
	gone    bool // its source says so
	was     string
}

// arrivalsOf encodes records. One that cannot be encoded is set aside and
// stops nothing else (promise S15).
func arrivalsOf(records []work.Record) ([]arrival, []work.Reject) {
	arrivals := make([]arrival, 0, len(records))
	var rejects []work.Reject
	for _, r := range records {
		r.Version, r.Created, r.Former = moment(r.Version), moment(r.Created), nil // the store's own memory
		r.LastChange = time.Time{}
		hash, body, err := content(r)
		if err != nil {
			rejects = append(rejects, work.Reject{
				Connector: r.Connector, Where: whereOf(r.Ref), Cause: err.Error(),
				Remedy: "look at the record at its source: a value of it cannot be stored",
			})
			continue
		}
		arrivals = append(arrivals, arrival{r.Ref, r.Version.UnixMicro(), hash, body, r.Gone, r.Was})
	}
	return arrivals, rejects
}

// content returns hash and JSON of a record without its version, which has a
// column of its own. The hash is what work.Record.Hash returns; the JSON is
// made once for both.
func content(r work.Record) (hash, body string, err error) {
	if !textual(r.ID) || !textual(r.Key) {
		return "", "", fmt.Errorf("the id %q or the key %q is no text in UTF-8", r.ID, r.Key)
	}
	r.Version = time.Time{}
	if body, err = encode(r); err != nil {
		return "", "", err
	}
	return hashOf(body), body, nil
}

// textual reports whether every database keeps a name as it is.
func textual(name string) bool { return utf8.ValidString(name) && !strings.Contains(name, "\x00") }

// whereOf names a record within its connector.
func whereOf(ref work.Ref) string {
	if ref.Key != "" {
		return ref.Key
	}
	return ref.ID
}

// presence says whether a record is there.
type presence int

const (
	there      presence = iota
	goneByWord          // its source said so on a page
	goneByID            // asked for by id and not found
)

// standing is what is stored of a record.
type standing struct {
	known   bool
	version int64
	hash    string
	gone    presence
	key     string
	former  string // keys that it had before, as the column holds them
}

// verdict is what becomes of an arrival.
type verdict int

const (
	same    verdict = iota // nothing to store
	fresh                  // never seen
	replace                // a newer state
	older                  // what is stored is newer: never replaced, not even by a read by id
	suspect                // same version, other content, found by a search: to be read by id
	vanish                 // its source says that it is gone
	revive                 // it is back, as it was
)

// unversioned is the version of records whose source has none; there the
// newest read counts.
func unversioned() int64 { return time.Time{}.UnixMicro() }

// judge compares an arrival with what is stored.
func judge(a *arrival, s standing, byID bool) verdict {
	differs := a.hash != s.hash
	switch {
	case a.gone && (!s.known || s.gone != there):
		return same
	case a.gone && (a.version >= s.version || a.version == unversioned()):
		return vanish
	case !s.known:
		return fresh
	case a.version < s.version:
		return older
	case a.version > s.version:
		return replace
	case !byID && s.gone == goneByID:
		return suspect
	case differs && (byID || a.version == unversioned()):
		return replace
	case differs:
		return suspect
	case s.gone != there:
		return revive
	default:
		return same
	}
}

// putRecords stores what is new and counts everything.
func (c *change) putRecords(ctx context.Context, arrivals []arrival, byID bool, saved *work.Saved) error {
	stored, err := c.standings(ctx, arrivals)
	if err != nil {
		return err
	}
	busy, err := c.busy(ctx, arrivals)
	if err != nil {
		return err
	}
	for i := range arrivals {
		a := &arrivals[i]
		v := judge(a, stored[a.ref.RefID], byID)
		switch v {
		case older:
			saved.Older++
		case suspect:
			saved.Suspects = append(saved.Suspects, a.ref)
		case fresh:
			saved.New++
		case replace, revive, vanish:
			saved.Changed++
		default:
			saved.Same++
		}
		after, err := c.apply(ctx, a, v, stored[a.ref.RefID], busy[a.ref.RefID])
		if err != nil {
			return fmt.Errorf("record %s: %w", a.ref, err)
		}
		stored[a.ref.RefID] = after // the page may hold it twice
	}
	return nil
}

// standings reads what is stored of the arrivals, connector by connector.
func (c *change) standings(ctx context.Context, arrivals []arrival) (map[work.RefID]standing, error) {
	refs := make([]work.RefID, 0, len(arrivals))
	for i := range arrivals {
		refs = append(refs, arrivals[i].ref.RefID)
	}
	stored := make(map[work.RefID]standing, len(refs))
	err := byConnector(refs, func(connector, ids string) error {
		return each(ctx, c, "SELECT id, version, hash, gone, key, former FROM record WHERE connector = ? AND id "+inList,
			[]any{connector, ids}, func(scan func(...any) error) error {
				var id string
				s := standing{known: true}
				if err := scan(&id, &s.version, &s.hash, &s.gone, &s.key, &s.former); err != nil {
					return err
				}
				stored[work.RefID{Connector: connector, ID: id}] = s
				return nil
			})
	})
	return stored, err
}

// apply writes a verdict and returns what is stored after it. busy says that
// edits of Tandem may have made the change.
func (c *change) apply(ctx context.Context, a *arrival, v verdict, before standing, busy bool) (standing, error) {
	switch v {
	case fresh, replace:
		former, err := before.rename(a.ref.Key)
		if err != nil {
			return before, err
		}
		after := standing{known: true, version: a.version, hash: a.hash, key: a.ref.Key, former: cmp.Or(former, none)}
		last := sql.NullInt64{}
		if v == replace && busy {
			if last, err = c.lastChange(ctx, a); err != nil {
				return before, err
			}
		}
		if err := c.endChanged(ctx, a); err != nil {
			return before, err
		}
		return after, c.putVersion(ctx, a, after.former, last)
	case vanish:
		before.gone = goneByWord
		return before, c.setGone(ctx, a.ref.RefID, before.gone)
	case revive:
		before.gone = there
		return before, c.setGone(ctx, a.ref.RefID, before.gone)
	default:
		return before, nil
	}
}

func (c *change) putVersion(ctx context.Context, a *arrival, former string, last sql.NullInt64) error {
	seq, err := c.next(ctx)
	if err != nil {
		return err
	}
	err = c.put(ctx, "INSERT INTO record_version (seq, connector, id, version, hash, body, stored, last_change) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		seq, a.ref.Connector, a.ref.ID, a.version, a.hash, a.body, c.at, last)
	if err != nil {
		return err
	}
	err = c.put(ctx, `INSERT INTO record (connector, id, seq, version, hash, gone, moved, key, former) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)
		ON CONFLICT (connector, id) DO UPDATE SET seq = excluded.seq, version = excluded.version, hash = excluded.hash, gone = 0, moved = excluded.moved,
			key = excluded.key, former = excluded.former`,
		a.ref.Connector, a.ref.ID, seq, a.version, a.hash, seq, a.ref.Key, former)
	return err
}

func (c *change) setGone(ctx context.Context, ref work.RefID, gone presence) error {
	seq, err := c.next(ctx)
	if err != nil {
		return err
	}
	err = c.put(ctx, "UPDATE record SET gone = ?, moved = ? WHERE connector = ? AND id = ?", gone, seq, ref.Connector, ref.ID)
	return err
}

// byConnector calls do for each connector with a JSON list of its ids.
func byConnector(refs []work.RefID, do func(connector, ids string) error) error {
	var order []string
	ids := map[string][]string{}
	for _, r := range refs {
		if ids[r.Connector] == nil {
			order = append(order, r.Connector)
		}
		ids[r.Connector] = append(ids[r.Connector], r.ID)
	}
	for _, connector := range order {
		list, err := encode(ids[connector])
		if err != nil {
			return err
		}
		if err := do(connector, list); err != nil {
			return err
		}
	}
	return nil
}
