package jira

import (
	"strings"
)

// jql restricts to the scope and to what changed since the literal, oldest
// change first. There is never an upper bound: our clock is not Jira's.
func jql(c Config, since string) string {
	keys := make([]string, len(c.Projects))
	for i, key := range c.Projects {
		keys[i] = quote(key)
	}
	clauses := []string{"project in (" + strings.Join(keys, ", ") + ")"}
	if c.Where != "" {
		clauses = append(clauses, "("+c.Where+")")
	}
	if since != "" {
		clauses = append(clauses, "updated >= "+quote(since))
	}
	return strings.Join(clauses, " AND ") + " ORDER BY updated ASC, key ASC"
}

// quote writes a text as JQL reads it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
