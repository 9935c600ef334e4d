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
	if total.lives > 0 && (*seeds > 0 || *seed >= 0) {
		total.print(os.Stdout)
	}
	os.Exit(code)
}

// total is the sum of all lives of this process.
var total = &sum{faults: map[string]int{}, did: map[string]int{}, checked: map[string]int{}, broken: map[string]int{}}

// TestS1ToS18HoldInEveryLife plays lives from seeds.
func TestS1ToS18HoldInEveryLife(t *testing.T) {
	if *seed >= 0 {
		one(t, uint64(*seed))
		return
	}
	n := *seeds
	if n == 0 {
		n = usual
	}
	queue := make(chan uint64)
	var group sync.WaitGroup
	for range cmp.Or(*workers, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for s := range queue {
				l := play(t, s, nil)
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
func one(t *testing.T, s uint64) {
	t.Helper()
	l := play(t, s, nil)
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
func play(t *testing.T, s uint64, skip map[int]bool) (l *life) {
	t.Helper()
	t.Run(fmt.Sprintf("seed %d", s), func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(monday()))
			l = born(t, s, skip)
			l.live()
		})
	})
	return l
}

// A failing life is of use only where it is the same each time it is played.
// Only the moments differ, by parts of a second: the waits between tries are
// spread by chance.
func TestALifeIsTheSameEachTimeItIsPlayed(t *testing.T) {
	for s := range uint64(4) {
		one, two := play(t, s, nil), play(t, s, nil)
		for n := range max(len(one.story), len(two.story)) {
			if n >= len(one.story) || n >= len(two.story) || one.story[n].what != two.story[n].what {
				t.Errorf("seed %d is not the same from line %d of %d and %d on:\n%v\n%v", s, n, len(one.story), len(two.story),
					one.story[min(n, len(one.story)-1)], two.story[min(n, len(two.story)-1)])
				break
			}
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
