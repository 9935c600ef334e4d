//go:build !windows

package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// TestS9ANodeThatIsStoppedAndNotKilledWritesNothingWhenItWakesLate stops
// one of two processes (SIGSTOP) as soon as the journal shows that it began an
// edit, until its lease is over and the other one has taken its work over, and
// lets it go on (SIGCONT): what it meant to send is too late then. TANDEM_KILLS
// asks for it, a stop for every fifth kill: each takes as long as a lease.
func TestS9ANodeThatIsStoppedAndNotKilledWritesNothingWhenItWakesLate(t *testing.T) {
	t.Parallel()
	if os.Getenv("TANDEM_KILLS") == "" {
		t.Skip("TANDEM_KILLS names no number of kills: make kill KILLS=20 runs it, half a minute for each fifth")
	}
	y := newYard(t, 60)
	y.onServer(t, "fsync=off")
	processes := map[string]*exec.Cmd{}
	for len(processes) < 2 {
		p := y.start()
		y.eventually("a new node", func() bool {
			for _, name := range y.nodes() {
				if processes[name] == nil {
					processes[name] = p
					return true
				}
			}
			return false
		})
	}
	stop := y.people()
	caught := 0
	rounds := max(killsAsked(t)/5, 2)
	for range rounds {
		duty, node := y.begun()
		p := processes[node]
		y.signal(p, syscall.SIGSTOP)
		if y.count("SELECT count(*) FROM journal WHERE state = 'begun' AND connector = $1", duty) > 0 {
			caught++
		}
		for began := time.Now(); y.holder(duty) == node; time.Sleep(50 * time.Millisecond) {
			if time.Since(began) > 2*time.Minute {
				t.Fatalf("nobody took %s over from a node that was stopped\n%s", duty, y.log.String())
			}
		}
		time.Sleep(3 * time.Second) // the other one reads back, and goes on
		y.signal(p, syscall.SIGCONT)
		time.Sleep(2 * time.Second)
	}
	stop()
	y.rest(time.Now())
	for _, p := range processes {
		y.end(p)
	}
	t.Logf("%d stops, %d of them between journal and answer", rounds, caught)
	if caught == 0 {
		t.Error("no process was stopped while an edit was on its way")
	}
	y.judge()
}

func (y *yard) signal(p *exec.Cmd, s syscall.Signal) {
	y.Helper()
	if err := p.Process.Signal(s); err != nil {
		y.Fatal(err)
	}
}

// begun waits until an edit begins, and returns at which connector, and the
// node that sends it.
func (y *yard) begun() (duty, node string) {
	y.Helper()
	db := y.open()
	defer func() { _ = db.Close() }()
	newest := y.count("SELECT coalesce(max(num), 0) FROM journal")
	for began := time.Now(); time.Since(began) < time.Minute; {
		err := db.QueryRowContext(y.Context(), `SELECT l.duty, l.node FROM journal j JOIN lease l ON l.duty = j.connector AND l.token = j.token
			WHERE j.state = 'begun' AND j.num > $1 LIMIT 1`, newest).Scan(&duty, &node)
		if err == nil {
			return duty, node
		}
		if !errors.Is(err, sql.ErrNoRows) {
			y.Fatal(err)
		}
	}
	y.Fatalf("no edit begins\n%s", y.log.String())
	return "", ""
}

// holder is the node that has a duty.
func (y *yard) holder(duty string) (node string) {
	y.Helper()
	db := y.open()
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(y.Context(), "SELECT node FROM lease WHERE duty = $1", duty).Scan(&node); err != nil {
		y.Fatal(err)
	}
	return node
}

// nodes are those that the store knows; none before there is a store.
func (y *yard) nodes() (names []string) {
	db := y.open()
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(context.WithoutCancel(y.Context()), "SELECT name FROM node")
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if rows.Scan(&name) == nil {
			names = append(names, name)
		}
	}
	if rows.Err() != nil {
		return nil
	}
	return names
}

func (y *yard) count(query string, args ...any) (n int) {
	y.Helper()
	db := y.open()
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(y.Context(), query, args...).Scan(&n); err != nil {
		y.Fatal(err)
	}
	return n
}

func (y *yard) open() *sql.DB {
	y.Helper()
	db, err := sql.Open(y.database, y.address)
	if err != nil {
		y.Fatal(err)
	}
	return db
}
