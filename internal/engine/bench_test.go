package engine_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// BenchmarkEvaluate decides a whole snapshot: half of the items are twins, and
// ten times as many feedback rows stand behind the aggregates. Nothing was ever
// written yet, so that nearly every item has an edit: the dearest case.
func BenchmarkEvaluate(b *testing.B) {
	rules := compile(b, realistic(b))
	for _, items := range []int{10_000, 100_000} {
		snap := bigWorld(items)
		b.Run("items="+strconv.Itoa(items), func(b *testing.B) { evaluate(b, rules, &snap) })
	}
}

// BenchmarkEvaluateAgain decides the same after all edits arrived: the ledger
// knows every value and nothing is left to write, as on most days.
func BenchmarkEvaluateAgain(b *testing.B) {
	rules := compile(b, realistic(b))
	for _, items := range []int{10_000, 100_000} {
		snap := settled(bigWorld(items), rules)
		b.Run("items="+strconv.Itoa(items), func(b *testing.B) { evaluate(b, rules, &snap) })
	}
}

// evaluate measures Evaluate, and what is resident: the heap in use after a
// collection, with the snapshot alone and with the outcome.
func evaluate(b *testing.B, rules *engine.Rules, snap *engine.Snapshot) {
	b.Helper()
	b.ReportAllocs()
	before := inUse()
	var o engine.Outcome
	began := spent()
	for b.Loop() {
		o = engine.Evaluate(rules, *snap)
	}
	b.ReportMetric(float64((spent()-began).Microseconds())/1000/float64(b.N), "cpu-ms/op")
	if len(o.Items) == 0 || len(o.Items) > len(snap.Records) {
		b.Fatalf("%d items of %d records", len(o.Items), len(snap.Records))
	}
	b.ReportMetric(before, "MB-snapshot")
	b.ReportMetric(inUse(), "MB-resident")
	runtime.KeepAlive(o)
	runtime.KeepAlive(snap)
}

func inUse() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse) / 1e6
}

// settled is the snapshot after the edits of its plan arrived.
func settled(snap engine.Snapshot, rules *engine.Rules) engine.Snapshot {
	o := engine.Evaluate(rules, snap)
	next := apply(snap, &o, rules)
	next.Ledger = slices.Clone(next.Ledger)
	slices.SortFunc(next.Ledger, func(a, b plan.Entry) int { return a.Target.Compare(b.Target) })
	return next
}

// bigWorld makes n items: n Jira issues, of which every second has a twin.
func bigWorld(n int) engine.Snapshot {
	dice := rand.New(rand.NewPCG(1, 2))
	snap := engine.Snapshot{AsOf: day, Records: make([]*work.Record, 0, n+n/2)}
	kinds, priorities := []string{"Bug", "Story", "Task", "Epic"}, []string{"Critical", "Major", "Minor", "Trivial"}
	accounts := make([]string, 2000) // each name in memory once, as the store hands them over
	for i := range accounts {
		accounts[i] = "account " + strconv.Itoa(i)
	}
	for i := range n {
		key := fmt.Sprintf("PAY-%d", i)
		status := "new"
		if dice.IntN(3) == 0 {
			status = "done"
		}
		jira := &work.Record{
			Ref: work.NewRef("jira", strconv.Itoa(10_000+i), key), Place: "PAY", Audience: work.Internal, Created: day.AddDate(0, 0, -dice.IntN(700)),
			Fields: map[string]work.Value{
				"summary": work.NewText("Export drops rows when the file is large"), "issuetype": work.NewText(kinds[dice.IntN(4)]),
				"status_category": work.NewText(status), "priority": work.NewText(priorities[dice.IntN(4)]), "labels": work.NewList("export", "customer"),
				"customfield_1": work.NewNumber(float64(1 + dice.IntN(13))), "customfield_2": work.NewNumber(float64(1 + dice.IntN(20))), "customfield_3": work.NewNumber(float64(1 + dice.IntN(4))),
			},
		}
		snap.Records = append(snap.Records, jira)
		if i%2 == 0 {
			snap.Records = append(snap.Records, &work.Record{
				Ref: work.NewRef("github", strconv.Itoa(5_000_000_000+i), fmt.Sprintf("acme/pay#%d", i)), Place: "acme/pay", Audience: work.Internal, Created: jira.Created.AddDate(0, 0, 1),
				Fields: map[string]work.Value{"title": work.NewText(key + ": export drops rows"), "state": work.NewText("open"), "labels": work.NewList("bug")},
			})
		}
		target := "jira:" + key
		for range 5 { // two rows each on average
			snap.Evidence = append(snap.Evidence, evidence.Day{Key: evidence.Key{
				Target: target, Account: accounts[dice.IntN(len(accounts))], Method: work.Survey, Kind: "request", Day: evidence.DayNumber(day) - int32(dice.IntN(300)),
			}, Count: 2, Audience: work.Internal})
		}
	}
	snap.Evidence = evidence.Fold(snap.Evidence)
	slices.SortFunc(snap.Records, func(a, b *work.Record) int { return a.Compare(b.RefID) })
	return snap
}

// BenchmarkCompare measures how far a run is from the last one, once it was
// decided.
func BenchmarkCompare(b *testing.B) {
	rules := compile(b, realistic(b))
	snap := settled(bigWorld(100_000), rules)
	o := engine.Evaluate(rules, snap)
	for b.Loop() {
		if o.Compare(snap.Previous, engine.Last{}) == nil {
			b.Fatal("nothing is compared")
		}
	}
}

// BenchmarkSensitivity turns every number of the rules.
func BenchmarkSensitivity(b *testing.B) {
	rules := compile(b, realistic(b))
	snap := bigWorld(100_000)
	o := engine.Evaluate(rules, snap)
	for b.Loop() {
		o.Sensitivity(rules, &snap, 10, "", true)
	}
}

// BenchmarkClimb asks for one item of many what it would take.
func BenchmarkClimb(b *testing.B) {
	rules := compile(b, realistic(b))
	snap := bigWorld(10_000)
	o := engine.Evaluate(rules, snap)
	for b.Loop() {
		o.Climb(rules, &snap, o.Items[len(o.Items)/4])
	}
}
