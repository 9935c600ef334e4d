package chaos_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// How much is played. Without flags it is what fits into make test.
var (
	seeds   = flag.Int("seeds", 0, "how many lives to play; 0 is what fits into a test run")
	from    = flag.Uint64("from", 0, "the first seed")
	seed    = flag.Int64("seed", -1, "play only this life, and tell its story")
	workers = flag.Int("workers", 0, "how many lives at a time; 0 is one for each core")
	shrink  = flag.Bool("shrink", true, "shorten a failing life before it is shown")
	stop    = flag.Bool("stop", false, "end with the first life that breaks a promise")
	retire  = flag.Bool("retire", true, "let some lives end with a retirement of everything")
	item    = flag.String("item", "", "with -seed: tell only of what names this")
)

// enough is how many failing lives are shown.
const enough = 5

// TestMain prints the sum as the last line where lives were asked for.
func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(600) // a life needs little; to look through it often takes a tenth of its time
	code := m.Run()
	if err := postgres.Close(); err != nil {
		code = max(code, 1)
	}
	if total.lives > 0 && (*seeds > 0 || *seed >= 0) {
		total.print(os.Stdout)
	}
	os.Exit(code)
}

// total is the sum of all lives of this process.
var total = &sum{faults: map[string]int{}, did: map[string]int{}, checked: map[string]int{}, broken: map[string]int{}}

// TestS1ToS18HoldInEveryLife plays lives from seeds.
func TestS1ToS18HoldInEveryLife(t *testing.T) {
	on := groundOf(t, *stores)
	if *dense {
		on = crowd{on}
	}
	if *seed >= 0 {
		one(t, on, uint64(*seed))
		return
	}
	many(t, on, cmp.Or(*seeds, usual))
}

// The promises hold whatever the store is in.
func TestS1ToS18HoldInLivesOnPostgreSQL(t *testing.T) {
	if *seeds > 0 || *seed >= 0 {
		t.Skip("-seeds or -seed asks for other lives, so the usual ones on PostgreSQL are absent; leave both flags out for them, or add -store postgres to play those there")
	}
	many(t, groundOf(t, "postgres"), usualServed)
}

// many plays lives side by side.
func many(t *testing.T, on ground, n int) {
	t.Helper()
	queue := make(chan uint64)
	var group sync.WaitGroup
	for range cmp.Or(*workers, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for s := range queue {
				l := play(t, on, s, nil)
				if l == nil {
					continue // it could not begin; the test says why
				}
				if total.add(l) && len(l.found) > 0 {
					t.Error(l.tell(t))
				}
			}
		})
	}
	for i := range n {
		if *stop && total.failed() {
			break
		}
		queue <- *from + uint64(i)
	}
	close(queue)
	group.Wait()
	if len(total.broke) > enough {
		t.Errorf("%d lives broke a promise; only %d are shown; all: make sim SEED= one of %v", len(total.broke), enough, slices.Sorted(slices.Values(total.broke)))
	}
}

// one plays a life and tells it whole.
func one(t *testing.T, on ground, s uint64) {
	t.Helper()
	l := play(t, on, s, nil)
	total.add(l)
	for _, e := range l.story {
		if *item == "" || strings.Contains(e.String(), *item) {
			_, _ = fmt.Fprintln(os.Stdout, e)
		}
	}
	if len(l.found) > 0 {
		t.Error(l.tell(t))
	}
}

// play plays one life in a bubble of its own; acts whose number is in skip are
// left out.
func play(t *testing.T, on ground, s uint64, skip map[int]bool) (l *life) {
	t.Helper()
	t.Run(fmt.Sprintf("seed %d", s), func(t *testing.T) {
		plot := on.plot(t)
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(monday()))
			l = born(t, plot, s, skip)
			l.ground = on
			l.live()
		})
	})
	return l
}

// A failing life is of use only where it is the same each time it is played.
// Only the moments differ, by parts of a second: the waits between tries are
// spread by chance.
func TestALifeIsTheSameEachTimeItIsPlayed(t *testing.T) {
	for name, lives := range map[string]uint64{"sqlite": 4, "postgres": 1} {
		t.Run(name, func(t *testing.T) {
			on := groundOf(t, name)
			for s := range lives {
				same(t, play(t, on, s, nil), play(t, on, s, nil))
			}
		})
	}
}

func same(t *testing.T, one, two *life) {
	t.Helper()
	for n := range max(len(one.story), len(two.story)) {
		if n >= len(one.story) || n >= len(two.story) || one.story[n].what != two.story[n].what {
			t.Errorf("seed %d is not the same from line %d of %d and %d on:\n%v\n%v", one.seed, n, len(one.story), len(two.story),
				one.story[min(n, len(one.story)-1)], two.story[min(n, len(two.story)-1)])
			return
		}
	}
}

// sum is what came of many lives.
type sum struct {
	mu              sync.Mutex
	lives           int
	broke           []uint64 // the seeds of those that broke a promise
	acts            int
	cycles          []int
	faults, did     map[string]int
	checked, broken map[string]int
}

// add counts a life. It reports whether the life is to be shown.
func (s *sum) add(l *life) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives++
	s.acts += l.acted
	s.cycles = append(s.cycles, l.converged)
	for from, into := range map[*map[string]int]map[string]int{&l.faults: s.faults, &l.did: s.did, &l.checked: s.checked} {
		for k, n := range *from {
			into[k] += n
		}
	}
	for _, v := range l.found {
		s.broken[v.promise]++
	}
	if len(l.found) > 0 {
		s.broke = append(s.broke, l.seed)
	}
	return len(s.broke) <= enough
}

func (s *sum) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.broke) > 0
}

func (s *sum) print(out *os.File) {
	slices.Sort(s.cycles)
	table := func(name string, counts map[string]int) {
		_, _ = fmt.Fprintf(out, "%s:\n", name)
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			_, _ = fmt.Fprintf(out, "  %8d  %s\n", counts[k], k)
		}
	}
	table("acts", s.did)
	table("faults", s.faults)
	table("checks", s.checked)
	if len(s.broken) > 0 {
		table("violations", s.broken)
	}
	all, broken := 0, 0
	for _, n := range s.faults {
		all += n
	}
	for _, n := range s.broken {
		broken += n
	}
	_, _ = fmt.Fprintf(out, "cycles to converge: p50 %d, p99 %d, max %d\n", s.cycles[len(s.cycles)/2], s.cycles[len(s.cycles)*99/100], s.cycles[len(s.cycles)-1])
	_, _ = fmt.Fprintf(out, "%d seeds, %d faults, %d violations\n", s.lives, all, broken)
}
