package store_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// line returns the ledger's line of an edit's target.
func (k *kept) line(e work.Edit) (plan.Entry, bool) {
	k.t.Helper()
	for _, entry := range k.snapshot().Ledger {
		if entry.Target == e.Target {
			return entry, true
		}
	}
	return plan.Entry{}, false
}

// wantLine checks the ledger's line of an edit's target; a zero value is none.
func (k *kept) wantLine(what string, e work.Edit, want plan.Entry) {
	k.t.Helper()
	got, ok := k.line(e)
	if !want.Value.Known() {
		if ok {
			k.t.Errorf("%s: the ledger says %+v, want no line", what, got)
		}
		return
	}
	want.Target, want.At = e.Target, got.At
	diff(k.t, what, want, got)
}

// wantPending checks which edits wait.
func (k *kept) wantPending(what string, unsure, unread []string) {
	k.t.Helper()
	a, b := k.pending()
	diff(k.t, what+": unsure", unsure, a)
	diff(k.t, what+": to be read back", unread, b)
}

func text(s string) work.Value { return work.NewText(s) }

func TestEditIsPendingUntilItIsReadBack(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		e := edit("1", "High", "Low")
		k.grows(true, "begin", func() { k.begin(e) })
		k.wantLine("begun", e, plan.Entry{Value: text("Low"), Pending: true, Before: text("High")})
		k.wantPending("begun", []string{e.ID}, nil)
		k.grows(true, "finish", func() { k.finish(result(e, work.Applied)) })
		k.wantLine("applied", e, plan.Entry{Value: text("Low"), Written: true, Pending: true, Before: text("High")})
		k.wantPending("applied", nil, []string{e.ID})
		k.page(issue("1", 2, "Low"))
		k.wantPending("seen by a search", nil, []string{e.ID})
		k.grows(true, "read back", func() { k.read([]work.Ref{e.Ref()}, issue("1", 2, "Low")) })
		k.wantLine("read back", e, plan.Entry{Value: text("Low"), Written: true, Before: text("High")})
		k.wantPending("read back", nil, nil)
		k.grows(false, "read back again", func() { k.read([]work.Ref{e.Ref()}, issue("1", 2, "Low")) })
	})
}

func TestBeforeIsWhatStoodThereBeforeTheFirstWrite(t *testing.T) {
	onBoth(t, func(k *kept) {
		first, second := edit("1", "High", "Low"), edit("1", "Low", "Medium")
		for _, e := range []work.Edit{first, second} {
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.read([]work.Ref{e.Ref()})
		}
		k.wantLine("two writes", second, plan.Entry{Value: text("Medium"), Written: true, Before: text("High")})
	})
}

func TestResultsThatLeaveNothingRestoreTheLedger(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			written := plan.Entry{Value: text("Low"), Written: true, Before: text("High")}
			for _, state := range []work.ResultState{work.Conflict, work.Deferred, work.Rejected} {
				t.Run(string(state), func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					first := edit("1", "High", "Low")
					k.begin(first)
					k.grows(true, "finish", func() { k.finish(result(first, state)) })
					k.wantLine("without a line before", first, plan.Entry{})
					k.wantPending("without a line before", nil, nil)

					k.begin(first)
					k.finish(result(first, work.Applied))
					k.read([]work.Ref{first.Ref()})
					second := edit("1", "Low", "Medium")
					k.begin(second)
					k.finish(result(second, state))
					k.wantLine("with a line before", second, written)
				})
			}
		})
	}
}

func TestValueThatWasAlreadySoIsAdopted(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		k.begin(e)
		k.finish(result(e, work.Unchanged))
		k.wantLine("unchanged", e, plan.Entry{Value: text("Low"), Pending: true, Before: text("Low")})
		k.wantPending("unchanged", nil, []string{e.ID})
		k.read([]work.Ref{e.Ref()})
		k.wantLine("read back", e, plan.Entry{Value: text("Low"), Before: text("Low")})
	})
}

// Nobody else makes a comment or a link of Tandem: where one is already so, the
// answer to an earlier write was lost.
func TestACommentThatWasAlreadySoIsTandemsOwn(t *testing.T) {
	onBoth(t, func(k *kept) {
		for _, path := range []string{work.NativeComment, work.NativeRemoteLink} {
			e := edit("1", "", "Why")
			e.ID, e.Target.Path, e.Expect = path, path, work.Empty()
			k.begin(e)
			k.finish(result(e, work.Uncertain))
			k.finish(result(e, work.Deferred))
			k.wantLine("did not arrive, it seemed", e, plan.Entry{})
			e.ID += " again"
			k.begin(e)
			k.finish(result(e, work.Unchanged))
			k.wantLine("already so", e, plan.Entry{Value: text("Why"), Written: true, Pending: true, Before: work.Empty()})
		}
	})
}

