package jirasim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// sprintClause searches by sprint: by number, by name, or by the functions for
// all open, future or closed ones. An issue that went through a closed sprint
// is not EMPTY.
func (c *compiler) sprintClause() jqlField {
	return jqlField{
		ops:   equality(),
		empty: func(e *entry) bool { return len(e.Sprints) == 0 },
		match: func(op string, values []operand) predicate {
			want := map[int64]bool{}
			for _, v := range values {
				ids, err := c.sprintIDs(v)
				if err != nil {
					c.fail("%s", err)
					return nil
				}
				for _, id := range ids {
					want[id] = true
				}
			}
			in := op == "=" || op == "in"
			return func(e *entry) bool {
				found := slices.ContainsFunc(e.Sprints, func(id int64) bool { return want[id] })
				return len(e.Sprints) > 0 && found == in
			}
		},
	}
}

func (c *compiler) sprintIDs(o operand) ([]int64, error) {
	fits := func(s *Sprint) bool {
		return strconv.FormatInt(s.ID, 10) == o.text || strings.EqualFold(s.Name, o.text)
	}
	if o.function != "" {
		state, known := map[string]SprintState{
			"opensprints": ActiveSprint, "futuresprints": FutureSprint, "closedsprints": ClosedSprint,
		}[strings.ToLower(o.function)]
		if !known {
			return nil, fmt.Errorf("unable to find JQL function '%s'", o)
		}
		fits = func(s *Sprint) bool { return s.State == state }
	}
	var ids []int64
	for _, s := range c.catalog.world.Sprints {
		if fits(&s) {
			ids = append(ids, s.ID)
		}
	}
	if ids == nil && o.function == "" {
		return nil, fmt.Errorf("sprint with name '%s' does not exist or you do not have permission to view it", o)
	}
	return ids, nil
}

// typeFunction returns the issue types that a function means.
func (c *compiler) typeFunction(o operand) ([]string, error) {
	name := strings.ToLower(o.function)
	if name != "subtaskissuetypes" && name != "standardissuetypes" {
		return nil, fmt.Errorf("no function %s", o)
	}
	var ids []string
	for _, t := range c.catalog.world.Types {
		if t.Subtask == (name == "subtaskissuetypes") {
			ids = append(ids, t.ID)
		}
	}
	return ids, nil
}
