package scheduler_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/store"
	"tandem/internal/store/fresh"
	"tandem/internal/work"
	"tandem/scheduler"
)

// monday is when every story begins: far from midnight, so that hours pass
// within one day.
func monday() time.Time { return time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC) }

// firm is a company with Tandem at work: stand-ins of its services, its files,
// and everything of Tandem that is real: settings, rules, connectors, store.
type firm struct {
	testing.TB

	world  world
	jira   *jirasim.Site
	github *githubsim.Site // nil where the firm does not use it
	folder string
	// transport carries a connector's requests, by kind; stories may wrap it.
	transport map[string]http.RoundTripper

	settings  config.Settings
	instances map[string]connectors.Instance
	rules     *engine.Rules
	live      []scheduler.Live
	guard     plan.Guard
	db        *store.Store
	cycle     *scheduler.Cycle
	// wake lets a daemon look at once; nil where none runs.
	wake   func()
	killed bool // see daemonThatIsKilled
	// large is from how many records on cycles decide only what changed, and
	// decided counts how often one did.
	large, decided int
	// doubtEvery is after how many of those all is decided and compared.
	doubtEvery int
	// doubted lets all that is decided from changes alone be decided whole too.
	doubted bool
}

// story plays in a bubble of its own, where hours pass at once.
func story(t *testing.T, w world, tell func(f *firm)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday()))
		tell(found(t, w))
	})
}

// found builds the firm and starts Tandem.
func found(tb testing.TB, w world) *firm {
	tb.Helper()
	f := &firm{TB: tb, world: w, folder: tb.TempDir(), transport: map[string]http.RoundTripper{}}
	options := jirasim.Options{Now: time.Now}
	if w.hooks {
		options.Hook = &jirasim.Hook{Secret: hookSecret}
	}
	site, err := jirasim.New(w.jira(), options)
	f.ok(err)
	f.jira = site
	f.untampered()
	if w.github != nil {
		hub := githubsim.Options{Now: time.Now, URL: "https://api.github.com"}
		if w.hooks {
			hub.Hook = &githubsim.Hook{Secret: hookSecret}
		}
		f.github, err = githubsim.New(w.hub(), hub)
		f.ok(err)
		f.transport["github"] = sim.Network{"api.github.com": f.github}
		if !w.unjudged {
			f.transport["github"] = judging.Transport(judge.GitHub, f.transport["github"])
		}
	}
	f.settle()
	return f
}

// settle writes the files of the firm into its folder, and begins.
func (f *firm) settle() {
	f.Helper()
	f.write("jira.token", "jira-token")
	f.write("github.token", "github-token")
	f.write("hook.secret", hookSecret)
	f.write("plan/roadmap.yaml", f.world.plan())
	f.write("rules.yaml", f.world.rules(f))
	f.write("tandem.yaml", f.world.settings(f.folder))
	f.load()
	if path, ok := strings.CutPrefix(f.settings.Store, "sqlite:"); ok {
		fresh.Lay(f, path)
	}
	f.start()
	f.Cleanup(func() { f.ok(f.db.Close()) })
}

// load reads settings and rules as the command line does.
func (f *firm) load() {
	f.Helper()
	settings, document, found := config.Load(filepath.Join(f.folder, "tandem.yaml"), nil)
	if len(found) > 0 {
		f.Fatal(found)
	}
	schemas, places := map[string]work.Schema{}, map[string][]string{}
	instances := map[string]connectors.Instance{}
	for _, c := range settings.Connectors {
		definition, ok := all.Lookup(c.Kind)
		if !ok {
			f.Fatalf("no connector of kind %s", c.Kind)
		}
		instance, problems := definition.New(c.Name, c.Decode)
		if len(problems) > 0 {
			f.Fatal(c.Diagnose(problems))
		}
		schemas[c.Name], places[c.Name], instances[c.Name] = definition.Schema, instance.Places(), instance
	}
	f.settings = settings
	f.compile(document, engine.Env{Schemas: schemas, Places: places})
	f.guard = f.modes()
	f.instances = instances
	f.live = f.open(func(kind string) http.RoundTripper { return roads{f, kind} })
}

