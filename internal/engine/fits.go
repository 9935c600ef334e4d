package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"

	"tandem/mapping/org"
	"tandem/mapping/roadmap"
)

// NextSprint asks Fits for the nearest sprint that has not begun.
const NextSprint = "next"

// Fits is advice: what of a team's order fits into its next sprint. Nothing is
// written; sprints are the team's.
type Fits struct {
	Team string
	// Sprint is its name; empty where none is known.
	Sprint string
	// Capacity is what the team can do in a period of Every.
	Capacity float64
	Every    work.Span
	// Carried is unfinished work of the sprint that runs now, Planned what is in
	// the sprint already.
	Carried, Planned []Fit
	// Room is what is left for more, and Used what of it Fit takes.
	Room, Used float64
	// Fit are those that fit, in their order; Miss the others that do not.
	Fit, Miss []Fit
	// Coming are the sprints to come that items are in, where the first of
	// several was taken.
	Coming []string
	// Notes say what to know of the answer.
	Notes []string
}

// Fit is one item of the advice.
type Fit struct {
	Item   *Decided
	Effort float64
	// Assumed: nobody estimated it.
	Assumed bool
	// Because says why it does not fit.
	Because string
	// Past is the first before it that is too large for the rest, which this
	// one is small enough for.
	Past *Decided
}

// Fits says for each team with a capacity what fits into a sprint: "next", or
// one of a name. An empty team means all of them. Teams without a capacity are
// told in findings.
func (o *Outcome) Fits(rules *Rules, team, sprint string) ([]Fits, []work.Finding) {
	byTeam := map[string][]*Decided{}
	o.unfinished(func(d *Decided) { byTeam[d.Item.Team] = append(byTeam[d.Item.Team], d) })
	needs := needs(o.unfinished, o.eachRecord)
	var all []Fits
	var findings []work.Finding
	for _, t := range rules.org.Teams() {
		switch {
		case team != "" && t.Name != team:
		case !t.Capacity.Known():
			f := roadmap.WithoutCapacity(t.Name)
			f.What = "the team has no capacity, so nobody can say what fits"
			findings = append(findings, f)
		default:
			p := packing{outcome: o, needs: needs, in: map[work.ItemID]bool{}, sprints: map[*Decided]inSprint{}, team: t}
			p.readsSprints = rules.readsSprints()
			all = append(all, p.pack(byTeam[t.Name], sprint))
		}
	}
	return all, findings
}

// readsSprints reports whether any rule asks for sprints.
func (r *Rules) readsSprints() bool {
	for connector := range r.program.Schemas() {
		if slices.Contains(r.program.Needs(connector), work.NativeSprintState) {
			return true
		}
	}
	return r.program.Rule(work.Sprint) != nil
}

// inSprint is the sprint that an item is in.
type inSprint struct{ name, state string }

// packing fills one sprint.
type packing struct {
	outcome      *Outcome
	needs        map[work.ItemID][]roadmap.Need
	team         org.Team
	readsSprints bool
	usual        float64
	in           map[work.ItemID]bool // carried, planned or fitting
	sprints      map[*Decided]inSprint
	fits         Fits
}

func (p *packing) pack(items []*Decided, sprint string) Fits {
	slices.SortFunc(items, func(a, b *Decided) int { return cmp.Compare(a.TeamPlace, b.TeamPlace) })
	p.fits = Fits{Team: p.team.Name, Capacity: p.team.Capacity.Effort, Every: p.team.Capacity.Every}
	p.usual = usualEffort(items)
	future, sprints := map[string]bool{}, false
	for _, d := range items {
		name, state := p.sprintOf(d)
		if state == "future" {
			future[name] = true
		}
		sprints = sprints || name != "" && (state == "future" || state == "active")
	}
	p.choose(sprint, future)
	if p.readsSprints && !sprints {
		p.readsSprints = false
		p.fits.Notes = append(p.fits.Notes, "nothing of the team is in a sprint, so what is in progress counts as carried over")
	}
	var rest []*Decided
	for _, d := range items {
		name, state := p.sprintOf(d)
		switch {
		case name != "" && name == p.fits.Sprint:
			p.fits.Planned = append(p.fits.Planned, p.fit(d))
		case state == "active", !p.readsSprints && d.Item.Fields.Get(work.Status) == work.NewText("doing"):
			p.fits.Carried = append(p.fits.Carried, p.fit(d))
		default:
			rest = append(rest, d)
			continue
		}
		p.in[d.Item.ID] = true
	}
	if sprint != NextSprint && len(p.fits.Planned) == 0 {
		p.fits.Notes = append(p.fits.Notes, "nothing of the team is in "+sprint+" yet, as far as Tandem reads")
	}
	p.fits.Room = max(p.fits.Capacity-sumOf(p.fits.Carried)-sumOf(p.fits.Planned), 0)
	p.fill(rest)
	return p.fits
}

