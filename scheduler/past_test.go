package scheduler_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"tandem/connectors/all"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// reproduces makes every kept run again from what the store remembers, and
// compares it with the plan that was stored then (promise S13).
func (f *firm) reproduces() int {
	f.Helper()
	kept, err := f.db.KeptRuns(f.Context(), 10_000)
	f.ok(err)
	for _, k := range kept {
		run, ok, err := f.db.RunOf(f.Context(), k.Number)
		f.ok(err)
		if !ok || !k.Exact {
			f.Fatalf("run %d is listed and not kept", k.Number)
		}
		snapshot, err := f.db.SnapshotOf(f.Context(), run)
		f.ok(err)
		outcome := engine.Evaluate(f.rules, snapshot)
		guard := f.guard
		guard.At = run.At
		outcome.Gate(guard, snapshot)
		same(f, fmt.Sprintf("the plan of run %d", k.Number), planText(f, run.Plan), planText(f, outcome.Plan))
		same(f, fmt.Sprintf("the size of run %d", k.Number), []int{k.Items, k.Edits, k.Holds}, []int{len(outcome.Items), len(run.Plan.Edits), len(run.Plan.Holds)})
	}
	return len(kept)
}

// says notes a person's word for two days.
func (f *firm) says(key string, kind work.OverrideKind, value string) {
	f.Helper()
	today := time.Now().UTC().Truncate(24 * time.Hour)
	snapshot, err := f.db.Snapshot(f.Context(), today)
	f.ok(err)
	for _, r := range snapshot.Records {
		if r.Key != key {
			continue
		}
		_, err := f.db.SaveOverride(f.Context(), work.Override{
			Ref: r.Ref, Kind: kind, Value: value, By: "ana", Reason: "so be it", Until: today.AddDate(0, 0, 2),
		})
		f.ok(err)
		return
	}
	f.Fatalf("there is no %s", key)
}

// differs checks that the past matters: from what the tables hold today, most
// runs with a plan would come out otherwise.
func (f *firm) differs() {
	f.Helper()
	kept, err := f.db.KeptRuns(f.Context(), 10_000)
	f.ok(err)
	all, other := 0, 0
	for _, k := range kept {
		run, _, err := f.db.RunOf(f.Context(), k.Number)
		f.ok(err)
		run.Seen.Past = 1 << 40
		snapshot, err := f.db.SnapshotOf(f.Context(), run)
		f.ok(err)
		outcome := engine.Evaluate(f.rules, snapshot)
		guard := f.guard
		guard.At = run.At
		outcome.Gate(guard, snapshot)
		if all++; planText(f, run.Plan) != planText(f, outcome.Plan) {
			other++
		}
	}
	if other < all/2 {
		f.Errorf("only %d of %d runs differ without the past", other, all)
	}
}

// planText spells a plan without moves, whose backlogs are not kept.
func planText(f *firm, p plan.Plan) string {
	f.Helper()
	p.Edits = slices.DeleteFunc(slices.Clone(p.Edits), func(e plan.Planned) bool { return e.Verb == work.MoveInBacklog })
	p.Holds = slices.DeleteFunc(slices.Clone(p.Holds), func(h work.Hold) bool { return h.Field == work.Rank })
	if len(p.Edits) == 0 {
		p.Edits = nil
	}
	if len(p.Holds) == 0 {
		p.Holds = nil
	}
	text, err := json.MarshalIndent(p, "", " ")
	f.ok(err)
	return string(text)
}

// Everything that bears on a decision changes, again and again; each run is
// made again to the letter afterwards.
func TestS13EveryKeptRunIsReproducedExactly(t *testing.T) {
	w := world{
		issues: issues("PAY", 9), github: []githubsim.Issue{twin("acme/pay", 1, "PAY-1"), twin("acme/pay", 2, "PAY-2")},
		rows: map[string]string{"R-1": "PAY-3"}, brake: "{edits: 60, share: 0%}",
		patch: []string{"band: 0%\n  dwell: 0d", "band: 5%\n  dwell: 2d", "write: auto, capacity", "write: auto, timezone: Europe/Berlin, quiet: {from: '20:00', to: '06:30'}, capacity"},
	}
	story(t, w, func(f *firm) {
		for n := range 40 {
			switch n % 6 {
			case 1:
				f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID([]string{"Minor", "Major"}[n/6%2]) })
			case 0: // said again and again, of an issue that stays
				if n == 0 {
					break // nothing was read yet
				}
				f.says("PAY-7", []work.OverrideKind{work.Pin, work.MoveHorizon, work.SetPriority, work.Objection}[n/6%4], []string{"1", "now", "2", ""}[n/6%4])
			case 2:
				f.sets("PAY-9", float64(n))
				f.sets("PAY-2", float64(95-n))
			case 3:
				f.release("PAY-1")
				if n < 6 {
					f.ok(f.jira.Delete("PAY-5", jirasim.Ana))
				}
			case 4:
				f.ok(f.db.Pause(f.Context(), n%12 < 6, "ana", "look"))
				f.person("PAY-4", func(i *jirasim.Issue) { i.Labels = append(i.Labels, plan.HandsOffLabel) })
			case 5:
				f.restart()
				if report := f.look(); len(report.Outcome.Plan.Edits) > 0 {
					e := report.Outcome.Plan.Edits[0]
					f.reject(report, e.Key, e.Field, 0)
				}
			}
			f.run()
			f.pass(5 * time.Hour)
		}
		f.runWith(everything)
		f.pass(24 * time.Hour)
		f.run()
		if n := f.reproduces(); n < 30 {
			f.Errorf("only %d runs", n)
		}
		f.differs()
	})
}

// The rules of a run come back from its text, also where today's are others.
func TestRulesOfAKeptRunComeBack(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), github: []githubsim.Issue{twin("acme/pay", 1, "PAY-1")}}, func(f *firm) {
		f.run()
		run, _, err := f.db.RunOf(f.Context(), 1)
		f.ok(err)
		schemas := map[string]work.Schema{}
		for _, c := range f.settings.Connectors {
			definition, _ := all.Lookup(c.Kind)
			schemas[c.Name] = definition.Schema
		}
		rules, err := engine.Recompile(run.RulesText, run.RulesHash, engine.Env{Schemas: schemas})
		f.ok(err)
		same(f, "hash", f.rules.Hash(), rules.Hash())
		if _, err := engine.Recompile(run.RulesText, "another", engine.Env{Schemas: schemas}); err == nil {
			f.Error("other rules are taken for the same")
		}
		f.rules = rules
		same(f, "runs", 2, f.reproduces()+1)
	})
}