// open opens all connectors, with a way to each kind of service.
func (f *firm) open(way func(kind string) http.RoundTripper) []scheduler.Live {
	f.Helper()
	var live []scheduler.Live
	for _, c := range f.settings.Connectors {
		definition, _ := all.Lookup(c.Kind)
		program := f.rules.Program()
		needs, features := program.Needs(c.Name), program.Features(c.Name)
		var writes []connectors.Write
		for _, w := range program.Writes(c.Name, f.instances[c.Name].Places()) {
			writes = append(writes, connectors.Write(w))
		}
		conn, err := f.instances[c.Name].Open(f.Context(), connectors.Env{
			Name: c.Name, Owner: f.world.owner, Writes: writes, Fields: needs, Features: features, Watched: program.Watched(c.Name), Now: time.Now, Log: f.log(),
			Transport: way(c.Kind),
		})
		f.ok(err)
		live = append(live, scheduler.Live{Name: c.Name, Kind: c.Kind, Streams: definition.StreamsOf(f.instances[c.Name], slices.Concat(needs, features)), Conn: *conn})
	}
	return live
}

func (f *firm) compile(document *config.Document, env engine.Env) {
	f.Helper()
	rules, found := config.ReadRules(f.settings, document)
	if len(found) > 0 {
		f.Fatal(found)
	}
	var spec engine.Spec
	if found := rules.Decode(&spec); len(found) > 0 {
		f.Fatal(found)
	}
	compiled, problems := engine.Compile(spec, env)
	if len(problems) > 0 {
		f.Fatal(rules.Diagnose(problems))
	}
	f.rules = compiled
}

// modes is how far Tandem may go, by settings and rules.
func (f *firm) modes() plan.Guard {
	g := plan.Guard{
		Instance: f.settings.Write, Connectors: map[string]work.WriteMode{}, Teams: map[string]work.WriteMode{},
		Fields: map[work.Field]work.WriteMode{}, BrakeEdits: f.settings.Brake.Edits, BrakeShare: f.settings.Brake.Share,
		Ramp: f.rules.Adopt().Ramp,
		Calendar: plan.Calendar{
			Instance: f.settings.Windows(), Connectors: map[string]work.Windows{}, Teams: map[string]work.Windows{},
			Zone: f.settings.Location(), Zones: map[string]*time.Location{},
		},
	}
	for _, c := range f.settings.Connectors {
		g.Connectors[c.Name], g.Calendar.Connectors[c.Name] = c.Write, c.Windows
	}
	for _, t := range f.rules.Org().Teams() {
		g.Teams[t.Name], g.Calendar.Teams[t.Name] = t.Write, t.Windows
		if t.Timezone != "" {
			zone, err := time.LoadLocation(t.Timezone)
			f.ok(err)
			g.Calendar.Zones[t.Name] = zone
		}
	}
	for _, r := range f.rules.Program().Rules() {
		g.Fields[r.Field] = r.Write
	}
	return g
}

// roads looks the transport up for each request, so that a story can put
// something in its way.
type roads struct {
	firm *firm
	kind string
}

// RoundTrip takes the road of today.
func (r roads) RoundTrip(req *http.Request) (*http.Response, error) {
	road := r.firm.transport[r.kind]
	if road == nil {
		return nil, fmt.Errorf("%s reaches no network in these tests", r.kind)
	}
	return road.RoundTrip(req)
}

// start opens the store and begins to run cycles.
func (f *firm) start() {
	f.Helper()
	db, err := store.Open(f.Context(), f.settings.Store, f.settings.Instance, store.Options{Now: time.Now, Log: f.log()})
	f.ok(err)
	f.db = db
	if f.cycle = f.newCycle(db); f.doubted {
		f.cycle = f.newCycle(&doubting{Store: db, firm: f})
	}
}

func (f *firm) newCycle(s scheduler.Store) *scheduler.Cycle {
	return scheduler.New(scheduler.Config{
		Workers: f.workers(), Store: s, Rules: f.rules, Connectors: f.live, Guard: f.guard, ConfigHash: "test", Log: f.log(), Now: time.Now, Large: f.large, DoubtEvery: f.doubtEvery,
	})
}

// workers is how many records of a connector are written at a time; 0 is the
// usual number.
func (f *firm) workers() int {
	if f.world.oneWriter {
		return 1
	}
	return 0
}

