package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Say in plain words what is there, what waits and what is wrong",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.status(cmd) },
	}
}

// status tells what the store knows, also where the files have mistakes by
// now: a daemon that runs goes on with what it read before.
func (a *app) status(cmd *cobra.Command) error {
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
	st, err := db.Status(ctx)
	if err != nil {
		return err
	}
	letters, err := db.DeadLetters(ctx, 20)
	if err != nil {
		return err
	}
	shown := statusJSON{Overview: st, Letters: letters, Mistakes: mistakes}
	if mistakes == nil {
		shown.Closed = s.closedNow()
		if shown.OldRules, err = s.oldRules(cmd, db); err != nil {
			return err
		}
	}
	if a.json {
		err = a.printJSON(shown)
	} else {
		err = a.showStatus(shown)
	}
	if err == nil && mistakes != nil {
		err = mistakes // they end the command as they end every other one
	}
	return err
}

// oldRules reports whether the last run went by other files than there are
// now.
func (s *setup) oldRules(cmd *cobra.Command, db *store.Store) (bool, error) {
	runs, err := db.KeptRuns(cmd.Context(), 1)
	if err != nil || len(runs) == 0 {
		return false, err
	}
	return runs[0].RulesHash != s.rules.Hash() || runs[0].ConfigHash != s.hash, nil
}

type statusJSON struct {
	work.Overview

	Letters []work.DeadLetterEntry `json:"letters"`
	// Closed are the quiet hours and freezes of this moment.
	Closed []plan.Closure `json:"closed,omitempty"`
	// Mistakes are those of the files as they are now.
	Mistakes config.Diagnostics `json:"mistakes,omitempty"`
	// OldRules: the last run went by other files than there are now.
	OldRules bool `json:"old_rules,omitempty"`
}

func (a *app) showStatus(st statusJSON) error {
	p := a.printer()
	last := "never"
	if !st.LastRunAt.IsZero() {
		last = fmt.Sprintf("run %d at %s", st.LastRun, st.LastRunAt.Local().Format("2006-01-02 15:04"))
	}
	p.line("%s · last decided: %s", st.Instance, last)
	p.line("%s from %s · %s", plural(st.Items, "item", "items"), records(st.Records), plural(st.Feedback, "feedback row", "feedback rows"))
	p.line("%s sent in the last 24 hours, %d wait to be read back", plural(st.SentToday, "edit", "edits"), st.Pending)
	if st.Paused {
		p.line("! Writing is paused by %s%s. End it with: tandem resume", st.PausedBy, because(st.PausedWhy))
	}
	if len(st.Mistakes) > 0 {
		p.line("! The files have %s, listed below. A daemon that runs goes on with what it read before.", plural(len(st.Mistakes), "mistake", "mistakes"))
	}
	if st.OldRules {
		p.line("! The files changed since the last run. A daemon reads them anew when it gets SIGHUP, or is started again.")
	}
	for _, c := range st.Closed {
		p.line("! Nothing is written there %s: %s", until(c.Until), c.Window)
	}
	for _, r := range st.Retired {
		p.line("! Retired: %s. Nothing is written there. End it with: tandem resume %s", r, resumeFlag(r))
	}
	var rows [][]string
	for _, s := range st.Streams {
		state := "read " + s.LastRead.Local().Format("2006-01-02 15:04")
		if s.Failure != "" && s.Stream == "census" {
			state = "! " + s.Failure // it makes nothing stale
		} else if s.Failure != "" {
			state = "! stale: " + s.Failure
		} else if s.LastRead.IsZero() {
			state = "not read yet"
		}
		rows = append(rows, []string{s.Connector, s.Stream, state})
	}
	p.section("Connectors", rows, true)
	p.section("Limits", limits(st.Limits, time.Now()), true)
	if len(st.Holds) > 0 {
		p.line("\nHeld: %s. tandem plan --all lists them.", counts(st.Holds))
	}
	rows = nil
	for _, l := range st.Letters {
		rows = append(rows, []string{l.What, l.Ref, short(l.Cause, 100), short(l.Remedy, 70)})
	}
	p.section(fmt.Sprintf("Set aside (%d)", st.DeadLetters), rows, true)
	if len(st.Letters) > 1 {
		p.line("  once the cause is mended, all of a connector: tandem release --set-aside CONNECTOR")
	}
	return p.err
}
