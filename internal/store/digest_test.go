package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/store"
	"tandem/internal/work"
)

const (
	pmPay    = "pm pay"
	patience = 5 * time.Minute
	monday   = work.Date(20261005)
)

func (k *kept) claims(want bool, day work.Date) work.DigestEntry {
	k.t.Helper()
	e, got, err := k.ClaimDigest(k.t.Context(), pmPay, day, patience)
	if err != nil || got != want {
		k.t.Fatalf("claimed: %v, want %v, %v", got, want, err)
	}
	return e
}

func (k *kept) marks(want bool, e work.DigestEntry, state work.DigestState, said string) {
	k.t.Helper()
	e.State = state
	var body []byte
	if said != "" {
		body = []byte(said)
	}
	if got, err := k.MarkDigest(k.t.Context(), e, body); err != nil || got != want {
		k.t.Fatalf("%s: %v, want %v, %v", state, got, want, err)
	}
}

func (k *kept) told() string {
	k.t.Helper()
	said, _, err := k.SaidDigest(k.t.Context(), pmPay)
	if err != nil {
		k.t.Fatal(err)
	}
	return string(said.Body)
}

func TestADigestIsClaimedOnceADay(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			var claimed atomic.Int32
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					if _, got, err := k.ClaimDigest(t.Context(), pmPay, monday, patience); err != nil {
						t.Error(err)
					} else if got {
						claimed.Add(1)
					}
				})
			}
			group.Wait()
			if n := claimed.Load(); n != 1 {
				t.Errorf("it was claimed %d times", n)
			}
			k.clock.pass(patience + time.Second) // nothing had left
			e := k.claims(true, monday)
			k.marks(false, work.DigestEntry{Name: pmPay, Day: monday, Token: e.Token - 1}, work.DigestSending, "")
			k.marks(true, e, work.DigestSending, "")
			k.reopen()
			k.claims(false, monday)
			k.marks(true, e, work.DigestSent, `{"a": 1}`)
			k.clock.pass(time.Hour)
			k.claims(false, monday)
			if said := k.told(); said != `{"a": 1}` {
				t.Errorf("it told %s", said)
			}
			next := k.claims(true, monday+1)
			k.marks(true, next, work.DigestSent, `{"a": 2}`)
			if said := k.told(); said != `{"a": 2}` {
				t.Errorf("it told %s", said)
			}
			all, err := k.Digests(t.Context())
			diff(t, "the last ones", []work.DigestEntry{{Name: pmPay, Day: monday + 1, State: work.DigestSent, Token: 1, Tries: 1, At: k.clock.Now()}}, all)
			if err != nil {
				t.Fatal(err)
			}
			k.clock.pass(store.Keep + time.Hour)
			if _, err := k.Prune(t.Context(), k.clock.Now().Add(-store.Keep)); err != nil {
				t.Fatal(err)
			}
			if all, err := k.Digests(t.Context()); err != nil || len(all) > 0 {
				t.Errorf("after 90 days there is %v, %v", all, err)
			}
		})
	}
}

func TestADigestThatDidNotArriveIsTriedAgainAtItsTime(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := k.claims(true, monday)
		k.marks(true, e, work.DigestSending, "")
		e.Next, e.Detail = k.clock.Now().Add(time.Minute), "nobody listens"
		k.marks(true, e, work.DigestWaiting, "")
		k.claims(false, monday)
		k.clock.pass(time.Minute)
		if e = k.claims(true, monday); e.Tries != 2 || e.State != work.DigestClaimed {
			k.t.Errorf("the second try is %+v", e)
		}
		k.marks(true, e, work.DigestFailed, "")
		k.clock.pass(time.Hour)
		k.claims(false, monday)
	})
}

func TestADigestWhoseSenderDiedIsUnclearAndNotRepeated(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			e := k.claims(true, monday)
			k.marks(true, e, work.DigestSending, "")
			k.reopen()
			if all, err := k.SettleDigests(t.Context(), patience); err != nil || len(all) > 0 {
				t.Errorf("it may still be on its way: %v, %v", all, err)
			}
			k.clock.pass(patience + time.Second)
			all, err := k.SettleDigests(t.Context(), patience)
			if err != nil || len(all) != 1 || all[0].State != work.DigestUnclear {
				t.Errorf("settled %v, %v", all, err)
			}
			k.claims(false, monday)
			k.marks(true, e, work.DigestSent, `{}`) // its sender was only slow
			if all, err := k.Digests(t.Context()); err != nil || all[0].State != work.DigestSent {
				t.Errorf("it is %v, %v", all, err)
			}
		})
	}
}
