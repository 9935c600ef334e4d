package demo_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/sim/company"
)

// oracle tells what must stand in Acme's services after a cycle. It was written
// from Acme's rules and the documents, apart from the engine, and shares no
// code with it: it loops over the stand-ins' worlds, one issue after the other.
//
// It knows of the last cycles only what it told itself: what Tandem wrote, who
// was joined, and where the work stood.
type oracle struct {
	jiraURL string
	today   time.Time
	memory  memory
}

// memory is what one cycle leaves to the next.
type memory struct {
	joined  map[string]string   // ref → id of its piece
	last    map[string][]string // spot → what Tandem wrote there last, or found right
	place   map[string]int      // id of a piece → place in the order
	tier    map[string]string
	horizon map[string]string
}

func newOracle(jiraURL string) *oracle {
	return &oracle{jiraURL: jiraURL, memory: memory{
		joined: map[string]string{}, last: map[string][]string{}, place: map[string]int{}, tier: map[string]string{}, horizon: map[string]string{},
	}}
}

// clone returns an oracle that knows the same and forgets what this one learns.
func (o *oracle) clone() *oracle {
	m := o.memory
	return &oracle{jiraURL: o.jiraURL, memory: memory{
		joined: maps.Clone(m.joined), last: maps.Clone(m.last), place: maps.Clone(m.place), tier: maps.Clone(m.tier), horizon: maps.Clone(m.horizon),
	}}
}

// told is what the oracle says of one cycle.
type told struct {
	// stands is what must stand at each issue after the cycle, by name: one
	// line for the priority of a Jira issue, one for each label.
	stands map[string][]string
	// written and shown are edits, as "github:acme/pay#7 horizon +roadmap/now":
	// those of adopted teams, and those of teams that are only observed.
	written, shown []string
	// held are values that Tandem would write and must not, as
	// "jira:PAY-12 priority changed_by_person".
	held []string
	// because explains an issue, by name.
	because map[string]string
	// work finds the piece of an issue, by name.
	work map[string]*piece
}

// cycle tells what one cycle does to the world.
func (o *oracle) cycle(w world, feedback []company.Feedback, now time.Time) told {
	t := told{written: []string{}, stands: map[string][]string{}, because: map[string]string{}, work: map[string]*piece{}}
	o.today = now.UTC().Truncate(24 * time.Hour)
	all := w.read(o.jiraURL, now)
	works, clashes := pieces(all, o.memory.joined)
	t.held = clashes

	about := map[string][]company.Feedback{}
	for _, row := range feedback {
		about[row.About] = append(about[row.About], row)
	}
	teams := map[string][]*piece{}
	var open []*piece
	for _, work := range works {
		j := work.jira()
		if j != nil {
			work.evidence = hear(about[j.key])
		}
		weight := goalWeight(work.goal())
		work.why, work.next = rice(j, work.evidence, weight), wsjf(j, weight)
		if chosen, _ := o.people(work, fieldHorizon); chosen.value != "" {
			work.horizon, work.fixed = chosen.value, !work.done()
		}
		if work.done() {
			work.horizon = ""
			continue
		}
		open = append(open, work)
		teams[work.team] = append(teams[work.team], work)
	}
	for team, members := range teams {
		o.horizons(team, members)
	}
	o.tiers(open)
	slices.SortFunc(open, o.byOrder)
	for _, work := range works {
		for _, field := range []string{fieldGoal, fieldHorizon, fieldPriority, fieldRole} {
			o.decide(&t, work, field)
		}
		for _, i := range work.issues {
			t.work[i.name()], t.because[i.name()] = work, explain(work)
			t.stands[i.name()] = lines(i)
		}
	}
	o.remember(works, open)
	slices.Sort(t.held)
	slices.Sort(t.written)
	slices.Sort(t.shown)
	return t
}

// remember is what the next cycle knows of this one.
func (o *oracle) remember(works, open []*piece) {
	o.memory.joined = map[string]string{}
	for _, work := range works {
		for _, i := range work.issues {
			o.memory.joined[i.ref()] = work.id()
		}
	}
	clear(o.memory.place)
	clear(o.memory.horizon)
	for n, work := range open {
		o.memory.place[work.id()], o.memory.horizon[work.id()] = n+1, work.horizon
	}
	maps.DeleteFunc(o.memory.tier, func(id, _ string) bool { return o.memory.place[id] == 0 })
}

// explain says in one line why a piece stands where it stands.
func explain(w *piece) string {
	var names []string
	for _, i := range w.issues {
		names = append(names, i.name())
	}
	return fmt.Sprintf("%s, born %s, %s %s, why %.1f (%d accounts, confidence %.2f), next %.1f known %v, tier %q, horizon %q fixed %v, goal %q",
		strings.Join(names, " = "), w.birth.created.Format(time.DateOnly), w.status, w.kind, w.why.points, w.evidence.accounts,
		w.evidence.confidence, w.next.points, w.next.known, w.tier, w.horizon, w.fixed, w.goal())
}

// shows is what of lines belongs to a field.
func (i *issue) shows(field string) []string {
	return slices.DeleteFunc(lines(i), func(line string) bool {
		label, is := strings.CutPrefix(line, "label ")
		return is && fieldOf(i.service, label) != field || !is && field != fieldPriority
	})
}

// lines are what the world shows of an issue as far as Tandem may write it.
func lines(i *issue) []string {
	var all []string
	for _, l := range i.labels {
		all = append(all, "label "+l)
	}
	if i.service == "jira" {
		all = append(all, "priority "+i.priority)
	}
	slices.Sort(all)
	return all
}
