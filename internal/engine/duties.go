package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Duty is one item that a person has to do with, told once however many hats
// the person wears there.
type Duty struct {
	Item *Decided
	// Acts are the hats by which the person must act, and Told those by which
	// they are informed. An item has one accountable role, so that Acts has one
	// entry at most.
	Acts, Told []Hat
	// Since is when the item came to its route, and Due the last day on which it
	// is not late; zero where nothing was agreed.
	Since, Due time.Time
	Late       bool
}

// Hat is a role of a team, and who acts in it.
type Hat struct {
	Role, Team string
	// Person is empty where nobody has the role.
	Person string
	// Instead is whose deputy the person is; empty where it is their own.
	Instead string
}

// Inbox is what waits for one person.
type Inbox struct {
	// Person is empty for what waits for nobody.
	Person string
	// Duties begin with what is late, then go by how long they wait, then by
	// their place. Those that only inform come last.
	Duties []Duty
}

// acting is who acts in a role for an item: somebody of the item's team, or of
// the one that the route names.
func (r *Rules) acting(role string, d *Decided, asOf time.Time) Hat {
	h := Hat{Role: role, Team: cmp.Or(d.Route.Team, d.Item.Team)}
	h.Person, h.Instead, _ = r.org.Acting(role, h.Team, asOf)
	return h
}

// Inboxes returns for each person what waits for them: items where somebody
// must act, by name; what waits for nobody comes first. Of items that sees does
// not want nothing is told.
func (o *Outcome) Inboxes(rules *Rules, sees func(*Decided) bool) []Inbox {
	find := map[string]*Inbox{}
	for _, d := range o.Items {
		if !d.Route.Waiting || !sees(d) {
			continue
		}
		for _, h := range rules.hats(d, o.AsOf) {
			box := find[h.Person]
			if box == nil {
				box = &Inbox{Person: h.Person}
				find[h.Person] = box
			}
			box.add(d, h)
		}
	}
	all := make([]Inbox, 0, len(find))
	for _, box := range find {
		slices.SortStableFunc(box.Duties, compareDuties)
		all = append(all, *box)
	}
	slices.SortFunc(all, func(a, b Inbox) int { return strings.Compare(a.Person, b.Person) })
	return all
}

// hats are those that an item concerns, the accountable one first. Informed
// roles that nobody has are left out: nobody misses the news.
func (r *Rules) hats(d *Decided, asOf time.Time) []Hat {
	all := []Hat{r.acting(d.Route.Accountable, d, asOf)}
	for _, role := range d.Route.Informed {
		if h := r.acting(role, d, asOf); h.Person != "" {
			all = append(all, h)
		}
	}
	return all
}

// add notes the item once. Items come one after the other, so that it is the
// last one where it is there.
func (b *Inbox) add(d *Decided, h Hat) {
	if n := len(b.Duties); n == 0 || b.Duties[n-1].Item != d {
		b.Duties = append(b.Duties, Duty{Item: d, Since: d.RouteSince(), Due: d.Route.DueOn(d.RouteSince()), Late: d.Route.Late})
	}
	duty := &b.Duties[len(b.Duties)-1]
	if h.Role == d.Route.Accountable {
		duty.Acts = append(duty.Acts, h)
	} else {
		duty.Told = append(duty.Told, h)
	}
}

func compareDuties(a, b Duty) int {
	first := func(yes bool) int {
		if yes {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(first(len(a.Acts) > 0), first(len(b.Acts) > 0)),
		cmp.Compare(first(a.Late), first(b.Late)),
		a.Since.Compare(b.Since),
		cmp.Compare(first(a.Item.Place > 0), first(b.Item.Place > 0)),
		cmp.Compare(a.Item.Place, b.Item.Place),
		cmp.Compare(a.Item.Item.ID, b.Item.Item.ID),
	)
}
