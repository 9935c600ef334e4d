package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/internal/monitor"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Say in plain words what is wrong and what to do, what is there and what waits",
		Long: "status reads the store, beside a daemon or without one, and asks no service. It ends with 0 whatever it finds there:\n" +
			"a program that wants to know reads problems in --json, or /metrics and /readyz of the daemon. Mistakes in the files are\n" +
			"told as well, and end it with 2.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.showState(cmd) },
	}
}

// showState tells what the store knows, also where the files have mistakes by
// now: a daemon that runs goes on with what it read before.
func (a *app) showState(cmd *cobra.Command) error {
	s, err := a.load(cmd)
	var mistakes config.Diagnostics
	if err != nil {
		settings, _, _ := config.Load(a.config, cmd.Flags()) // the mistakes are known
		if !errors.As(err, &mistakes) || settings.Instance == "" {
			return err
		}
		s = &setup{settings: settings}
	}
	ctx := cmd.Context()
	db, opened := store.OpenReadOnly(ctx, s.settings.Store, s.settings.Instance, store.Options{Log: a.logger(s.settings)})
	if opened != nil {
		return errors.Join(err, opened)
	}
	defer func() { _ = db.Close() }() // nothing is left to be written
	st, err := s.inspect(ctx, db, mistakes)
	if err != nil {
		return err
	}
	if st.Letters, err = db.DeadLetters(ctx, 20); err != nil {
		return err
	}
	if st.EndSoon, err = endingSoon(ctx, db); err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(st)
	} else {
		err = a.showStatus(st)
	}
	if err == nil && mistakes != nil {
		err = mistakes // they end the command as they end every other one
	}
	return err
}

// deliveries is the stream of what comes by itself.
const deliveries = "deliveries"

// status is what tandem status tells.
type status struct {
	// Problems are what is wrong, the worst first.
	Problems []monitor.Problem `json:"problems"`
	work.Figures

	Letters []work.DeadLetterEntry `json:"letters"`
	// Closed are the quiet hours and freezes of this moment.
	Closed []plan.Closure `json:"closed,omitempty"`
	// Mistakes are those of the files as they are now.
	Mistakes config.Diagnostics `json:"mistakes,omitempty"`
	// Leases say which node does what.
	Leases []work.Lease `json:"leases,omitempty"`
	// EndSoon are words of people that end within a week.
	EndSoon []wordJSON `json:"ending_soon,omitempty"`
	// Late is what waited for people longer than was agreed when the last run
	// decided.
	Late []work.Late `json:"late,omitempty"`
	// Stability is how far the order of the last run is from the one before.
	Stability *engine.Stability `json:"stability,omitempty"`
}

// inspect looks at the store and finds what is wrong.
func (s *setup) inspect(ctx context.Context, db *store.Store, mistakes config.Diagnostics) (status, error) {
	figures, err := db.Figures(ctx)
	if err != nil {
		return status{}, err
	}
	st := status{Figures: figures, Mistakes: mistakes}
	if s.rules != nil {
		st.Closed = s.closedNow()
	}
	run, planHash, _, err := db.Newest(ctx)
	if err != nil {
		return st, err
	}
	waiting, err := db.PlanGates(ctx, planHash)
	if err != nil {
		return st, err
	}
	if st.Stability, err = db.StabilityOf(ctx, 0); err != nil {
		return st, err
	}
	if st.Leases, err = db.Held(ctx); err != nil {
		return st, err
	}
	in := monitor.Inspected{Now: time.Now(), Figures: figures, Waiting: waiting, Leases: st.Leases, Late: run.Late}
	st.Late = run.Late
	for _, c := range s.settings.Connectors {
		every := c.Every
		if every == 0 {
			every = s.settings.Every
		}
		in.Connectors = append(in.Connectors, monitor.Inspectable{Name: c.Name, Every: time.Duration(every), Credentials: c.Credentials(), Silent: silent(c.Kind)})
		if silent(c.Kind) && !slices.ContainsFunc(st.Streams, func(s work.StreamStatus) bool { return s.Connector == c.Name }) {
			st.Streams = append(st.Streams, work.StreamStatus{Connector: c.Name, Stream: deliveries})
		}
	}
	for _, c := range st.Closed {
		in.Closed = append(in.Closed, until(c.Until)+": "+c.Window)
	}
	digests, err := s.undelivered(ctx, db)
	st.Problems = slices.Concat(s.files(&run, mistakes), monitor.Problems(in), digests)
	return st, err
}

