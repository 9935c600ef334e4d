package cli

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/digest"
	"tandem/internal/engine"
	"tandem/internal/httpx"
	"tandem/internal/monitor"
	"tandem/internal/plan"
	"tandem/internal/privacy"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/mapping"
	"tandem/scheduler"
)

// setup is a settings file, its rules and its connectors, checked and not yet
// open.
type setup struct {
	settings  config.Settings
	document  *config.Document // of the settings
	rules     *engine.Rules
	rulesDoc  *config.Document
	hash      string
	instances []instance
	schemas   map[string]work.Schema
	calendar  plan.Calendar
	// watch counts what connectors do; nil where nobody asks.
	watch *monitor.Monitor
	// shared is what connectors with the same credentials have in common.
	shared connectors.Shared
	// pseudonyms is the key of pseudonyms; nil where nothing is stored.
	pseudonyms []byte
	// owner signs markers; the zero value where nothing is written.
	owner connectors.Owner
	// folder is that of the settings file.
	folder string
	// digests are those of the settings.
	digests []digest.Spec
}

// instance is one configured connector.
type instance struct {
	name       string
	definition connectors.Definition
	settings   config.Connector
	connectors.Instance
}

// load reads everything that files say and reports all mistakes at once,
// without any network.
func (a *app) load(cmd *cobra.Command) (*setup, error) {
	settings, document, found := config.Load(a.config, cmd.Flags())
	if document == nil {
		return nil, found
	}
	s := &setup{settings: settings, document: document, schemas: map[string]work.Schema{}, folder: filepath.Dir(a.config)}
	places := map[string][]string{}
	unknown := settings.CheckKinds(all.Kinds())
	found = append(found, unknown...)
	for _, c := range settings.Connectors {
		definition, ok := all.Lookup(c.Kind)
		if !ok {
			continue
		}
		inst, problems := definition.New(c.Name, c.Decode)
		found = append(found, c.Diagnose(append(problems, checkPrivacy(c, definition)...))...)
		s.schemas[c.Name] = definition.Schema
		if len(problems) == 0 {
			places[c.Name] = inst.Places()
		}
		s.instances = append(s.instances, instance{c.Name, definition, c, inst})
	}
	rulesDoc, mistakes := config.ReadRules(settings, document)
	found = append(found, mistakes...)
	if rulesDoc == nil {
		return nil, found.Sorted()
	}
	var spec engine.Spec
	mistakes = rulesDoc.Decode(&spec)
	found = append(found, mistakes...)
	if len(unknown) == 0 {
		rules, problems := engine.Compile(spec, engine.Env{Schemas: s.schemas, Places: places, Pages: s.settings.Web.PublicURL})
		found = append(found, elsewhere(rulesDoc.Diagnose(problems), mistakes)...)
		s.rules = rules
	}
	zones, problems := zonesOf(spec.Teams)
	found = append(found, rulesDoc.Diagnose(problems)...)
	if s.rules != nil {
		s.openCalendar(zones)
		s.digests, mistakes = s.digestsOf()
		found = append(append(found, mistakes...), s.sharedTeams()...)
	}
	if len(found) > 0 {
		return nil, found.Sorted()
	}
	s.rulesDoc, s.hash = rulesDoc, config.Hash(document, rulesDoc)
	return s, nil
}

// elsewhere leaves out what was found on a line that holds a mistake already:
// what follows from a mistake helps nobody.
func elsewhere(found, mistakes config.Diagnostics) config.Diagnostics {
	return slices.DeleteFunc(found, func(d config.Diagnostic) bool {
		return slices.ContainsFunc(mistakes, func(m config.Diagnostic) bool { return m.File == d.File && m.Line == d.Line })
	})
}

// logger writes to the error stream, as the settings say.
func (a *app) logger(s config.Settings) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.Log.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if s.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.streams.Err, options))
	}
	return slog.New(slog.NewTextHandler(a.streams.Err, options))
}

