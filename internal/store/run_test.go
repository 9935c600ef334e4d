package store_test

import (
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

func emptyRun() engine.Run {
	return engine.Run{
		AsOf: today, RulesHash: "r1", RulesText: "rank: {}", ConfigHash: "c1", Items: 2, Twins: 1, At: noon,
		Identities: map[work.RefID]work.ItemID{}, Placements: map[work.ItemID]engine.Previous{},
	}
}

func (k *kept) run(run engine.Run) int64 {
	k.t.Helper()
	n, err := k.SaveRun(k.t.Context(), run)
	if err != nil {
		k.t.Fatalf("save run: %v", err)
	}
	return n
}

func (k *kept) release(id string, field work.Field) {
	k.t.Helper()
	if err := k.Release(k.t.Context(), plan.Release{Slot: plan.SlotRef{Ref: ref(id).RefID, Field: field}}, "ana"); err != nil {
		k.t.Fatalf("release: %v", err)
	}
}

func (k *kept) pause(on bool, why string) {
	k.t.Helper()
	if err := k.Pause(k.t.Context(), on, "ana", why); err != nil {
		k.t.Fatalf("pause: %v", err)
	}
}

func (k *kept) status() work.Overview {
	k.t.Helper()
	o, err := k.Status(k.t.Context())
	if err != nil {
		k.t.Fatalf("status: %v", err)
	}
	return o
}

func hold(id string, cause work.Cause, since time.Time) work.Hold {
	return work.Hold{
		Item: work.ItemID("jira:" + id), Target: work.Target{RefID: ref(id).RefID, Path: "priority"}, Key: ref(id).Key, Field: work.Priority,
		Cause: cause, Have: text("High"), Want: text("Low"), Since: since, Detail: "why",
	}
}

// fullRun decides something of everything.
func fullRun() engine.Run {
	run := emptyRun()
	run.Plan = plan.Plan{
		Edits:    []plan.Planned{{Edit: edit("1", "High", "Low"), Gate: plan.Ready}},
		Holds:    []work.Hold{hold("1", work.ChangedByPerson, today), hold("2", work.HandsOff, today)},
		Findings: []work.Finding{{Level: work.Warning, Subject: "jira", What: "odd"}},
		Brake:    "too many",
	}
	run.Identities[ref("1").RefID], run.Identities[ref("2").RefID] = "jira:1", "jira:2"
	run.Placements["jira:1"] = engine.Previous{Place: 1, Tier: "2", TierSince: today, Horizon: "now", Score: 81.5}
	run.Placements["jira:2"] = engine.Previous{Place: 2, Score: 1.0 / 3}
	return run
}

func TestRunIsGivenBack(t *testing.T) {
	onBoth(t, func(k *kept) {
		if _, ok, err := k.LastRun(k.t.Context()); ok || err != nil {
			k.t.Fatalf("last run of an empty store: %v, %v", ok, err)
		}
		run := fullRun()
		if n := k.run(run); n != 1 {
			k.t.Errorf("the first run has the number %d", n)
		}
		run.Plan.Edits = nil
		run.RulesText = "" // known by its hash
		run.DataSeq = 77
		run.Seq = k.run(run)
		k.reopen()
		got, ok, err := k.LastRun(k.t.Context())
		if err != nil || !ok {
			k.t.Fatalf("last run: %v, %v", ok, err)
		}
		run.RulesText, run.Identities, run.Placements = "rank: {}", nil, nil
		diff(k.t, "run", run, got)
	})
}

func TestSnapshotHasWhatTheLastRunDecided(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"), issue("2", 1, "High"))
		run := fullRun()
		k.run(run)
		k.reopen()
		snap := k.snapshot()
		diff(k.t, "holds", run.Plan.Holds, snap.Holds)
		diff(k.t, "identities", run.Identities, snap.Identities)
		diff(k.t, "previous", run.Placements, snap.Previous)
		diff(k.t, "as of", today, snap.AsOf)
		if snap.Seq != k.seq() || snap.Seq == 0 {
			k.t.Errorf("seq of the snapshot: %d, of the store: %d", snap.Seq, k.seq())
		}

		next := emptyRun() // item 2 left, item 1 moved; an identity stays for good
		next.Identities[ref("1").RefID] = "jira:1"
		next.Placements["jira:1"] = engine.Previous{Place: 2, Tier: "2", TierSince: today, Horizon: "now", Score: 81.5}
		next.Plan.Holds = []work.Hold{hold("1", work.HandsOff, today)}
		k.run(next)
		snap = k.snapshot()
		diff(k.t, "holds", next.Plan.Holds, snap.Holds)
		diff(k.t, "identities", run.Identities, snap.Identities)
		diff(k.t, "previous", next.Placements, snap.Previous)
	})
}

