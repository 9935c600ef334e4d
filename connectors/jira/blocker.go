package jira

import (
	"encoding/json"
	"strings"

	"tandem/internal/work"
)

// blockers reads the keys of the issues that must come first, from the links
// that say so: "is blocked by" of Jira's own type Blocks, under whatever words
// a site gives it, and types of its own such as "depends on".
func blockers(raw json.RawMessage) (work.Value, error) {
	type end struct {
		Key string `json:"key"`
	}
	list, err := into[[]struct {
		Type struct {
			Name    string `json:"name"`
			Inward  string `json:"inward"`
			Outward string `json:"outward"`
		} `json:"type"`
		In  end `json:"inwardIssue"`
		Out end `json:"outwardIssue"`
	}](raw, "list of issue links")
	var keys []string
	for _, l := range list {
		// Jira shows the inward words beside the inward issue: this issue "is
		// blocked by" it.
		if l.In.Key != "" && (l.Type.Name == "Blocks" || waits(l.Type.Inward)) {
			keys = append(keys, l.In.Key)
		}
		if l.Out.Key != "" && l.Type.Name != "Blocks" && waits(l.Type.Outward) {
			keys = append(keys, l.Out.Key)
		}
	}
	return work.NewList(keys...), err
}

// waits reports whether the words say that the one waits for the other.
func waits(words string) bool {
	switch strings.ToLower(strings.TrimSpace(words)) {
	case "is blocked by", "blocked by", "depends on", "is dependent on", "depends upon", "requires":
		return true
	default:
		return false
	}
}
