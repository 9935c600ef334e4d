package jirasim

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Workflow leads the issues of some types from status to status.
type Workflow struct {
	// Types are issue type ids; empty is every type that no other workflow of
	// the project names.
	Types       []string
	Transitions []Transition
}

// Transition is one way of a workflow. Several may lead to one status.
type Transition struct {
	ID, Name string
	// From are the ids of the statuses that it leads away from; empty is any.
	From []string
	To   string
	// HasScreen lets a request set the fields of Screen, and a comment.
	HasScreen bool
	Screen    []ScreenField
	// Hidden are the account ids of people that a condition keeps from it.
	Hidden []string
}

// ScreenField is a field of a transition's screen.
type ScreenField struct {
	ID       string
	Required bool
	// Allowed are the ids of the values to choose from; empty is all.
	Allowed []string
	// Pattern is a regular expression that a validator holds the value
	// against; Message is what it says otherwise.
	Pattern, Message string
}

// workflow returns the workflow of an issue's type, or nil for the usual one
// that leads from everywhere to everywhere.
func (p *Project) workflow(issueType string) *Workflow {
	var rest *Workflow
	for n := range p.Workflows {
		flow := &p.Workflows[n]
		if slices.Contains(flow.Types, issueType) {
			return flow
		}
		if len(flow.Types) == 0 {
			rest = flow
		}
	}
	return rest
}

// statuses lists the statuses that issues of a type can have.
func (p *Project) statuses(issueType string) []string {
	flow := p.workflow(issueType)
	if flow == nil {
		return p.Statuses
	}
	var list []string
	for _, t := range flow.Transitions {
		for _, status := range append(slices.Clone(t.From), t.To) {
			if !slices.Contains(list, status) {
				list = append(list, status)
			}
		}
	}
	return list
}

// usual is the workflow of projects without one: from every status to every
// other one. The id of a transition is that of its target with a 9 before it.
func (c *catalog) usual(i *Issue) []Transition {
	var ways []Transition
	for _, id := range c.projects[i.Project].Statuses {
		if status := c.statuses[id]; status != nil && id != i.Status {
			ways = append(ways, Transition{ID: "9" + id, Name: status.Name, To: id})
		}
	}
	return ways
}

// ways lists the transitions that the caller may do now.
func (a *asker) ways(i *Issue) []Transition {
	p := a.catalog.projects[i.Project]
	if !a.may(i.Project, TransitionIssues) {
		return nil
	}
	flow := p.workflow(i.Type)
	if flow == nil {
		return a.catalog.usual(i)
	}
	return slices.DeleteFunc(slices.Clone(flow.Transitions), func(t Transition) bool {
		return len(t.From) > 0 && !slices.Contains(t.From, i.Status) || a.catalog.statuses[t.To] == nil ||
			slices.Contains(t.Hidden, a.account.Person)
	})
}

// badPatterns reports validators that are no regular expressions.
func badPatterns(projects []Project) error {
	var faults []error
	for _, p := range projects {
		for _, flow := range p.Workflows {
			for _, t := range flow.Transitions {
				for _, f := range t.Screen {
					if _, err := regexp.Compile(f.Pattern); err != nil {
						faults = append(faults, fmt.Errorf("project %s, transition %s, field %s: %w", p.Key, t.ID, f.ID, err))
					}
				}
			}
		}
	}
	return errors.Join(faults...)
}

func cloneWorkflows(list []Workflow) []Workflow {
	list = slices.Clone(list)
	for n := range list {
		flow := &list[n]
		flow.Types, flow.Transitions = slices.Clone(flow.Types), slices.Clone(flow.Transitions)
		for m := range flow.Transitions {
			t := &flow.Transitions[m]
			t.From, t.Hidden, t.Screen = slices.Clone(t.From), slices.Clone(t.Hidden), slices.Clone(t.Screen)
			for k := range t.Screen {
				t.Screen[k].Allowed = slices.Clone(t.Screen[k].Allowed)
			}
		}
	}
	return list
}
