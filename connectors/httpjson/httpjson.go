package httpjson

import (
	"context"
	_ "embed"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// kind is the kind of this connector.
const kind = "http"

//go:embed example.yaml
var example string

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Definition{
		Kind:    kind,
		Summary: "Reads feedback, usage, findings and items from any JSON API, as a few lines of YAML say.",
		Doc:     doc,
		Example: example,
		Schema:  schema(kind),
		New: func(name string, decode func(into any) []work.Problem) (connectors.Instance, []work.Problem) {
			c := defaults()
			c.Place, c.name = name, name
			problems := decode(&c)
			var p *program
			if len(problems) == 0 {
				p, problems = compile(kind, c)
			}
			return instance{p}, problems
		},
	}
}

// instance is one configured connector.
type instance struct{ program *program }

// Places names the default place; records may name others, which is what "*"
// stands for.
func (i instance) Places() []string { return []string{i.program.config.Place, "*"} }

// Streams are those of the settings.
func (i instance) Streams() []connectors.Stream {
	if i.program == nil {
		return nil
	}
	return i.program.list()
}

// Open connects. It asks nobody.
func (i instance) Open(_ context.Context, env connectors.Env) (*connectors.Connector, error) {
	if env.Now == nil {
		env.Now = time.Now
	}
	s := &source{program: i.program, env: env, client: newClient(env, i.program)}
	return &connectors.Connector{Source: s, Checker: &checker{s}}, nil
}
