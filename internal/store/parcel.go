package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

const (
	// maxParcels and maxParcelBytes are what of a connector waits at most to be
	// unpacked. Beyond that senders are told to try again later.
	maxParcels     = 10_000
	maxParcelBytes = 1 << 30
	// parcelLife is how long a parcel is kept that could not be understood, for
	// a configuration that can.
	parcelLife = 30 * day
	// deliveryStream is the stream under which it is noted when a connector last
	// had something in its mailbox.
	deliveryStream = "deliveries"
)

// ErrMailboxFull says that more waits to be unpacked than a store keeps.
var ErrMailboxFull = errors.New("too many deliveries wait to be unpacked")

// SaveParcel stores a delivery that is the data itself. It is on the disk when
// it returns. It reports false where the delivery came before.
func (s *Store) SaveParcel(ctx context.Context, connector string, p connectors.Parcel) (bool, error) {
	fresh := false
	err := s.change(ctx, "store a delivery to "+connector, durable, func(ctx context.Context, c *change) error {
		fresh = false
		if err := c.put(ctx, "DELETE FROM delivery WHERE at < ?", c.at-deliveryLife.Microseconds()); err != nil {
			return err
		}
		r, err := c.exec(ctx, "INSERT INTO delivery (connector, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", connector, p.ID, c.at)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		var waiting, size int64
		err = c.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(length(body)), 0) FROM parcel WHERE connector = ?", connector).Scan(&waiting, &size)
		if err != nil {
			return err
		}
		if waiting >= maxParcels || size+int64(len(p.Body)) > maxParcelBytes {
			return fmt.Errorf("%s: %w", connector, ErrMailboxFull)
		}
		fresh = true
		return c.put(ctx, "INSERT INTO parcel (connector, id, event, at, body) VALUES (?, ?, ?, ?, ?)", connector, p.ID, p.Event, p.At.UnixMicro(), p.Body)
	})
	return fresh && err == nil, err
}

// Parcels returns the oldest parcels of a connector that wait to be unpacked.
func (s *Store) Parcels(ctx context.Context, connector string, limit int) ([]connectors.Parcel, error) {
	var parcels []connectors.Parcel
	err := each(ctx, s.reader, "SELECT num, id, event, at, body FROM parcel WHERE connector = ? AND tried = '' ORDER BY num LIMIT ?", []any{connector, limit},
		func(scan func(...any) error) error {
			var p connectors.Parcel
			var at int64
			err := scan(&p.Num, &p.ID, &p.Event, &at, &p.Body)
			p.At = time.UnixMicro(at).UTC()
			parcels = append(parcels, p)
			return err
		})
	return parcels, s.fault("read deliveries to "+connector, err)
}

// SaveUnpacked stores what a parcel held and ends it, in one transaction. A
// parcel of which something could not be understood stays for another
// configuration than config; see RetryParcels. What is set aside is named after
// its parcel, and is over once that parcel is understood.
func (s *Store) SaveUnpacked(ctx context.Context, connector, config string, p connectors.Parcel, page connectors.Page, links [][]evidence.Link) (work.Saved, error) {
	name := "delivery " + p.ID + ", "
	page.Rejects = slices.Clone(page.Rejects)
	for i := range page.Rejects {
		page.Rejects[i].Where = name + page.Rejects[i].Where
	}
	return s.savePage(ctx, connector, deliveryStream, page, links, func(ctx context.Context, c *change) error {
		if err := c.endParcelRejects(ctx, connector, name, page.Rejects); err != nil {
			return err
		}
		if len(page.Rejects) > 0 {
			return c.put(ctx, "UPDATE parcel SET tried = ? WHERE num = ?", config, p.Num)
		}
		return c.put(ctx, "DELETE FROM parcel WHERE num = ?", p.Num)
	})
}

// RetryParcels lets parcels wait again that could not be understood under
// another configuration, and forgets those that nobody could for a month. It
// returns how many wait again.
func (s *Store) RetryParcels(ctx context.Context, connector, config string) (int64, error) {
	var again int64
	err := s.change(ctx, "look through deliveries to "+connector, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, connector); err != nil {
			return err
		}
		if err := c.put(ctx, "DELETE FROM parcel WHERE connector = ? AND tried <> '' AND at < ?", connector, c.at-parcelLife.Microseconds()); err != nil {
			return err
		}
		r, err := c.exec(ctx, "UPDATE parcel SET tried = '' WHERE connector = ? AND tried <> '' AND tried <> ?", connector, config)
		if err != nil {
			return err
		}
		again, err = r.RowsAffected()
		return err
	})
	return again, err
}
