package engine

import (
	"cmp"
	"maps"
	"slices"

	"tandem/mapping/evidence"
)

// targets finds the evidence of a record by "connector:key".
type targets struct {
	days  []evidence.Day // by target
	spans map[string]span
	// fresh is what is said of targets of which something changed since.
	fresh map[string][]evidence.Day
}

// span is a run of days of one target.
type span struct{ from, to int }

func byTarget(days []evidence.Day) targets {
	n := 1 // targets, where the days are sorted
	for i := 1; i < len(days); i++ {
		switch c := cmp.Compare(days[i-1].Target, days[i].Target); {
		case c > 0:
			days = slices.Clone(days)
			slices.SortStableFunc(days, func(a, b evidence.Day) int { return cmp.Compare(a.Target, b.Target) })
			return index(days, n)
		case c < 0:
			n++
		}
	}
	return index(days, n)
}

// index notes where the days of each target are; there are about n targets.
func index(days []evidence.Day, n int) targets {
	t := targets{days: days, spans: make(map[string]span, n)}
	for i := 0; i < len(days); {
		j := i + 1
		for j < len(days) && days[j].Target == days[i].Target {
			j++
		}
		t.spans[days[i].Target] = span{i, j}
		i = j
	}
	return t
}

// said returns the feedback on the records of an item, also what names keys
// that they had before they were moved.
func (h *hand) said() []evidence.Day {
	var all []evidence.Day
	for _, r := range h.records {
		all = h.named(all, r.Connector, cmp.Or(r.Key, r.ID))
		for _, key := range r.Former {
			all = h.named(all, r.Connector, key)
		}
	}
	return all
}

// named adds the feedback that names "connector:key".
func (h *hand) named(all []evidence.Day, connector, key string) []evidence.Day {
	h.name = append(append(append(h.name[:0], connector...), ':'), key...)
	s := h.voices.spans[string(h.name)]
	part := h.voices.days[s.from:s.to]
	if fresh, ok := h.voices.fresh[string(h.name)]; ok {
		part = fresh
	}
	switch {
	case len(part) == 0:
		return all
	case all == nil:
		return slices.Clip(part)
	default:
		return append(all, part...)
	}
}

// with returns them after something changed of some targets.
func (t targets) with(changed map[string][]evidence.Day) targets {
	if len(changed) == 0 {
		return t
	}
	fresh := make(map[string][]evidence.Day, len(t.fresh)+len(changed))
	maps.Copy(fresh, t.fresh)
	for target, days := range changed {
		fresh[target] = slices.Clip(days)
	}
	t.fresh = fresh
	return t
}

// mark tells of which records anything was said anew.
func (e *evaluation) mark(changed map[string][]evidence.Day, note func(record int)) {
	if len(changed) == 0 {
		return
	}
	var name []byte
	for i, r := range e.records {
		name = append(append(append(name[:0], r.Connector...), ':'), cmp.Or(r.Key, r.ID)...)
		_, is := changed[string(name)]
		for _, key := range r.Former {
			_, former := changed[r.Connector+":"+key]
			is = is || former
		}
		if is {
			note(i)
		}
	}
}
