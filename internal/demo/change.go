package demo

import (
	"fmt"
	"slices"
	"strings"

	"tandem/internal/sim/company"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// Change lets the firm's people do what they do next: changes of inputs that
// must have effects, and overrides of values that Tandem wrote. It returns how
// many of each there were.
func (f *Firm) Change() (changed, overridden int, err error) {
	for _, c := range f.Company.Changes {
		switch {
		case len(c.Feedback) > 0:
			f.drops++
			err = f.drop(fmt.Sprintf("more-%d.jsonl", f.drops), c.Feedback)
		case c.Jira != "":
			err = f.changeJira(c)
		default:
			err = f.changeGitHub(c)
		}
		if err != nil {
			return changed, overridden, fmt.Errorf("%s: %w", c, err)
		}
		if c.Override {
			overridden++
		} else {
			changed++
		}
	}
	return changed, overridden, nil
}

func (f *Firm) changeJira(c company.Change) error {
	world := f.Jira.World()
	b := jiraBuilder{company: f.Company, world: world}
	return f.Jira.Edit(c.Jira, b.person(c.By), func(i *jirasim.Issue) {
		switch c.Field {
		case "priority":
			i.Priority = b.other(i.Priority, c.Prefer)
		case "status":
			for _, s := range world.Statuses {
				if s.Name == c.Set {
					i.Status = s.ID
				}
			}
		case "labels":
			i.Labels = relabel(i.Labels, c)
		default:
			i.Custom[c.Field] = b.custom(c.Field, c.Set)
		}
	})
}

// other returns the first preferred priority that differs from the present.
func (b *jiraBuilder) other(present string, prefer []string) string {
	for _, name := range prefer {
		if id := b.priority(name); id != present {
			return id
		}
	}
	return present
}

// relabel takes off what the change removes and adds what it adds.
func relabel(labels []string, c company.Change) []string {
	if c.Remove != "" {
		labels = slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return strings.HasPrefix(l, c.Remove) })
	}
	for _, label := range c.Prefer {
		if !slices.Contains(labels, label) {
			return append(labels, label)
		}
	}
	return labels
}

func (f *Firm) changeGitHub(c company.Change) error {
	login := ""
	for _, p := range f.Company.People {
		if p.Name == c.By {
			login = p.GitHub
		}
	}
	return f.GitHub.Edit(c.GitHub, login, func(i *githubsim.Issue) {
		switch c.Field {
		case "state":
			i.State = fmt.Sprint(c.Set)
		case "labels":
			i.Labels = relabel(i.Labels, c)
		}
	})
}
