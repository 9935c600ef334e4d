package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/internal/work"
)

// noCover asks for no coverage.
const noCover = -1

func (a *app) rulesTestCommand() *cobra.Command {
	var least int
	var every bool
	cmd := &cobra.Command{
		Use: "test", Short: "Run the cases that stand under tests: in the rule files, and name the rules that none reaches",
		Long: "Runs the cases that stand under tests: in the rule files, and names each route, readiness rule, tier\n" +
			"and rule of evidence.link that no case reaches. It looks at files only.\n\n" +
			"Exit codes: 0 all cases hold; 2 a file has a mistake; 3 a case does not hold, or with --cover fewer\n" +
			"rules are reached than asked for.",
		Example: "  tandem rules test\n  tandem rules test --cover 80     # for a build: at least 80 of 100 rules",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("cover") && (least < 0 || least > 100) {
				return wrong("--cover is a share of the rules in percent, 0 to 100, not %d", least)
			}
			s, err := a.load(cmd)
			if err != nil {
				return err
			}
			results, problems := s.rules.Test(time.Now().UTC().Truncate(24 * time.Hour))
			if len(problems) > 0 {
				return s.rulesDoc.Diagnose(problems)
			}
			t := tested{results: results, coverage: s.rules.Cover(results), document: s.rulesDoc, least: least, every: every}
			return a.showTests(t)
		},
	}
	cmd.Flags().IntVar(&least, "cover", noCover, "the least share of rules, in percent, that cases must reach")
	cmd.Flags().BoolVar(&every, "all", false, "name every rule that no case reaches, those of presets too")
	return cmd
}

// tested is what became of the cases, and how to show it.
type tested struct {
	results  []engine.TestResult
	coverage engine.Coverage
	document *config.Document
	least    int
	every    bool
}

func (t *tested) failed() int {
	failed := 0
	for _, r := range t.results {
		if len(r.Wrong) > 0 {
			failed++
		}
	}
	return failed
}

// percent is the share of the rules that are reached, rounded down: 100 is all.
func (t *tested) percent() int {
	reached, all := t.coverage.Count()
	if all == 0 {
		return 100
	}
	return 100 * reached / all
}

// where is the place of a rule as people read it.
func (t *tested) where(at work.Pointer) config.Diagnostic {
	return t.document.Diagnose([]work.Problem{{At: at}})[0]
}

func (t *tested) line(at work.Pointer) string {
	d := t.where(at)
	return d.File + ":" + strconv.Itoa(d.Line) + ":" + strconv.Itoa(d.Col)
}

// coveredJSON is a rule and where it stands.
type coveredJSON struct {
	engine.Covered

	File string `json:"file"`
	Line int    `json:"line"`
}

type presetJSON struct {
	Name    string        `json:"name"`
	File    string        `json:"file"`
	Line    int           `json:"line"`
	Reached int           `json:"reached"`
	All     int           `json:"all"`
	Routes  []coveredJSON `json:"routes"`
}

type coverageJSON struct {
	Reached int           `json:"reached"`
	All     int           `json:"all"`
	Percent int           `json:"percent"`
	Rules   []coveredJSON `json:"rules"`
	Presets []presetJSON  `json:"presets,omitempty"`
}

type testedJSON struct {
	Passed   int                 `json:"passed"`
	Failed   int                 `json:"failed"`
	Cases    []engine.TestResult `json:"cases"`
	Coverage coverageJSON        `json:"coverage"`
}

func (t *tested) json() testedJSON {
	placed := func(rules []engine.Covered) []coveredJSON {
		all := make([]coveredJSON, 0, len(rules))
		for _, c := range rules {
			d := t.where(c.At)
			all = append(all, coveredJSON{c, d.File, d.Line})
		}
		return all
	}
	reached, all := t.coverage.Count()
	c := coverageJSON{Reached: reached, All: all, Percent: t.percent(), Rules: placed(t.coverage.Rules)}
	for _, p := range t.coverage.Presets {
		d := t.where(p.At)
		r, n := engine.Count(p.Routes)
		c.Presets = append(c.Presets, presetJSON{p.Name, d.File, d.Line, r, n, placed(p.Routes)})
	}
	return testedJSON{Passed: len(t.results) - t.failed(), Failed: t.failed(), Cases: t.results, Coverage: c}
}

func (a *app) showTests(t tested) error {
	if a.json {
		if err := a.printJSON(t.json()); err != nil {
			return err
		}
		return t.verdict()
	}
	p := a.printer()
	for _, r := range t.results {
		if len(r.Wrong) == 0 {
			p.line("ok    %s", r.Name)
			continue
		}
		p.line("WRONG %s", r.Name)
		for _, w := range r.Wrong {
			p.line("      %s (%s)", w, r.Because)
		}
	}
	if len(t.results) == 0 {
		p.line("The rule files have no tests:. A case looks like this:\n\n" +
			"tests:\n  - {name: a severe bug goes to the PO, item: {kind: bug, severity: 1}, want: {accountable: po}}")
	} else {
		p.line("\n%d passed, %d failed", len(t.results)-t.failed(), t.failed())
		p.coverage(&t)
	}
	if p.err != nil {
		return p.err
	}
	return t.verdict()
}

// coverage tells which rules no case reaches.
func (p *printer) coverage(t *tested) {
	reached, all := t.coverage.Count()
	p.line("%d of %s reached by a case (%d %%)", reached, plural(all, "rule is", "rules are"), t.percent())
	var rows [][]string
	for _, c := range t.coverage.Rules {
		if c.Cases == 0 {
			rows = append(rows, []string{t.line(c.At), c.Kind, short(c.Name, 80)})
		}
	}
	p.section("No case reaches", rows, t.every)
	for _, preset := range t.coverage.Presets {
		n, of := engine.Count(preset.Routes)
		p.line("\n%s: preset %s: %d of %s reached", t.line(preset.At), preset.Name, n, plural(of, "route", "routes"))
		if !t.every {
			continue
		}
		for _, c := range preset.Routes {
			if c.Cases == 0 {
				p.line("  not reached: %s", c.Name)
			}
		}
	}
}

// verdict is how the command ends.
func (t *tested) verdict() error {
	var bad []string
	if failed := t.failed(); failed > 0 {
		bad = append(bad, plural(failed, "test", "tests")+" of the rules failed")
	}
	if t.percent() < t.least {
		bad = append(bad, fmt.Sprintf("cases reach %d %% of the rules, and --cover asks for %d %%", t.percent(), t.least))
	}
	if len(bad) == 0 {
		return nil
	}
	return refused("%s", strings.Join(bad, "; "))
}
