package engine

import (
	"cmp"
	"slices"

	"tandem/internal/work"

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

// said returns the feedback on the records of an item.
func (h *hand) said(parts []work.Part) []evidence.Day {
	var all []evidence.Day
	for i := range parts {
		h.name = append(append(append(h.name[:0], parts[i].Connector...), ':'), cmp.Or(parts[i].Key, parts[i].ID)...)
		if s, ok := h.voices.spans[string(h.name)]; ok {
			if part := h.voices.days[s.from:s.to]; all == nil {
				all = slices.Clip(part)
			} else {
				all = append(all, part...)
			}
		}
	}
	return all
}
