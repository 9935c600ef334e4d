package store_test

import (
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

func parcel(id string) connectors.Parcel {
	return connectors.Parcel{ID: id, Event: "answer", At: noon, Body: []byte(`{"id":"` + id + `"}`)}
}

func (k *kept) drop(p connectors.Parcel) bool {
	k.t.Helper()
	fresh, err := k.SaveParcel(k.t.Context(), "forms", p)
	if err != nil {
		k.t.Fatalf("save parcel: %v", err)
	}
	return fresh
}

func (k *kept) parcels() []connectors.Parcel {
	k.t.Helper()
	parcels, err := k.Parcels(k.t.Context(), "forms", 100)
	if err != nil {
		k.t.Fatalf("parcels: %v", err)
	}
	return parcels
}

// unpack stores one feedback for each parcel, and rejects for those named.
func (k *kept) unpack(config string, broken ...string) {
	k.t.Helper()
	for _, p := range k.parcels() {
		row := work.Feedback{Ref: work.NewRef("forms", p.ID, ""), Method: work.Survey, At: p.At, Version: p.At, Audience: work.Internal}
		page := connectors.Page{Feedback: []work.Feedback{row}}
		for _, id := range broken {
			if id == p.ID {
				page = connectors.Page{Rejects: []work.Reject{{Connector: "forms", Where: p.ID, Cause: "no id"}}}
			}
		}
		if _, err := k.SaveUnpacked(k.t.Context(), "forms", config, p, page, make([][]evidence.Link, len(page.Feedback))); err != nil {
			k.t.Fatalf("save unpacked: %v", err)
		}
	}
}

func TestAParcelIsKeptUntilItIsUnpackedAndCountsOnce(t *testing.T) {
	onBoth(t, func(k *kept) {
		if !k.drop(parcel("a")) || !k.drop(parcel("b")) || k.drop(parcel("a")) {
			k.t.Error("a repeat counts, or a first delivery does not")
		}
		k.reopen()
		diff(k.t, "parcels", []string{"a", "b"}, parcelIDs(k.parcels()))
		pulse, err := k.Pulse(k.t.Context())
		if err != nil || pulse.Waiting["forms"].Records != 2 {
			k.t.Errorf("waiting %+v, %v", pulse.Waiting, err)
		}
		k.unpack("config 1")
		if left := k.parcels(); len(left) > 0 {
			k.t.Errorf("left: %v", left)
		}
		overview, err := k.Status(k.t.Context())
		if err != nil || overview.Feedback != 2 {
			k.t.Errorf("%d feedback rows, %v", overview.Feedback, err)
		}
		if k.drop(parcel("a")) {
			k.t.Error("what was unpacked comes again")
		}
	})
}

func TestAParcelThatIsNotUnderstoodWaitsForAnotherConfiguration(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.drop(parcel("a"))
		k.drop(parcel("b"))
		k.unpack("config 1", "b")
		retry := func(config string) []string {
			if _, err := k.RetryParcels(k.t.Context(), "forms", config); err != nil {
				k.t.Fatal(err)
			}
			return parcelIDs(k.parcels())
		}
		diff(k.t, "the same configuration", []string(nil), retry("config 1"))
		diff(k.t, "another one", []string{"b"}, retry("config 2"))
		k.unpack("config 2", "b")
		aside := func() (refs []string) {
			letters, err := k.DeadLetters(k.t.Context(), 10)
			if err != nil {
				k.t.Fatal(err)
			}
			for _, l := range letters {
				refs = append(refs, l.Ref)
			}
			return refs
		}
		diff(k.t, "set aside", []string{"forms:delivery b, b"}, aside())
		k.drop(parcel("c"))
		k.unpack("config 2", "c")
		retry("config 2a")
		k.unpack("config 2a", "b")
		diff(k.t, "set aside once c is understood", []string{"forms:delivery b, b"}, aside())
		k.clock.pass(31 * 24 * time.Hour)
		diff(k.t, "a month later", []string(nil), retry("config 3"))
	})
}

func parcelIDs(parcels []connectors.Parcel) []string {
	var ids []string
	for _, p := range parcels {
		ids = append(ids, p.ID)
	}
	return ids
}