// choose finds the sprint that is meant.
func (p *packing) choose(sprint string, future map[string]bool) {
	names := slices.SortedFunc(maps.Keys(future), natural)
	switch {
	case sprint != NextSprint:
		p.fits.Sprint = sprint
	case len(names) > 0:
		p.fits.Sprint = names[0]
	}
	if sprint == NextSprint && len(names) > 1 {
		p.fits.Coming = names
	}
	if !p.readsSprints {
		p.fits.Notes = append(p.fits.Notes, "no rule reads sprints, so what is in progress counts as carried over; add sprint: {owner: jira, jira: {field: sprint}} to fields")
	}
}

// sprintOf returns the sprint of an item, and whether it is active or future.
func (p *packing) sprintOf(d *Decided) (name, state string) {
	s, known := p.sprints[d]
	if !known {
		s.name, s.state = p.readSprint(d)
		p.sprints[d] = s
	}
	return s.name, s.state
}

func (p *packing) readSprint(d *Decided) (name, state string) {
	if v := d.Item.Fields.Get(work.Sprint); v.Present() {
		name = v.Text()
	}
	for i := range d.Item.Parts {
		at, ok := p.outcome.find(d.Item.Parts[i].RefID)
		if !ok {
			continue
		}
		if v := p.outcome.records[at].Fields[work.NativeSprintState]; v.Present() {
			state = v.Text()
		}
		if v := p.outcome.records[at].Fields[work.NativeSprint]; name == "" && v.Present() {
			name = v.Text()
		}
	}
	return name, state
}

// fill takes what fits, in the order. What is too large for the rest is passed
// by, and told.
func (p *packing) fill(rest []*Decided) {
	var passed *Decided
	for _, d := range rest {
		kind := d.Item.Fields.Get(work.Type)
		if kind == work.NewText("subtask") {
			continue // it goes where its parent goes
		}
		f := p.fit(d)
		if f.Because = p.obstacle(d, &f); f.Because != "" {
			p.fits.Miss = append(p.fits.Miss, f)
			continue
		}
		if left := p.fits.Room - p.fits.Used; f.Effort > left+1e-9 {
			f.Because = "no room: " + amount(max(left, 0)) + " of " + amount(p.fits.Capacity) + " left, this needs " + amount(f.Effort)
			passed = cmp.Or(passed, d)
			p.fits.Miss = append(p.fits.Miss, f)
			continue
		}
		f.Past = passed
		p.fits.Used += f.Effort
		p.fits.Fit = append(p.fits.Fit, f)
		p.in[d.Item.ID] = true
	}
}

// obstacle says what has to be done before the item can go into any sprint.
func (p *packing) obstacle(d *Decided, f *Fit) string {
	name, state := p.sprintOf(d)
	switch {
	case state == "future":
		return "it is planned in " + name
	case d.Item.Fields.Get(work.Type) == work.NewText("epic"):
		return "it is an epic: its parts go into sprints"
	case len(d.NotReady) > 0:
		return "not ready: " + strings.Join(d.NotReady, "; ")
	case f.Assumed:
		return "no estimate"
	}
	for _, n := range p.needs[d.Item.ID] {
		if n.ID != d.Item.ID && !p.in[n.ID] {
			return "it needs " + n.Key + " first"
		}
	}
	if f.Effort > p.fits.Capacity+1e-9 {
		return "too large for one period: " + amount(f.Effort) + " of " + amount(p.fits.Capacity) + "; split it"
	}
	return ""
}

func (p *packing) fit(d *Decided) Fit {
	if f, ok := d.Item.Fields.Get(work.Effort).Number(); ok && f > 0 {
		return Fit{Item: d, Effort: f}
	}
	return Fit{Item: d, Effort: p.usual, Assumed: true}
}

func usualEffort(items []*Decided) float64 {
	var known []float64
	for _, d := range items {
		if f, ok := d.Item.Fields.Get(work.Effort).Number(); ok && f > 0 {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		return roadmap.DefaultEffort
	}
	slices.Sort(known)
	return (known[(len(known)-1)/2] + known[len(known)/2]) / 2
}

func sumOf(all []Fit) float64 {
	sum := 0.0
	for i := range all {
		sum += all[i].Effort
	}
	return sum
}

func amount(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// natural orders names with numbers in them as people do: Sprint 9 before
// Sprint 10.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := leading(a), leading(b)
		m, errA := strconv.Atoi(x)
		n, errB := strconv.Atoi(y)
		c := cmp.Compare(x, y)
		if errA == nil && errB == nil {
			c = cmp.Compare(m, n)
		}
		if c != 0 {
			return c
		}
		a, b = a[len(x):], b[len(y):]
	}
	return cmp.Compare(a, b)
}

// leading returns the digits that a text begins with, or what is before the
// next ones.
func leading(s string) string {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	n := 1
	for n < len(s) && digit(s[n]) == digit(s[0]) {
		n++
	}
	return s[:n]
}
