package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// Acquaintance is what a store knows of a person.
type Acquaintance struct {
	// Names are all that the person goes by: those that were asked for, and
	// those that rows name together with them.
	Names []string
	// Feedback and Insights are what the person said, or wrote down.
	Feedback, Insights []work.RefID
}

// Acquainted finds what is stored of a person who goes by any of the names, as
// they stand in the store: in rows, and joined by their keys.
func (s *Store) Acquainted(ctx context.Context, names []string) (Acquaintance, error) {
	known := map[string]bool{}
	for _, name := range names {
		known[folded(name)] = true
	}
	for {
		before := len(known)
		var a Acquaintance
		for f, err := range s.Feedback(ctx) {
			if err != nil {
				return a, err
			}
			if !goesBy(&f, known) {
				continue
			}
			a.Feedback = append(a.Feedback, f.RefID)
			for _, name := range f.PersonKeys {
				known[folded(name)] = true
			}
		}
		if len(known) > before {
			continue // who goes by the new names is the same person
		}
		insights, err := s.Insights(ctx)
		if err != nil {
			return a, err
		}
		for _, in := range insights {
			if in.Author != "" && known[folded(in.Author)] {
				a.Insights = append(a.Insights, in.RefID)
			}
		}
		a.Names = slices.Sorted(maps.Keys(known))
		return a, nil
	}
}

func folded(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// goesBy reports whether a row names its person so.
func goesBy(f *work.Feedback, names map[string]bool) bool {
	if f.Person != "" && names[folded(f.Person)] {
		return true
	}
	for _, name := range f.PersonKeys {
		if names[folded(name)] {
			return true
		}
	}
	return false
}

// ForgetPerson removes what is stored of a person, and remembers by hashes of the
// names that nothing more of them is to be stored. It may be called again where
// it was cut short.
func (s *Store) ForgetPerson(ctx context.Context, a Acquaintance) error {
	const act = "forget a person"
	err := s.change(ctx, act, durable, func(ctx context.Context, c *change) error {
		seal, err := c.forgettingSeal(ctx)
		if err != nil {
			return err
		}
		for _, name := range a.Names {
			err := c.put(ctx, "INSERT INTO forgotten (name, at) VALUES (?, ?) ON CONFLICT DO NOTHING", seal.of(name), c.at)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(a.Feedback, atOnceGone) {
		if err := s.change(ctx, act, durable, func(ctx context.Context, c *change) error { return withdraw(ctx, c, part) }); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(a.Insights, atOnceGone) {
		if err := s.change(ctx, act, durable, func(ctx context.Context, c *change) error { return c.unsign(ctx, part) }); err != nil {
			return err
		}
	}
	err = s.change(ctx, act, durable, func(ctx context.Context, c *change) error { return c.clearTraces(ctx, a.Names) })
	if err == nil && s.base.erase != nil {
		err = s.fault(act, s.base.erase(ctx, s.writer))
	}
	return err
}

// unsign takes the author off insights. What was found out stays.
func (c *change) unsign(ctx context.Context, refs []work.RefID) error {
	for _, ref := range refs {
		rows, err := insightsOf(ctx, c, "connector = ? AND id = ?", ref.Connector, ref.ID)
		if err != nil || len(rows) == 0 {
			return err
		}
		rows[0].Author = ""
		body, err := encode(rows[0])
		if err != nil {
			return err
		}
		if err := c.put(ctx, "UPDATE insight SET body = ?, hash = ? WHERE connector = ? AND id = ?", body, hashOf(body), ref.Connector, ref.ID); err != nil {
			return err
		}
	}
	return nil
}

// clearTraces removes the names from what is kept of earlier runs, and
// deliveries that name the person.
func (c *change) clearTraces(ctx context.Context, names []string) error {
	var past, parcels []int64
	err := each(ctx, c, "SELECT num, key FROM past WHERE kind IN ('evidence_day', 'party')", nil, func(scan func(...any) error) error {
		var num int64
		var key string
		if err := scan(&num, &key); err != nil {
			return err
		}
		var columns []any
		if err := json.Unmarshal([]byte(key), &columns); err != nil {
			return damaged("past", err)
		}
		for _, column := range columns {
			if text, ok := column.(string); ok && slices.Contains(names, folded(text)) {
				past = append(past, num)
				break
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, c, "SELECT num, body FROM parcel", nil, func(scan func(...any) error) error {
		var num int64
		var body []byte
		if err := scan(&num, &body); err != nil {
			return err
		}
		body = bytes.ToLower(body)
		if slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(body, []byte(name)) }) {
			parcels = append(parcels, num)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for table, nums := range map[string][]int64{"past": past, "parcel": parcels} {
		for _, num := range nums {
			if err := c.put(ctx, "DELETE FROM "+table+" WHERE num = ?", num); err != nil {
				return err
			}
		}
	}
	for _, name := range names {
		if err := c.put(ctx, "DELETE FROM web_session WHERE email = ?", name); err != nil {
			return err
		}
	}
	if err := c.put(ctx, "DELETE FROM commission WHERE stage = ?", work.Over); err != nil { // it may tell who changed what
		return err
	}
	_, err = c.next(ctx)
	return err
}

// forgotten tells who is not to be stored again.
type forgotten struct {
	seal  seal
	names map[string]bool
}

// seal makes hashes of names that nobody can try out without the store.
type seal []byte

func (s seal) of(name string) string {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(folded(name))) // never fails
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

const forgettingKey = "forgetting_key"

// forgettingSeal returns the key of the hashes, which is made once.
func (c *change) forgettingSeal(ctx context.Context) (seal, error) {
	text, err := metaOf(ctx, c, forgettingKey)
	if err != nil {
		return nil, err
	}
	if text != "" {
		key, err := hex.DecodeString(text)
		return key, err
	}
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return key, c.setMeta(ctx, forgettingKey, hex.EncodeToString(key))
}

// forgottenOf reads who is not to be stored again; nil where nobody is.
func (c *change) forgottenOf(ctx context.Context) (*forgotten, error) {
	f := &forgotten{names: map[string]bool{}}
	err := each(ctx, c, "SELECT name FROM forgotten", nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		f.names[name] = true
		return err
	})
	if err != nil || len(f.names) == 0 {
		return nil, err
	}
	f.seal, err = c.forgettingSeal(ctx)
	return f, err
}

// covers reports whether a row is of somebody who is forgotten.
func (f *forgotten) covers(row *work.Feedback) bool {
	if f == nil || row.Gone {
		return false
	}
	if row.Person != "" && f.names[f.seal.of(row.Person)] {
		return true
	}
	for _, name := range row.PersonKeys {
		if f.names[f.seal.of(name)] {
			return true
		}
	}
	return false
}
