package store_test

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// openBench makes a store where TANDEM_BENCH_STORE says: in a file, or on
// postgres.
func openBench(b *testing.B) *kept {
	b.Helper()
	if os.Getenv("TANDEM_BENCH_STORE") == "postgres" {
		return openServer(b)
	}
	return openStore(b)
}

// realistic is a record as Jira gives it: some twenty fields, a description.
func realistic(i, version int) work.Record {
	id := strconv.Itoa(10000 + i)
	r := issue(id, version, "High")
	for f := range 12 {
		r.Fields["customfield_"+strconv.Itoa(10000+f)] = work.NewText("some value " + strconv.Itoa(i%50))
	}
	r.Fields["description"] = work.NewText(strings.Repeat("As a user I want this. ", 20))
	r.Fields["summary"] = work.NewText("Export drops rows of report " + id)
	r.Fields["rank"] = work.NewText("0|i000" + id)
	return r
}

func pagesOf(n, version int) []connectors.Page {
	var pages []connectors.Page
	for from := 0; from < n; from += 500 {
		page := connectors.Page{Cursor: connectors.Cursor(`{"at":"2026-10-05T12:00:00Z"}`)}
		for i := from; i < min(from+500, n); i++ {
			page.Records = append(page.Records, realistic(i, version))
		}
		pages = append(pages, page)
	}
	return pages
}

func BenchmarkSavePageOfNewRecords(b *testing.B) { benchmarkPages(b, true) }

func BenchmarkSavePageOfTheSameRecords(b *testing.B) { benchmarkPages(b, false) }

// benchmarkPages stores pages of 500 records over 10,000 that are there.
func benchmarkPages(b *testing.B, newer bool) {
	b.Helper()
	k := openBench(b)
	for _, page := range pagesOf(10000, 1) {
		k.save(page)
	}
	pages, version := pagesOf(10000, 1), 1
	var worst time.Duration
	for n := 0; b.Loop(); n++ {
		i := n % len(pages)
		if newer && i == 0 {
			b.StopTimer()
			version++
			pages = pagesOf(10000, version)
			b.StartTimer()
		}
		began := time.Now()
		k.save(pages[i])
		worst = max(worst, time.Since(began))
	}
	b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(worst.Milliseconds()), "worst-ms")
}

func BenchmarkSavePageOfFeedback(b *testing.B) {
	k := openBench(b)
	next := 0
	var worst time.Duration
	for b.Loop() {
		var rows []work.Feedback
		var links [][]evidence.Link
		for range 500 {
			f := feedback(strconv.Itoa(next), strconv.Itoa(next%900), "the export drops rows again and again")
			rows, links = append(rows, f), append(links, about("jira:PAY-"+strconv.Itoa(next%300)))
			next++
		}
		began := time.Now()
		k.hear(rows, links...)
		worst = max(worst, time.Since(began))
	}
	b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(worst.Milliseconds()), "worst-ms")
}

// filled is a store with n records, each of its own item.
func filled(b *testing.B, n int) (*kept, engine.Run) {
	b.Helper()
	k := openBench(b)
	for _, page := range pagesOf(n, 1) {
		k.save(page)
	}
	run := emptyRun()
	for i := range n {
		id := strconv.Itoa(10000 + i)
		run.Identities[ref(id).RefID] = work.ItemID("jira:" + id)
		run.Placements[work.ItemID("jira:"+id)] = engine.Previous{Place: i + 1, Tier: "2", TierSince: today, Horizon: "now", Score: float64(i)}
	}
	run.Seats = seatsOf(run, 10)
	return k, run
}

// seatsOf are the seats of a run whose items belong to some teams in turn.
func seatsOf(run engine.Run, teams int) []engine.Seat {
	order := slices.SortedFunc(maps.Keys(run.Placements), func(a, b work.ItemID) int { return run.Placements[a].Place - run.Placements[b].Place })
	seats, last := make([]engine.Seat, 0, len(order)), map[string]int{}
	for _, item := range order {
		number, _ := strconv.Atoi(strings.TrimPrefix(string(item), "jira:"))
		team := "team-" + strconv.Itoa(number%teams)
		last[team]++
		score := run.Placements[item].Score
		seats = append(seats, engine.Seat{Item: item, Team: team, Place: last[team], Low: score - 5, High: score + 5})
	}
	return seats
}

func BenchmarkSnapshot(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		k, run := filled(b, n)
		k.run(run)
		b.Run(fmt.Sprintf("cold/%d", n), func(b *testing.B) {
			var memory uint64
			for b.Loop() {
				b.StopTimer()
				k.reopen()
				before := heap()
				b.StartTimer()
				snap := k.snapshot()
				b.StopTimer()
				memory = heap() - before
				if len(snap.Records) != n {
					b.Fatalf("%d records", len(snap.Records))
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(memory>>20), "MB-kept")
		})
		b.Run(fmt.Sprintf("warm/%d", n), func(b *testing.B) {
			version := 1
			for b.Loop() {
				b.StopTimer()
				version++
				k.page(realistic(7, version))
				b.StartTimer()
				k.snapshot()
			}
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkSaveRun(b *testing.B) {
	const n = 100_000
	k, run := filled(b, n)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			for _, table := range []string{"identity", "placement", "history", "run"} { // as before the first run ever
				k.exec("DELETE FROM " + table)
			}
			if k.onServer() {
				k.exec("ALTER TABLE run ALTER COLUMN num RESTART")
			} else {
				k.exec("DELETE FROM sqlite_sequence WHERE name = 'run'")
			}
			b.StartTimer()
			k.run(run)
		}
	})
	b.Run("quiet", func(b *testing.B) {
		for b.Loop() {
			k.run(run)
		}
	})
	for _, moved := range []int{100, 1000, n - 1} { // the item at that place moves to the top
		b.Run(fmt.Sprintf("moves/%d", moved), func(b *testing.B) {
			for turn := 0; b.Loop(); turn++ {
				b.StopTimer()
				next := run
				if turn%2 == 0 {
					next = toTop(run, moved)
				}
				b.StartTimer()
				k.run(next)
			}
		})
	}
}

// toTop is the run with one item moved to the top, so that all above it are one
// place further down.
func toTop(run engine.Run, place int) engine.Run {
	placed := make(map[work.ItemID]engine.Previous, len(run.Placements))
	for item, p := range run.Placements {
		switch {
		case p.Place == place:
			p.Place = 1
		case p.Place < place:
			p.Place++
		}
		placed[item] = p
	}
	run.Placements = placed
	run.Seats = seatsOf(run, 10)
	return run
}

// BenchmarkBeginAndFinish journals one edit before and after it was sent, as a
// connector does that writes one record at a time.
func BenchmarkBeginAndFinish(b *testing.B) {
	for _, size := range []int{1, 50} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			k := openBench(b)
			n := 0
			for b.Loop() {
				var edits []work.Edit
				var results []work.Result
				for range size {
					n++
					e := edit(strconv.Itoa(n), "High", "Low")
					edits, results = append(edits, e), append(results, work.Result{EditID: e.ID, State: work.Applied})
				}
				k.begin(edits...)
				k.finish(results...)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "edits/s")
		})
	}
}
