package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// whatIfFlags are what a person asks.
type whatIfFlags struct {
	rules, sets []string
	run         int64
	sensitivity bool
	top         int
	team        string
	every       bool
	relink      bool
}

func (a *app) whatIfCommand() *cobra.Command {
	var f whatIfFlags
	cmd := &cobra.Command{
		Use: "what-if", Short: "Compare other rules with today's on what is stored: who moves, what would be written; nothing is",
		Long: "what-if decides twice on the same stored snapshot, by the rules of today and by others, and tells the difference.\n" +
			"It asks no service and writes nothing, beside a running daemon too.",
		Example: "  tandem what-if --rules other/\n  tandem what-if --set evidence.half_life.default=30d\n" +
			"  tandem what-if --set rank.why.method=ice --set goals.keep_exporters.weight=1\n  tandem what-if --sensitivity",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(f.rules) == 0 && len(f.sets) == 0 && !f.sensitivity {
				return wrong("name other rules, such as --rules other/ or --set evidence.half_life.default=30d, or ask for --sensitivity")
			}
			if f.top < 1 {
				return wrong("--top %d is no number of places; write one above 0", f.top)
			}
			if f.relink && (f.run != 0 || f.sensitivity) {
				return wrong("--relink ties what is stored now; leave out --run and --sensitivity")
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error { return a.whatIf(ctx, s, db, &f) })
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.rules, "rules", nil, "folder or file of other rules, in place of today's (may be repeated)")
	flags.StringArrayVar(&f.sets, "set", nil, "one value of the rules that is another, as PATH=VALUE (may be repeated)")
	flags.Int64Var(&f.run, "run", 0, "on what a kept run looked at (tandem runs lists them)")
	flags.BoolVar(&f.sensitivity, "sensitivity", false, "tell for each weight the smallest change that swaps the top")
	flags.IntVar(&f.top, "top", 10, "how many places are the top, for --sensitivity")
	flags.StringVar(&f.team, "team", "", "of one team, for --sensitivity")
	flags.BoolVar(&f.relink, "relink", false, "tie feedback anew by the other rules, in a copy of the store that is removed at once")
	flags.BoolVar(&f.every, "all", false, "show every item that moves and every edit")
	return cmd
}

func (a *app) whatIf(ctx context.Context, s *setup, db *store.Store, f *whatIfFlags) error {
	if f.team != "" {
		if _, ok := s.rules.Org().Team(f.team); !ok {
			return wrong("there is no team %s; %s", f.team, work.Suggest(f.team, s.teams()))
		}
	}
	rules, snap, at, err := s.ground(ctx, db, f.run)
	if err != nil {
		return err
	}
	other, err := s.otherRules(f.rules, f.sets)
	if err != nil {
		return err
	}
	if f.sensitivity {
		o := engine.Evaluate(other.rules, snap)
		found := o.Sensitivity(other.rules, &snap, f.top, f.team, f.team == "")
		return a.showSensitivity(found, o.Thresholds(other.rules, f.team, f.team == ""), f)
	}
	then, otherwise := engine.Evaluate(rules, snap), snap
	if f.relink {
		if otherwise, err = s.tied(ctx, db, other.rules, snap); err != nil {
			return err
		}
	}
	now := engine.Evaluate(other.rules, otherwise)
	s.gate(&then, snap, at)
	other.gate(&now, otherwise, at)
	v := whatIfView{WhatIf: now.WhatIf(other.rules, &then, rules, &otherwise), Run: f.run, outcome: &now, who: s.who}
	v.Calls, v.Forecast = other.calls(ctx, a.logger(quiet(s.settings)), v.Follow)
	if v.Relinks {
		if v.Retied, err = retied(ctx, db, rules, other.rules, 0); err != nil {
			return err
		}
		v.Relinked, v.Retied.Tied = v.Retied.Rows, f.relink
	}
	return a.showWhatIf(&v, f.every)
}

// ground is what is compared on: the stored snapshot of today and the rules of
// today, or those of a kept run.
func (s *setup) ground(ctx context.Context, db *store.Store, number int64) (*engine.Rules, engine.Snapshot, time.Time, error) {
	if number == 0 {
		snap, err := db.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
		return s.rules, snap, time.Now(), err
	}
	run, ok, err := db.RunOf(ctx, number)
	if err != nil {
		return nil, engine.Snapshot{}, time.Time{}, err
	}
	if !ok {
		return nil, engine.Snapshot{}, time.Time{}, wrong("run %d is not kept; tandem runs lists those that are", number)
	}
	rules := s.rules
	if run.RulesHash != s.rules.Hash() {
		if rules, err = engine.Recompile(run.RulesText, run.RulesHash, engine.Env{Schemas: s.schemas}); err != nil {
			return nil, engine.Snapshot{}, time.Time{}, fmt.Errorf("run %d cannot be decided again: %w", number, err)
		}
	}
	snap, err := db.SnapshotOf(ctx, run)
	return rules, snap, run.At, err
}

// gate tells what would become of the edits, as modes and windows are at a
// moment.
func (s *setup) gate(o *engine.Outcome, snap engine.Snapshot, at time.Time) {
	guard := s.guard()
	guard.At = at
	o.Gate(guard, snap)
}

