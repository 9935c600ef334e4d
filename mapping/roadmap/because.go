package roadmap

import (
	"fmt"
	"strings"
)

// assignments returns the outcome with its reasons.
func (f *filling) assignments() []Assignment {
	names := f.plan.Horizons()
	f.told = map[lot]string{}
	for i := range f.used {
		f.names = append(f.names, fmt.Sprintf("%s (%s of %s planned)", names[i], number(f.used[i]), number(f.capacity(i))))
	}
	all := make([]Assignment, 0, len(f.slots))
	for n := range f.slots {
		s := &f.slots[n]
		a := Assignment{ID: s.item.ID, Effort: s.effort, Assumed: s.assumed}
		switch {
		case s.item.Done:
			a.Because = "finished"
		case s.item.Fixed != "":
			a.Horizon, a.Fixed = s.item.Fixed, true
			a.Because = f.fixedBecause(s)
		case s.in == 0:
			a.Horizon, a.Because = Later, f.because(s)
		default:
			a.Horizon, a.Because = names[s.in-1], f.because(s)
		}
		all = append(all, a)
	}
	return all
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
	l := lot{effort: s.effort, assumed: s.assumed, in: s.in, stays: s.was == s.in}
	text, known := f.told[l]
	if !known {
		text = f.tell(s)
		f.told[l] = text
	}
	return text
}

func (f *filling) tell(s *slot) string {
	if len(f.used) == 0 {
		return "the team has no capacity"
	}
	var text strings.Builder
	text.WriteString("effort " + f.effort(s))
	for i, name := range f.names {
		switch {
		case s.in != i+1:
			text.WriteString(" does not fit in " + name + ",")
		case s.effort > f.capacity(i)+grain:
			return text.String() + " is more than " + name + " holds, and comes first"
		case s.was == s.in:
			return text.String() + " stays in " + name
		default:
			return text.String() + " fits in " + name
		}
	}
	return text.String() + " so it is " + Later
}

// effort spells the effort of an item and whether somebody gave it.
func (f *filling) effort(s *slot) string {
	if s.assumed {
		return number(s.effort) + " (assumed)"
	}
	return number(s.effort)
}
