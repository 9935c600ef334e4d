package chaos_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// life is a firm from its first day to peace.
type life struct {
	*testing.T

	seed  uint64
	skip  map[int]bool
	shape shape
	dice  *rand.Rand // of the act that is played
	act   int

	ground  ground
	plot    plot  // where its store is
	wire    *wire // to a server; nil to a file
	cutOff  bool  // in this job a connection to the store broke
	births  int   // of processes
	jira    *jirasim.Site
	hub     *githubsim.Site
	folder  string
	high    int // least score of the first tier, in the rule file
	skew    time.Duration
	token   map[string]string // what the services take, by connector
	began   time.Time         // the cycle that runs
	struck  bool              // in this act something went wrong
	mail    []delivery        // announced and not yet delivered
	weather weather
	job     bool   // the act that is played is Tandem's
	spoiled string // the record of which a service refuses every write

	proc *process
	doom *doom // what strikes the process that runs
	book book

	mu     sync.Mutex
	story  []entry
	found  []violation
	faults map[string]int
	logged bytes.Buffer

	did, checked map[string]int
	acted        int
	converged    int
}

// entry is one line of the story.
type entry struct {
	at   time.Time
	act  int
	what string
}

// String writes the line.
func (e entry) String() string {
	return fmt.Sprintf("%s  #%-3d %s", e.at.Format("01-02 15:04:05"), e.act, e.what)
}

// violation is a promise that did not hold.
type violation struct {
	promise, item, what string
	at                  time.Time
	act                 int
}

func (l *life) tells(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.story = append(l.story, entry{time.Now(), l.act, fmt.Sprintf(format, args...)})
}

// broken notes a violation.
func (l *life) broken(promise, item, format string, args ...any) {
	v := violation{promise, item, fmt.Sprintf(format, args...), time.Now(), l.act}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, old := range l.found {
		if old.promise == v.promise && old.item == v.item && old.what == v.what {
			return
		}
	}
	l.found = append(l.found, v)
	l.story = append(l.story, entry{v.at, l.act, fmt.Sprintf("!!! %s is broken at %s: %s", promise, item, v.what)})
}

func (l *life) check(what string) { l.checked[what]++ }

// strikes counts a fault.
func (l *life) strikes(kind, where string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults[kind]++
	l.struck = true
	l.story = append(l.story, entry{time.Now(), l.act, "fault: " + kind + ", " + where})
}

func (l *life) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatalf("seed %d, act %d: %v", l.seed, l.act, err)
	}
}

// now is the clock of Tandem's machine.
func (l *life) now() time.Time {
	now := time.Now()
	l.plot.strikes(now)
	return now.Add(l.skew)
}

// born founds the firm and starts Tandem.
func born(t *testing.T, plot plot, seed uint64, skip map[int]bool) *life {
	t.Helper()
	l := &life{
		T: t, plot: plot, wire: plot.wired(), seed: seed, skip: skip, folder: t.TempDir(), high: 80, act: -1,
		faults: map[string]int{}, did: map[string]int{}, checked: map[string]int{},
		weather: weather{storms: map[string]bool{}, locked: map[string]bool{}},
		token:   map[string]string{"jira": "jira-token", "github": "github-token"},
	}
	l.dice = rand.New(rand.NewPCG(seed, 1))
	l.shape = shaped(l.dice)
	if l.isDense() {
		l.shape = l.shape.crowd(l.dice)
	}
	if more := rand.New(rand.NewPCG(seed, 2)); more.IntN(8) == 0 { // dice of its own: what was found before stays the same
		l.shape.quota = 300 + more.IntN(200)
	}
	l.shape.signs = rand.New(rand.NewPCG(seed, 3)).IntN(2) == 0
	l.tells("%+v", l.shape)
	world := l.shape.jira(l.dice)
	options := jirasim.Options{Now: time.Now, Hook: &jirasim.Hook{Secret: hookSecret}, Limits: l.shape.quota > 0}
	if l.shape.server {
		options.Deployment = jirasim.DataCenter
	}
	var err error
	l.jira, err = jirasim.New(world, options)
	l.ok(err)
	l.hub, err = githubsim.New(l.shape.hub(world.Issues, l.dice), githubsim.Options{Now: time.Now, URL: "https://api.github.com", Hook: &githubsim.Hook{Secret: hookSecret}, Limits: l.shape.quota > 0, Quota: l.shape.quota})
	l.ok(err)
	l.write("jira.token", l.token["jira"])
	l.write("github.token", l.token["github"])
	l.write("hook.secret", hookSecret)
	l.write("plan/roadmap.yaml", l.shape.plan())
	l.write("tandem.yaml", l.shape.settings(l.folder, plot.address()))
	l.write("rules.yaml", l.shape.rules(l.high))
	l.book.open(l)
	l.start()
	return l
}

func (l *life) write(name, text string) {
	l.Helper()
	path := filepath.Join(l.folder, name)
	l.ok(os.MkdirAll(filepath.Dir(path), 0o700))
	l.ok(os.WriteFile(path, []byte(text), 0o600))
}

func (l *life) read(name string) string {
	l.Helper()
	b, err := os.ReadFile(filepath.Join(l.folder, name))
	l.ok(err)
	return string(b)
}

func (l *life) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(locked{l}, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// locked writes the log of Tandem, from wherever.
type locked struct{ l *life }

// Write keeps what was logged.
func (w locked) Write(p []byte) (int, error) {
	w.l.mu.Lock()
	defer w.l.mu.Unlock()
	return w.l.logged.Write(p)
}

// site is the stand-in behind a connector; nil for files.
func (l *life) site(connector string) *sim.Gate {
	switch connector {
	case "jira":
		return l.jira.Gate
	case "github":
		return l.hub.Gate
	default:
		return nil
	}
}

// live plays all acts, then makes peace and judges.
func (l *life) live() {
	defer l.end()
	for n := range l.shape.acts {
		l.act, l.dice = n, rand.New(rand.NewPCG(l.seed, uint64(1000+n)))
		if l.skip[n] {
			continue
		}
		l.acted++
		l.minute()
		l.struck = false
		l.step()
		l.book.look(l)
		if len(l.found) > 0 {
			break
		}
	}
	l.act, l.dice = l.shape.acts, rand.New(rand.NewPCG(l.seed, 999))
	if len(l.found) == 0 {
		l.peace()
	}
	if len(l.found) == 0 {
		l.epilogue()
	}
}

// minute waits for the next whole minute, so that what took a little longer
// changes nothing of what follows.
func (l *life) minute() {
	now := time.Now()
	time.Sleep(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
}

func (l *life) end() {
	if l.proc != nil && l.proc.db != nil {
		l.proc.close()
	}
}

// hosts are the services by address.
func (l *life) hosts() sim.Network {
	return sim.Network{"acme.example": l.jira, "api.github.com": l.hub}
}

var _ http.RoundTripper = sim.Network{}
