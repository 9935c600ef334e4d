package cli

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) rulesLintCommand() *cobra.Command {
	var strict, offline bool
	cmd := &cobra.Command{
		Use: "lint", Short: "Look for rules that do not do what they seem to; change nothing",
		Long: "Looks for routes that are never reached, conditions that never hold, fields with two writers, rules that\n" +
			"read what nothing fills, keys without effect and the like. Where something was read already, the rules\n" +
			"are also tried on the stored items. No service is asked.\n\n" +
			"Exit codes: 0 done, whatever was found; 2 a file has a mistake; 3 with --strict, there are warnings.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.load(cmd)
			if err != nil {
				return err
			}
			var outcome *engine.Outcome
			if !offline {
				outcome = s.decided(cmd.Context())
			}
			return a.showLint(linted{findings: s.lint(outcome), outcome: outcome, strict: strict, offline: offline})
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "end with exit code 3 where there are warnings")
	cmd.Flags().BoolVar(&offline, "offline", false, "look at files only, not at what is stored")
	return cmd
}

// lintFinding is a remark and where it stands.
type lintFinding struct {
	File   string     `json:"file"`
	Line   int        `json:"line"`
	Col    int        `json:"col"`
	Level  work.Level `json:"level"`
	Check  string     `json:"check"`
	What   string     `json:"what"`
	Basis  string     `json:"basis"`
	Remedy string     `json:"remedy,omitempty"`
}

func (f lintFinding) place() string {
	return f.File + ":" + strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Col)
}

// linted is what lint found, and how to show it.
type linted struct {
	findings        []lintFinding
	outcome         *engine.Outcome // nil where nothing is stored
	strict, offline bool
}

// lint looks at the rules, and at what they do on the stored items where there
// are any, in the order of the files.
func (s *setup) lint(outcome *engine.Outcome) []lintFinding {
	items := map[string]bool{}
	for _, i := range s.instances {
		items[i.name] = i.brings(true)
	}
	remarks := s.rules.Lint(engine.LintEnv{
		Outcome: outcome, Today: time.Now().UTC().Truncate(24 * time.Hour), Instance: s.settings.Write, BringsItems: func(connector string) bool { return items[connector] },
		Feedback: slices.ContainsFunc(s.instances, func(i instance) bool { return i.brings(false) }),
	})
	found := make([]lintFinding, 0, len(remarks))
	for _, r := range remarks {
		d := s.rulesDoc.Diagnose([]work.Problem{{At: r.At, Key: r.Key}})[0]
		found = append(found, lintFinding{d.File, d.Line, d.Col, r.Level, r.Check, r.What, r.Basis, r.Remedy})
	}
	slices.SortStableFunc(found, func(a, b lintFinding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return slices.Compact(found)
}

// brings reports whether a connector yields items, or else what evidence is
// made of.
func (i instance) brings(items bool) bool {
	if i.definition.Silent {
		return !items
	}
	return slices.ContainsFunc(i.definition.StreamsOf(i.Instance, nil), func(stream connectors.Stream) bool {
		return (stream.Yields == connectors.YieldsItems) == items
	})
}

// decided is what the rules decide on the stored items; nil where there is no
// store yet or nothing in it.
func (s *setup) decided(ctx context.Context) *engine.Outcome {
	db, err := store.OpenReadOnly(ctx, s.settings.Store, s.settings.Instance, store.Options{})
	if err != nil {
		return nil // nothing was read yet
	}
	defer func() { _ = db.Close() }() // nothing was written
	snapshot, err := db.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil || len(snapshot.Records) == 0 {
		return nil
	}
	outcome := engine.Evaluate(s.rules, snapshot)
	return &outcome
}

func (l *linted) count(level work.Level) int {
	n := 0
	for _, f := range l.findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

func (a *app) showLint(l linted) error {
	if a.json {
		items := 0
		if l.outcome != nil {
			items = len(l.outcome.Items)
		}
		err := a.printJSON(map[string]any{"warnings": l.count(work.Warning), "notes": l.count(work.Note), "items": items, "findings": l.findings})
		if err != nil {
			return err
		}
		return l.verdict()
	}
	p := a.printer()
	for _, f := range l.findings {
		basis := ""
		if f.Basis == engine.ByData {
			basis = " (by what is stored)"
		}
		p.line("%s: %s: %s%s", f.place(), f.Level, f.What, basis)
		if f.Remedy != "" {
			p.line("  → %s", f.Remedy)
		}
	}
	if len(l.findings) > 0 {
		p.line("")
	}
	p.line("%s, %s. %s", plural(l.count(work.Warning), "warning", "warnings"), plural(l.count(work.Note), "note", "notes"), l.basis())
	if p.err != nil {
		return p.err
	}
	return l.verdict()
}

// basis says what was looked at.
func (l *linted) basis() string {
	switch {
	case l.outcome != nil:
		return "The rules were tried on " + plural(len(l.outcome.Items), "stored item", "stored items") + "."
	case l.offline:
		return "Only files were looked at."
	default:
		return "Nothing was read yet: after the first tandem plan the rules are also tried on the stored items."
	}
}

func (l *linted) verdict() error {
	if n := l.count(work.Warning) + l.count(work.Fatal); l.strict && n > 0 {
		return refused("%s of the rules, and --strict allows none", plural(n, "warning", "warnings"))
	}
	return nil
}

// lintForCheck are the warnings of lint as check shows them. What compiling
// noted is said there already, and notes are told by lint itself.
func (s *setup) lintForCheck(outcome *engine.Outcome) []work.Finding {
	var findings []work.Finding
	notes := 0
	for _, f := range s.lint(outcome) {
		switch {
		case f.Check == "note":
		case f.Level == work.Note:
			notes++
		default:
			findings = append(findings, work.Finding{Level: f.Level, Subject: f.place(), What: f.What, Remedy: f.Remedy})
		}
	}
	if notes > 0 {
		findings = append(findings, work.Finding{
			Level: work.Note, Subject: "rules", What: plural(notes, "further thing is", "further things are") + " worth knowing about the rules",
			Remedy: "tandem rules lint",
		})
	}
	return findings
}
