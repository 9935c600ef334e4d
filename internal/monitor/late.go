package monitor

import (
	"strings"
	"time"

	"tandem/internal/work"
)

// late says for whom items wait longer than the rules agreed (within: of a
// route), all in one: it is people who act, and they look in one place.
func late(in Inspected) []Problem {
	if len(in.Late) == 0 {
		return nil
	}
	total, first := 0, in.Late[0].Due
	var names []string
	for _, l := range in.Late {
		total += l.Count
		if l.Due.Before(first) {
			first = l.Due
		}
		names = append(names, count(l.Count, "waits", "wait")+" for "+hat(l))
	}
	const most = 4
	if len(names) > most {
		names = append(names[:most], count(len(in.Late)-most, "other role", "other roles"))
	}
	return []Problem{{
		Warned, "late_items", "",
		count(total, "item waits", "items wait") + " longer than was agreed: " + strings.Join(names, ", ") + "; the first should have been answered by " + first.Format(time.DateOnly) + ".",
		"See which: tandem inbox. Act, name a deputy who does, or give it more time (within: of the route).",
	}}
}

func hat(l work.Late) string {
	if l.Team == "" {
		return l.Role
	}
	return l.Role + " of " + l.Team
}
