package drop

import (
	"context"
	_ "embed"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

//go:embed example.yaml
var example string

//go:embed usabilityhub.yaml
var usabilityhubExample string

//go:embed lyssna.yaml
var lyssnaExample string

// Definition describes the connector.
func Definition() connectors.Definition {
	return definition(preset{kind: "drop"}, connectors.Definition{
		Summary: "Reads feedback, items, insights or usage from CSV and JSONL files that are put into a folder.",
		Doc:     doc, Example: example,
	})
}

// UsabilityHub describes the preset of the connector for exports of
// UsabilityHub, which is called Lyssna today.
func UsabilityHub() connectors.Definition { return tests("usabilityhub", usabilityhubExample) }

// Lyssna describes the preset of the connector for exports of Lyssna.
func Lyssna() connectors.Definition { return tests("lyssna", lyssnaExample) }

func tests(kind, example string) connectors.Definition {
	names := map[string]string{"lyssna": "Lyssna", "usabilityhub": "UsabilityHub (today Lyssna)"}
	return definition(preset{kind: kind, columns: lyssnaColumns(), questions: true, method: work.UsabilityTest}, connectors.Definition{
		Summary: "Reads the results of " + names[kind] + " from CSV exports that are put into a folder.",
		Doc:     lyssnaDoc, Example: example,
	})
}

func definition(p preset, d connectors.Definition) connectors.Definition {
	d.Kind, d.Schema = p.kind, schema(p.kind)
	d.Streams = []connectors.Stream{
		{Name: string(connectors.YieldsFeedback), Every: time.Minute, Yields: connectors.YieldsFeedback, Doc: "feedback, one voice a row"},
		{Name: itemStream, Every: time.Minute, Doc: "items, one a row (yields: items)"},
		{Name: string(connectors.YieldsInsights), Every: time.Minute, Yields: connectors.YieldsInsights, Doc: "findings, one a row (yields: insights)"},
		{Name: string(connectors.YieldsMetrics), Every: time.Minute, Yields: connectors.YieldsMetrics, Doc: "usage, one thing, account and day a row (yields: metrics)"},
	}
	d = connectors.Define(d, defaults, validate, places, func(_ context.Context, env connectors.Env, c Config) (*connectors.Connector, error) {
		return open(env, c, p, realDisk{}), nil
	})
	return choosing(d)
}

// instance is one configured folder. What it yields decides which stream there
// is.
type instance struct {
	connectors.Instance

	streams []connectors.Stream
}

// Streams is the one stream that the settings ask for.
func (i instance) Streams() []connectors.Stream { return i.streams }

func choosing(d connectors.Definition) connectors.Definition {
	define := d.New
	d.New = func(name string, decode func(any) []work.Problem) (connectors.Instance, []work.Problem) {
		yields := ""
		made, problems := define(name, func(into any) []work.Problem {
			problems := decode(into)
			if c, ok := into.(*Config); ok {
				yields = c.Yields
			}
			return problems
		})
		return instance{made, slices.DeleteFunc(slices.Clone(d.Streams), func(s connectors.Stream) bool { return s.Name != yields })}, problems
	}
	return d
}

func open(env connectors.Env, c Config, p preset, d disk) *connectors.Connector {
	if env.Now == nil {
		env.Now = time.Now
	}
	s := &source{config: c, env: env, preset: p, disk: d}
	s.folder, s.pattern = c.place()
	s.audience, _ = parseAudience(c.Audience) // validated
	live := &connectors.Connector{Source: s, Checker: &checker{source: s}}
	if c.Yields == itemStream {
		live.Reader = &reader{source: s}
	}
	return live
}
