package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

func hint(id, key string, scope connectors.Scope) connectors.Hint {
	return connectors.Hint{Ref: work.NewRef("jira", id, key), Scope: scope}
}

// deliver stores hints and reports whether they were new.
func (k *kept) deliver(delivery string, hints ...connectors.Hint) bool {
	k.t.Helper()
	fresh, err := k.SaveHints(k.t.Context(), "jira", delivery, hints)
	if err != nil {
		k.t.Fatalf("save hints: %v", err)
	}
	return fresh
}

func (k *kept) hints(limit int) work.Hints {
	k.t.Helper()
	h, err := k.Hints(k.t.Context(), "jira", limit)
	if err != nil {
		k.t.Fatalf("hints: %v", err)
	}
	return h
}

// follow stores what was read for hints.
func (k *kept) follow(h work.Hints, records ...work.Record) {
	k.t.Helper()
	if _, err := k.SaveHinted(k.t.Context(), "jira", h.Last, h.Refs, records); err != nil {
		k.t.Fatalf("save hinted: %v", err)
	}
}

func TestADeliveryCountsOnce(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.grows(false, "a hint", func() {
			if !k.deliver("d1", hint("1", "PAY-1", connectors.Inside)) {
				k.t.Error("the first delivery is none")
			}
		})
		k.follow(k.hints(10), issue("1", 2, "Low"))
		diff(k.t, "record", []string{"1@2=Low"}, byID(k.snapshot()))
		for range 2 {
			if k.deliver("d1", hint("1", "PAY-1", connectors.Inside)) || len(k.hints(10).Refs) > 0 {
				k.t.Error("the delivery counts again")
			}
			k.reopen()
		}
		if fresh, err := k.SaveHints(k.t.Context(), "other", "d1", []connectors.Hint{hint("1", "", connectors.Inside)}); err != nil || !fresh {
			k.t.Errorf("another connector's delivery of the same id: %v, %v", fresh, err)
		}
		k.clock.pass(4 * 24 * time.Hour)
		if !k.deliver("d1", hint("1", "PAY-1", connectors.Inside)) {
			k.t.Error("deliveries are remembered for ever")
		}
	})
}

func TestHintsOfARecordAreOne(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"), issue("2", 1, "High"))
		k.deliver("d1", hint("1", "PAY-1", connectors.Inside), hint("2", "PAY-2", connectors.Inside))
		k.deliver("d2", hint("1", "OLD-1", connectors.Inside))
		diff(k.t, "refs, the one that waits longer first", []work.Ref{ref("2"), ref("1")}, k.hints(10).Refs)
		diff(k.t, "some", []work.Ref{ref("2")}, k.hints(1).Refs)
		k.reopen()
		k.follow(k.hints(1), issue("2", 2, "Low"))
		diff(k.t, "rest", []work.Ref{ref("1")}, k.hints(10).Refs)
	})
}

// The scope decides about records that were never read.
func TestHintsOfRecordsThatAreNotKnown(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.read([]work.Ref{ref("1")}) // gone, and so known
		k.deliver("d1", hint("1", "PAY-1", connectors.Outside), hint("2", "HR-2", connectors.Outside))
		diff(k.t, "outside", work.Hints{Refs: []work.Ref{ref("1")}, Last: 1}, k.hints(10))
		k.deliver("d2", hint("3", "PAY-3", connectors.Inside))
		diff(k.t, "inside", work.Hints{Refs: []work.Ref{ref("1"), work.NewRef("jira", "3", "")}, Last: 2}, k.hints(10))
		k.deliver("d3", hint("4", "PAY-4", connectors.Unsure))
		h := k.hints(10)
		diff(k.t, "only a poll can tell", work.Hints{Refs: []work.Ref{ref("1"), work.NewRef("jira", "3", "")}, Last: 2, Poll: 3}, h)
		k.follow(h, issue("3", 1, "High"))
		diff(k.t, "after reading by id", work.Hints{Poll: 3}, k.hints(10))
		k.deliver("d4", hint("5", "PAY-5", connectors.Unsure))
		if err := k.SavePolled(k.t.Context(), "jira", h.Poll); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "a newer reason to poll stays", work.Hints{Poll: 4}, k.hints(10))
		if err := k.SavePolled(k.t.Context(), "jira", 4); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "after a poll", work.Hints{}, k.hints(10))
	})
}

func TestAHintWithoutAnIDFindsTheRecordByItsKey(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.deliver("d1", hint("", "PAY-1", connectors.Outside), hint("", "PAY-9", connectors.Inside), hint("", "HR-9", connectors.Outside))
		h := k.hints(10)
		diff(k.t, "refs", []work.Ref{ref("1"), work.NewRef("jira", "", "PAY-9")}, h.Refs)
		k.follow(h) // neither is found
		diff(k.t, "records", []string(nil), byID(k.snapshot()))
		diff(k.t, "left", work.Hints{}, k.hints(10))
	})
}

// What is announced while it is being read is read again.
func TestAHintThatComesWhileItsRecordIsReadIsNotLost(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.deliver("d1", hint("1", "PAY-1", connectors.Inside))
		before := k.hints(10)
		k.deliver("d2", hint("1", "PAY-1", connectors.Inside))
		k.follow(before, issue("1", 2, "Low"))
		after := k.hints(10)
		diff(k.t, "left", []work.Ref{ref("1")}, after.Refs)
		k.follow(after, issue("1", 3, "High"))
		diff(k.t, "record", []string{"1@3=High"}, byID(k.snapshot()))
		diff(k.t, "in the end", work.Hints{}, k.hints(10))
	})
}