// restart ends the process, as it were, and begins another.
func (f *firm) restart() {
	f.Helper()
	f.ok(f.db.Close())
	f.start()
}

func (f *firm) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *firm) write(name, text string) {
	f.Helper()
	path := filepath.Join(f.folder, name)
	f.ok(os.MkdirAll(filepath.Dir(path), 0o700))
	f.ok(os.WriteFile(path, []byte(text), 0o600))
}

// run runs one cycle; nobody is there to approve anything.
func (f *firm) run() scheduler.Report {
	f.Helper()
	return f.runWith(scheduler.None)
}

func (f *firm) runWith(approve scheduler.Approve) scheduler.Report {
	f.Helper()
	report, err := f.cycle.Run(f.Context(), approve)
	f.ok(err)
	return report
}

// look reads and decides, and writes nothing.
func (f *firm) look() scheduler.Report {
	f.Helper()
	report, err := f.cycle.Plan(f.Context())
	f.ok(err)
	return report
}

// pass lets time go by.
func (f *firm) pass(d time.Duration) { time.Sleep(d) }

// everything approves every edit.
func everything(plan.Planned) bool { return true }

// shown approves the edits of a plan that a person saw.
func shown(r scheduler.Report) scheduler.Approve {
	seen := map[string]bool{}
	for _, e := range r.Outcome.Plan.Edits {
		seen[e.ID] = true
	}
	return func(e plan.Planned) bool { return seen[e.ID] }
}

// sets gives an issue a value, which decides its priority.
func (f *firm) sets(key string, value float64) {
	f.Helper()
	f.person(key, func(i *jirasim.Issue) { i.Custom[valueField] = value })
}

// issue returns what stands in Jira now.
func (f *firm) issue(key string) jirasim.Issue {
	f.Helper()
	i, ok := f.jira.Issue(key)
	if !ok {
		f.Fatalf("%s is not in Jira", key)
	}
	return i
}

// priority is an issue's priority by name.
func (f *firm) priority(key string) string {
	f.Helper()
	return priorityName(f.issue(key).Priority)
}

// wrote returns what Tandem changed in Jira so far, each as "PAY-1 priority
// Major→Critical", in the order of arrival.
func (f *firm) wrote() []string { return spelled(f.jira.Writes(), true) }

func spelled(log *sim.Log, service bool) []string {
	all := []string{}
	for _, e := range log.Effects(service) {
		all = append(all, fmt.Sprintf("%s %s %s→%s", e.Ref, e.Field, e.From, e.To))
	}
	return all
}

// holds returns what is held, each as "PAY-1 priority changed_by_person",
// sorted.
func holds(r scheduler.Report) []string {
	all := []string{}
	for _, h := range r.Outcome.Plan.Holds {
		all = append(all, fmt.Sprintf("%s %s %s", h.Key, h.Field, h.Cause))
	}
	slices.Sort(all)
	return all
}

// edits returns what is planned, each as "PAY-1 priority Major→Critical ready",
// sorted.
func edits(r scheduler.Report) []string {
	all := []string{}
	for _, e := range r.Outcome.Plan.Edits {
		what := fmt.Sprintf("%s→%s", e.Expect, e.Value)
		if e.Target.Element != "" {
			what = map[work.Verb]string{work.AddLabel: "+", work.RemoveLabel: "-"}[e.Verb] + e.Target.Element
		}
		all = append(all, strings.Join([]string{e.Key, e.Field.String(), what, string(e.Gate)}, " "))
	}
	slices.Sort(all)
	return all
}

// letters returns what is set aside, each as "edit jira:PAY-1".
func (f *firm) letters() []string {
	f.Helper()
	list, err := f.db.DeadLetters(f.Context(), 100)
	f.ok(err)
	all := []string{}
	for _, l := range list {
		if l.Cause == "" || l.Remedy == "" {
			f.Errorf("%s %s is set aside without cause or remedy: %+v", l.What, l.Ref, l)
		}
		all = append(all, l.What+" "+l.Ref)
	}
	slices.Sort(all)
	return all
}

// ref is the stored name of an issue.
func (f *firm) ref(key string) work.RefID {
	f.Helper()
	return work.RefID{Connector: "jira", ID: fmt.Sprint(f.issue(key).ID)}
}