func TestUnknownStaysPendingUntilItsFateIsKnown(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for _, state := range []work.ResultState{work.Applied, work.Deferred} {
				t.Run(string(state), func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					e := edit("1", "High", "Low")
					k.begin(e)
					k.finish(result(e, work.Uncertain))
					k.wantPending("unknown", []string{e.ID}, nil)
					k.read([]work.Ref{e.Ref()}, issue("1", 2, "High"))
					k.wantPending("a read does not decide", []string{e.ID}, nil)
					k.wantLine("a read does not decide", e, plan.Entry{Value: text("Low"), Pending: true, Before: text("High")})
					k.finish(result(e, state))
					k.read([]work.Ref{e.Ref()}, issue("1", 2, "High"))
					k.wantPending("decided", nil, nil)
					want := plan.Entry{}
					if state == work.Applied {
						want = plan.Entry{Value: text("Low"), Written: true, Before: text("High")}
					}
					k.wantLine("decided", e, want)
				})
			}
		})
	}
}

func TestReadingBackOneEditDoesNotConfirmAnother(t *testing.T) {
	onBoth(t, func(k *kept) {
		done, out := edit("1", "High", "Low"), edit("1", "", "x")
		out.Target.Path, out.Target.Element = "labels", "x"
		k.begin(done, out)
		k.finish(result(done, work.Applied))
		k.read([]work.Ref{done.Ref()}, issue("1", 2, "Low"))
		k.wantPending("one answer is out", []string{out.ID}, nil)
		if l, _ := k.line(done); l.Pending {
			k.t.Error("the edit that was read back still waits")
		}
		if l, _ := k.line(out); !l.Pending {
			k.t.Error("the edit whose answer is out waits no more")
		}
	})
}

func TestBeginTwiceIsBeginOnce(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		k.begin(e)
		k.begin(e, edit("2", "High", "Low"))
		k.wantPending("begun", []string{e.ID, edit("2", "High", "Low").ID}, nil)
		k.reopen()
		k.begin(e)
		k.finish(result(e, work.Conflict))
		k.wantLine("restored", e, plan.Entry{})
		k.wantPending("conflict", []string{edit("2", "High", "Low").ID}, nil)
	})
}

func TestAuditSaysWhichEditsWereCutShort(t *testing.T) {
	t.Parallel()
	k := openStore(t) // on a server other nodes go on, see TestEditsOfTheLastHolderAreUnknown
	e := edit("1", "High", "Low")
	k.begin(e)
	k.reopen()
	want := []work.AuditEntry{{Edit: e, Run: 1, State: work.Uncertain, Detail: "Tandem ended before the answer came", Begun: noon}}
	diff(t, "audit", want, k.audit())
	k.finish(result(e, work.Conflict))
	want[0].State, want[0].Detail, want[0].Ended = work.Conflict, "because conflict", noon
	diff(t, "audit", want, k.audit())
}

func TestSameChangeMayBeDueAgain(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		for range 2 {
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.read([]work.Ref{e.Ref()})
		}
		if n := len(k.audit()); n != 2 {
			k.t.Errorf("the audit has %d entries, want 2", n)
		}
	})
}

func TestResultsThatComeTwiceCountOnce(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		k.begin(e)
		k.finish(result(e, work.Applied), result(e, work.Applied))
		k.grows(false, "a result again", func() { k.finish(result(e, work.Rejected)) })
		k.read([]work.Ref{e.Ref()})
		k.grows(false, "a result again", func() { k.finish(result(e, work.Applied)) })
		k.wantLine("applied", e, plan.Entry{Value: text("Low"), Written: true, Before: text("High")})
	})
}

func TestResultOfAnEditThatNeverBeganIsAnError(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		k.begin(e)
		if err := k.Finish(k.t.Context(), []work.Result{{EditID: "nobody", State: work.Applied}, result(e, work.Applied)}); err == nil {
			k.t.Error("no error")
		}
		k.wantPending("the other result is stored", nil, []string{e.ID})
		k.begin(edit("2", "High", "Low"))
		if err := k.Finish(k.t.Context(), []work.Result{{EditID: edit("2", "High", "Low").ID, State: "maybe"}}); err == nil {
			k.t.Error("no error for a state that does not exist")
		}
	})
}

