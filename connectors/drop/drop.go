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
	d.New = func(_ string, decode func(any) []work.Problem) (connectors.Instance, []work.Problem) {
		c := defaults()
		problems := decode(&c)
		if len(problems) == 0 {
			problems = validate("", c)
		}
		return instance{config: c, preset: p, streams: d.Streams}, problems
	}
	return d
}

// instance is one configured folder.
type instance struct {
	config  Config
	preset  preset
	streams []connectors.Stream
}

// Places names the default place; rows of items may name others.
func (i instance) Places() []string { return places(i.config) }

// Streams is the one that the rows of the folder are.
func (i instance) Streams() []connectors.Stream {
	return slices.DeleteFunc(slices.Clone(i.streams), func(s connectors.Stream) bool { return s.Name != i.config.Yields })
}

// Open connects. It touches no file.
func (i instance) Open(_ context.Context, env connectors.Env) (*connectors.Connector, error) {
	return open(env, i.config, i.preset, realDisk{}), nil
}

func open(env connectors.Env, c Config, p preset, d disk) *connectors.Connector {
	if env.Now == nil {
		env.Now = time.Now
	}
	s := &source{config: c, env: env, preset: p, disk: d}
	s.folder, s.pattern = c.place()
	s.audience, _ = work.ParseAudience(c.Audience) // validated
	live := &connectors.Connector{Source: s, Checker: &checker{source: s}}
	if c.Yields == itemStream {
		live.Reader = &reader{source: s}
	}
	return live
}