func TestTooManyHintsAreOneReasonToPoll(t *testing.T) {
	onBoth(t, func(k *kept) {
		var flood []connectors.Hint
		for n := range 10_050 {
			flood = append(flood, hint(fmt.Sprint(n+1), "", connectors.Inside))
		}
		k.deliver("d1", flood...)
		k.deliver("d2", hint("20000", "", connectors.Inside))
		h := k.hints(20_000)
		if len(h.Refs) != 10_000 || h.Poll == 0 {
			k.t.Errorf("%d hints, poll %d", len(h.Refs), h.Poll)
		}
	})
}

func TestAHintThatNobodyCouldFollowIsForgottenAfterADay(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.deliver("d1", hint("1", "", connectors.Inside))
		k.clock.pass(23 * time.Hour)
		diff(k.t, "within a day", 1, len(k.hints(10).Refs))
		k.clock.pass(2 * time.Hour)
		diff(k.t, "after a day", work.Hints{}, k.hints(10))
	})
}

func TestHintsMayComeSideBySide(t *testing.T) {
	onBoth(t, func(k *kept) {
		var group sync.WaitGroup
		fresh := make(chan bool, 400)
		for n := range 400 {
			group.Go(func() {
				ok, err := k.SaveHints(k.t.Context(), "jira", fmt.Sprint(n%100), []connectors.Hint{hint(fmt.Sprint(n%50+1), "", connectors.Inside)})
				if err != nil {
					k.t.Error(err)
				}
				fresh <- ok
			})
		}
		group.Wait()
		close(fresh)
		count := 0
		for ok := range fresh {
			if ok {
				count++
			}
		}
		diff(k.t, "fresh", 100, count)
		diff(k.t, "hints", 50, len(k.hints(1000).Refs))
	})
}

func TestTheCensusIsKept(t *testing.T) {
	onBoth(t, func(k *kept) {
		census := func() (work.CensusMark, bool) {
			k.t.Helper()
			m, known, err := k.Census(k.t.Context(), "jira")
			if err != nil {
				k.t.Fatal(err)
			}
			return m, known
		}
		save := func(m work.CensusMark, whole bool) {
			k.t.Helper()
			k.grows(false, "a census", func() {
				if err := k.SaveCensus(k.t.Context(), "jira", m, whole); err != nil {
					k.t.Fatal(err)
				}
			})
			k.reopen()
			got, known := census()
			diff(k.t, "known", true, known)
			diff(k.t, "census", m, got)
		}
		if m, known := census(); known || m != (work.CensusMark{}) {
			k.t.Errorf("before: %+v, %v", m, known)
		}
		save(work.CensusMark{Next: noon.Add(time.Hour)}, false)
		save(work.CensusMark{Next: noon.Add(6 * time.Hour), After: "77"}, true)
		k.clock.pass(time.Hour)
		save(work.CensusMark{Next: noon.Add(7 * time.Hour), After: "77", Failure: "it sees only 3 of 100"}, false)
		status, err := k.Status(k.t.Context())
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "status", []work.StreamStatus{{Connector: "jira", Stream: "census", LastRead: noon, Failure: "it sees only 3 of 100"}}, status.Streams)
		diff(k.t, "stale", []string(nil), k.snapshot().Stale)
	})
}

func TestAllRecordsAreKeptSortedWithThoseThatAreGone(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("3", 1, "High"), issue("1", 1, "High"), issue("2", 1, "High"))
		k.read([]work.Ref{ref("2")})
		got, err := k.Kept(k.t.Context(), "jira")
		if err != nil {
			k.t.Fatal(err)
		}
		version := issue("1", 1, "High").Version
		diff(k.t, "kept", []work.Kept{{Ref: ref("1"), Version: version}, {Ref: ref("2"), Gone: true, Version: version}, {Ref: ref("3"), Version: version}}, got)
		known, err := k.Known(k.t.Context(), []work.RefID{ref("2").RefID, ref("3").RefID, ref("4").RefID})
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "known", map[work.RefID]work.Kept{ref("2").RefID: got[1], ref("3").RefID: got[2]}, known)
	})
}

func TestWhatAPageMakesDoubtfulStaysToBeReadByIDUntilAnAnswerComes(t *testing.T) {
	onBoth(t, func(k *kept) {
		want := func(what string, refs ...work.Ref) {
			k.t.Helper()
			got, err := k.Suspects(k.t.Context(), "jira")
			if err != nil {
				k.t.Fatal(err)
			}
			diff(k.t, what, refs, got)
		}
		k.page(issue("1", 1, "High"), issue("2", 1, "High"))
		want("nothing")
		k.page(issue("1", 1, "Low"), issue("2", 2, "Low"))
		k.reopen()
		want("the same version with another content", ref("1"))
		k.read([]work.Ref{ref("2")}, issue("2", 2, "Low"))
		want("after another one was read", ref("1"))
		k.read([]work.Ref{ref("1")}, issue("1", 1, "Low"))
		want("after it was read")
	})
}
