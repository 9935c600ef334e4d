package cli

import (
	"context"
	"path/filepath"
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/store"
)

const mb = 1 << 20

func TestMemoryIsGivenBackAtRestAndWhereItIsWorthIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		made, live, objects, free uint64
		want                      bool
	}{
		"a decision left much garbage":                {made: 1 * mb, live: 20 * mb, objects: 60 * mb, want: true},
		"the garbage was collected and is still held": {made: 1 * mb, live: 20 * mb, objects: 20 * mb, free: 40 * mb, want: true},
		"something works":                             {made: 30 * mb, live: 20 * mb, objects: 60 * mb, free: 40 * mb},
		"there is little to give back":                {made: 0, live: 20 * mb, objects: 22 * mb, free: 2 * mb},
		"little, for so large a heap":                 {made: 0, live: 400 * mb, objects: 420 * mb, free: 20 * mb},
		"more lives than was seen as objects":         {made: 0, live: 60 * mb, objects: 50 * mb, free: 1 * mb},
		"a small process":                             {made: 0, live: 1 * mb, objects: 3 * mb, free: 1 * mb},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			last := heap{allocated: 100 * mb}
			now := heap{allocated: 100*mb + c.made, live: c.live, objects: c.objects, free: c.free}
			if got := now.idleSince(last); got != c.want {
				t.Errorf("got %v, want %v: %d MB to spare", got, c.want, now.spare()/mb)
			}
		})
	}
}

// collects is how much garbage Go lets pile up, in percent.
func collects() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// Who sets GOGC decides; else a daemon collects earlier for as long as it runs.
func TestADaemonCollectsGarbageEarlierUnlessGOGCSaysHow(t *testing.T) {
	before := collects()
	for gogc, want := range map[string]uint64{"": leanPercent, "100": before} {
		t.Setenv("GOGC", gogc)
		path := filepath.Join(t.TempDir(), "tandem.db")
		synctest.Test(t, func(t *testing.T) {
			db, err := store.Open(t.Context(), "sqlite:"+path, "acme", store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			ctx, end := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				ease(ctx, db)
			}()
			time.Sleep(2*unused + easeEvery) // it looks many times, and lets records go
			if got := collects(); got != want {
				t.Errorf("with GOGC=%q it collects at %d %%, want %d", gogc, got, want)
			}
			if _, err := db.Status(ctx); err != nil {
				t.Errorf("the store does not answer: %v", err)
			}
			end()
			<-ended
		})
		if got := collects(); got != before {
			t.Errorf("afterwards it collects at %d %%, before at %d", got, before)
		}
	}
}
