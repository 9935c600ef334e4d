package file

import (
	"context"
	"crypto/rand"
	_ "embed"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// kind is the kind of this connector and its default place.
const kind = "file"

//go:embed example.yaml
var example string

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Define(connectors.Definition{
		Kind:    kind,
		Summary: "Reads items and feedback from YAML, CSV and JSONL files, and writes labels and fields of items back.",
		Doc:     doc,
		Example: example,
		Schema:  schema(),
		Streams: []connectors.Stream{
			{Name: itemStream, Every: time.Minute, Doc: "items, one a row"},
			{Name: feedbackStream, Every: time.Minute, Yields: connectors.YieldsFeedback, Doc: "feedback, one signal a row"},
		},
	}, defaults, validate, places, open)
}

func open(_ context.Context, env connectors.Env, c Config) (*connectors.Connector, error) {
	audience, _ := work.ParseAudience(c.Audience) // validated
	if env.Now == nil {
		env.Now = time.Now
	}
	s := &source{config: c, env: env, audience: audience, looks: looks{process: rand.Text()[:8]}}
	live := &connectors.Connector{Source: s, Checker: &checker{source: s}}
	if c.Items != "" {
		live.Sink, live.Reader = &sink{source: s}, &reader{source: s}
	}
	return live, nil
}

const doc = `Reads files that people keep by hand or that other tools export.

**Items** (` + "`items:`" + `): one row is one item, with the columns id (or key), title, body, kind, status, priority,
labels, links, place, url, created, updated. Every further column becomes a native field of its name; columns
named like fields of the shared model (effort, goal, horizon, …) are numbers, times and lists as the model says.

**Feedback** (` + "`feedback:`" + `): one row is one signal, with the columns id, kind, method, study, score, scale, text,
person, account, segment, value, area, at, url, recording_url, tags, language, consent, links, audience.

**Formats**: .yaml and .yml hold a list of mappings, bare or under items: (feedback:); .jsonl and .ndjson one JSON
object a line; .csv a header and one row a line, in UTF-8 with or without byte order mark, with , ; or tab between
cells. In CSV and JSONL a later row of the same id replaces an earlier one, so that changes may be appended.

**Columns**: the column file translates foreign headers, one a line:

    Issue: id
    Story points: {field: effort, kind: number}
    E-mail: "-"          # left out

**Writes**: labels and fields of items, one value at a time. The file is read again before, and replaced in one step.
A row that has a column updated gets the time of the write. In CSV a field needs its column in the header.

**Rights**: the daemon must be able to read the files; for writing also the folder, because files are replaced.
`
