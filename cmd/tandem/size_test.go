package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// These judge nothing: they tell figures for docs/benchmarks.md, of the program
// as make build makes it. TANDEM_SIZE, how many twins there are, asks for them.

// TestHowMuchADaemonTakes reads so many twins and tells what the process takes
// in memory: at most, right after the decision, and after a quiet minute.
func TestHowMuchADaemonTakes(t *testing.T) {
	size := sizeAsked(t)
	y := newYard(t, size)
	y.jira.SetFault(nil)
	y.github.SetFault(nil)
	y.settings = strings.NewReplacer("write: auto", "write: observe", "every: 1s", "every: 5s").Replace(y.settings)
	y.write("tandem.yaml", y.settings)
	program := y.build()
	began := time.Now()
	p := y.startProgram(program)
	y.until("everything is read", func(db *sql.DB) bool { return count(db, "SELECT count(*) FROM record") == 2*size })
	read := time.Since(began)
	y.until("everything is decided", func(db *sql.DB) bool {
		return count(db, "SELECT count(*) FROM placement") == size
	})
	t.Logf("%d twins: read in %v, %.0f records each second; decided after %v; load %s",
		size, read.Round(100*time.Millisecond), float64(2*size)/read.Seconds(), time.Since(began).Round(100*time.Millisecond), load())
	y.still(20 * time.Second)
	tell := func(when string) {
		t.Logf("%d twins: %s %s (%s of it the program itself), at most %s", size, when, y.memory(p, "VmRSS"), y.memory(p, "RssFile"), y.memory(p, "VmHWM"))
	}
	tell("20 s after the last decision")
	time.Sleep(70 * time.Second)
	tell("70 s later")
	y.end(p)
}

// still waits until nothing was decided for so long.
func (y *yard) still(span time.Duration) {
	runs, last := -1, time.Now()
	y.until("nothing is decided any more", func(db *sql.DB) bool {
		if now := count(db, "SELECT coalesce(max(num), 0) FROM run"); now != runs {
			runs, last = now, time.Now()
		}
		return time.Since(last) > span
	})
}

func sizeAsked(t *testing.T) int {
	t.Helper()
	size, err := strconv.Atoi(os.Getenv("TANDEM_SIZE"))
	if err != nil || size < 1 {
		t.Skip("TANDEM_SIZE names no number of twins: make size SIZE=5000 and make nodes run it")
	}
	return size
}

// build makes the program: what tests start is this test, which holds more.
func (y *yard) build() string {
	program := filepath.Join(y.folder, "program")
	build := exec.CommandContext(y.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		y.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// until waits until the store says something. There may be no store yet.
func (y *yard) until(what string, is func(db *sql.DB) bool) {
	db, err := sql.Open(y.database, y.address)
	if err != nil {
		y.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for began := time.Now(); !is(db); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 20*time.Minute {
			y.Fatalf("%s: not so after 20 minutes\n%s", what, y.log.String())
		}
	}
}

// count is what a query counts, -1 where there is nothing to ask yet.
func count(db *sql.DB, query string) int {
	n := 0
	if db.QueryRow(query).Scan(&n) != nil {
		return -1
	}
	return n
}

// memory reads one line of what the system knows of a process.
func (y *yard) memory(p *exec.Cmd, what string) string {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.Process.Pid), "status"))
	if err != nil {
		y.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), what+":")
	line, _, _ := strings.Cut(rest, "\n")
	kilobytes, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(line), " kB"))
	return fmt.Sprintf("%.1f MB", float64(kilobytes)*1024/1e6)
}

// load is how busy the machine was in the last minute: figures of a busy one
// say little.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// TestHowFastNodesWork tells how many records a second arrive in the store from
// the start of the processes to the last record, and how many changes at the
// services from the first write to the last, on SQLite and with one, two and
// three nodes on PostgreSQL. Each answer of a service takes 0 to 40 ms. There
// are two connectors, so a third node has only the deciding to do.
func TestHowFastNodesWork(t *testing.T) {
	size := sizeAsked(t)
	y := newYard(t, 1)
	program := y.build()
	for _, nodes := range []int{0, 1, 2, 3} {
		where := "SQLite"
		if nodes > 0 {
			where = fmt.Sprintf("PostgreSQL, nodes: %d", nodes)
		}
		t.Run(where, func(t *testing.T) {
			y := newYard(t, size)
			if nodes > 0 {
				y.onServer(t)
			}
			y.work(program, max(nodes, 1), where)
		})
	}
}

// work lets so many processes read and write everything, and tells how fast.
func (y *yard) work(program string, nodes int, where string) {
	records := "SELECT count(*) FROM record"
	if y.database != "sqlite" {
		records = "SELECT count(*) FROM tandem.record"
	}
	var processes []*exec.Cmd
	began := time.Now()
	for range nodes {
		processes = append(processes, y.startProgram(program))
	}
	y.until("everything is read", func(db *sql.DB) bool { return count(db, records) == 2*y.size })
	read := time.Since(began)
	for began := time.Now(); y.lastWrites() == [2]int{}; time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 5*time.Minute {
			y.Fatalf("nothing is written\n%s", y.log.String())
		}
	}
	first, last := time.Now(), time.Now()
	for seen := y.lastWrites(); time.Since(last) < 15*time.Second; time.Sleep(50 * time.Millisecond) {
		if now := y.lastWrites(); now != seen {
			last, seen = time.Now(), now
		}
	}
	changes := len(y.jira.Writes().Effects(true)) + len(y.github.Writes().Effects(true))
	wrote := last.Sub(first)
	y.Logf("%s: %d records read in %v, %.0f each second; %d changes in %v, %.0f each second; load %s", where,
		2*y.size, read.Round(10*time.Millisecond), float64(2*y.size)/read.Seconds(), changes, wrote.Round(10*time.Millisecond), float64(changes)/wrote.Seconds(), load())
	for _, p := range processes {
		y.end(p)
	}
}
