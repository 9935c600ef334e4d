package web

import (
	"slices"
	"strings"

	"tandem/internal/engine"
	"tandem/internal/view"
)

// waiting is what waits for a reader, and what their hats answer for.
type waiting struct {
	// Role is the hat that the page is about.
	Role string
	// Own: the rules know the reader, so that only what waits for them is told,
	// with all of their hats.
	Own  bool
	Hats []engine.HatLoad
	// Second is the sign that it is time for a second person.
	Second  string
	Acts    int
	Late    int
	Duties  []duty
	More    int
	All     string // the address of all that waits
	Unseen  int    // what waits and may not be seen
	Several bool   // the reader wears hats of several roles
}

// duty is one item that waits.
type duty struct {
	engine.Notice

	// Hats are those by which somebody must act; empty where it is only news.
	Hats []engine.Hat
	Who  string
}

// duties is how many duties a page shows.
const duties = 10

// team is the one that the address asks for.
func (v *visit) team() string { return v.URL.Query().Get("team") }

// teams are those that can be chosen.
func (v *visit) teams() ([]choice, error) {
	c, err := v.see.Choices()
	return choices(c.Teams, v.team(), asItIs), err
}

// waiting tells what waits for the reader, where the rules know them and they
// wear the hat somewhere; else what waits for all who wear it.
func (v *visit) waiting(role string) (waiting, error) {
	w := waiting{Role: role}
	loads, err := v.see.Load()
	if err != nil {
		return w, err
	}
	ask := view.InboxQuery{Role: role, Team: v.team(), Limit: duties}
	for i := range loads.Loads {
		l := &loads.Loads[i]
		if v.who.Person == "" || l.Person != v.who.Person {
			continue
		}
		w.Own, w.Hats, w.Second = true, l.Hats, l.Second
		w.Several = slices.ContainsFunc(l.Hats, func(h engine.HatLoad) bool { return h.Role != l.Hats[0].Role })
		ask.Person, ask.Role = v.who.Person, ""
	}
	if !w.Own {
		for i := range loads.Loads {
			for _, h := range loads.Loads[i].Hats {
				if h.Role == role && (ask.Team == "" || h.Team == ask.Team) {
					w.Hats = append(w.Hats, h)
				}
			}
		}
	}
	boxes, err := v.see.Inbox(ask)
	if err != nil {
		return w, err
	}
	w.Unseen = boxes.Restricted
	for i := range boxes.Inboxes {
		w.take(&boxes.Inboxes[i], v.who.Person)
	}
	slices.SortStableFunc(w.Duties, func(a, b duty) int { return strings.Compare(urgency(&a), urgency(&b)) })
	total := len(w.Duties)
	for i := range boxes.Inboxes {
		total += max(0, boxes.Inboxes[i].Total-len(boxes.Inboxes[i].Notices))
	}
	w.Duties = w.Duties[:min(len(w.Duties), duties)]
	w.More, w.All = total-len(w.Duties), v.allThatWaits(&w)
	return w, nil
}

func (w *waiting) take(box *view.Inbox, reader string) {
	w.Acts, w.Late = w.Acts+box.Acts, w.Late+box.Late
	for _, n := range box.Notices {
		d := duty{Notice: n, Hats: n.Acts}
		if box.Person != reader || reader == "" {
			d.Who = box.Person
			if d.Who == "" {
				d.Who = "nobody"
			}
		}
		w.Duties = append(w.Duties, d)
	}
}

// urgency sorts duties of several people: what is late, then what waits longest.
func urgency(d *duty) string {
	kind := "2"
	switch {
	case d.Late && len(d.Acts) > 0:
		kind = "0"
	case len(d.Acts) > 0:
		kind = "1"
	}
	return kind + d.Since
}

// allThatWaits leads to the order, which shows it all.
func (v *visit) allThatWaits(w *waiting) string {
	f := filter{Team: v.team(), Role: w.Role}
	if w.Own {
		f.Role, f.Mine = "", true
	}
	return "/?" + f.query()
}
