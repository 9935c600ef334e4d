package engine_test

import (
	"maps"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// BenchmarkNext100Changes decides again after effort, value and title of 100
// records changed, where the last outcome was kept. In the world "settled"
// everything that was wanted stands there, as on most days; in "new" every
// item waits for its first edits, the dearest case.
func BenchmarkNext100Changes(b *testing.B) {
	rules := compile(b, realistic(b))
	for _, items := range []int{10_000, 100_000} {
		b.Run("settled/items="+strconv.Itoa(items), func(b *testing.B) { next(b, rules, settled(bigWorld(items), rules)) })
		b.Run("new/items="+strconv.Itoa(items), func(b *testing.B) { next(b, rules, bigWorld(items)) })
	}
}

func next(b *testing.B, rules *engine.Rules, snap engine.Snapshot) {
	b.Helper()
	b.ReportAllocs()
	v := engine.NewEvaluator(rules)
	v.Evaluate(snap)
	records := snap.Records
	now := snap
	now.Records, now.Ledger, now.Holds, now.Identities, now.Evidence, now.Previous = nil, nil, nil, nil, nil, nil
	snap = engine.Snapshot{}
	dice := rand.New(rand.NewPCG(3, 4))
	var o engine.Outcome
	step := func() {
		d := engine.Delta{Now: now, Kept: true}
		for range 100 {
			i := dice.IntN(len(records))
			c := *records[i]
			c.Fields = maps.Clone(c.Fields)
			if c.Connector == "jira" {
				c.Fields["customfield_1"], c.Fields["customfield_2"] = work.NewNumber(float64(1+dice.IntN(13))), work.NewNumber(float64(1+dice.IntN(20)))
			}
			d.Records = append(d.Records, &c)
		}
		var quick bool
		if o, quick = v.Next(d); !quick {
			b.Fatal("everything was evaluated")
		}
	}
	step() // the first one keeps all holds and ids
	b.ResetTimer()
	before := spent()
	for b.Loop() {
		step()
	}
	b.StopTimer()
	b.ReportMetric(float64((spent()-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
	b.ReportMetric(inUse(), "MB-resident")
	runtime.KeepAlive(o)
	runtime.KeepAlive(v)
}