func TestEditPutOffTakesOneRowOfTheJournal(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		for range 5 {
			k.begin(e)
			k.finish(work.Result{EditID: e.ID, State: work.Deferred, Until: noon.Add(time.Minute)})
			k.clock.pass(time.Minute)
		}
		if list := k.audit(); len(list) != 0 {
			k.t.Errorf("the audit shows edits that were not sent: %v", list)
		}
		k.begin(e)
		k.finish(result(e, work.Applied))
		var rows int
		if err := k.DB().QueryRowContext(k.t.Context(), "SELECT count(*) FROM journal").Scan(&rows); err != nil || rows != 1 {
			k.t.Errorf("the journal has %d rows, %v", rows, err)
		}
	})
}

func TestSentCountsTheLastDay(t *testing.T) {
	onBoth(t, func(k *kept) {
		sent := func(what string, all, first int) {
			k.t.Helper()
			if snap := k.snapshot(); snap.Sent != all || snap.SentFirst != first {
				k.t.Errorf("%s: sent %d, first %d; want %d, %d", what, snap.Sent, snap.SentFirst, all, first)
			}
		}
		label := edit("1", "", "x")
		label.Target.Path, label.Target.Element = "labels", "x"
		k.begin(edit("1", "High", "Low"), label)
		sent("two edits of one new record", 2, 1)
		k.finish(result(edit("1", "High", "Low"), work.Applied), result(label, work.Uncertain))
		sent("applied and unknown", 2, 1)
		for i, state := range []work.ResultState{work.Unchanged, work.Conflict, work.Rejected, work.Deferred} {
			e := edit(string(rune('3'+i)), "High", "Low")
			k.begin(e)
			k.finish(result(e, state))
		}
		sent("what changed nothing does not count", 2, 1)
		k.clock.pass(23 * time.Hour)
		again := edit("1", "Low", "Medium")
		k.begin(again)
		k.finish(result(again, work.Applied))
		sent("a record that was touched before", 3, 1)
		k.clock.pass(2 * time.Hour)
		sent("a day later", 1, 0)
	})
}

// A comment whose answer was lost is planned anew, and where it stands by then,
// nothing is sent: it went out all the same, once.
func TestS12WhatNoRecordShowsCountsForTheBrakeThoughItsAnswerWasLost(t *testing.T) {
	onBoth(t, func(k *kept) {
		for _, path := range []string{work.NativeComment, work.NativeRemoteLink, work.NativeRank} {
			e := edit(path, "", "Why")
			e.Target.Path, e.Expect = path, work.Empty()
			if path == work.NativeRank {
				e.Verb, e.Value, e.Field = work.MoveInBacklog, work.Anchor{Before: true, ID: "a"}.Value(), work.Rank
			}
			before := k.snapshot().Sent
			goes := func(what string, want int, then ...work.Result) {
				k.t.Helper()
				if len(then) > 0 {
					k.begin(e)
					k.finish(then...)
				}
				if got := k.snapshot().Sent - before; got != want {
					k.t.Errorf("%s, %s: %d edits went out; want %d", path, what, got, want)
				}
			}
			goes("put off by the service", 0, work.Result{EditID: e.ID, State: work.Deferred, Until: noon.Add(time.Minute)})
			goes("without an answer", 1, result(e, work.Uncertain))
			k.finish(result(e, work.Deferred))
			goes("no record shows it", 1)
			goes("put off by the service now", 1, work.Result{EditID: e.ID, State: work.Deferred, Until: noon.Add(time.Minute)})
			goes("already so", 1, result(e, work.Unchanged))
			goes("written over", 2, result(e, work.Applied))
		}
	})
}

func TestAuditIsNewestFirst(t *testing.T) {
	onBoth(t, func(k *kept) {
		one, two := edit("1", "High", "Low"), edit("2", "High", "Low")
		k.begin(one)
		k.clock.pass(time.Second)
		k.begin(two)
		k.clock.pass(time.Second)
		k.finish(result(one, work.Applied))
		entries := func(ref work.RefID, limit int) []work.AuditEntry {
			k.t.Helper()
			list, err := k.Audit(k.t.Context(), ref, limit)
			if err != nil {
				k.t.Fatal(err)
			}
			return list
		}
		first := work.AuditEntry{Edit: one, Run: 1, State: work.Applied, Detail: "because applied", Begun: noon, Ended: noon.Add(2 * time.Second)}
		second := work.AuditEntry{Edit: two, Run: 1, State: work.Uncertain, Begun: noon.Add(time.Second)}
		diff(k.t, "all", []work.AuditEntry{second, first}, entries(work.RefID{}, 10))
		diff(k.t, "newest", []work.AuditEntry{second}, entries(work.RefID{}, 1))
		diff(k.t, "of one record", []work.AuditEntry{first}, entries(ref("1").RefID, 10))
	})
}
