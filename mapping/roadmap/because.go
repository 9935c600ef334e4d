package roadmap

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// assignments tells the outcome with its reasons.
func (f *filling) assignments(tell func(item int, a *Assignment)) {
	horizons := f.plan.Horizons()
	for i := range f.used {
		name := fmt.Sprintf("%s (%s of %s planned", horizons[i], number(f.used[i]), number(f.capacity(i)))
		if left := f.left(i); left < f.capacity(i) {
			name += ", time left for " + number(left)
		}
		f.names = append(f.names, name+")")
	}
	var a Assignment
	for n := range f.slots {
		s := &f.slots[n]
		a = Assignment{ID: s.item.ID, Place: s.place, Effort: s.effort, Assumed: s.assumed}
		switch {
		case s.item.Done:
			a.Because = "finished"
			tell(s.index, &a)
			continue
		case s.item.Fixed != "":
			a.Horizon, a.Fixed = s.item.Fixed, true
			a.Because = f.fixedBecause(s)
		case s.in == 0:
			a.Horizon, a.Because = Later, f.because(s)
		default:
			a.Horizon, a.Because = horizons[s.in-1], f.because(s)
		}
		if text := s.circled(); text != "" {
			a.Because += "; " + text
		}
		if a.Risk = f.risk(s); a.Risk != "" {
			a.Because += "; at risk: " + a.Risk
		}
		tell(s.index, &a)
	}
}

func (f *filling) fixedBecause(s *slot) string {
	i := f.plan.Index(s.item.Fixed) - 1
	if i < 0 || i >= len(f.used) {
		return "set by a person"
	}
	return fmt.Sprintf("set by a person; uses %s of %s's %s", f.effort(s), s.item.Fixed, number(f.capacity(i)))
}

// because tells through which full horizons the item went.
func (f *filling) because(s *slot) string {
	if s.over || s.waited != 0 || s.how == byDate {
		return f.tell(s) // few say the same
	}
	l := lot{effort: s.effort, assumed: s.assumed, dwells: s.dwells, how: s.how, was: s.was, in: s.in}
	if s.dwells {
		l.since = s.item.Since
	}
	before := &f.told[s.index]
	if before.of == f.reasons && before.lot == l {
		return before.text
	}
	text, known := f.reasons.texts[l]
	if !known {
		text = f.tell(s)
		f.reasons.texts[l] = text
	}
	*before = told{l, text, f.reasons}
	return text
}

// reasons are what is said of the items of a team, for as long as its horizons
// are filled to the same marks.
type reasons struct {
	today time.Time
	team  Team
	used  []float64
	texts map[lot]string
}

// told is what was said of an item last.
type told struct {
	lot  lot
	text string
	of   *reasons
}

// remember finds what was said before where it still holds.
func (f *filling) remember(desk *Desk, items int) {
	if len(desk.told) < items {
		desk.told = append(desk.told, make([]told, items-len(desk.told))...)
	}
	if desk.lists == nil {
		desk.lists = map[string]*reasons{}
	}
	r := desk.lists[f.team.Name]
	if r == nil || !r.today.Equal(f.plan.today) || r.team != f.team || !slices.Equal(r.used, f.used) || len(r.texts) > len(f.slots) {
		r = &reasons{today: f.plan.today, team: f.team, used: f.used, texts: map[lot]string{}}
		desk.lists[f.team.Name] = r
	}
	f.reasons, f.told = r, desk.told
}

func (f *filling) tell(s *slot) string {
	if len(f.used) == 0 {
		return "the team has no capacity"
	}
	const usual = 160
	var text strings.Builder
	text.Grow(usual)
	say := func(words ...string) {
		for _, w := range words {
			text.WriteString(w)
		}
	}
	if s.over {
		say(s.item.Previous, " is over; ")
	}
	say("effort ", f.effort(s))
	for i, name := range f.names {
		if s.in == i+1 {
			before, behind := f.here(s)
			say(before, name, behind)
			return text.String()
		}
		before, behind := f.passes(s, i)
		say(before, name, behind, ",")
	}
	say(" so it is ", Later)
	return text.String()
}

// here says why the item is in its horizon, before and behind its name.
func (f *filling) here(s *slot) (before, behind string) {
	switch {
	case s.how == byFreeze:
		return " stays in ", ", which is frozen"
	case s.how == byDate && s.was != s.in:
		return " is pulled into ", " by its " + dueText(s.item)
	case s.how == byDate:
		return " is kept in ", " by its " + dueText(s.item)
	case s.effort > f.capacity(s.in-1)+grain:
		return " is more than ", " holds, and comes first"
	case s.how == byDwell:
		return " stays in ", ", where it is since " + s.item.Since.Format(time.DateOnly)
	case s.was == s.in && !s.over:
		return " stays in ", ""
	default:
		return " fits in ", ""
	}
}

// passes says why the item is not in the i-th horizon, before and behind its
// name.
func (f *filling) passes(s *slot, i int) (before, behind string) {
	limit := f.left(i)
	if s.was > i+1 {
		limit = min(limit, f.capacity(i)*(1-f.plan.band))
	}
	room := f.used[i]+s.effort <= limit+grain
	switch {
	case f.plan.horizons[i].frozen:
		return " does not enter ", ", which is frozen"
	case s.waited&(1<<(i+1)) != 0:
		return " comes behind what it needs, so not in ", ""
	case room && s.dwells && s.was > i+1:
		return " dwells until " + s.item.Since.Add(f.plan.dwell).Format(time.DateOnly) + " before it may enter ", ""
	case room:
		return " stands behind what does not enter ", ""
	default:
		return " does not fit in ", ""
	}
}

// effort spells the effort of an item and whether somebody gave it.
func (f *filling) effort(s *slot) string {
	if s.assumed {
		return number(s.effort) + " (assumed)"
	}
	return number(s.effort)
}
