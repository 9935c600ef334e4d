package store_test

import (
	"strconv"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestLargePlansAreGivenBackAndListed(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.run(fullRun())
		run := fullRun()
		run.Plan.Brake, run.Plan.RulesHeld = "300 edits wanted; look", true
		for n := range 300 {
			run.Plan.Edits = append(run.Plan.Edits, plan.Planned{Edit: edit(strconv.Itoa(n), "High", "Low"), Gate: plan.Braked})
		}
		run.Late = []work.Late{{Role: "pm", Team: "pay", Count: 3, Due: run.AsOf}}
		k.run(run)
		got, ok, err := k.LastRun(k.t.Context())
		if err != nil || !ok {
			k.t.Fatalf("last run: %v, %v", ok, err)
		}
		diff(k.t, "plan", run.Plan, got.Plan)
		newest, hash, ok, err := k.Newest(k.t.Context())
		if err != nil || !ok {
			k.t.Fatalf("newest run: %v, %v", ok, err)
		}
		diff(k.t, "newest run", []any{got.Seq, got.DataSeq, got.AsOf, got.At, got.RulesHash, got.ConfigHash, got.Items, got.Twins},
			[]any{newest.Seq, newest.DataSeq, newest.AsOf, newest.At, newest.RulesHash, newest.ConfigHash, newest.Items, newest.Twins})
		diff(k.t, "what is late", run.Late, newest.Late)
		gates, err := k.PlanGates(k.t.Context(), hash)
		if err != nil || gates[plan.Braked] != 300 || len(gates) != 2 {
			k.t.Errorf("gates %v, %v", gates, err)
		}
		list, err := k.KeptRuns(k.t.Context(), 5)
		if err != nil || len(list) != 2 || list[0].Edits != 301 || list[0].Holds != 2 || list[1].Edits != 1 || list[1].Holds != 2 {
			k.t.Errorf("kept runs: %+v, %v", list, err)
		}
		if f, err := k.Figures(k.t.Context()); err != nil || f.Brake != run.Plan.Brake {
			k.t.Errorf("brake %q, %v", f.Brake, err)
		}
	})
}

func TestUnusedRecordsAreLetGoAndReadAnew(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.page(issue("1", 1, "High"), issue("2", 1, "High"))
	before := k.snapshot()
	if k.Cool(time.Hour) {
		t.Error("records are let go that were just used")
	}
	if !k.Cool(0) || k.Cool(0) {
		t.Error("unused records are kept, or let go twice")
	}
	diff(t, "snapshot", before, k.snapshot())
}