func TestQuietRunWritesLittleAndLeavesSeq(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.grows(true, "a first run", func() { k.run(fullRun()) })
		rows := func() (n int) {
			k.t.Helper()
			if k.onServer() {
				return 0 // it does not say
			}
			err := k.DB().QueryRowContext(k.t.Context(), "SELECT total_changes()").Scan(&n)
			if err != nil {
				k.t.Fatal(err)
			}
			return n
		}
		before := rows()
		k.grows(false, "the same again", func() { k.run(fullRun()) })
		if n := rows() - before; n > 1 {
			k.t.Errorf("a quiet run changed %d rows", n)
		}
		var texts int
		if err := k.DB().QueryRowContext(k.t.Context(), "SELECT (SELECT count(*) FROM plan_text) + (SELECT count(*) FROM rules_text)").Scan(&texts); err != nil || texts != 2 {
			k.t.Errorf("texts: %d, %v", texts, err)
		}
		older := fullRun()
		older.Plan.Holds[0].Since = today.Add(-24 * time.Hour)
		k.grows(true, "a hold of another age", func() { k.run(older) })
	})
}

func TestSaveRunLeavesWhatItWasGiven(t *testing.T) {
	onBoth(t, func(k *kept) {
		run := fullRun()
		local := time.Date(2026, 10, 5, 2, 0, 0, 7, time.FixedZone("", 7200))
		run.Placements["jira:1"] = engine.Previous{Place: 1, TierSince: local}
		k.run(run)
		if run.Placements["jira:1"].TierSince != local {
			k.t.Error("SaveRun changed a placement of the caller")
		}
	})
}

func TestAdoptionsEnterTheLedger(t *testing.T) {
	onBoth(t, func(k *kept) {
		e := edit("1", "High", "Low")
		adopted := plan.Entry{Target: e.Target, Value: text("High"), Before: text("High"), At: today}
		label := plan.Entry{Target: e.Target, Value: work.NewFlag(true), Before: work.NewFlag(true), At: today}
		label.Target.Path, label.Target.Element = "labels", "p/1"
		run := emptyRun()
		run.Plan.Adopted = []plan.Entry{label, adopted}
		k.grows(true, "adoptions", func() { k.run(run) })
		diff(k.t, "ledger", []plan.Entry{label, adopted}, k.snapshot().Ledger)
		run.Plan.Adopted[1].At = today.Add(24 * time.Hour)
		k.grows(false, "adopted again", func() { k.run(run) })

		k.begin(e)
		k.run(run) // decided on an older look
		k.wantLine("a line that waits is left alone", e, plan.Entry{Value: text("Low"), Pending: true, Before: text("High")})
		k.finish(result(e, work.Conflict))
		k.wantLine("the adoption is restored", e, plan.Entry{Value: text("High"), Before: text("High")})
		k.begin(e)
		k.finish(result(e, work.Applied))
		k.read([]work.Ref{e.Ref()})
		k.wantLine("a first write over an adoption", e, plan.Entry{Value: text("Low"), Written: true, Before: text("High")})
		run.Plan.Adopted[1].Value, run.Plan.Adopted[1].Before = text("Medium"), text("Medium")
		k.run(run)
		k.wantLine("a person did it for us", e, plan.Entry{Value: text("Medium"), Written: true, Before: text("Medium")})
	})
}

