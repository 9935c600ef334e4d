package store_test

import (
	"testing"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// No record shows a comment: where the answer to one got lost, it may stand until
// one answer says what does.
func TestS18ACommentWhoseAnswerWasLostMayStandUntilAnAnswerTells(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		put := edit("1", "", "Third, because of the deadline.")
		put.Target.Path, put.Field, put.Expect = work.NativeComment, work.Explanation, work.Empty()
		off := put
		off.ID, off.Verb, off.Value, off.Expect, off.Errand = "clear", work.ClearField, work.Empty(), put.Value, work.Retire
		other := edit("1", "High", "Low")
		sends := func(e work.Edit, states ...work.ResultState) {
			k.begin(e)
			for _, s := range states {
				k.finish(result(e, s))
			}
		}
		want := func(what string, ids ...string) {
			k.t.Helper()
			sent, err := k.LastWritten(k.t.Context())
			if err != nil {
				k.t.Fatal(err)
			}
			doubted := []string{}
			for i := range sent {
				if sent[i].State == work.Uncertain {
					doubted = append(doubted, sent[i].Edit.ID)
				}
			}
			diff(k.t, what, append([]string{}, ids...), doubted)
		}
		sends(other, work.Uncertain, work.Deferred)
		want("what a record shows")
		sends(put, work.Uncertain)
		want("without an answer", put.ID)
		k.finish(result(put, work.Deferred))
		k.wantLine("planned anew", put, plan.Entry{})
		want("planned anew", put.ID)
		sends(off, work.Deferred)
		want("not taken away", put.ID)
		sends(off, work.Applied)
		k.wantLine("taken away", off, plan.Entry{Value: work.Empty(), Written: true, Pending: true, Before: work.Empty()})
		want("taken away")
	})
}

// An edit was put off, and made only after another one had written there: it is the
// last one all the same, whatever began first.
func TestAnEditThatWasPutOffIsTheLastWrittenOnceItIsMade(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		late, between := edit("1", "High", "Low"), edit("1", "High", "Medium")
		between.ID = "between"
		k.begin(late)
		k.finish(result(late, work.Deferred))
		for _, e := range []work.Edit{between, late} {
			k.begin(e)
			k.finish(result(e, work.Applied))
		}
		sent, err := k.LastWritten(k.t.Context())
		if err != nil || len(sent) != 1 || sent[0].Edit.ID != late.ID {
			k.t.Errorf("written last: %v, %v; want %s", sent, err, late.ID)
		}
	})
}
