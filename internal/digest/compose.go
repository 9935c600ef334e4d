package digest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/view"
	"tandem/internal/work"
)

// Desk is what everything in a digest comes from. *view.Desk is one.
type Desk interface {
	Visit(ctx context.Context, who view.Who) *view.Visit
}

// Admin is the role of those who run Tandem: it is told what failed.
const Admin = "admin"

const (
	// told is how many entries each list of a digest has at most.
	told = 10
	// looked is how many places of an order are looked at, and remembered.
	looked = 1000
	// allNotices is how many notices of one person are looked at.
	allNotices = 10_000
	// mostRuns is in how many runs causes are looked for.
	mostRuns = 300
)

// reader is one digest that looks at what its audience may see.
type reader struct {
	*view.Visit

	spec *Spec
	page func(ref string) string
	out  *Content
}

// content looks at what there is, and tells it from what was told before; then
// is nil where nothing was. It returns also what is to be remembered.
func (c *Config) content(ctx context.Context, spec *Spec, day work.Date, then *said) (*Content, *said, error) {
	visit := c.Desk.Visit(ctx, view.Who{Name: "digest:" + spec.Name, Role: view.Viewer, Audience: spec.Audience})
	r := &reader{visit, spec, c.Page, &Content{
		Name: spec.Name, Role: spec.Role, Team: spec.Team, Audience: spec.Audience.String(), Instance: c.Instance, Day: day.String(), Link: c.Link,
	}}
	now := &said{Role: spec.Role, Team: spec.Team, Audience: spec.Audience.String(), Day: day.String(), At: c.Now().UTC(), Places: map[string]place{}}
	if err := errors.Join(r.duties(), r.works()); err != nil {
		return nil, nil, err
	}
	if spec.Role == Admin {
		if then != nil {
			r.out.Since = then.Day
		}
		return r.out, now, r.failed()
	}
	items, err := r.order(now)
	if err != nil || then == nil {
		return r.out, now, err
	}
	r.out.Since = then.Day
	moves, shifts := differences(items, then)
	causes, err := r.causes(then.At, moves, shifts)
	if err != nil {
		return nil, nil, err
	}
	r.out.MovedAll, r.out.RoadmapAll = len(moves), len(shifts)
	for _, m := range moves[:min(told, len(moves))] {
		r.out.Moved = append(r.out.Moved, Move{r.item(m.item), m.from, m.item.TeamPlace, causes[m.item.Ref].moved})
	}
	for _, s := range shifts[:min(told, len(shifts))] {
		r.out.Roadmap = append(r.out.Roadmap, Shift{r.item(s.item), s.was, s.item.Horizon, causes[s.item.Ref].shifted})
	}
	return r.out, now, nil
}

// item is an item as it is told.
func (r *reader) item(i *view.Item) Item {
	return r.named(i.Ref, i.Title, i.Team, i.URL)
}

func (r *reader) named(ref, title, team, at string) Item {
	if page := r.page; page != nil {
		at = page(ref)
	}
	return Item{Ref: ref, Title: title, Team: team, URL: at}
}

// duties tells what waits for the role.
func (r *reader) duties() error {
	boxes, err := r.Inbox(view.InboxQuery{Role: r.spec.Role, Team: r.spec.Team, Limit: allNotices})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range boxes.Inboxes {
		box := &boxes.Inboxes[i]
		for j := range box.Notices {
			n := &box.Notices[j]
			if !slices.ContainsFunc(n.Acts, r.fits) || seen[n.Ref] {
				continue
			}
			seen[n.Ref] = true
			r.add(n, box.Person)
		}
	}
	sort := func(all []Duty) []Duty {
		slices.SortStableFunc(all, func(a, b Duty) int { return strings.Compare(a.Since, b.Since) })
		return all[:min(told, len(all))]
	}
	r.out.LateAll, r.out.WaitAll = len(r.out.Late), len(r.out.Waits)
	r.out.Late, r.out.Waits = sort(r.out.Late), sort(r.out.Waits)
	r.out.Restricted, err = r.Unseen(r.spec.Role, r.spec.Team)
	return err
}

func (r *reader) fits(h engine.Hat) bool {
	return h.Role == r.spec.Role && (r.spec.Team == "" || h.Team == r.spec.Team)
}

func (r *reader) add(n *engine.Notice, person string) {
	d := Duty{r.named(n.Ref, n.Title, n.Team, n.URL), n.Because, n.Since, n.Due, person}
	if n.Late {
		r.out.Late = append(r.out.Late, d)
	} else {
		r.out.Waits = append(r.out.Waits, d)
	}
}

// order reads the order and notes what is to be remembered of it.
func (r *reader) order(now *said) ([]view.Item, error) {
	list, err := r.Items(view.ItemsQuery{Page: view.Page{Limit: view.MostRows}, Team: r.spec.Team})
	if err != nil {
		return nil, err
	}
	var seen []view.Item
	for i := range list.Items {
		item := &list.Items[i]
		if item.Restricted != "" { // where it stands was made of what is stricter
			continue
		}
		seen = append(seen, *item)
		if item.TeamPlace <= looked || planned(item.Horizon) {
			now.Places[item.Ref] = place{item.TeamPlace, item.Horizon}
		}
	}
	return seen, nil
}

// planned reports whether a horizon is a plan: later is everything else.
func planned(horizon string) bool { return horizon != "" && horizon != "later" }

// cause is why an item moved, and why its horizon is another one.
type cause struct{ moved, shifted string }

// causes finds why items moved: what the newest run says in which they did.
func (r *reader) causes(since time.Time, moves []moved, shifts []shifted) (map[string]cause, error) {
	wanted := map[string]bool{}
	for _, m := range moves[:min(told, len(moves))] {
		wanted[m.item.Ref] = true
	}
	for _, s := range shifts[:min(told, len(shifts))] {
		wanted[s.item.Ref] = true
	}
	found := map[string]cause{}
	if len(wanted) == 0 {
		return found, nil
	}
	runs, err := r.Runs(mostRuns)
	if err != nil {
		return nil, err
	}
	for _, run := range runs.Runs {
		if !run.At.After(since) {
			break
		}
		s, err := r.Stability(run.Number)
		if problem, ok := errors.AsType[*view.Problem](err); ok && problem.Status == http.StatusNotFound {
			continue // nobody compared
		}
		if err != nil {
			return nil, err
		}
		for i := range s.Moves {
			if m := &s.Moves[i]; wanted[m.Ref] && m.Because != "" {
				found[m.Ref] = found[m.Ref].with(m)
			}
		}
	}
	return found, nil
}

// with adds what an older run says. That others made room is told only where
// nothing else is known.
func (c cause) with(m *view.Move) cause {
	because := m.Because
	vague := len(m.Causes) == 1 && m.Causes[0] == engine.Others
	if c.moved == "" && !vague && m.From != m.To {
		c.moved = because
	}
	if c.shifted == "" && m.Horizon != nil {
		c.shifted = because
	}
	return c
}

// works tells which connectors could not be read.
func (r *reader) works() error {
	status, err := r.Status()
	if err != nil {
		return err
	}
	for _, s := range status.Streams {
		if s.Failed && s.Stream != "census" && !slices.Contains(r.out.Stale, s.Connector) {
			r.out.Stale = append(r.out.Stale, s.Connector)
		}
	}
	slices.Sort(r.out.Stale)
	return nil
}