// otherRules reads rules from other files, or today's with values set.
func (s *setup) otherRules(paths, sets []string) (*setup, error) {
	doc := s.rulesDoc
	if len(paths) > 0 {
		settings := s.settings
		settings.Rules = nil
		for _, path := range paths {
			pattern, err := rulePattern(path)
			if err != nil {
				return nil, err
			}
			settings.Rules = append(settings.Rules, pattern)
		}
		merged, found := config.ReadRules(settings, s.document)
		if len(found) > 0 {
			return nil, found
		}
		doc = merged
	}
	return s.with(doc, sets)
}

// with is the same setup with the rules of a document, and with values set in
// place of others.
func (s *setup) with(doc *config.Document, sets []string) (*setup, error) {
	rules, doc, err := s.compile(doc, sets)
	if err != nil {
		return nil, err
	}
	return &setup{
		settings: s.settings, document: s.document, rules: rules, rulesDoc: doc, hash: s.hash, instances: s.instances, schemas: s.schemas,
		calendar: s.calendar,
	}, nil
}

// compile compiles a rule set with values set in place of others.
func (s *setup) compile(doc *config.Document, sets []string) (*engine.Rules, *config.Document, error) {
	for _, set := range sets {
		changed, found := doc.Override(set)
		if len(found) > 0 {
			return nil, nil, found
		}
		doc = changed
	}
	var spec engine.Spec
	if mistakes := doc.Decode(&spec); len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	places := map[string][]string{}
	for _, i := range s.instances {
		places[i.name] = i.Places()
	}
	rules, problems := engine.Compile(spec, engine.Env{Schemas: s.schemas, Places: places, Pages: s.settings.Web.PublicURL})
	if len(problems) > 0 {
		return nil, nil, ofOverrides(doc.Diagnose(problems))
	}
	return rules, doc, nil
}

// ofOverrides leaves out what only follows from a mistake in what was set.
func ofOverrides(found config.Diagnostics) config.Diagnostics {
	own := slices.DeleteFunc(slices.Clone(found), func(d config.Diagnostic) bool { return !strings.HasPrefix(d.File, "--set ") })
	if len(own) > 0 {
		return own
	}
	return found
}

// rulePattern is a pattern for files that a person named from here.
func rulePattern(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		return filepath.Join(full, "*.yaml"), nil
	}
	return full, nil
}

// teams lists the names of the teams.
func (s *setup) teams() []string { return s.rules.Org().TeamNames() }

// callsTo is how many requests some edits would be.
type callsTo struct {
	Connector string `json:"connector"`
	Edits     int    `json:"edits"`
	// Requests is what the connector would make of them; where it cannot be
	// asked here it is one for each record, and Estimated.
	Requests  int  `json:"requests"`
	Estimated bool `json:"estimated,omitempty"`
}

// errOffline is what a connector hears that wants to call its service here.
var errOffline = errors.New("what-if asks no service")

// offline is a network that is not there.
type offline struct{}

func (offline) RoundTrip(*http.Request) (*http.Response, error) { return nil, errOffline }

// calls asks the connectors how many requests edits would be, and what they
// would set off, without any network.
func (s *setup) calls(ctx context.Context, log *slog.Logger, edits []plan.Planned) ([]callsTo, []work.Finding) {
	byConnector := map[string][]work.Edit{}
	for i := range edits {
		if edits[i].Gate != plan.Observed {
			name := edits[i].Target.Connector
			byConnector[name] = append(byConnector[name], edits[i].Edit)
		}
	}
	var all []callsTo
	var forecast []work.Finding
	for _, i := range s.instances {
		mine := byConnector[i.name]
		if len(mine) == 0 {
			continue
		}
		c := callsTo{Connector: i.name, Edits: len(mine)}
		live := s.open(ctx, i, offline{}, log)
		if live.Failure == nil && live.Conn.Sink != nil {
			c.Requests = len(live.Conn.Sink.Batches(mine))
		} else {
			records := map[work.RefID]bool{}
			for k := range mine {
				records[mine[k].Target.RefID] = true
			}
			c.Requests, c.Estimated = len(records), true
		}
		if live.Failure == nil && live.Conn.Forecaster != nil {
			forecast = append(forecast, live.Conn.Forecaster.Forecast(ctx, mine)...)
		}
		closeAll([]*connectors.Connector{&live.Conn})
		all = append(all, c)
	}
	return all, forecast
}

// How many targets are told of what is tied otherwise, and how many rows of
// feedback a page waits for: that many take a second on two cores.
const (
	mostRetied = 20
	pageRetied = 20_000
)

// retied counts feedback that other rules would tie otherwise: of the oldest rows
// so many at most, or of all of them.
func retied(ctx context.Context, db *store.Store, before, after *engine.Rules, most int) (*evidence.Retied, error) {
	r := evidence.Retied{Whole: true}
	for fb, err := range db.Feedback(ctx) {
		if err != nil {
			return nil, err
		}
		if most > 0 && r.Looked == most {
			r.Whole = false
			break
		}
		r.Look(before.Evidence(), after.Evidence(), &fb)
	}
	r.Settle(mostRetied)
	return &r, nil
}
