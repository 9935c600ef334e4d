package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/store/pgtest"
)

// TestS9ProcessesThatAreKilledLoseNothingAndWriteNothingTwice kills tandem run
// at random moments while people work, and looks at the end whether everything
// stands where it should, once. TANDEM_KILLS asks for more kills.
func TestS9ProcessesThatAreKilledLoseNothingAndWriteNothingTwice(t *testing.T) {
	t.Parallel()
	kills, size := killsAsked(t), 150
	if kills == 0 {
		kills, size = someKills, 60
	}
	y := newYard(t, size)
	stop := y.people()
	rng := rand.New(rand.NewPCG(uint64(kills), 1))
	start := y.begin()
	var toWrite []time.Duration
	killed := 1
	for ; killed < kills; killed++ {
		first := y.live(start/2 + time.Duration(rng.Int64N(int64(2*start))))
		if first > 0 {
			toWrite = append(toWrite, first)
		}
	}
	stop()
	last := y.peace()
	toWrite = append(toWrite, last)
	slices.Sort(toWrite)
	t.Logf("%d kills, %d changes of people, %d of Tandem; %d of %d lives wrote, the first time after %v (median) to %v (most)",
		killed, len(y.jira.Writes().Effects(false))+len(y.github.Writes().Effects(false)), len(y.jira.Writes().Effects(true))+len(y.github.Writes().Effects(true)),
		len(toWrite), killed+1, toWrite[len(toWrite)/2].Round(time.Millisecond), toWrite[len(toWrite)-1].Round(time.Millisecond))
	if most := toWrite[len(toWrite)-1]; most > 5*time.Second {
		t.Errorf("it took %v from the start to the first write", most)
	}
	y.judge()
}

// TestS9NodesThatAreKilledTogetherWithTheirStoreWriteNothingTwice lets
// processes share a store in PostgreSQL, kills one after the other at random
// moments, and now and then the server under them. TANDEM_KILLS asks for more
// kills, and for one, two and three processes.
func TestS9NodesThatAreKilledTogetherWithTheirStoreWriteNothingTwice(t *testing.T) {
	t.Parallel()
	kills := killsAsked(t)
	if kills == 0 {
		killNodes(t, 2, someKills/2, 30)
		return
	}
	for nodes := 1; nodes <= 3; nodes++ {
		t.Run(strconv.Itoa(nodes), func(t *testing.T) { killNodes(t, nodes, kills, 60) }) //nolint:paralleltest // they would take each other's time
	}
}

