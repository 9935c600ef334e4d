package engine

import (
	"cmp"
	"slices"

	"tandem/mapping/evidence"
)

// targets finds the evidence of a record by "connector:key".
type targets struct {
	days  []evidence.Day // by target
	spans map[string]span
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
	s, ok := h.voices.spans[string(h.name)]
	switch part := h.voices.days[s.from:s.to]; {
	case !ok:
		return all
	case all == nil:
		return slices.Clip(part)
	default:
		return append(all, part...)
	}
}
