package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
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

	_ "tandem/internal/store" // its drivers read the journal

	"tandem/internal/sim"
	"tandem/internal/store/pgtest"
)

// TestS9ProcessesThatAreKilledLoseNothingAndWriteNothingTwice kills tandem run
// at random moments while people work, and looks at the end whether everything
// stands where it should, once. TANDEM_KILLS asks for more kills.
func TestS9ProcessesThatAreKilledLoseNothingAndWriteNothingTwice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes 20 s")
	}
	kills, size := 20, 40
	if n, err := strconv.Atoi(os.Getenv("TANDEM_KILLS")); err == nil && n > 0 {
		kills, size = n, 150
	}
	y := newYard(t, size)
	stop := y.people()
	rng := rand.New(rand.NewPCG(uint64(kills), 1))
	var toWrite []time.Duration
	for range kills {
		first := y.live(time.Duration(150+rng.IntN(900)) * time.Millisecond)
		if first > 0 {
			toWrite = append(toWrite, first)
		}
	}
	stop()
	last := y.peace()
	toWrite = append(toWrite, last)
	slices.Sort(toWrite)
	t.Logf("%d kills, %d changes of people, %d of Tandem; %d of %d lives wrote, the first time after %v (median) to %v (most)",
		kills, len(y.jira.Writes().Effects(false))+len(y.github.Writes().Effects(false)), len(y.jira.Writes().Effects(true))+len(y.github.Writes().Effects(true)),
		len(toWrite), kills+1, toWrite[len(toWrite)/2].Round(time.Millisecond), toWrite[len(toWrite)-1].Round(time.Millisecond))
	if most := toWrite[len(toWrite)-1]; most > 5*time.Second {
		t.Errorf("it took %v from the start to the first write", most)
	}
	y.judge()
}

