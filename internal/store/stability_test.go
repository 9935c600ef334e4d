package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/mapping/agreement"
)

func TestSomeRecordsAreReadAsAnEarlierRunSawThem(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "Major"), issue("2", 1, "Minor"))
		target := about(issue("1", 1, "").String())
		k.looked()
		k.hear([]work.Feedback{feedback("f1", "ulme", "slow"), feedback("f2", "esche", "slow")}, target, target)
		second := k.looked()
		k.page(issue("1", 2, "Critical"))
		gone := feedback("f2", "esche", "")
		gone.Gone = true
		k.hear([]work.Feedback{feedback("f3", "linde", "slow"), gone}, target, target)

		snap, known, err := k.Earlier(k.t.Context(), second.Seq, []work.RefID{ref("1").RefID})
		if err != nil || !known {
			k.t.Fatalf("%v, %v", known, err)
		}
		if len(snap.Records) != 1 || snap.Records[0].Fields["priority"] != work.NewText("Major") {
			k.t.Errorf("records %+v", snap.Records)
		}
		var accounts []string
		for _, d := range snap.Evidence {
			accounts = append(accounts, d.Account)
		}
		if diff := cmp.Diff([]string{"hotjar:esche", "hotjar:ulme"}, accounts); diff != "" {
			k.t.Errorf("who had asked (-want +got):\n%s", diff)
		}
		if _, known, err := k.Earlier(k.t.Context(), 99, nil); known || err != nil {
			k.t.Errorf("a run that never was: %v, %v", known, err)
		}
	})
}

// Without its lines of that time, what Tandem wrote would pass for a person's.
func TestTheLedgerIsReadAsAnEarlierRunSawIt(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "Major"), issue("2", 1, "Minor"))
		writes := func(id, from, to string) {
			e := edit(id, from, to)
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.read([]work.Ref{ref(id)}, issue(id, 5, to))
		}
		k.looked()
		writes("1", "Major", "High")
		second := k.looked()
		want := k.snapshot().Ledger
		k.later(time.Hour)
		writes("1", "High", "Low")
		writes("2", "Minor", "Low")
		for run, want := range map[int64][]plan.Entry{1: nil, second.Seq: want} {
			snap, known, err := k.Earlier(k.t.Context(), run, []work.RefID{ref("1").RefID, ref("2").RefID})
			if err != nil || !known {
				k.t.Fatalf("run %d: %v, %v", run, known, err)
			}
			diff(k.t, fmt.Sprintf("ledger of run %d", run), want, snap.Ledger)
		}
	})
}

func TestWhatMovedIsKeptWithTheRun(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			if s, err := k.StabilityOf(t.Context(), 0); s != nil || err != nil {
				t.Fatalf("before any run: %v, %v", s, err)
			}
			if _, ok, err := k.LastMade(t.Context()); ok || err != nil {
				t.Fatalf("before any run: %v, %v", ok, err)
			}
			k.run(engine.Run{AsOf: today, At: noon, RulesHash: "r1"})
			moved := engine.Move{Item: `jira:1_%"`, Ref: "jira:PAY-1", From: 3, To: 1, Causes: []engine.Cause{engine.SaidMore}, Because: "2 more accounts asked"}
			want := &engine.Stability{Since: 1, AsOf: today, Figures: agreement.Figures{Items: 2, Tau: 0.5}, Moves: []engine.Move{moved}}
			k.run(engine.Run{AsOf: today, At: noon, RulesHash: "r2", Stability: want})
			number := k.run(engine.Run{AsOf: today, At: noon, RulesHash: "r2"})
			got, err := k.StabilityOf(t.Context(), 2)
			if err != nil || got == nil || got.Tau != 0.5 || len(got.Moves) != 1 || got.Moves[0].Because != moved.Because {
				t.Errorf("got %+v, %v", got, err)
			}
			if last, ok, err := k.LastMade(t.Context()); !ok || err != nil || last.Run != number || last.RulesHash != "r2" || !last.AsOf.Equal(today) {
				t.Errorf("the last run is %+v, %v", last, err)
			}
			found, ok, err := k.LastMove(t.Context(), moved.Item, 0)
			if !ok || err != nil || found.Run != 2 || found.Since != 1 || found.Move.To != 1 {
				t.Errorf("the last move is %+v, %v", found, err)
			}
			for _, none := range []struct {
				item work.ItemID
				upTo int64
			}{{moved.Item, 1}, {"jira:11%", 0}} {
				if _, ok, err := k.LastMove(t.Context(), none.item, none.upTo); ok || err != nil {
					t.Errorf("%v has moved: %v", none, err)
				}
			}
		})
	}
}