func killNodes(t *testing.T, count, kills, size int) {
	t.Helper()
	y := newYard(t, size)
	server := y.onServer(t, "fsync=off")
	if killsAsked(t) == 0 {
		y.quiet = shortQuiet
	}
	stop := y.people()
	rng := rand.New(rand.NewPCG(uint64(kills), uint64(count)))
	var nodes []*exec.Cmd
	for range count {
		nodes = append(nodes, y.start())
	}
	crashes := 0
	for n := range kills {
		time.Sleep(time.Duration(300+rng.IntN(1200)) * time.Millisecond)
		at := rng.IntN(len(nodes))
		if err := nodes[at].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = nodes[at].Wait() // it was killed
		if n%4 == 3 {
			crashes++
			if err := errors.Join(server.Crash(), server.Run(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
		nodes[at] = y.start()
	}
	stop()
	time.Sleep(2 * time.Second)
	for at, node := range nodes {
		if gone(node) { // it began while the server was down; whoever keeps it running begins it again
			_ = node.Wait()
			nodes[at] = y.start()
		}
	}
	y.rest(time.Now())
	for _, node := range nodes {
		y.end(node)
	}
	t.Logf("%d nodes, %d kills, %d crashes of the store, %d changes of people, %d of Tandem", count, kills, crashes,
		len(y.jira.Writes().Effects(false))+len(y.github.Writes().Effects(false)), len(y.jira.Writes().Effects(true))+len(y.github.Writes().Effects(true)))
	y.judge()
}

// someKills is how many kills there are where nobody asks for more.
const someKills = 20

// shortQuiet is how long nothing may be written in the end where nobody asks
// for more kills: longer than a lease of a process that died lasts.
const shortQuiet = 33 * time.Second

// killsAsked is how many kills somebody asks for; 0 where nobody does.
func killsAsked(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TANDEM_KILLS")
	kills, err := strconv.Atoi(text)
	switch {
	case text == "" && raceDetector:
		t.Skip("TANDEM_KILLS names no number of kills, and the race detector is too slow for a few: make test and make kill run it")
	case text != "" && (err != nil || kills < 1):
		t.Fatalf("TANDEM_KILLS is %q, which is no number of kills", text)
	}
	return kills
}

// onServer puts the store on a server of PostgreSQL, which is started for it
// with these settings.
func (y *yard) onServer(t *testing.T, settings ...string) *pgtest.Server {
	t.Helper()
	server, err := pgtest.New(t.Context(), settings...)
	if errors.Is(err, pgtest.ErrNone) {
		t.Skip(err)
	}
	if err == nil {
		err = server.Run(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	y.database, y.address = "pgx", server.Address("postgres", "tandem")
	y.settings = strings.NewReplacer("sqlite:"+y.folder+"/tandem.db", y.address, "webhooks: {", "# webhooks: {").Replace(y.settings)
	y.write("tandem.yaml", y.settings)
	y.quiet = 45 * time.Second
	return server
}

// people change things on both sides until the returned function is called,
// and the services announce it, whether somebody listens or not.
func (y *yard) people() (stop func()) {
	ctx, cancel := context.WithCancel(y.Context())
	var group sync.WaitGroup
	rng := rand.New(rand.NewPCG(7, 7))
	group.Go(func() {
		for ctx.Err() == nil {
			y.act(rng)
			y.announce(ctx)
			time.Sleep(time.Duration(5+rng.IntN(25)) * time.Millisecond)
		}
	})
	return func() {
		cancel()
		group.Wait()
	}
}

// begin lets one process work until it wrote, kills it, and returns how long
// that took: lives are as long as that, more or less.
func (y *yard) begin() time.Duration {
	began := time.Now()
	p := y.start()
	y.eventually("the first write", func() bool { return y.lastWrites() != [2]int{} })
	if err := p.Process.Kill(); err != nil {
		y.Fatal(err)
	}
	_ = p.Wait() // it was killed
	return time.Since(began)
}

// live lets one process work for so long, kills it, and returns how long it
// took until it first wrote; 0 where it did not.
func (y *yard) live(life time.Duration) time.Duration {
	seen := y.lastWrites()
	began := time.Now()
	p := y.start()
	time.Sleep(life)
	if err := p.Process.Kill(); err != nil {
		y.Fatal(err)
	}
	_ = p.Wait() // it was killed
	return y.firstWrite(seen, began)
}

// peace lets one process work until nothing is written any more.
func (y *yard) peace() time.Duration {
	seen, began := y.lastWrites(), time.Now()
	p := y.start()
	y.rest(began)
	y.end(p)
	return y.firstWrite(seen, began)
}

// gone reports whether a process ended by itself because the server of its
// store did not answer when it began.
func gone(p *exec.Cmd) bool {
	state, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.Process.Pid), "stat"))
	return err == nil && strings.Contains(string(state), ") Z ")
}

// rest waits until nothing is written any more: longer than a lease of a
// process that died lasts, where several share a store.
func (y *yard) rest(began time.Time) {
	quietFor := y.quiet
	for quiet, last := time.Now(), y.lastWrites(); time.Since(quiet) < quietFor; time.Sleep(100 * time.Millisecond) {
		y.announce(y.Context())
		if now := y.lastWrites(); now != last {
			quiet, last = time.Now(), now
		}
		if time.Since(began) > 4*time.Minute {
			y.Fatalf("no peace after four minutes: %d edits are left\n%s", y.left(), y.log.String())
		}
		if time.Since(quiet) > quietFor-time.Second && y.left() > 0 {
			quiet = time.Now()
		}
	}
}

// left is how many edits the newest run has.
func (y *yard) left() int {
	out, err := exec.CommandContext(y.Context(), "tandem", "runs", "--json", "--config", filepath.Join(y.folder, "tandem.yaml")).Output()
	var kept struct {
		Runs []struct{ Edits int } `json:"runs"`
	}
	if err == nil {
		err = json.Unmarshal(out, &kept)
	}
	if err != nil {
		y.Fatalf("tandem runs --json: %v\n%s", err, out)
	}
	if len(kept.Runs) == 0 {
		return 1 // nothing was decided yet
	}
	return kept.Runs[0].Edits
}

// end stops a process in order.
func (y *yard) end(p *exec.Cmd) {
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		y.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		y.Errorf("a process that was asked to end ended with %v: %q", err, y.log.last)
	}
}

func (y *yard) start() *exec.Cmd { return y.startProgram("tandem") }

func (y *yard) startProgram(program string) *exec.Cmd {
	p := exec.CommandContext(y.Context(), program, "run", "--config", filepath.Join(y.folder, "tandem.yaml"))
	p.Stdout, p.Stderr = io.Discard, &y.log
	if err := p.Start(); err != nil {
		y.Fatal(err)
	}
	return p
}

// lastWrites are the numbers of the last writes in both services.
func (y *yard) lastWrites() (last [2]int) {
	for i, log := range []*sim.Log{y.jira.Writes(), y.github.Writes()} {
		for _, w := range log.All() {
			if w.Service {
				last[i] = w.Seq
			}
		}
	}
	return last
}

// firstWrite is how long after a moment Tandem's first new write came.
func (y *yard) firstWrite(seen [2]int, began time.Time) time.Duration {
	first := time.Time{}
	for i, log := range []*sim.Log{y.jira.Writes(), y.github.Writes()} {
		for _, w := range log.Since(seen[i]) {
			if w.Service && len(w.Effects) > 0 && (first.IsZero() || w.At.Before(first)) {
				first = w.At
			}
		}
	}
	if first.IsZero() {
		return 0
	}
	return max(first.Sub(began), time.Millisecond)
}

// announce sends what the services have to tell. Nobody may listen.
func (y *yard) announce(ctx context.Context) {
	post := func(name string, header http.Header, body []byte) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+y.hooks+"/hooks/"+name, bytes.NewReader(body))
		if err != nil {
			return
		}
		r.Header = header
		if resp, err := http.DefaultClient.Do(r); err == nil {
			_ = resp.Body.Close()
		}
	}
	for _, d := range y.jira.Deliveries() {
		post("jira", d.Header(), d.Body)
	}
	for _, d := range y.github.Deliveries() {
		post("github", d.Header(), d.Body)
	}
}
