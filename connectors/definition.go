package connectors

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"tandem/internal/work"
)

// Stream is one independent flow of pages with its own cursor and interval.
type Stream struct {
	Name string
	// Every is the usual interval between polls.
	Every time.Duration
	Doc   string
	// Yields is what its pages hold.
	Yields Yield
	// Needs names the native field or feature that the stream is for; it is
	// polled only where rules use it. Empty is always.
	Needs string
	// Aside: the stream tells of records that others yield. Nothing is written
	// before those were read to their end once; see First.
	Aside bool
}

// First reports whether the stream must have been read to its end once before
// anything is written: it alone may know that a record has a twin, or an owner.
func (s Stream) First() bool { return !s.Aside && s.Yields == YieldsItems }

// Yield is what the pages of a stream hold.
type Yield string

// What streams yield. The zero value is YieldsItems.
const (
	YieldsItems    Yield = ""
	YieldsFeedback Yield = "feedback"
	YieldsInsights Yield = "insights"
	YieldsMetrics  Yield = "metrics"
)

// Definition says what a kind of connector is, for wiring, checks and docs.
type Definition struct {
	Kind string // one lower-case word
	// Summary is one sentence; Doc is Markdown: what it reads and writes and
	// which rights it needs.
	Summary, Doc string
	// Example is the connector's YAML entry, decoded and validated in a test.
	Example string
	// Starter is the same spelled out as an entry of kind http, to be changed;
	// empty where there is none.
	Starter string
	Schema  work.Schema
	Streams []Stream
	// Silent: it only takes deliveries, and has no stream at all.
	Silent bool
	// New decodes and validates the settings of one instance, without I/O.
	// decode fills a pointer to the connector's Config from the strict reader
	// and reports mistakes by position.
	New func(name string, decode func(into any) []work.Problem) (Instance, []work.Problem)
}

// StreamsFor returns the streams to poll where rules use the given fields and
// features.
func (d Definition) StreamsFor(used []string) []Stream {
	return slices.DeleteFunc(slices.Clone(d.Streams), func(s Stream) bool {
		return s.Needs != "" && !slices.Contains(used, s.Needs)
	})
}

// Instance is one configured connector that is not open yet.
type Instance interface {
	// Places tells whether a place (project key, repository) is in the scope.
	Places() []string
	// Open connects. It may do I/O; it changes nothing.
	Open(ctx context.Context, env Env) (*Connector, error)
}

// Env is what an instance gets from outside.
type Env struct {
	// Name is the admin's name of the instance; it goes into every Ref.
	Name string
	// Fields are the native fields that rules read or write beyond the
	// schema's own, such as customfield_10026. The connector asks for these
	// and no others.
	Fields []string
	// Features are those of the schema's that rules use, such as "backlog" or
	// "remote_link".
	Features []string
	// Spellings are the native values that rules name, by native field. A value
	// that was renamed is known under its old name until its new one stands
	// here.
	Spellings map[string][]string
	// Watched are native fields of which rules want to know who changed them
	// last (work.Record.Touched).
	Watched []string
	// Writes are the fields that rules may write, place by place, for checks.
	Writes []Write
	// Owner signs the markers that the connector leaves.
	Owner Owner
	// Shared is what the connectors of the process have in common; may be nil.
	Shared *Shared
	// Transport carries all requests; nil is the network. Tests, the demo and
	// call counting wrap it. Only httpx builds clients from it.
	Transport http.RoundTripper
	Log       *slog.Logger
	// Now is the clock of the edge.
	Now func() time.Time
}

// Define joins a typed config with the untyped Definition: the one place where
// a Config's type is known. def.New is filled in.
func Define[C any](def Definition, defaults func() C, validate func(name string, c C) []work.Problem,
	places func(C) []string, open func(ctx context.Context, env Env, c C) (*Connector, error),
) Definition {
	def.New = func(name string, decode func(any) []work.Problem) (Instance, []work.Problem) {
		c := defaults()
		problems := decode(&c)
		if len(problems) == 0 {
			problems = validate(name, c)
		}
		return instance[C]{config: c, places: places, open: open}, problems
	}
	return def
}

type instance[C any] struct {
	config C
	places func(C) []string
	open   func(ctx context.Context, env Env, c C) (*Connector, error)
}

func (i instance[C]) Places() []string { return i.places(i.config) }

func (i instance[C]) Open(ctx context.Context, env Env) (*Connector, error) {
	return i.open(ctx, env, i.config)
}

// Streamer is an Instance whose settings decide which streams there are.
type Streamer interface {
	Streams() []Stream
}

// StreamsOf returns the streams of an instance to poll where rules use the
// given fields and features.
func (d Definition) StreamsOf(i Instance, used []string) []Stream {
	if s, ok := i.(Streamer); ok {
		d.Streams = s.Streams()
	}
	return d.StreamsFor(used)
}
