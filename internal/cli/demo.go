package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/demo"
	"tandem/internal/sim/company"
	"tandem/scheduler"
)

func (a *app) demoCommand() *cobra.Command {
	var once, closed bool
	var seed uint64
	var folder string
	cmd := &cobra.Command{
		Use: "demo", Short: "Run the whole cycle against an invented company on this machine",
		Long: "demo makes up a company, serves its Jira and its GitHub on the loopback, writes its settings, rules and\n" +
			"feedback into a folder, runs the daemon's own path against them, shows its pages, and keeps running. Nothing leaves\n" +
			"the machine.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.json && !once {
				return wrong("demo --json goes with --once")
			}
			named := folder != ""
			folder, err := demoFolder(folder)
			if err != nil {
				return err
			}
			firm, err := demo.Start(cmd.Context(), seed, time.Now(), company.DemoSize(), folder)
			if err != nil {
				return err
			}
			defer func() { _ = firm.Close() }() // stand-ins hold nothing that could be lost
			a.config = firm.Config()
			if once {
				if !named { // what somebody named is theirs to look at, and to remove
					defer func() { _ = os.RemoveAll(folder) }()
				}
				return a.demoOnce(cmd, firm)
			}
			return a.demoRun(cmd, firm, !closed)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "run three cycles, report, and end")
	cmd.Flags().BoolVar(&closed, "no-open", false, "print the link to the pages, and open no browser")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "another seed makes up another company")
	cmd.Flags().StringVar(&folder, "folder", "", "where to write the company's files, which stay there (default: a new temporary folder)")
	return cmd
}

// demoFolder returns an empty folder.
func demoFolder(folder string) (string, error) {
	if folder == "" {
		dir, err := os.MkdirTemp("", "tandem-demo-")
		if err != nil {
			return "", fmt.Errorf("make a folder for the demo: %w", err)
		}
		return dir, nil
	}
	entries, err := os.ReadDir(folder)
	if err == nil && len(entries) > 0 {
		return "", wrong("folder %s is not empty; name a new one", folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make a folder for the demo: %w", err)
	}
	return filepath.Abs(folder)
}

// demoRun shows one cycle, opens the pages and goes on.
func (a *app) demoRun(cmd *cobra.Command, firm *demo.Firm, open bool) error {
	s, err := a.begin(cmd)
	if err != nil {
		return err
	}
	defer s.end()
	p := a.printer()
	p.line("Acme is an invented company. Its Jira (%d issues) answers at %s, its GitHub (%d issues) at %s.",
		len(firm.Company.JiraIssues), firm.JiraURL, len(firm.Company.GitHubIssues), firm.GitHubURL)
	p.line("%s rows of feedback, settings and rules lie in %s. Nothing leaves this machine.\n", thousands(len(firm.Company.Feedback)), firm.Folder)
	report, err := s.cycle.Run(cmd.Context(), scheduler.None)
	if err != nil {
		return err
	}
	p.cycle(report)
	p.top(report.Outcome, s.rules.Org().TeamNames())
	p.why(s, report.Outcome, "pay")
	var line sync.Mutex // jobs run side by side
	host := s.host(func(_ string, r scheduler.Report) {
		line.Lock()
		defer line.Unlock()
		p.changes(r)
		s.note(cmd.Context(), r)
	})
	s.watch.As(host.Node())
	face, err := a.serve(cmd.Context(), s, host)
	if err != nil {
		return err
	}
	defer face.stop()
	a.demoHints(p, firm, report)
	a.welcome(cmd.Context(), p, "Open the page; the link works once, and signs you in as the admin who sees everything:", face, open)
	if p.err != nil {
		return p.err
	}
	return s.work(cmd.Context(), host)
}

// demoOnce runs three cycles: the first contact, one in which nothing
// happened, and one after people changed things.
func (a *app) demoOnce(cmd *cobra.Command, firm *demo.Firm) error {
	s, err := a.begin(cmd)
	if err != nil {
		return err
	}
	defer s.end()
	began := time.Now()
	d := demoReport{began: began, firm: firm}
	if err := d.run(cmd.Context(), s); err != nil {
		return err
	}
	if a.json {
		if err := a.printJSON(d.result()); err != nil {
			return err
		}
	} else {
		p := a.printer()
		d.print(p, s.rules.Org().TeamNames())
		if p.err != nil {
			return p.err
		}
	}
	return d.verdict()
}

// cycleOnce runs one cycle and counts the calls that it made.
func cycleOnce(ctx context.Context, s *session, firm *demo.Firm) (scheduler.Report, map[string]int, error) {
	firm.ResetCalls()
	report, err := s.cycle.Run(ctx, scheduler.None)
	return report, firm.Calls(), err
}
