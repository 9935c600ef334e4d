package githubsim

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
)

// labels returns the set of names as the repository spells them, by id, and
// defines those that it does not have. Callers hold the lock.
func (s *Site) labels(r *repository, names []string) []string {
	found := make([]*Label, 0, len(names))
	for _, name := range names {
		l := r.labels[fold(name)]
		if l == nil {
			l = s.define(r, Label{Name: name})
		}
		found = append(found, l)
	}
	slices.SortFunc(found, func(a, b *Label) int { return cmp.Compare(a.ID, b.ID) })
	found = slices.Compact(found)
	spelled := make([]string, 0, len(found))
	for _, l := range found {
		spelled = append(spelled, l.Name)
	}
	return spelled
}

// define adds a label to a repository. Without a colour it gets the grey of
// labels that came with an issue.
func (s *Site) define(r *repository, l Label) *Label {
	if l.ID == 0 {
		l.ID = next(&s.ids.label)
	}
	l.Color = cmp.Or(l.Color, "ededed")
	r.labels[fold(l.Name)] = &l
	return &l
}

// change stores a new version of an issue and returns what changed; nothing
// is stored when nothing did. Callers hold the lock.
func (s *Site) change(r *repository, i *Issue, by string, edit func(*Issue)) []sim.Effect {
	after := i.clone()
	edit(after)
	after.ID, after.NodeID, after.Repository, after.Number = i.ID, i.NodeID, i.Repository, i.Number
	after.Created, after.Updated, after.Events = i.Created, i.Updated, i.clone().Events
	after.Labels = s.labels(r, after.Labels)
	s.settle(i, after, by)
	d := s.compare(r, i, after, by)
	if len(d.effects) == 0 {
		return nil
	}
	after.Events = append(after.Events, d.events...)
	if d.moves {
		after.Updated = s.now()
	}
	r.put(after)
	s.depend(r, after)
	s.announceChange(r, after, by, d)
	return d.effects
}

// settle keeps what belongs to the state in step with it.
func (s *Site) settle(before, after *Issue, by string) {
	after.State = cmp.Or(after.State, Open)
	switch {
	case before.State == after.State:
		after.Closed, after.ClosedBy = before.Closed, before.ClosedBy
		if after.State == Open && after.StateReason != "reopened" {
			after.StateReason = before.StateReason
		}
	case after.State == Closed:
		after.Closed, after.ClosedBy = s.now(), by
		if after.StateReason == before.StateReason || after.StateReason == "" || after.StateReason == "reopened" {
			after.StateReason = "completed"
		}
		if after.PullRequest {
			after.StateReason = ""
		}
	default:
		after.Closed, after.ClosedBy, after.StateReason = time.Time{}, "", "reopened"
	}
	now := s.now()
	for n := range after.Comments {
		c := &after.Comments[n]
		if c.ID == 0 {
			c.ID, c.Created, c.Updated = next(&s.ids.comment), now, now
			c.Author = cmp.Or(c.Author, by)
			continue
		}
		old := slices.IndexFunc(before.Comments, func(o Comment) bool { return o.ID == c.ID })
		if old >= 0 && before.Comments[old].Body != c.Body {
			c.Updated = now
		}
	}
}

// difference is what one change did to an issue.
type difference struct {
	effects []sim.Effect
	events  []Event
	// moves reports whether the change moves updated_at.
	moves bool
}

