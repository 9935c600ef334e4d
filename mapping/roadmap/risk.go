package roadmap

import (
	"slices"
	"strings"
	"time"
)

// risk says what cannot be kept as things stand; empty for most.
func (f *filling) risk(s *slot) string {
	var all []string
	add := func(text string) { all = append(all, text) }
	in := f.placeOf(s)
	if f.plan.over(s.item.Fixed) {
		add(s.item.Fixed + " is over, and it is not finished")
	}
	switch {
	case f.overdue(s):
		add("its " + dueText(s.item) + " has passed")
	case s.latest > 0 && (in == 0 || in > s.latest):
		add(f.late(s))
	}
	if t, l := s.item.Target, s.item.Launch; !t.IsZero() && !l.IsZero() && l.Before(t) {
		add("its launch date " + l.Format(time.DateOnly) + " is before its target date " + t.Format(time.DateOnly))
	}
	if s.ties == nil || in <= 0 || in > len(f.plan.horizons) {
		return strings.Join(all, ", and ")
	}
	nearer := func(p prior) (horizon string, is bool) {
		need := &f.slots[p.slot]
		n := f.placeOf(need)
		return f.horizonOf(need), n == 0 || n > in
	}
	for _, p := range s.ties.needs {
		if horizon, is := nearer(p); is {
			add("it needs " + p.key + " first, which is " + horizon)
		}
	}
	for _, p := range s.ties.circle {
		if horizon, is := nearer(p); is {
			add("it needs " + p.key + ", which is " + horizon + " and needs it in turn")
		}
	}
	return strings.Join(all, ", and ")
}

// circled says that an item needs others in a circle, so that it waits for none
// of them; empty for most.
func (s *slot) circled() string {
	if s.ties == nil || len(s.ties.circle) == 0 || s.item.Done {
		return ""
	}
	var keys []string
	for _, p := range s.ties.circle {
		if !slices.Contains(keys, p.key) {
			keys = append(keys, p.key)
		}
	}
	them := "it"
	if len(keys) > 1 {
		them = "them"
	}
	return "it is in a circle of needs with " + strings.Join(keys, " and ") + ", so it does not wait for " + them
}

// overdue reports whether its date has passed.
func (f *filling) overdue(s *slot) bool {
	day := due(s.item)
	return !day.IsZero() && day.Before(f.plan.today)
}

// late says why the date of an item cannot be met.
func (f *filling) late(s *slot) string {
	text := "its " + dueText(s.item) + " cannot be met: "
	if len(f.used) == 0 {
		return text + "the team has no capacity"
	}
	i := s.latest - 1
	name := f.names[i]
	switch {
	case s.item.Fixed != "":
		return text + "a person set it to " + s.item.Fixed + ", and the date lies in " + f.plan.horizons[i].name
	case f.plan.horizons[i].frozen:
		return text + name + " is frozen"
	case s.waited&(1<<s.latest) != 0:
		return text + "what it needs is not in " + name
	default:
		return text + name + " has no room beside what people set and other dates, and this needs " + f.effort(s)
	}
}

// horizonOf names the horizon of a slot.
func (f *filling) horizonOf(s *slot) string {
	switch {
	case s.item.Fixed != "":
		return s.item.Fixed
	case s.in == 0:
		return Later
	default:
		return f.plan.horizons[s.in-1].name
	}
}
