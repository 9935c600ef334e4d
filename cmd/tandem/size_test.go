package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/store/pgtest"
)

// TestHowMuchADaemonTakes reads so many twins and tells what the process takes
// in memory, at rest and at most. It judges nothing: TANDEM_SIZE=5000 asks.
func TestHowMuchADaemonTakes(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("TANDEM_SIZE"))
	if err != nil || size < 1 {
		t.Skip("TANDEM_SIZE names no number of twins: make size SIZE=5000 runs it")
	}
	y := newYard(t, size)
	y.jira.SetFault(nil)
	y.github.SetFault(nil)
	y.settings = strings.NewReplacer("write: auto", "write: observe", "every: 1s", "every: 5s").Replace(y.settings)
	y.write("tandem.yaml", y.settings)
	began := time.Now()
	p := y.start()
	time.Sleep(3 * time.Second) // until there is a store
	for y.left() < size {
		time.Sleep(time.Second)
	}
	t.Logf("%d twins: decided after %v, at most %s", size, time.Since(began).Round(time.Second), y.memory(p, "VmHWM"))
	time.Sleep(20 * time.Second)
	t.Logf("%d twins: at rest %s", size, y.memory(p, "VmRSS"))
	y.end(p)
}

// memory reads one line of what the system knows of a process.
func (y *yard) memory(p *exec.Cmd, what string) string {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.Process.Pid), "status"))
	if err != nil {
		y.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), what+":")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

// TestHowFastNodesWrite tells how many changes a second arrive at the services
// from the first write to the last, on SQLite and with one, two and three nodes
// on PostgreSQL. It judges nothing either.
func TestHowFastNodesWrite(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("TANDEM_SIZE"))
	if err != nil || size < 1 {
		t.Skip("TANDEM_SIZE names no number of twins: make size SIZE=500 runs it")
	}
	size = min(size, 500)
	for _, nodes := range []int{0, 1, 2, 3} {
		y := newYard(t, size)
		if nodes > 0 {
			server, err := pgtest.New(t.Context())
			if errors.Is(err, pgtest.ErrNone) {
				t.Skip(err)
			}
			if err == nil {
				err = server.Run(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = server.Close() })
			y.database, y.address = "pgx", server.Address("postgres", "tandem")
			y.settings = strings.NewReplacer("sqlite:"+y.folder+"/tandem.db", y.address, "webhooks: {", "# webhooks: {").Replace(y.settings)
			y.write("tandem.yaml", y.settings)
		}
		var processes []*exec.Cmd
		for range max(nodes, 1) {
			processes = append(processes, y.start())
		}
		y.eventually("the first write", func() bool { return y.lastWrites() != [2]int{} })
		began, ended := time.Now(), time.Now()
		for last := y.lastWrites(); time.Since(ended) < 10*time.Second; time.Sleep(50 * time.Millisecond) {
			if now := y.lastWrites(); now != last {
				ended, last = time.Now(), now
			}
		}
		changes := len(y.jira.Writes().Effects(true)) + len(y.github.Writes().Effects(true))
		where := "SQLite"
		if nodes > 0 {
			where = "PostgreSQL, nodes: " + strconv.Itoa(nodes)
		}
		t.Logf("%s: %d changes of %d twins in %v, %.0f each second", where, changes, size, ended.Sub(began).Round(time.Millisecond), float64(changes)/ended.Sub(began).Seconds())
		for _, p := range processes {
			y.end(p)
		}
	}
}
