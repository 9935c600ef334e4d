package view

import (
	"strings"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// ListKind is what the items of a list have in common.
type ListKind string

// The lists.
const (
	// NotReady are open items that cannot be started.
	NotReady ListKind = "not_ready"
	// MissingEffort are open items that nobody estimated.
	MissingEffort ListKind = "missing_effort"
	// Unaccepted are finished items that wait for acceptance.
	Unaccepted ListKind = "unaccepted"
	// EpicsWithoutGoal are open epics that serve no goal.
	EpicsWithoutGoal ListKind = "epics_without_goal"
	// Blocked are open items that need other open ones first, or each other.
	Blocked ListKind = "blocked"
)

// ListKinds returns all of them.
func ListKinds() []ListKind {
	return []ListKind{NotReady, MissingEffort, Unaccepted, EpicsWithoutGoal, Blocked}
}

// Listed is an item of a list.
type Listed struct {
	Item

	Because []string `json:"because"`
	// Needs are what has to come first, of items that are blocked. Circle says
	// that they need each other.
	Needs  []Item `json:"needs,omitempty"`
	Circle bool   `json:"circle,omitempty"`
}

// List is a part of a list, in the order of the items.
type List struct {
	Window

	Kind  ListKind `json:"kind"`
	Items []Listed `json:"items"`
}

// ListQuery asks for a list: of all teams where Team is empty.
type ListQuery struct {
	Page

	Kind ListKind
	Team string
}

// finding is an item of a list, before it is shown.
type finding struct {
	item    *engine.Decided
	because []string
	needs   []*engine.Decided
}

// List returns the items that have something in common that somebody should do
// something about. What the visitor may not know of an item puts it into none,
// and nobody counts it.
func (vi *Visit) List(q ListQuery) (List, error) {
	l, err := vi.lens()
	if err != nil {
		return List{}, err
	}
	var all []finding
	switch q.Kind {
	case NotReady:
		all = l.pick(q.Team, everything, notReady)
	case MissingEffort:
		all = l.pick(q.Team, surface, unestimated)
	case Unaccepted:
		all = l.pick(q.Team, surface, unaccepted)
	case EpicsWithoutGoal:
		if l.sees(work.Internal) { // what the organisation wants is for those inside
			all = l.pick(q.Team, surface, aimless)
		}
	case Blocked:
		all = l.blocked(q.Team)
	default:
		return List{}, BadRequest("there is no such list", "ask for "+kindsText())
	}
	w, from, to := q.cut(len(all))
	v := List{Window: w, Kind: q.Kind, Items: []Listed{}}
	for i := range all[from:to] {
		f := &all[from+i]
		one := Listed{Item: l.item(f.item), Because: f.because, Circle: f.item.Standing.Circle > 0 && q.Kind == Blocked}
		for _, d := range f.needs {
			one.Needs = append(one.Needs, *l.neighbour(d))
		}
		v.Items = append(v.Items, one)
	}
	return v, nil
}

func kindsText() string {
	var names []string
	for _, k := range ListKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// pick finds items of which the visitor may see enough to tell.
func (l *lens) pick(team string, needed sight, because func(*engine.Decided) []string) []finding {
	var all []finding
	for _, d := range l.outcome.Items {
		if team != "" && d.Item.Team != team {
			continue
		}
		if why := because(d); len(why) > 0 && l.sightOf(d) >= needed {
			all = append(all, finding{item: d, because: why})
		}
	}
	return all
}

func notReady(d *engine.Decided) []string {
	if d.Place == 0 {
		return nil
	}
	return d.NotReady
}

func unestimated(d *engine.Decided) []string {
	if effort, ok := d.Item.Fields.Get(work.Effort).Number(); d.Place == 0 || ok && effort > 0 {
		return nil
	}
	return []string{"nobody estimated it"}
}

func unaccepted(d *engine.Decided) []string {
	if !d.Item.Done() || textOf(d, work.Acceptance) != "waiting" {
		return nil
	}
	return []string{"finished, not accepted"}
}

func aimless(d *engine.Decided) []string {
	kind := textOf(d, work.Type)
	if d.Place == 0 || kind != "epic" && kind != "initiative" || textOf(d, work.Goal) != "" {
		return nil
	}
	if theme := textOf(d, work.Theme); theme != "" {
		return []string{"its theme " + theme + " serves no goal"}
	}
	return []string{"it names neither a goal nor a theme"}
}

// blocked are the items that need others. One that may not be seen is not
// named: it is told that there is one.
func (l *lens) blocked(team string) []finding {
	var all []finding
	for _, x := range l.dependences() {
		if team != "" && x.Item.Item.Team != team || l.sightOf(x.Item) == nothing {
			continue
		}
		f := finding{item: x.Item, needs: x.Needs}
		for _, d := range x.Needs {
			name := "restricted work"
			if l.sightOf(d) != nothing {
				name = d.Item.Key()
			}
			f.because = append(f.because, "it needs "+name+" first")
		}
		all = append(all, f)
	}
	return all
}
