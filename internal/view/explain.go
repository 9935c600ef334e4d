package view

import (
	"slices"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// Explanation is why an item stands where it stands.
type Explanation struct {
	Item  Item  `json:"item"`
	Of    int   `json:"of"`
	Above *Item `json:"above,omitempty"`
	Below *Item `json:"below,omitempty"`
	// What follows rests on feedback, and is left out where that is stricter.
	HorizonBecause string    `json:"horizon_because,omitempty"`
	Standing       *Standing `json:"standing,omitempty"`
	Scores         *Scores   `json:"scores,omitempty"`
	Evidence       *Evidence `json:"evidence,omitempty"`
	Route          *Route    `json:"route,omitempty"`
	// Inputs are what ranking read, Since when the item last moved, and Climb
	// what it would take to stand higher.
	Inputs []engine.Input `json:"inputs,omitempty"`
	Since  *Since         `json:"since,omitempty"`
	Climb  *engine.Climb  `json:"climb,omitempty"`
	Fields []Field        `json:"fields"`
	Edits  []Edit         `json:"edits"`
	Holds  []Hold         `json:"holds"`
	// Said is what people said against decisions.
	Said   []Word       `json:"said,omitempty"`
	Doubts []Doubt      `json:"doubts,omitempty"`
	Audit  []AuditEntry `json:"audit"`
	// Testimony tells of each voice and finding by its own audience.
	Testimony *work.Testimony `json:"testimony,omitempty"`
	Run       *Run            `json:"run,omitempty"`
}

// Scores are what both lenses say of an item.
type Scores struct {
	Why   Score    `json:"why"`
	Next  Score    `json:"next"`
	Terms []string `json:"terms"`
	Parts []Part   `json:"parts"`
}

// Score is what a lens says.
type Score struct {
	Value   float64  `json:"value"`
	Low     float64  `json:"low"`
	High    float64  `json:"high"`
	Known   bool     `json:"known"`
	Missing []string `json:"missing"`
}

func scoreOf(s rank.Score) Score {
	return Score{s.Value, s.Low, s.High, s.Known, append([]string{}, s.Missing()...)}
}

// Route is who answers for an item, and why.
type Route struct {
	Accountable string   `json:"accountable"`
	Because     string   `json:"because"`
	Informed    []string `json:"informed"`
	Path        []Step   `json:"path"`
	// Since and Due are days; Due is absent where nothing was agreed.
	Since string `json:"since"`
	Due   string `json:"due,omitempty"`
	Late  bool   `json:"late"`
	// Person is who acts, for those inside.
	Person string `json:"person,omitempty"`
}

// Step is a question of the route and its answer.
type Step struct {
	Depth  int    `json:"depth"`
	Tried  string `json:"tried"`
	Answer string `json:"answer"`
}

// Field is who owns a value, and what each record shows.
type Field struct {
	Field     string      `json:"field"`
	Owner     string      `json:"owner"`
	Effective *work.Value `json:"effective,omitempty"`
	Shows     []Spot      `json:"shows"`
}

// Spot is what a record shows.
type Spot struct {
	Ref   string     `json:"ref"`
	Value work.Value `json:"value"`
}

// Run is the kept run that is explained.
type Run struct {
	Number     int64     `json:"number"`
	At         time.Time `json:"at"`
	AsOf       string    `json:"as_of"`
	RulesHash  string    `json:"rules_hash"`
	Reproduced bool      `json:"reproduced"`
	Because    string    `json:"because,omitempty"`
}

// remembered is how much of what was written before is told.
const remembered = 20

// Explanation tells why an item stands where it stands: today where run is 0,
// or in a kept run.
func (vi *Visit) Explanation(ref string, run int64) (Explanation, error) {
	l, err := vi.lens()
	if err != nil {
		return Explanation{}, err
	}
	today, ok := l.find(ref)
	if !ok {
		return Explanation{}, noItem()
	}
	if run != 0 {
		return l.explainRun(run, today)
	}
	return l.explain(&then{outcome: l.outcome, rules: vi.desk.conf.Rules, snap: l.snap}, today)
}

func noItem() error {
	return notFound("item", "name it as CONNECTOR:KEY, such as jira:PAY-12, with / as %2F and # as %23").onPage("", "search for it in the order, by its key or title")
}

// find returns an item that the client may see.
func (l *lens) find(text string) (*engine.Decided, bool) {
	d, ok := l.outcome.FindKey(text)
	if !ok || l.sightOf(d) == nothing {
		return nil, false
	}
	return d, true
}

func (l *lens) explainRun(number int64, today *engine.Decided) (Explanation, error) {
	if number < 1 {
		return Explanation{}, noNumber()
	}
	run, ok, err := l.desk.conf.Store.RunOf(l.ctx, number)
	if err != nil {
		return Explanation{}, err
	}
	if !ok {
		return Explanation{}, notFound("run", "GET "+Base+"/runs lists those that are kept").onPage("", "runs are kept for 90 days: look at a newer one")
	}
	remade, err := l.desk.conf.Remake(l.ctx, run)
	if err != nil {
		return Explanation{}, err
	}
	told := &Run{run.Seq, run.At, run.AsOf.Format(time.DateOnly), run.RulesHash, remade.Outcome != nil, remade.Why}
	v := Explanation{Item: l.item(today), Fields: []Field{}, Edits: []Edit{}, Holds: []Hold{}, Audit: []AuditEntry{}}
	if remade.Outcome != nil {
		item, ok := remade.Outcome.Find(today.Item.Birth)
		if !ok {
			return Explanation{}, notFound("item in that run", "GET "+Base+"/runs lists when each run was").onPage("", "look at a run in which it was there")
		}
		if v, err = l.dim(item).explain(&then{remade.Outcome, remade.Rules, remade.Snapshot, run.Seq, run.At}, item); err != nil {
			return Explanation{}, err
		}
	} else {
		l.planned(&v, &engine.Explanation{}, run, today)
	}
	v.Audit = slices.DeleteFunc(v.Audit, func(e AuditEntry) bool { return e.Run != number })
	v.Run = told
	return v, nil
}

func noNumber() error {
	return BadRequest("run is no number of a run", "GET "+Base+"/runs lists them").onPage("", "choose a run where Tandem names one")
}

// planned tells what the kept plan holds of an item, where that is all that is
// known.
func (l *lens) planned(v *Explanation, x *engine.Explanation, run engine.Run, d *engine.Decided) {
	of := func(ref work.RefID) bool {
		return slices.ContainsFunc(d.Item.Parts, func(p work.Part) bool { return p.RefID == ref })
	}
	for _, e := range run.Plan.Edits {
		if of(e.Target.RefID) {
			x.Edits = append(x.Edits, e)
		}
	}
	for _, h := range run.Plan.Holds {
		if of(h.Target.RefID) {
			x.Holds = append(x.Holds, h)
		}
	}
	l.changes(v, x)
}

// dim looks at an item of an older run with the eyes of today: what is stricter
// now, or was then, is not shown.
func (l *lens) dim(d *engine.Decided) *lens {
	for i := range d.Item.Parts {
		s, now := l.at(d.Item.Parts[i].RefID)
		if now == nil || s == nothing {
			d.Item.Audience = work.UnknownAudience
		}
		if s != everything {
			d.Voices = work.UnknownAudience
		}
	}
	return l
}

// then is what is explained: today, or a kept run.
type then struct {
	outcome *engine.Outcome
	rules   *engine.Rules
	snap    *engine.Snapshot // nil where it is not known
	// run is 0 today. What came after until is left out, where it is not zero.
	run   int64
	until time.Time
}

// explain shows an explanation. The outcome may be that of an older run: who
// may see what is asked of today's.
func (l *lens) explain(t *then, d *engine.Decided) (Explanation, error) {
	s := l.sightOf(d)
	v := Explanation{Item: l.item(d), Fields: []Field{}, Edits: []Edit{}, Holds: []Hold{}, Audit: []AuditEntry{}}
	if s == nothing {
		return v, noItem()
	}
	x := t.outcome.Explain(t.rules, d)
	v.Of, v.Item.Held = x.TeamItems, len(x.Holds)
	v.Above, v.Below = l.neighbour(x.Above), l.neighbour(x.Below)
	l.fields(&v, &x, s)
	var err error
	if s == everything {
		v.HorizonBecause, v.Standing, v.Inputs = l.horizonBecause(d), l.standing(&x), l.inputs(&x)
		l.reasons(&v, &x)
		if v.Since, err = l.since(d, t.run); err != nil {
			return v, err
		}
		if v.Climb, err = l.climb(t.outcome, t.rules, t.snap, d); err != nil {
			return v, err
		}
	}
	l.changes(&v, &x)
	l.words(&v, d)
	if v.Testimony, err = l.testimony(t.outcome, t.rules, d, t.until); err != nil {
		return v, err
	}
	entries, err := l.written(d, remembered)
	for i := range entries {
		v.Audit = append(v.Audit, l.audit(&entries[i]))
	}
	return v, err
}

// neighbour shows an item beside, as far as it may be seen today.
func (l *lens) neighbour(d *engine.Decided) *Item {
	if d == nil {
		return nil
	}
	v := l.item(d)
	for i := range d.Item.Parts {
		if s, _ := l.at(d.Item.Parts[i].RefID); s == nothing {
			v = Item{Restricted: s.restriction(), Place: d.Place}
		}
	}
	if v.Restricted != restrictedItem { // in short
		v = Item{Restricted: v.Restricted, Place: v.Place, TeamPlace: v.TeamPlace, Ref: v.Ref, Title: v.Title, Team: v.Team}
	}
	return &v
}

func (l *lens) fields(v *Explanation, x *engine.Explanation, s sight) {
	for i := range x.Owners {
		o := &x.Owners[i]
		f := Field{Field: o.Field.String(), Owner: o.Owner, Shows: []Spot{}}
		if s == everything {
			f.Effective = &o.Effective
		}
		for j := range o.Spots {
			spot := &o.Spots[j]
			f.Shows = append(f.Shows, Spot{spot.Part.String(), spot.Reading.Native})
		}
		v.Fields = append(v.Fields, f)
	}
}

func (l *lens) reasons(v *Explanation, x *engine.Explanation) {
	d := x.Item
	v.Scores = &Scores{scoreOf(d.Scored.Why), scoreOf(d.Scored.Next), []string{}, partsOf(x)}
	for _, t := range x.Terms {
		v.Scores.Terms = append(v.Scores.Terms, t.Text)
	}
	v.Evidence = evidenceOf(&d.Evidence)
	v.Route = &Route{
		Accountable: x.Route.Accountable, Because: x.Route.Because, Informed: append([]string{}, x.Route.Informed...), Path: []Step{},
		Since: d.RouteSince().Format(time.DateOnly), Late: x.Route.Late,
	}
	if due := x.Route.DueOn(d.RouteSince()); !due.IsZero() {
		v.Route.Due = due.Format(time.DateOnly)
	}
	if l.sees(work.Internal) {
		v.Route.Person = x.Acting.Person
	}
	for _, step := range x.Route.Path {
		v.Route.Path = append(v.Route.Path, Step{step.Depth, step.Shown, answer(step.Answer)})
	}
}

func answer(t expression.Truth) string {
	switch t {
	case expression.True:
		return "yes"
	case expression.False:
		return "no"
	default:
		return "unknown"
	}
}

func (l *lens) changes(v *Explanation, x *engine.Explanation) {
	for i := range x.Edits {
		v.Edits = append(v.Edits, l.edit(&x.Edits[i], nil))
	}
	for i := range x.Holds {
		v.Holds = append(v.Holds, l.hold(&x.Holds[i]))
	}
}

// history is what was written to an item that the client may see.
func (l *lens) history(text string, limit int) ([]work.AuditEntry, error) {
	d, ok := l.find(text)
	if !ok {
		return nil, noItem()
	}
	return l.written(d, limit)
}

// written is what was written to any record of the item, the newest first.
func (l *lens) written(d *engine.Decided, limit int) ([]work.AuditEntry, error) {
	var all []work.AuditEntry
	for _, part := range d.Item.Parts {
		entries, err := l.desk.conf.Store.Audit(l.ctx, part.RefID, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	slices.SortStableFunc(all, func(a, b work.AuditEntry) int { return b.Begun.Compare(a.Begun) })
	return all[:min(len(all), limit)], nil
}
