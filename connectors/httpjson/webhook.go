package httpjson

import (
	"context"
	_ "embed"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// hookKind is the kind of connectors that only take deliveries.
const hookKind = "webhook"

//go:embed webhook.yaml
var hookExample string

// Webhook describes the connector whose deliveries are the data. It has no
// stream: nothing is asked for.
func Webhook() connectors.Definition {
	return connectors.Definition{
		Kind:    hookKind,
		Summary: "Takes what tools send by webhook as feedback, usage, findings or items: for plans without an API.",
		Doc:     hookDoc(),
		Example: hookExample,
		Schema:  schema(hookKind),
		Silent:  true,
		New: func(name string, decode func(into any) []work.Problem) (connectors.Instance, []work.Problem) {
			c := Hook{Audience: work.Internal.String(), Place: name}
			problems := decode(&c)
			var h *hook
			if len(problems) == 0 {
				h, problems = compileHook(name, c)
			}
			return hookInstance{h}, problems
		},
	}
}

// hookInstance is one configured webhook.
type hookInstance struct{ hook *hook }

// Places names the default place; records may name others, which is what "*"
// stands for.
func (i hookInstance) Places() []string { return []string{i.hook.program.config.Place, "*"} }

// Open asks nobody.
func (i hookInstance) Open(_ context.Context, env connectors.Env) (*connectors.Connector, error) {
	if env.Now == nil {
		env.Now = time.Now
	}
	m := &mailbox{hook: i.hook, source: &source{program: i.hook.program, env: env}}
	return &connectors.Connector{Mailbox: m, Checker: m}, nil
}
