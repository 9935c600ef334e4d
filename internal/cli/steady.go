package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/engine"
)

// steady says in one line how far the order is from that of the run before.
func (p *printer) steady(s *engine.Stability) {
	if s != nil {
		p.line("%s", steadyLine(s))
	}
}

func steadyLine(s *engine.Stability) string {
	since := fmt.Sprintf("Since run %d", s.Since)
	var changed []string
	add := func(n int, one, many string) {
		if n > 0 {
			changed = append(changed, plural(n, one, many))
		}
	}
	add(s.Priorities, "priority", "priorities")
	add(s.Horizons, "horizon", "horizons")
	add(s.Routes, "route", "routes")
	add(s.Came, "new item", "new items")
	add(s.Went, "item gone or done", "items gone or done")
	if s.Moved == 0 && len(changed) == 0 {
		return since + ": nothing moved"
	}
	line := fmt.Sprintf("%s: %s moved, %d of the first 10 stayed, Kendall's tau %.3f", since, plural(s.Moved, "item", "items"), s.Same10, s.Tau)
	if len(changed) > 0 {
		line += "; changed: " + strings.Join(changed, ", ")
	}
	if len(s.Causes) > 0 {
		line += "; because of " + causes(s.Causes)
	}
	return line
}

// causes shows what moved items, the most frequent first.
func causes(all map[engine.Cause]int) string {
	words := map[engine.Cause]string{
		engine.IsNew: "new items", engine.SaidMore: "feedback", engine.Estimated: "estimates", engine.Edited: "other fields", engine.Overridden: "people's word",
		engine.NewRules: "the rules", engine.Aged: "the day", engine.Dwelt: "dwell", engine.Others: "other items", engine.Unexplained: "unknown",
	}
	keys := slices.SortedFunc(maps.Keys(all), func(a, b engine.Cause) int {
		if all[a] != all[b] {
			return all[b] - all[a]
		}
		return strings.Compare(string(a), string(b))
	})
	parts := make([]string, 0, len(keys))
	for _, k := range keys {
		parts = append(parts, fmt.Sprintf("%s (%d)", words[k], all[k]))
	}
	return strings.Join(parts, ", ")
}