func TestReleaseWithNothingToOverruleIsOver(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.release("1", work.Priority) // edited
		k.release("2", work.Priority) // held
		k.release("3", work.Priority) // nothing
		k.release("4", work.Priority) // nothing, but a write of ours waits
		k.begin(edit("4", "High", "Low"))
		run := fullRun()
		run.Plan.Holds = run.Plan.Holds[1:]
		k.run(run)
		if got := len(k.snapshot().Released); got != 4 {
			k.t.Errorf("a run that did not see the releases ended %d of them", 4-got)
		}
		run.DataSeq = k.seq()
		k.release("5", work.Priority) // after the snapshot
		k.grows(true, "an idle release", func() { k.run(run) })
		var left []string
		for _, r := range k.snapshot().Released {
			left = append(left, r.Slot.Ref.ID)
		}
		diff(k.t, "released", []string{"1", "2", "4", "5"}, left)
	})
}

func TestStatusCounts(t *testing.T) {
	onBoth(t, func(k *kept) {
		diff(k.t, "an empty store", work.Overview{Instance: "acme-test"}, k.status())
		k.page(issue("1", 1, "High"), issue("2", 1, "High"), issue("3", 1, "High"))
		k.read([]work.Ref{ref("3")})
		k.hear([]work.Feedback{feedback("1", "a", "late")}, nil)
		k.run(fullRun())
		k.begin(edit("1", "High", "Low"), edit("2", "High", "Low"))
		k.finish(result(edit("2", "High", "Low"), work.Rejected))
		if err := k.SaveFailure(k.t.Context(), "github", "issues", "no rights"); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "status", work.Overview{
			Instance: "acme-test", Records: map[string]int{"jira": 2}, Items: 2, Feedback: 1, Heard: map[string]int{"hotjar": 1},
			Holds: map[work.Cause]int{work.ChangedByPerson: 1, work.HandsOff: 1}, DeadLetters: 1, Pending: 1, SentToday: 1, Unapproved: 1, LastRun: 1, LastRunAt: noon,
			Streams: []work.StreamStatus{
				{Connector: "github", Stream: "issues", Failure: "no rights"},
				{Connector: "hotjar", Stream: "answers", LastRead: noon},
				{Connector: "jira", Stream: "issues", LastRead: noon},
			},
		}, k.status())
	})
}

func TestPruneForgetsWhatNobodyNeeds(t *testing.T) {
	onBoth(t, func(k *kept) {
		old, waiting := edit("1", "High", "Low"), edit("2", "High", "Low")
		k.page(issue("1", 1, "High"), issue("2", 1, "High"))
		k.page(issue("1", 2, "Low"))
		k.begin(old, waiting)
		k.finish(result(old, work.Rejected))
		k.release("1", work.Priority)
		run := fullRun()
		k.run(run)
		k.clock.pass(time.Hour)
		k.page(issue("1", 3, "Medium"))
		run.Plan.Brake, run.At, run.RulesHash, run.RulesText = "other", k.clock.Now(), "r2", "rank: {x: 1}"
		k.run(run)
		before := k.snapshot()

		got, err := k.Prune(k.t.Context(), noon.Add(time.Minute))
		if err != nil {
			k.t.Fatal(err)
		}
		want := got
		want.Edits, want.Runs, want.Versions, want.DeadLetters = 1, 1, 1, 1 // version 2 was current at the kept time
		diff(k.t, "pruned", want, got)
		diff(k.t, "snapshot", before, k.snapshot())
		k.wantPending("what waits", []string{waiting.ID}, nil)
		k.reopen()
		diff(k.t, "snapshot after a restart", before, k.snapshot())
		last, ok, err := k.LastRun(k.t.Context())
		if err != nil || !ok || last.RulesText != "rank: {x: 1}" || last.Plan.Brake != "other" {
			k.t.Errorf("last run: %+v, %v, %v", last, ok, err)
		}
		if got, err = k.Prune(k.t.Context(), noon.Add(90*24*time.Hour)); err != nil || got.Runs != 0 || got.Versions != 1 {
			k.t.Errorf("pruned again: %+v, %v", got, err)
		}
	})
}