// files is what is wrong with settings and rules.
func (s *setup) files(run *engine.Run, mistakes config.Diagnostics) []monitor.Problem {
	switch {
	case len(mistakes) > 0:
		return []monitor.Problem{{
			Severity: monitor.Warned, What: "settings or rules have " + plural(len(mistakes), "mistake", "mistakes") + ": " + mistakes[0].Error(),
			Remedy: "a daemon that runs goes on with what it read before, and cannot be started anew; mend the files, then send it SIGHUP",
		}}
	case run.Seq > 0 && (run.RulesHash != s.rules.Hash() || run.ConfigHash != s.hash):
		return []monitor.Problem{{
			Severity: monitor.Noted, What: "settings or rules changed since the last run",
			Remedy: "a daemon reads them anew when it gets SIGHUP, or is started again",
		}}
	default:
		return nil
	}
}

func (a *app) showStatus(st status) error {
	p := a.printer()
	last := "never"
	if !st.LastRunAt.IsZero() {
		last = fmt.Sprintf("run %d at %s", st.LastRun, st.LastRunAt.Local().Format("2006-01-02 15:04"))
	}
	p.line("%s · last decided: %s", st.Instance, last)
	p.line("%s from %s · %s", plural(st.Items, "item", "items"), records(st.Records), plural(st.Feedback, "feedback row", "feedback rows"))
	p.line("%s sent in the last 24 hours, %d wait to be read back", plural(st.SentToday, "edit", "edits"), st.Pending)
	if st.Approved > 0 {
		p.line("%s approved and not written yet", plural(st.Approved, "edit is", "edits are"))
	}
	p.steady(st.Stability)
	p.problems(st.Problems)
	var rows [][]string
	for _, s := range st.Streams {
		state := "read " + s.LastRead.Local().Format("2006-01-02 15:04")
		if s.Failure != "" && s.Stream == "census" {
			state = "! " + s.Failure // it makes nothing stale
		} else if s.Failure != "" {
			state = "! stale: " + s.Failure
		} else if s.LastRead.IsZero() && s.Stream == deliveries {
			state = "none came yet"
		} else if s.LastRead.IsZero() {
			state = "not read yet"
		} else if s.Stream == deliveries {
			state = "the last one came " + s.LastRead.Local().Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{s.Connector, s.Stream, state})
	}
	p.section("Connectors", rows, true)
	p.section("Limits", limits(st.Limits, time.Now()), true)
	if len(st.Holds) > 0 {
		p.line("\nHeld: %s. tandem plan --all lists them.", counts(st.Holds))
	}
	p.endingSoon(st)
	rows = nil
	for _, l := range st.Letters {
		rows = append(rows, []string{l.What, l.Ref, short(l.Cause, 100), short(l.Remedy, 70)})
	}
	p.section(fmt.Sprintf("Set aside (%d)", st.DeadLetters), rows, true)
	if len(st.Letters) > 1 && slices.ContainsFunc(st.Letters, func(l work.DeadLetterEntry) bool { return l.What == "edit" }) {
		p.line("  once the cause is mended, all of a connector: tandem release --set-aside CONNECTOR")
	}
	return p.err
}

// problems lists what is wrong, each with what to do.
func (p *printer) problems(all []monitor.Problem) {
	if len(all) == 0 {
		p.line("\nNothing is wrong.")
		return
	}
	p.line("")
	for _, problem := range all {
		sign := map[monitor.Severity]string{monitor.Stopped: "!!", monitor.Warned: "! ", monitor.Noted: "- "}[problem.Severity]
		p.line("%s %s", sign, short(problem.What, 400))
		p.line("     %s", short(problem.Remedy, 400))
	}
}

// limits shows how the limits of services stand.
func limits(states []work.LimitState, now time.Time) [][]string {
	rows := make([][]string, 0, len(states))
	for _, s := range states {
		until := ""
		if !s.Reset.IsZero() {
			until = " until " + s.Reset.Local().Format("15:04")
		}
		left := fmt.Sprintf("%s of %s left%s", thousands(s.Remaining), thousands(s.Limit), until)
		if !s.Reset.IsZero() && !now.Before(s.Reset) {
			left = fmt.Sprintf("%s, all there again since %s", thousands(s.Limit), s.Reset.Local().Format("2006-01-02 15:04"))
		}
		rows = append(rows, []string{fmt.Sprintf("%s: %s %s, %s kept for people", s.Connector, s.Resource, left, thousands(s.Reserve))})
	}
	return rows
}

func records(m map[string]int) string {
	if s := counts(m); s != "" {
		return s
	}
	return "no records yet"
}