// open opens one connector. A failure is kept: the others go on without it.
func (s *setup) open(ctx context.Context, i instance, transport http.RoundTripper, log *slog.Logger) scheduler.Live {
	live := s.paced(i)
	conn, err := i.Open(ctx, s.env(i, transport, log))
	if err != nil {
		live.Failure = err
		return live
	}
	live.Conn = *conn
	if s.pseudonyms != nil {
		live.Conn = private(*conn, i.definition, discretion{privacy.New(i.settings.Privacy, s.pseudonyms), time.Duration(i.settings.Retention)})
	}
	if s.watch != nil {
		live.Conn = s.watch.Watched(i.name, live.Conn)
	}
	return live
}

// paced is a connector with its streams, not yet open.
func (s *setup) paced(i instance) scheduler.Live {
	program := s.rules.Program()
	needs, features := program.Needs(i.name), program.Features(i.name)
	every := cmp.Or(i.settings.Every, s.settings.Every)
	return scheduler.Live{
		Name: i.name, Kind: i.definition.Kind,
		Streams: scheduler.Paced(i.definition.StreamsOf(i.Instance, slices.Concat(needs, features)), time.Duration(every)),
	}
}

// env is what rules and settings tell a connector.
func (s *setup) env(i instance, transport http.RoundTripper, log *slog.Logger) connectors.Env {
	program := s.rules.Program()
	if s.watch != nil {
		transport = httpx.Observed(i.name, transport, s.watch)
	}
	return connectors.Env{
		Name: i.name, Fields: program.Needs(i.name), Features: program.Features(i.name), Watched: program.Watched(i.name),
		Owner: s.owner, Shared: &s.shared, Spellings: program.Spellings(i.name), Writes: writes(s.rules.Writes(i.name, i.Places(), time.Now())), Transport: transport,
		Log: log.With("connector", i.name), Now: time.Now,
	}
}

// writes hands on what rules write to those who know no rules.
func writes(all []mapping.Written) []connectors.Write {
	handed := make([]connectors.Write, 0, len(all))
	for _, w := range all {
		handed = append(handed, connectors.Write(w))
	}
	return handed
}

// openAll opens all connectors.
func (s *setup) openAll(ctx context.Context, transport http.RoundTripper, log *slog.Logger) []scheduler.Live {
	all := make([]scheduler.Live, 0, len(s.instances))
	for _, i := range s.instances {
		all = append(all, s.open(ctx, i, transport, log))
	}
	return all
}

// guard holds the modes, the brake and the calendar of the settings and rules.
func (s *setup) guard() plan.Guard {
	g := plan.Guard{
		Instance: s.settings.Write, Connectors: map[string]work.WriteMode{}, Teams: map[string]work.WriteMode{},
		Fields: map[work.Field]work.WriteMode{}, BrakeEdits: s.settings.Brake.Edits, BrakeShare: s.settings.Brake.Share,
		Ramp: s.rules.Adopt().Ramp, Calendar: s.calendar, Rules: s.rules.Hash(),
	}
	for _, c := range s.settings.Connectors {
		g.Connectors[c.Name] = c.Write
	}
	for _, t := range s.rules.Org().Teams() {
		g.Teams[t.Name] = t.Write
	}
	for _, r := range s.rules.Program().Rules() {
		g.Fields[r.Field] = r.Write
	}
	for _, i := range s.instances {
		g.Awaited = append(g.Awaited, scheduler.Awaited(s.paced(i))...)
	}
	return g
}

// cycle joins everything.
func (s *setup) cycle(db *store.Store, live []scheduler.Live, log *slog.Logger) *scheduler.Cycle {
	return scheduler.New(s.config(db, live, log))
}

func (s *setup) config(db *store.Store, live []scheduler.Live, log *slog.Logger) scheduler.Config {
	return scheduler.Config{
		Store: db, Rules: s.rules, Connectors: live, Guard: s.guard(), ConfigHash: s.hash, Log: log, Now: time.Now, Large: scheduler.Large,
	}
}

var _ scheduler.Store = (*store.Store)(nil)
