package userpilot

import (
	"context"
	_ "embed"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// kind is the kind of this connector.
const kind = "userpilot"

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
		Summary: "Reads NPS and survey answers of Userpilot as feedback, and how often features and pages are used.",
		Doc:     manual,
		Example: example,
		Schema:  work.Schema{Kind: kind},
		Streams: []connectors.Stream{
			{
				Name: answerStream, Every: 5 * time.Minute, Yields: connectors.YieldsFeedback,
				Doc: "NPS and survey responses, one feedback each; a poll looks after the export that runs, or begins the next one",
			},
			{
				Name: usageStream, Every: 5 * time.Minute, Yields: connectors.YieldsMetrics,
				Doc: "uses of features and pages by account and day, whole days again for as long as they change; nothing where usage.events is empty",
			},
		},
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
		live.Inbox = &inbox{source: s}
	}
	return live, nil
}
