package store_test

import (
	"fmt"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

func keyed(key string, version int, priority string) work.Record {
	r := issue("1", version, priority)
	r.Key = key
	return r
}

func TestFormerKeysAreRemembered(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			many, last20 := []work.Record{keyed("P-0", 1, "Low")}, []string{}
			for n := 1; n <= 30; n++ {
				many = append(many, keyed(fmt.Sprintf("P-%d", n), n+1, "Low"))
			}
			for n := 10; n < 30; n++ {
				last20 = append(last20, fmt.Sprintf("P-%d", n))
			}
			cases := map[string]struct {
				arrive []work.Record
				want   []string
			}{
				"never moved":          {[]work.Record{keyed("PAY-1", 1, "High"), keyed("PAY-1", 2, "Low")}, nil},
				"moved":                {[]work.Record{keyed("PAY-1", 1, "High"), keyed("WEB-3", 2, "High"), keyed("WEB-3", 3, "Low")}, []string{"PAY-1"}},
				"moved twice":          {[]work.Record{keyed("PAY-1", 1, "High"), keyed("WEB-3", 2, "High"), keyed("OPS-9", 3, "High")}, []string{"PAY-1", "WEB-3"}},
				"moved back":           {[]work.Record{keyed("PAY-1", 1, "High"), keyed("WEB-3", 2, "High"), keyed("PAY-1", 3, "High")}, []string{"WEB-3"}},
				"to and fro":           {[]work.Record{keyed("A-1", 1, "High"), keyed("B-3", 2, "High"), keyed("A-1", 3, "High"), keyed("C-1", 4, "High")}, []string{"B-3", "A-1"}},
				"an older version":     {[]work.Record{keyed("WEB-3", 2, "High"), keyed("PAY-1", 1, "High")}, nil},
				"a replay of all":      {[]work.Record{keyed("PAY-1", 1, "High"), keyed("WEB-3", 2, "High"), keyed("PAY-1", 1, "High"), keyed("WEB-3", 2, "High")}, []string{"PAY-1"}},
				"more than are wanted": {many, last20},
			}
			for name, c := range cases {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					pages, reads, one := openStore(t), openStore(t), openStore(t)
					for _, r := range c.arrive {
						pages.page(r)
						reads.read([]work.Ref{r.Ref}, r)
					}
					one.page(c.arrive...)
					for way, k := range map[string]*kept{"pages": pages, "reads by id": reads, "one page": one} {
						diff(t, way, c.want, k.snapshot().Records[0].Former)
						k.reopen()
						diff(t, way+", after a restart", c.want, k.snapshot().Records[0].Former)
						last := c.arrive[len(c.arrive)-1]
						k.grows(false, way+": the last one again", func() { k.page(last) })
						k.grows(false, way+": the stored one again", func() { k.page(*k.snapshot().Records[0]) })
					}
				})
			}
		})
	}
}

// A record of the same version under another key is doubtful like any other
// difference: a read by id decides.
func TestAFormerKeyOfADoubtfulRecordIsThatOfTheReadByID(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(keyed("PAY-1", 1, "High"))
		moved := keyed("WEB-3", 1, "High")
		diff(k.t, "saved", work.Saved{Suspects: []work.Ref{moved.Ref}}, k.page(moved))
		diff(k.t, "not yet", []string(nil), k.snapshot().Records[0].Former)
		k.read([]work.Ref{moved.Ref}, moved)
		diff(k.t, "former", []string{"PAY-1"}, k.snapshot().Records[0].Former)
		diff(k.t, "key", "WEB-3", k.snapshot().Records[0].Key)
	})
}

func TestARecordThatComesBackKeepsItsFormerKeys(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(keyed("PAY-1", 1, "High"))
		k.page(keyed("WEB-3", 2, "High"))
		k.read([]work.Ref{ref("1")})
		diff(k.t, "gone", []string(nil), byID(k.snapshot()))
		k.read([]work.Ref{ref("1")}, keyed("WEB-3", 2, "High"))
		diff(k.t, "former", []string{"PAY-1"}, k.snapshot().Records[0].Former)
	})
}

func TestADeadLetterEndsWhenItsRecordIsReadByID(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.save(connectors.Page{Rejects: []work.Reject{{Connector: "jira", Where: "PAY-1", Cause: "odd"}, {Connector: "jira", Where: "PAY-2", Cause: "odd"}}})
		k.clock.pass(time.Minute)
		k.read([]work.Ref{ref("1"), ref("2")}, issue("1", 1, "High"))
		letters, err := k.DeadLetters(k.t.Context(), 10)
		if err != nil || len(letters) != 1 || letters[0].Ref != "jira:PAY-2" {
			k.t.Errorf("open: %+v, %v", letters, err)
		}
	})
}

// A move may give a record another id: everything that is known goes with it.
func TestARecordWithANewIDKeepsWhatIsKnownOfTheOldOne(t *testing.T) {
	onBoth(t, func(k *kept) {
		old := keyed("acme/pay#3", 1, "High")
		k.page(old)
		e := edit("1", "High", "Low")
		k.begin(e)
		k.finish(result(e, work.Applied))
		back := edit("1", "Low", "High")
		back.ID, back.Errand, back.By = "back", work.Undo, "ana"
		k.begin(back)
		k.finish(result(back, work.Applied))
		moved := issue("2", 2, "High")
		moved.Key, moved.Was = "acme/web#9", "1"
		k.read([]work.Ref{old.Ref}, moved)
		check := func() {
			k.t.Helper()
			snap := k.snapshot()
			diff(k.t, "there", []string{"2@2=High"}, byID(snap))
			diff(k.t, "former", []string{"acme/pay#3", "1"}, snap.Records[0].Former)
			if len(snap.Ledger) != 1 || snap.Ledger[0].Target.ID != "2" || !snap.Ledger[0].Written {
				k.t.Errorf("ledger %+v", snap.Ledger)
			}
			if len(snap.Undone) != 1 || snap.Undone[0].Target.ID != "2" || snap.Undone[0].By != "ana" {
				k.t.Errorf("undone %+v", snap.Undone)
			}
		}
		check()
		k.grows(false, "the same again", func() { k.read([]work.Ref{old.Ref}, moved) })
		k.reopen()
		check()
	})
}

// A run that looked before Tandem knew where the issue went is stored after it.
func TestAnItemKeepsItsNameThoughARunSawItsRecordMovedByHalf(t *testing.T) {
	onBoth(t, func(k *kept) {
		old := keyed("acme/pay#3", 1, "High")
		k.page(old)
		first := emptyRun()
		first.Identities[old.RefID], first.DataSeq = "item-a", k.seq()
		k.run(first)
		moved := issue("2", 2, "High")
		moved.Key = "acme/web#9"
		k.page(moved)
		half := emptyRun()
		half.Identities[old.RefID], half.Identities[moved.RefID], half.DataSeq = "item-a", "item-b", k.seq()
		moved.Was = "1"
		k.read([]work.Ref{old.Ref}, moved)
		k.run(half)
		diff(k.t, "after the run that saw half of it", work.ItemID("item-a"), k.snapshot().Identities[moved.RefID])
		next := emptyRun()
		next.Identities[moved.RefID], next.DataSeq = "item-c", k.seq()
		k.run(next)
		diff(k.t, "after one that saw all", work.ItemID("item-c"), k.snapshot().Identities[moved.RefID])
	})
}
