package mapping

import (
	"maps"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// Backlog is the rule that orders the backlogs of one connector.
type Backlog struct {
	Rule *FieldRule
	// Active and Future tell that records in such sprints stay where they are.
	Active, Future bool
	// AllowPublic: the rules name the order for public places.
	AllowPublic bool
}

// Backlog returns the rule that orders the connector's backlogs; nil where
// none does.
func (p *Program) Backlog(connector string) *Backlog { return p.backlogs[connector] }

// Ordered returns the connectors whose backlogs are ordered, sorted.
func (p *Program) Ordered() []string { return slices.Sorted(maps.Keys(p.backlogs)) }

func (p *Program) compileBacklog(at work.Pointer, rule *FieldRule, connector string, spec TargetSpec, schema work.Schema) []work.Problem {
	var problems []work.Problem
	if rule.Field != work.Rank || rule.Owner != Tandem {
		problems = append(problems, work.Problem{
			At: at.Key("backlog"), What: "only rank, owned by tandem, orders a backlog", Remedy: "write rank: {owner: tandem, " + connector + ": {backlog: true}}",
		})
	}
	if spec.Field.Set() || spec.Label != "" || len(spec.ByProject) > 0 {
		problems = append(problems, work.Problem{At: at, What: "a target is either the backlog, a label or a field", Remedy: "keep one of them"})
	}
	b := &Backlog{Rule: rule, Active: spec.NeverMove == nil, Future: spec.NeverMove == nil, AllowPublic: spec.Allow == "public"}
	known := []string{"active_sprint", "future_sprint"}
	for i, word := range spec.NeverMove {
		switch word {
		case known[0]:
			b.Active = true
		case known[1]:
			b.Future = true
		default:
			problems = append(problems, work.Problem{
				At: at.Key("never_move").Index(i), What: strconv.Quote(word) + " is nothing that can be kept from moving", Remedy: work.Suggest(word, known),
			})
		}
	}
	p.backlogs[connector] = b
	p.features[connector] = append(p.features[connector], "backlog")
	for _, name := range []string{work.NativeSprint, work.NativeSprintState} {
		if isDeclared(schema, name) {
			p.needs[connector] = append(p.needs[connector], name)
		}
	}
	return problems
}
