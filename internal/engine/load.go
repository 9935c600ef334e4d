package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// Load is how much one person answers for, by hat.
type Load struct {
	// Person is empty for hats that nobody wears.
	Person string `json:"person"`
	// Hats are sorted by team and role.
	Hats []HatLoad `json:"hats"`
	// Waiting counts items where the person must act, and Late those of them
	// for which an agreed time is over.
	Waiting int `json:"waiting"`
	Late    int `json:"late"`
	// Second is the sign that it is time for a second person; empty where there
	// is none.
	Second string `json:"second_person_because,omitempty"`
}

// HatLoad is what one hat answers for.
type HatLoad struct {
	Hat

	// Items are those that the hat is accountable for: open ones, and finished
	// ones that wait.
	Items   int `json:"items"`
	Waiting int `json:"waiting"`
	Late    int `json:"late"`
	// Effort adds up the estimates of the open ones; Unestimated have none.
	Effort      float64 `json:"effort"`
	Unestimated int     `json:"unestimated"`
	// Oldest is since when the item waits that waits longest; zero where none
	// does.
	Oldest time.Time `json:"oldest,omitzero"`
}

// Loads returns how much everybody answers for, by name. Every hat of every
// team is there, also where it has nothing to do. Items that sees does not want
// do not count.
func (o *Outcome) Loads(rules *Rules, sees func(*Decided) bool) []Load {
	hats := map[Hat]*HatLoad{}
	at := func(h Hat) *HatLoad {
		if hats[h] == nil {
			hats[h] = &HatLoad{Hat: h}
		}
		return hats[h]
	}
	for _, t := range rules.org.Teams() {
		for _, h := range t.Roles {
			hat := Hat{Role: h.Role, Team: t.Name}
			hat.Person, hat.Instead, _ = t.Acting(h.Role, work.DateOf(o.AsOf))
			at(hat)
		}
	}
	for _, d := range o.Items {
		if (!d.Item.Done() || d.Route.Waiting) && sees(d) {
			at(rules.acting(d.Route.Accountable, d, o.AsOf)).count(d)
		}
	}
	find := map[string]*Load{}
	for h, load := range hats {
		if find[h.Person] == nil {
			find[h.Person] = &Load{Person: h.Person}
		}
		find[h.Person].add(*load)
	}
	all := make([]Load, 0, len(find))
	for _, l := range find {
		slices.SortFunc(l.Hats, func(a, b HatLoad) int {
			return strings.Compare(a.Team+"\x00"+a.Role, b.Team+"\x00"+b.Role)
		})
		waiting, late := rules.spec.Route.Load.Limits()
		l.Second = l.sign(waiting, late)
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b Load) int { return strings.Compare(a.Person, b.Person) })
	return all
}

func (l *HatLoad) count(d *Decided) {
	l.Items++
	effort, estimated := d.Item.Fields.Get(work.Effort).Number()
	switch {
	case d.Item.Done(): // it is spent
	case estimated:
		l.Effort += effort
	default:
		l.Unestimated++
	}
	if !d.Route.Waiting {
		return
	}
	l.Waiting++
	if d.Route.Late {
		l.Late++
	}
	if since := d.RouteSince(); l.Oldest.IsZero() || since.Before(l.Oldest) {
		l.Oldest = since
	}
}

func (l *Load) add(hat HatLoad) {
	l.Hats = append(l.Hats, hat)
	l.Waiting, l.Late = l.Waiting+hat.Waiting, l.Late+hat.Late
}

// sign says why it is time for a second person: more waits, or more is late,
// than the rules take for one person. It names the hat to hand over.
func (l *Load) sign(waiting, late int) string {
	if l.Person == "" || l.Waiting <= waiting && l.Late <= late {
		return ""
	}
	what := fmt.Sprintf("%d items wait, for one person %d at most", l.Waiting, waiting)
	heavier := func(a, b HatLoad) int { return a.Waiting - b.Waiting }
	if l.Late > late {
		what = fmt.Sprintf("%d items are late, for one person %d at most", l.Late, late)
		heavier = func(a, b HatLoad) int { return a.Late - b.Late }
	}
	if len(l.Hats) == 1 {
		return what
	}
	hat := slices.MaxFunc(l.Hats, heavier)
	return what + "; most of them as " + hat.Role + " of team " + cmp.Or(hat.Team, "none")
}
