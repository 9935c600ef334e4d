package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

func (a *app) checkCommand() *cobra.Command {
	var offline bool
	cmd := &cobra.Command{
		Use: "check", Short: "Check settings, rules, addresses, credentials and rights; change nothing",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.load(cmd)
			if err != nil {
				return err
			}
			findings := s.rules.Notes()
			if offline {
				findings = append(findings, s.lintForCheck(nil)...)
			} else {
				findings = append(findings, s.lintForCheck(s.decided(cmd.Context()))...)
				findings = append(findings, a.askServices(cmd.Context(), s)...)
				findings = append(findings, a.askStore(cmd.Context(), s)...)
			}
			return a.showCheck(s, findings, offline)
		},
	}
	cmd.Flags().BoolVar(&offline, "offline", false, "look at files only, at no service and no secret")
	return cmd
}

// askServices lets every connector look at its service.
func (a *app) askServices(ctx context.Context, s *setup) []work.Finding {
	var findings []work.Finding
	for _, live := range s.openAll(ctx, nil, a.logger(s.settings)) {
		findings = append(findings, checkLive(ctx, live)...)
		if live.Conn.Mailbox != nil && s.settings.Webhooks.Listen == "" {
			findings = append(findings, work.Finding{
				Level: work.Warning, Subject: live.Name + " deliveries", What: "nothing listens for them",
				Remedy: "write webhooks: {listen: \":8443\", public_url: https://hooks.acme.example} in tandem.yaml",
			})
		}
		if live.Conn.Close != nil {
			_ = live.Conn.Close() // nothing was written
		}
	}
	return findings
}

// askStore looks at what was read so far, where there is a store already.
func (a *app) askStore(ctx context.Context, s *setup) []work.Finding {
	db, err := store.OpenReadOnly(ctx, s.settings.Store, s.settings.Instance, store.Options{})
	if err != nil {
		return notYet(s) // nothing was read yet, or begin says more
	}
	defer func() { _ = db.Close() }() // nothing was written
	snapshot, err := db.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return []work.Finding{{Level: work.Warning, Subject: "store", What: err.Error()}}
	}
	return s.rules.ForeignLabels(snapshot.Records)
}

// notYet says what cannot be told before something was read: the services
// offer no way to ask which labels begin with a prefix.
func notYet(s *setup) []work.Finding {
	var findings []work.Finding
	for _, i := range s.instances {
		if len(s.rules.Program().Axes(i.name)) > 0 {
			findings = append(findings, work.Finding{
				Level: work.Note, Subject: i.name + " labels", What: "labels of others under the prefixes of ours are counted once issues were read",
				Remedy: "check again after the first tandem plan",
			})
		}
	}
	return findings
}

func checkLive(ctx context.Context, live scheduler.Live) []work.Finding {
	if live.Failure != nil {
		what, remedy, _ := strings.Cut(live.Failure.Error(), "; ")
		return []work.Finding{{Level: work.Fatal, Subject: live.Name, What: what, Remedy: remedy}}
	}
	if live.Conn.Checker == nil {
		return nil
	}
	findings := live.Conn.Checker.Check(ctx)
	for i := range findings {
		if !strings.HasPrefix(findings[i].Subject, live.Name) {
			findings[i].Subject = strings.TrimSpace(live.Name + " " + findings[i].Subject)
		}
	}
	return findings
}

type checkJSON struct {
	Connectors []string       `json:"connectors"`
	Teams      []string       `json:"teams"`
	Fields     []string       `json:"fields"`
	Findings   []work.Finding `json:"findings"`
}

func (a *app) showCheck(s *setup, findings []work.Finding, offline bool) error {
	fatal := 0
	for _, f := range findings {
		if f.Level == work.Fatal {
			fatal++
		}
	}
	var names, fields []string
	for _, i := range s.instances {
		names = append(names, i.name)
	}
	for _, r := range s.rules.Program().Rules() {
		fields = append(fields, r.Field.String())
	}
	if a.json {
		if err := a.printJSON(checkJSON{names, s.rules.Org().TeamNames(), fields, findings}); err != nil {
			return err
		}
		return checkResult(fatal)
	}
	p := a.printer()
	p.line("%s and its rules are right: connectors %s · teams %s · mapped fields %s · write: %s",
		a.config, list(names), list(s.rules.Org().TeamNames()), list(fields), s.settings.Write)
	for _, f := range findings {
		p.finding(f)
	}
	if offline {
		p.line("\nNo service and no secret was looked at; without --offline, check asks the services too.")
	} else if fatal == 0 {
		p.line("\nEvery service answered. Next: tandem plan")
	}
	if p.err != nil {
		return p.err
	}
	return checkResult(fatal)
}

// finding prints one finding in full, its remedy below.
func (p *printer) finding(f work.Finding) {
	p.line("\n%s: %s: %s", f.Level, f.Subject, f.What)
	if f.Remedy != "" {
		p.line("  → %s", f.Remedy)
	}
}

func checkResult(fatal int) error {
	if fatal > 0 {
		return codedError{exitFailed, fmt.Errorf("%s must be mended first", plural(fatal, "finding", "findings"))}
	}
	return nil
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
