package hotjar

import (
	"context"
	_ "embed"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// kind is the kind of this connector.
const kind = "hotjar"

//go:embed example.yaml
var example string

// manual is what the connector reads, and what it needs for that.
//
//go:embed manual.md
var manual string

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Define(connectors.Definition{
		Kind:    kind,
		Summary: "Reads survey responses of Hotjar as feedback.",
		Doc:     manual,
		Example: example,
		Schema:  work.Schema{Kind: kind},
		Streams: []connectors.Stream{{
			Name: responseStream, Every: 10 * time.Minute, Yields: connectors.YieldsFeedback,
			Doc: "responses of every survey, one feedback each, newest first down to what is known",
		}},
	}, defaults, validate, places, open)
}

func open(_ context.Context, env connectors.Env, c Config) (*connectors.Connector, error) {
	if env.Now == nil {
		env.Now = time.Now
	}
	audience, _ := work.ParseAudience(c.Audience) // validated
	s := &source{name: env.Name, config: c, audience: audience, client: newClient(env, c), now: env.Now}
	live := &connectors.Connector{Source: s, Checker: &checker{source: s}}
	if c.Webhook.Verify.Secret.Set() {
		live.Inbox = &inbox{verify: c.Webhook.Verify, now: env.Now}
	}
	return live, nil
}
