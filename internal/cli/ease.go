package cli

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"tandem/internal/store"
)

const (
	// leanPercent is how much garbage a daemon lets pile up before it is
	// collected, in percent of what lives: half of Go's own, for decisions leave
	// much behind and come seldom.
	leanPercent = 50
	// easeEvery is how often it is looked whether there is memory to give back,
	// and worthwhile how much has to be there.
	easeEvery  = 5 * time.Second
	worthwhile = 4 << 20
	// unused is how long nothing was decided before the records that decisions
	// keep decoded are let go.
	unused = time.Minute
)

// ease keeps the process small until the context ends. Reading and deciding
// leave memory behind that Go would keep for minutes; once they are over it is
// given back to the system. Who sets GOGC decides about the rest.
func ease(ctx context.Context, db *store.Store) {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(leanPercent))
	}
	ticker := time.NewTicker(easeEvery)
	defer ticker.Stop()
	for last := heapNow(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		cooled := db.Cool(unused)
		now := heapNow()
		if cooled || now.idleSince(last) {
			db.Shrink(ctx)
			debug.FreeOSMemory()
		}
		last = now
	}
}

// heap is how the memory of this process stands, in bytes.
type heap struct{ allocated, live, objects, free uint64 }

func heapNow() heap {
	samples := []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"},
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(samples)
	at := func(i int) uint64 { return samples[i].Value.Uint64() }
	return heap{allocated: at(0), live: at(1), objects: at(2), free: at(3)}
}

// idleSince reports whether little was made since the last look, and much can be
// given back: while something works, what is free is needed again.
func (h heap) idleSince(last heap) bool {
	least := worthwhile + h.live/8
	return h.allocated-last.allocated < least && h.spare() > least
}

// spare is what a collection may give back: garbage, and what is free already.
func (h heap) spare() uint64 { return h.free + h.objects - min(h.live, h.objects) }
