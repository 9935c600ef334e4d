package scheduler_test

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
)

// rewrites changes the tiers in the rules and begins anew with them, as SIGHUP does.
func (f *firm) rewrites(tiers string) {
	f.Helper()
	text := f.world.rules(f)
	if !strings.Contains(text, goodTiers) {
		f.Fatalf("the rules do not say %q", goodTiers)
	}
	f.write("rules.yaml", strings.Replace(text, goodTiers, tiers, 1))
	f.load()
	f.restart()
}

// The tiers of testdata/rules.yaml, and what somebody made of them at five on a
// Friday.
const (
	goodTiers = "1: 80, 2: 60, 3: 30, 4: 0"
	badTiers  = "1: 3, 2: 2, 3: 1, 4: 0"
)

func TestS12AMistakeInARuleWritesNothingAndLeavesNothingBehind(t *testing.T) {
	story(t, world{issues: issues("PAY", 12), brake: "{edits: 5, share: 0%}", patch: roomy()}, func(f *firm) {
		f.runWith(shown(f.look())) // a person lets the first ones out
		f.pass(8 * 24 * time.Hour) // every tier may change again
		same(f, "left to do", []string{}, edits(f.run()))
		written := len(f.wrote())
		before, err := f.db.Snapshot(f.Context(), time.Now())
		f.ok(err)

		f.rewrites(badTiers)
		report := f.run()
		if pl := report.Outcome.Plan; !pl.RulesHeld || pl.Count(plan.Braked) <= 5 || len(pl.Adopted) > 0 || !strings.Contains(pl.Brake, "the rules or their places changed") {
			f.Fatalf("held %t, braked %d, adopted %d: %s", pl.RulesHeld, pl.Count(plan.Braked), len(pl.Adopted), pl.Brake)
		}
		for range 3 { // waiting is no approval, nor is a restart
			f.restart()
			f.pass(24 * time.Hour)
			f.run()
		}
		same(f, "written by the new rules", written, len(f.wrote()))

		f.rewrites(goodTiers)
		report = f.run()
		same(f, "left to do by the old rules", []string{}, append(edits(report), holds(report)...))
		same(f, "written in all", written, len(f.wrote()))
		after, err := f.db.Snapshot(f.Context(), time.Now())
		f.ok(err)
		same(f, "tiers and places", before.Previous, after.Previous)
		same(f, "what counts as ours", len(before.Ledger), len(after.Ledger))
		same(f, "held rules", plan.Standing{InForce: f.rules.Hash()}, after.Standing)
	})
}

func TestS12ChangedRulesCountOnceAPersonApprovedWhatTheyWant(t *testing.T) {
	story(t, world{issues: issues("PAY", 12), brake: "{edits: 5, share: 0%}", patch: roomy()}, func(f *firm) {
		f.runWith(shown(f.look()))
		f.pass(8 * 24 * time.Hour)
		f.run()
		written := len(f.wrote())

		f.rewrites(badTiers)
		seen := f.look()
		wanted := len(seen.Outcome.Plan.Edits)
		f.runWith(shown(seen))
		same(f, "written once approved", written+wanted, len(f.wrote()))
		f.pass(time.Hour)
		report := f.run()
		same(f, "left to do", []string{}, edits(report))
		if report.Outcome.Plan.RulesHeld {
			f.Error("the rules are held though nothing is left that nobody approved")
		}
		after, err := f.db.Snapshot(f.Context(), time.Now())
		f.ok(err)
		same(f, "rules in force", f.rules.Hash(), after.Standing.InForce)
	})
}

// A change that wants less than the brake allows needs nobody.
func TestASmallChangeOfRulesCountsAtOnce(t *testing.T) {
	story(t, world{issues: issues("PAY", 12), brake: "{edits: 30, share: 0%}", patch: roomy()}, func(f *firm) {
		f.run()
		f.pass(8 * 24 * time.Hour)
		f.run()
		written := len(f.wrote())
		f.rewrites("1: 70, 2: 60, 3: 30, 4: 0")
		report := f.run()
		if report.Outcome.Plan.RulesHeld || len(f.wrote()) == written {
			f.Errorf("held: %t; %d values were written", report.Outcome.Plan.RulesHeld, len(f.wrote())-written)
		}
	})
}