// compare lists what differs between two versions of an issue. Callers hold
// the lock.
func (s *Site) compare(r *repository, before, after *Issue, by string) difference {
	d := difference{}
	effect := func(field, from, to string) {
		d.effects = append(d.effects, sim.Effect{Ref: after.Key(), Field: field, From: from, To: to})
	}
	event := func(e Event) {
		e.ID, e.Actor, e.At = next(&s.ids.event), by, s.now()
		d.events = append(d.events, e)
	}
	if before.Title != after.Title {
		effect("title", before.Title, after.Title)
		event(Event{Kind: "renamed", From: before.Title, To: after.Title})
	}
	if before.Body != after.Body {
		effect("body", before.Body, after.Body)
	}
	if before.State != after.State {
		effect("state", before.State, after.State)
		kind := map[string]string{Open: "reopened", Closed: "closed"}[after.State]
		event(Event{Kind: kind, StateReason: map[bool]string{true: after.StateReason}[kind == "closed"]})
	}
	if before.StateReason != after.StateReason {
		effect("state_reason", before.StateReason, after.StateReason)
	}
	s.compareSets(r, before, after, effect, event)
	if before.Parent != after.Parent {
		effect("parent", s.related(before.Parent), s.related(after.Parent))
	}
	if !slices.Equal(before.BlockedBy, after.BlockedBy) {
		effect("blocked_by", s.related(before.BlockedBy...), s.related(after.BlockedBy...))
	}
	if before.Locked != after.Locked {
		effect("locked", strconv.FormatBool(before.Locked), strconv.FormatBool(after.Locked))
		event(Event{Kind: map[bool]string{true: "locked", false: "unlocked"}[after.Locked]})
	}
	d.moves = len(d.effects) > 0
	d.moves = compareTalk(before, after, effect) || d.moves
	if !maps.Equal(before.Reactions, after.Reactions) {
		effect("reactions", strconv.Itoa(total(before.Reactions)), strconv.Itoa(total(after.Reactions)))
		d.moves = d.moves || s.options.LoudReactions
	}
	if !reflect.DeepEqual(before.Raw, after.Raw) {
		effect("raw", "", "")
		d.moves = true
	}
	return d
}

func (s *Site) compareSets(r *repository, before, after *Issue, effect func(field, from, to string), event func(Event)) {
	color := func(name string) string {
		if l := r.labels[fold(name)]; l != nil {
			return l.Color
		}
		return "ededed"
	}
	for _, name := range without(before.Labels, after.Labels) {
		effect("labels", name, "")
		event(Event{Kind: "unlabeled", Label: name, Color: color(name)})
	}
	for _, name := range without(after.Labels, before.Labels) {
		effect("labels", "", name)
		event(Event{Kind: "labeled", Label: name, Color: color(name)})
	}
	for _, login := range without(before.Assignees, after.Assignees) {
		effect("assignees", login, "")
		event(Event{Kind: "unassigned", Subject: login})
	}
	for _, login := range without(after.Assignees, before.Assignees) {
		effect("assignees", "", login)
		event(Event{Kind: "assigned", Subject: login})
	}
	if before.Milestone == after.Milestone {
		return
	}
	effect("milestone", r.title(before.Milestone), r.title(after.Milestone))
	if before.Milestone != 0 {
		event(Event{Kind: "demilestoned", Subject: r.title(before.Milestone)})
	}
	if after.Milestone != 0 {
		event(Event{Kind: "milestoned", Subject: r.title(after.Milestone)})
	}
}

// title returns a milestone's title; none has the empty one.
func (r *repository) title(milestone int) string {
	if m := r.milestones[milestone]; m != nil {
		return m.Title
	}
	return ""
}

// compareTalk reports whether the comments move updated_at: new and
// changed ones do, deleted ones do not.
func compareTalk(before, after *Issue, effect func(field, from, to string)) bool {
	old := make(map[int64]string, len(before.Comments))
	for _, c := range before.Comments {
		old[c.ID] = c.Body
	}
	moves := false
	for _, c := range after.Comments {
		body, was := old[c.ID]
		delete(old, c.ID)
		if !was || body != c.Body {
			effect("comment", body, c.Body)
			moves = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(old)) {
		effect("comment", old[id], "")
	}
	return moves
}

func total(reactions map[string]int) int {
	n := 0
	for _, times := range reactions {
		n += times
	}
	return n
}

// without returns the names of a that are not in b, ignoring case.
func without(a, b []string) []string {
	var left []string
	for _, name := range a {
		if !slices.ContainsFunc(b, func(other string) bool { return strings.EqualFold(other, name) }) {
			left = append(left, name)
		}
	}
	return left
}