// TestS9NodesThatAreKilledTogetherWithTheirStoreWriteNothingTwice lets three
// processes share a store in PostgreSQL, kills one after the other at random
// moments, and now and then the server under them.
func TestS9NodesThatAreKilledTogetherWithTheirStoreWriteNothingTwice(t *testing.T) {
	t.Parallel()
	kills, err := strconv.Atoi(os.Getenv("TANDEM_KILLS"))
	if err != nil || kills < 1 {
		t.Skip("leases of the dead take their time; make kill KILLS=10 runs it")
	}
	server, err := pgtest.New(t.Context(), "fsync=off")
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
	y := newYard(t, 60)
	y.database, y.address = "pgx", server.Address("postgres", "tandem")
	y.settings = strings.NewReplacer("sqlite:"+y.folder+"/tandem.db", y.address, "webhooks: {", "# webhooks: {").Replace(y.settings)
	y.write("tandem.yaml", y.settings)
	stop := y.people()
	rng := rand.New(rand.NewPCG(uint64(kills), 2))
	nodes := []*exec.Cmd{y.start(), y.start(), y.start()}
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
	y.rest(time.Now())
	for _, node := range nodes {
		if !gone(node) { // one that began while the server was down ended, and whoever keeps it running begins it again
			y.end(node)
		}
	}
	t.Logf("%d kills, %d crashes of the store, %d changes of people, %d of Tandem", kills, crashes,
		len(y.jira.Writes().Effects(false))+len(y.github.Writes().Effects(false)), len(y.jira.Writes().Effects(true))+len(y.github.Writes().Effects(true)))
	y.judge()
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
	quietFor := 3 * time.Second
	if y.database != "sqlite" {
		quietFor = 45 * time.Second
	}
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
	if err != nil || len(kept.Runs) == 0 {
		y.Fatalf("tandem runs --json: %v\n%s", err, out)
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

func (y *yard) start() *exec.Cmd {
	p := exec.CommandContext(y.Context(), "tandem", "run", "--config", filepath.Join(y.folder, "tandem.yaml"))
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

// judge looks whether everything stands where it should, once.
func (y *yard) judge() {
	y.planIsEmpty()
	y.personsStay()
	y.nothingIsDouble()
	y.twinsAgree()
	y.onlyOwnPlaces()
	y.everyWriteIsExplained()
}

// planIsEmpty holds promise S4.
func (y *yard) planIsEmpty() {
	out, err := exec.CommandContext(y.Context(), "tandem", "plan", "--json", "--config", filepath.Join(y.folder, "tandem.yaml")).Output()
	if err != nil {
		y.Errorf("tandem plan: %v", err)
	}
	var plan struct {
		Edits []json.RawMessage `json:"edits"`
	}
	if err := json.Unmarshal(out, &plan); err != nil {
		y.Errorf("tandem plan --json: %v\n%s", err, out)
	}
	if len(plan.Edits) > 0 {
		y.Errorf("%d edits are left, the first is %s", len(plan.Edits), plan.Edits[0])
	}
}

// nothingIsDouble holds promise S9: comments, links, labels.
func (y *yard) nothingIsDouble() {
	comments := 0
	for n := range y.size {
		i, _ := y.jira.Issue(jiraKey(n))
		own := 0
		for _, c := range i.Comments {
			if c.Author == botPerson {
				own++
			}
		}
		links := map[string]int{}
		for _, l := range i.Remote {
			links[l.GlobalID]++
		}
		for id, count := range links {
			if count > 1 {
				y.Errorf("%s has the link %s %d times", i.Key, id, count)
			}
		}
		hub, _ := y.github.Issue(hubKey(n))
		for _, c := range hub.Comments {
			if c.Author == "tandem-bot" {
				own += 10
			}
		}
		if own != 11 {
			y.Errorf("%s and its twin have %d and %d comments of Tandem", i.Key, own%10, own/10)
		}
		comments += own%10 + own/10
		for _, prefix := range []string{"priority/", "roadmap/"} {
			if of := labelsOf(hub.Labels, prefix); len(of) > 1 && !y.crossed[hub.Key()] {
				y.Errorf("%s has the labels %v", hub.Key(), of)
			}
		}
		if of := labelsOf(i.Labels, "roadmap/"); len(of) > 1 {
			y.Errorf("%s has the labels %v", i.Key, of)
		}
	}
	if comments == 0 {
		y.Error("Tandem made no comment")
	}
}

func labelsOf(labels []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return !strings.HasPrefix(l, prefix) })
}

// twinsAgree compares both sides of every issue that no person decided.
func (y *yard) twinsAgree() {
	for n := range y.size {
		i, _ := y.jira.Issue(jiraKey(n))
		hub, _ := y.github.Issue(hubKey(n))
		value, _ := i.Custom[valueField].(float64)
		tier := tierOf(value)
		if n%personal == 0 {
			continue
		}
		if got := priorityName(i.Priority); got != tierName(tier) {
			y.Errorf("%s of value %v has the priority %s, want %s", i.Key, value, got, tierName(tier))
		}
		if got := labelsOf(hub.Labels, "priority/"); !slices.Equal(got, []string{"priority/p" + tier}) {
			y.Errorf("%s of value %v has the labels %v, want priority/p%s", hub.Key(), value, got, tier)
		}
		if j, h := labelsOf(i.Labels, "roadmap/"), labelsOf(hub.Labels, "roadmap/"); !slices.Equal(j, h) || len(j) != 1 {
			y.Errorf("%s has %v, its twin %v", i.Key, j, h)
		}
	}
}

// onlyOwnPlaces holds promise S2.
func (y *yard) onlyOwnPlaces() {
	owned := func(e sim.Effect) bool {
		label := strings.HasPrefix(e.From+e.To, "priority/p") || strings.HasPrefix(e.From+e.To, "roadmap/")
		field, _, _ := strings.Cut(e.Field, " ")
		return field == "labels" && label || field == "label" || field == "priority" || field == "property" || field == "comment" || strings.HasPrefix(field, "remote")
	}
	for _, e := range slices.Concat(y.jira.Writes().Effects(true), y.github.Writes().Effects(true)) {
		if !owned(e) {
			y.Errorf("Tandem changed %s of %s from %q to %q", e.Field, e.Ref, e.From, e.To)
		}
	}
}

// crossing is how long before a request GitHub may have been asked what stands
// there. No service lets a label be added only if no other one stands there: a
// person who sets one meanwhile finds both, which is held and shown.
const crossing = 3 * time.Second

// personsStay holds promise S1: what a person set against Tandem's wish is
// never written over.
func (y *yard) personsStay() {
	set := map[string]sim.Write{}
	held := 0
	for _, w := range slices.Concat(y.jira.Writes().All(), y.github.Writes().All()) {
		for _, e := range w.Effects {
			if !strings.HasPrefix(e.From+e.To, "priority/p") && e.Field != "priority" {
				continue
			}
			before, ok := set[e.Ref]
			if ok && w.Service && e.From == "" && strings.HasPrefix(e.To, "priority/p") && w.At.Sub(before.At) < crossing {
				y.crossed[e.Ref] = true
				continue
			}
			if ok && w.Service {
				y.Errorf("Tandem changed %s of %s from %q to %q at %v, which a person had set at %v", e.Field, e.Ref, e.From, e.To, w.At, before.At)
			}
			if !w.Service {
				set[e.Ref] = w
				held++
			}
		}
	}
	y.Logf("%d labels of people and of Tandem crossed on their way", len(y.crossed))
	if held == 0 {
		y.Error("no person decided anything")
	}
}

// everyWriteIsExplained holds promise S13: the journal knows every change and
// its reason, and nothing of it is open.
func (y *yard) everyWriteIsExplained() {
	db, err := sql.Open(y.database, y.address)
	if err != nil {
		y.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(y.Context(), "SELECT body, state, waits FROM journal")
	if err != nil {
		y.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	known := map[string]bool{}
	states := map[string]int{}
	for rows.Next() {
		var body []byte
		var state string
		var waits int
		if err := rows.Scan(&body, &state, &waits); err != nil {
			y.Fatal(err)
		}
		var e struct {
			Key, Because string
			Target       struct{ Path, Element string }
		}
		if err := json.Unmarshal(body, &e); err != nil {
			y.Fatal(err)
		}
		if e.Because == "" {
			y.Errorf("an edit of %s has no reason: %s", e.Key, body)
		}
		states[state]++
		known[e.Key+" "+e.Target.Path] = true
		if waits != 0 {
			y.Errorf("an edit of %s is still open: %s %s", e.Key, state, body)
		}
	}
	if err := rows.Err(); err != nil {
		y.Fatal(err)
	}
	y.Logf("the journal knows %v", states)
	for _, e := range slices.Concat(y.jira.Writes().Effects(true), y.github.Writes().Effects(true)) {
		field, _, _ := strings.Cut(e.Field, " ")
		path := map[string]string{"property": "tandem"}[field]
		for own := range maps.Keys(map[string]bool{field: true, path: true, "marker": field == "property", "remote_link": strings.HasPrefix(field, "remote")}) {
			if known[e.Ref+" "+own] {
				path = "found"
			}
		}
		if path != "found" && field != "label" {
			y.Errorf("nothing explains the change of %s of %s from %q to %q", e.Field, e.Ref, e.From, e.To)
		}
	}
}

// freeAddress is one of the loopback that nobody listens at.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return fmt.Sprint(l.Addr())
}
