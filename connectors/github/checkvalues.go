package github

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// writtenTo are the values that rules may write into a field of a repository,
// or of any where it has no name.
func (c *checker) writtenTo(path, name string) []string {
	var values []string
	for _, w := range c.writes {
		if w.Path == path && (name == "" || w.Place == "" || strings.Contains(w.Place, "*") || strings.EqualFold(w.Place, name)) {
			for _, v := range w.Values {
				if !slices.Contains(values, v) {
					values = append(values, v)
				}
			}
		}
	}
	return values
}

// milestones finds milestones that rules write and a repository does not have:
// Tandem creates none.
func (c *checker) milestones(ctx context.Context, name string) []work.Finding {
	wanted := c.writtenTo(nativeMilestone, name)
	if len(wanted) == 0 {
		return nil
	}
	open, err := c.client.milestones(ctx, name)
	if err != nil {
		return []work.Finding{c.fatal(name+" milestones", err)}
	}
	titles := make([]string, 0, len(open))
	for _, m := range open {
		titles = append(titles, m.Title)
	}
	var lacking []string
	for _, v := range wanted {
		if !slices.Contains(titles, v) {
			lacking = append(lacking, strconv.Quote(v))
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return []work.Finding{{
		Level: work.Warning, Subject: c.name + " " + name,
		What:   fmt.Sprintf("it has no open milestone %s, which rules write; %s", strings.Join(lacking, ", "), listed(titles)),
		Remedy: "create them there, since Tandem never does, or map the values to milestones that there are",
	}}
}
