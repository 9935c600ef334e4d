package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
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
	Role string `json:"role"`
	Team string `json:"team"`
	// Person is empty where nobody has the role.
	Person string `json:"person,omitempty"`
	// Instead is whose deputy the person is; empty where it is their own.
	Instead string `json:"instead_of,omitempty"`
}

// String returns the hat as people say it: pm of pay.
func (h Hat) String() string { return h.Role + " of " + cmp.Or(h.Team, "no team") }

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

// Overdue reports whether somebody must act on the item and has not for longer
// than was agreed.
func (d *Decided) Overdue() bool { return d.Route.Waiting && d.Route.Late }

// late counts what waits too long, by the team and the role that must act.
func (o *Outcome) late() []work.Late {
	find := map[Hat]*work.Late{}
	for _, d := range o.Items {
		if !d.Overdue() {
			continue
		}
		hat := Hat{Role: d.Route.Accountable, Team: cmp.Or(d.Route.Team, d.Item.Team)}
		due := d.Route.DueOn(d.RouteSince())
		if find[hat] == nil {
			find[hat] = &work.Late{Role: hat.Role, Team: hat.Team, Due: due}
		}
		l := find[hat]
		l.Count++
		if due.Before(l.Due) {
			l.Due = due
		}
	}
	all := make([]work.Late, 0, len(find))
	for _, l := range find {
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b work.Late) int {
		return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.Team, b.Team), strings.Compare(a.Role, b.Role))
	})
	return slices.Clip(all)
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

// Notice is a duty as it is told.
type Notice struct {
	Ref   string `json:"ref"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	Team  string `json:"team,omitempty"`
	// Place is the place in the order of the team; 0 where it is finished.
	Place int `json:"place"`
	// Acts and Told are the hats of this person, never nil. Accountable is the
	// role that must act, and Informed are those that are told.
	Acts        []Hat    `json:"acts"`
	Told        []Hat    `json:"told"`
	Accountable string   `json:"accountable"`
	Informed    []string `json:"informed"`
	Because     string   `json:"because"`
	// Since and Due are days, as in 2026-11-22.
	Since string `json:"since"`
	Due   string `json:"due,omitempty"`
	Late  bool   `json:"late"`
}

// Notice tells the duty.
func (d *Duty) Notice() Notice {
	item := &d.Item.Item
	n := Notice{
		Ref: item.Key(), Title: item.Fields.Get(work.Title).Text(), Team: item.Team, Place: d.Item.TeamPlace,
		Acts: append([]Hat{}, d.Acts...), Told: append([]Hat{}, d.Told...), Accountable: d.Item.Route.Accountable,
		Informed: append([]string{}, d.Item.Route.Informed...), Because: d.Item.Route.Because, Since: d.Since.Format(time.DateOnly), Late: d.Late,
	}
	if !d.Due.IsZero() {
		n.Due = d.Due.Format(time.DateOnly)
	}
	for i := range item.Parts {
		if item.Parts[i].RefID == item.Birth {
			n.URL = item.Parts[i].URL
		}
	}
	return n
}

// By returns what of the inbox concerns a role or a team; empty is any. What
// is told by another hat goes with it: there is one notice for each item.
func (b *Inbox) By(role, team string) Inbox {
	fits := func(h Hat) bool { return (role == "" || h.Role == role) && (team == "" || h.Team == team) }
	kept := Inbox{Person: b.Person}
	for _, d := range b.Duties {
		if slices.ContainsFunc(d.Acts, fits) || slices.ContainsFunc(d.Told, fits) {
			kept.Duties = append(kept.Duties, d)
		}
	}
	return kept
}

// Count returns for how many items the person must act, and how many of these
// are late.
func (b *Inbox) Count() (acts, late int) {
	for i := range b.Duties {
		if len(b.Duties[i].Acts) > 0 {
			acts++
			if b.Duties[i].Late {
				late++
			}
		}
	}
	return acts, late
}
