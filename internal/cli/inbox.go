package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) inboxCommand() *cobra.Command {
	var person, role, team string
	cmd := &cobra.Command{
		Use: "inbox", Short: "Show what waits for a person to act, by hat; no service is asked",
		Example: "  tandem inbox --person ana\n  tandem inbox --role pm --team pay\n  tandem inbox",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				if err := s.knows(person, role, team); err != nil {
					return err
				}
				outcome, _, err := s.evaluate(ctx, db)
				if err != nil {
					return err
				}
				boxes := chosen(outcome.Inboxes(s.rules, anyItem), person, role, team)
				if a.json {
					return a.printJSON(map[string]any{"as_of": outcome.AsOf.Format(time.DateOnly), "inboxes": inboxViews(boxes)})
				}
				p := a.printer()
				p.inboxes(boxes, outcome.AsOf)
				return p.err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&person, "person", "", "a name of people: in the rules")
	flags.StringVar(&role, "role", "", "one hat alone, such as pm")
	flags.StringVar(&team, "team", "", "the hats of one team alone")
	return cmd
}

// anyItem lets everything be seen: who reads the store sees all of it.
func anyItem(*engine.Decided) bool { return true }

// knows refuses names that the rules do not have.
func (s *setup) knows(person, role, team string) error {
	org := s.rules.Org()
	for _, given := range []struct {
		what, name string
		known      []string
	}{
		{"nobody is called", person, org.People()}, {"no team has the role", role, org.Roles()}, {"there is no team", team, org.TeamNames()},
	} {
		if given.name != "" && !slices.Contains(given.known, given.name) {
			return wrong("%s %s; %s", given.what, given.name, work.Suggest(given.name, given.known))
		}
	}
	return nil
}

// chosen are the inboxes that were asked for; those without a duty are left
// out.
func chosen(all []engine.Inbox, person, role, team string) []engine.Inbox {
	var kept []engine.Inbox
	for i := range all {
		box := all[i].By(role, team)
		if (person == "" || box.Person == person) && len(box.Duties) > 0 {
			kept = append(kept, box)
		}
	}
	return kept
}

// inboxView is an inbox as an object.
type inboxView struct {
	Person  string          `json:"person"`
	Acts    int             `json:"acts"`
	Late    int             `json:"late"`
	Notices []engine.Notice `json:"notices"`
}

func inboxViews(boxes []engine.Inbox) []inboxView {
	views := make([]inboxView, 0, len(boxes))
	for i := range boxes {
		v := inboxView{Person: boxes[i].Person, Notices: []engine.Notice{}}
		v.Acts, v.Late = boxes[i].Count()
		for j := range boxes[i].Duties {
			v.Notices = append(v.Notices, boxes[i].Duties[j].Notice())
		}
		views = append(views, v)
	}
	return views
}

// inboxes prints for each person what waits, hat by hat.
func (p *printer) inboxes(boxes []engine.Inbox, asOf time.Time) {
	if len(boxes) == 0 {
		p.line("Nothing waits for anybody here.")
	}
	for i := range boxes {
		box := &boxes[i]
		if i > 0 {
			p.line("")
		}
		acts, late := box.Count()
		if name := box.Person; name == "" {
			p.line("Nobody has the role, and %s", waits(acts, late))
		} else {
			p.line("%s: %s", name, waits(acts, late))
		}
		p.duties(box, asOf)
	}
}

func waits(acts, late int) string {
	verb := "wait"
	if acts == 1 {
		verb = "waits"
	}
	text := plural(acts, "item", "items") + " " + verb
	if late > 0 {
		text += fmt.Sprintf(", %s late", thousands(late))
	}
	return text
}

// duties prints one view for each hat. An item stands in the view of the hat
// that acts, with the other hats behind it.
func (p *printer) duties(box *engine.Inbox, asOf time.Time) {
	var titles []string
	rows := map[string][][]string{}
	for i := range box.Duties {
		d := &box.Duties[i]
		title := "  to know"
		row := []string{mark(d.Late), d.Item.Item.Key(), short(d.Item.Item.Fields.Get(work.Title).Text(), 50), d.Item.Route.Because + also(d)}
		if len(d.Acts) > 0 {
			title = "  as " + hatName(d.Acts[0])
			row = append(row, waited(d, asOf))
		}
		if rows[title] == nil {
			titles = append(titles, title)
		}
		rows[title] = append(rows[title], row)
	}
	for _, title := range titles {
		p.line("%s", title)
		p.table(rows[title])
	}
}

func mark(late bool) string {
	if late {
		return "!"
	}
	return " "
}

func hatName(h engine.Hat) string {
	if h.Instead != "" {
		return h.String() + ", for " + h.Instead
	}
	return h.String()
}

// also names the hats that are told, and who acts where it is another person.
func also(d *engine.Duty) string {
	var names []string
	for _, h := range d.Told {
		names = append(names, h.Role)
	}
	switch {
	case len(names) == 0:
		return ""
	case len(d.Acts) > 0:
		return "; also as " + strings.Join(names, ", ")
	default:
		return "; told as " + strings.Join(names, ", ") + ", " + d.Item.Route.Accountable + " acts"
	}
}

// waited says how long an item has waited, and whether that is too long.
func waited(d *engine.Duty, asOf time.Time) string {
	days := func(since time.Time) string { return plural(int(asOf.Sub(since).Hours()/24), "day", "days") }
	text := "new today"
	if d.Since.Before(asOf) {
		text = "waits " + days(d.Since)
	}
	switch {
	case d.Late:
		return text + ", late by " + days(d.Due)
	case d.Due.IsZero():
		return text
	default:
		return text + ", due " + d.Due.Format(time.DateOnly)
	}
}

// escalated says what became of a late item.
func escalated(d *engine.Decided) string {
	switch {
	case d.Route.EscalatesTo == "":
		return ""
	case d.Route.TakesOver:
		return ": " + d.Route.EscalatesTo + " took it over"
	default:
		return ": " + d.Route.EscalatesTo + " is told"
	}
}

// duty says who must act, since when and until when.
func (p *printer) duty(d *engine.Decided, acting engine.Hat) {
	who := d.Route.Accountable
	switch {
	case acting.Instead != "":
		who += " (" + acting.Person + ", for " + acting.Instead + ")"
	case acting.Person != "":
		who += " (" + acting.Person + ")"
	}
	p.line("Who must act: %s, because %s", who, d.Route.Because)
	if !d.Route.Waiting {
		return
	}
	text := "It waits since " + d.RouteSince().Format(time.DateOnly)
	due := d.Route.DueOn(d.RouteSince())
	switch {
	case d.Route.Late:
		text += " and is late since " + due.AddDate(0, 0, 1).Format(time.DateOnly) + escalated(d)
	case !due.IsZero():
		text += ", until " + due.Format(time.DateOnly) + " at the latest"
	}
	p.line("  %s.", text)
}
