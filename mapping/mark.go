package mapping

import (
	"maps"
	"slices"

	"tandem/internal/work"
)

// compileMarks checks which connectors get markers and links of twins.
func (p *Program) compileMarks(at work.Pointer, spec TwinSpec) []work.Problem {
	var problems []work.Problem
	set := func(key string, names []string) map[string]bool {
		marked := map[string]bool{}
		for i, name := range names {
			schema, ok := p.schemas[name]
			switch {
			case !ok:
				problems = append(problems, work.Problem{
					At: at.Key(key).Index(i), What: "there is no connector " + name, Remedy: work.Suggest(name, slices.Sorted(maps.Keys(p.schemas))),
				})
			case !slices.Contains(schema.Features, "mark"):
				problems = append(problems, work.Problem{
					At: at.Key(key).Index(i), What: "the " + schema.Kind + " connector writes no " + map[string]string{"mark": "markers", "link": "links"}[key],
					Remedy: "leave " + name + " out",
				})
			default:
				marked[name] = true
				p.features[name] = append(p.features[name], "mark")
			}
		}
		return marked
	}
	p.marks, p.links = set("mark", spec.Mark), set("link", spec.Link)
	return problems
}

// Marks reports whether records of the connector get a marker of their twin,
// and whether they get a link to it.
func (p *Program) Marks(connector string) (mark, link bool) {
	return p.marks[connector], p.links[connector]
}
