package demo_test

import (
	"slices"
	"strings"
)

// spot is one field at one issue: what stands there, in the service's own
// spelling and as the shared value, and what Tandem put there last.
type spot struct {
	*issue
	field string
	// native are the labels of Tandem's that stand there, or the priority.
	native []string
	// value is the shared value; empty where there is none.
	value string
	// two values of one field stand there.
	unclear bool
	// setByJira: nobody chose it.
	untouched bool
	last      []string
	known     bool // there is a last
}

// spots are the places of a field at a piece of work.
func (o *oracle) spots(w *piece, field string) []*spot {
	var all []*spot
	for _, i := range w.issues {
		s := &spot{issue: i, field: field}
		if field == fieldPriority && i.service == "jira" {
			s.native, s.value, s.untouched = []string{i.priority}, sharedPriority(i.place, i.priority), setByJira(i.priority)
		} else if owned := ownedLabels(i.service, field); owned != nil {
			s.look(owned, alsoRead(i.service, field))
		} else {
			continue
		}
		s.last, s.known = o.memory.last[s.at()]
		all = append(all, s)
	}
	return all
}

// look finds the labels of the field: ours, and those that are only read.
func (s *spot) look(owned, read map[string]string) {
	var ours, theirs []string
	for _, l := range s.labels {
		for value, label := range owned {
			if l == label {
				s.native, ours = append(s.native, l), append(ours, value)
			}
		}
		for value, label := range read {
			if l == label {
				theirs = append(theirs, value)
			}
		}
	}
	slices.Sort(s.native)
	values := append(ours, theirs...)
	slices.Sort(values)
	switch values = slices.Compact(values); {
	case len(values) > 1:
		s.unclear = true
	case len(values) == 1:
		s.value = values[0]
	}
}

// at names the spot.
func (s *spot) at() string { return s.ref() + " " + s.field }

// changed: a person put something else there than Tandem's last.
func (s *spot) changed() bool { return !s.unclear && s.known && !slices.Equal(s.native, s.last) }

// predates: it stood there before Tandem, and somebody chose it.
func (s *spot) predates() bool { return !s.unclear && !s.known && s.value != "" && !s.untouched }

// ofPerson: adopt.set_by_person is keep, and people's changes are respected.
func (s *spot) ofPerson() bool { return s.changed() || s.predates() }

// cause is why a person's value is held.
func (s *spot) cause() string {
	if s.changed() {
		return "changed_by_person"
	}
	return "predates_tandem"
}

// choice is what people set, in all their places the same.
type choice struct {
	value string
	made  bool
	// audience is the strictest of the places where they set it.
	audience int
}

// people returns what people set; they disagree where it differs by place.
func (o *oracle) people(w *piece, field string) (chosen choice, disagree bool) {
	for _, s := range o.spots(w, field) {
		if !s.ofPerson() {
			continue
		}
		if chosen.made && chosen.value != s.value {
			return choice{}, true
		}
		chosen = choice{s.value, true, max(chosen.audience, s.audience)}
	}
	return chosen, false
}

// decide tells what becomes of a field of a piece of work.
func (o *oracle) decide(t *told, w *piece, field string) {
	spots := o.spots(w, field)
	if field == fieldGoal {
		o.carryGoal(t, w, spots)
		return
	}
	// What ranking and routing say is as strict as everything that went into
	// it; feedback is internal.
	want, audience := map[string]string{fieldPriority: w.tier, fieldHorizon: w.horizon, fieldRole: roleLabel(w)}[field], w.audience
	if w.evidence.accounts > 0 {
		audience = max(audience, internal)
	}
	speaks := want != "" || field == fieldRole // a route always says whether it asks for a label
	chosen, disagree := o.people(w, field)
	effective, speaking := want, speaks
	if chosen.made {
		effective, speaking, audience = chosen.value, true, chosen.audience
	}
	for _, s := range spots {
		switch {
		case s.ofPerson() && disagree:
			o.hold(t, w, s, "people_disagree")
		case s.ofPerson() && field == fieldHorizon && w.fixed:
			o.hold(t, w, s, s.cause()) // Tandem plans around it
		case s.ofPerson() && !speaks:
		case s.ofPerson() && s.value == want:
			o.adopt(s)
		case s.ofPerson():
			o.hold(t, w, s, s.cause())
		case !disagree && speaking:
			o.put(t, w, s, effective, audience)
		}
	}
}

// carryGoal takes the goal from Jira, which owns it, to the twin.
func (o *oracle) carryGoal(t *told, w *piece, spots []*spot) {
	j := w.jira()
	if j == nil {
		return
	}
	for _, s := range spots {
		switch {
		case j.goal == "" && !s.known: // Jira never had one: the twin is left alone
		case s.ofPerson() && s.value == j.goal:
			o.adopt(s)
		case s.ofPerson():
			o.hold(t, w, s, s.cause())
		default:
			o.put(t, w, s, j.goal, j.audience)
		}
	}
}

// put lets the spot show the value, or says why not.
func (o *oracle) put(t *told, w *piece, s *spot, value string, audience int) {
	native := spell(s, value)
	switch {
	case s.unclear:
		o.hold(t, w, s, "ambiguous_label")
	case s.value == value:
		o.adopt(s)
	case value == "" && s.field == fieldPriority && s.service == "jira": // Jira's priority is never blank
	case w.done() && s.field != fieldRole: // finished work is left alone
	case onlyPrivate(s.field) && s.audience == public && s.service == "github":
	case namedForPublic(s.field) && s.audience == public && audience == internal:
		o.write(t, s, native)
	case audience > s.audience:
		o.hold(t, w, s, "leak_guard")
	default:
		o.write(t, s, native)
	}
}

// spell returns what must stand at the spot for a shared value.
func spell(s *spot, value string) []string {
	switch {
	case value == "":
		return nil
	case s.field == fieldPriority && s.service == "jira":
		return []string{nativePriority(s.place, value)}
	default:
		return []string{ownedLabels(s.service, s.field)[value]}
	}
}

// adopt remembers that the spot is right already. What stands there only in a
// spelling that is read and never written stays the team's.
func (o *oracle) adopt(s *spot) {
	if len(s.native) > 0 || s.known {
		o.memory.last[s.at()] = s.native
	}
}

// write changes the issue, where its team has adopted Tandem.
func (o *oracle) write(t *told, s *spot, native []string) {
	var edits []string
	if s.field == fieldPriority && s.service == "jira" {
		edits = []string{s.name() + " priority " + strings.Join(s.native, "") + "→" + strings.Join(native, "")}
	} else {
		for _, l := range s.native {
			if !slices.Contains(native, l) {
				edits = append(edits, s.name()+" "+s.field+" -"+l)
			}
		}
		for _, l := range native {
			if !slices.Contains(s.native, l) {
				edits = append(edits, s.name()+" "+s.field+" +"+l)
			}
		}
	}
	if !adopted(teamOf(s.place)) {
		t.shown = append(t.shown, edits...)
		return
	}
	t.written = append(t.written, edits...)
	o.memory.last[s.at()] = native
	if s.field == fieldPriority && s.service == "jira" {
		s.priority = strings.Join(native, "")
		return
	}
	s.labels = append(slices.DeleteFunc(slices.Clone(s.labels), func(l string) bool { return slices.Contains(s.native, l) }), native...)
}

// hold tells of a value that is not written. Finished work holds nothing but
// its role label.
func (o *oracle) hold(t *told, w *piece, s *spot, cause string) {
	if !w.done() || s.field == fieldRole {
		t.held = append(t.held, s.name()+" "+s.field+" "+cause)
	}
}
