package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/work"
)

// failed says that a service said no.
func failed(format string, args ...any) error {
	return codedError{exitFailed, fmt.Errorf(format, args...)}
}

// fatal turns findings that end init into one error.
func (i *initiation) fatal(findings []work.Finding) error {
	var lines []string
	for _, f := range findings {
		if f.Level == work.Fatal {
			lines = append(lines, fmt.Sprintf("%s: %s\n  → %s", f.Subject, f.What, f.Remedy))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return failed("%s", strings.Join(lines, "\n"))
}

// warn shows what is worth knowing and stops nothing.
func (i *initiation) warn(findings []work.Finding) {
	for _, f := range findings {
		if f.Level != work.Fatal && !i.ask.mute {
			i.ask.p.finding(f)
		}
	}
}

// open connects with the answers so far, read by the same strict reader as
// tandem.yaml. Only mistakes about the given keys count; none given is all.
func (i *initiation) open(ctx context.Context, keys ...string) (*connectors.Connector, error) {
	return i.connect(ctx, jiraName, i.jiraEntry(), keys)
}

func (i *initiation) connect(ctx context.Context, name, entry string, keys []string) (*connectors.Connector, error) {
	settings, err := i.draft(entry)
	if err != nil {
		return nil, err
	}
	for _, c := range settings.Connectors {
		definition, ok := all.Lookup(c.Kind)
		if !ok || c.Name != name {
			continue
		}
		instance, problems := definition.New(c.Name, c.Decode)
		if err := i.answered(name, problems, keys); err != nil {
			return nil, err
		}
		return instance.Open(ctx, connectors.Env{Name: c.Name, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	}
	return nil, fmt.Errorf("read the answers: connector %s is lost", name)
}

// draft reads a connector's entry as it will stand in tandem.yaml.
func (i *initiation) draft(entry string) (config.Settings, error) {
	folder, err := os.MkdirTemp("", "tandem-init-")
	if err != nil {
		return config.Settings{}, fmt.Errorf("read the answers: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a draft
	path := filepath.Join(folder, settingsName)
	if err := os.WriteFile(path, []byte("instance: draft\nconnectors:\n"+entry), 0o600); err != nil {
		return config.Settings{}, fmt.Errorf("read the answers: %w", err)
	}
	settings, document, found := config.Load(path, nil)
	if document == nil || len(found) > 0 {
		return config.Settings{}, wrong("the answers cannot be written as YAML: %s", strings.ReplaceAll(found.Error(), path, settingsName))
	}
	return settings, nil
}

// answered reports mistakes in answers, all at once, by the flags that give
// them.
func (i *initiation) answered(name string, problems []work.Problem, keys []string) error {
	var lines []string
	for _, p := range problems {
		parts := strings.Split(strings.Trim(string(p.At), "/"), "/")
		if len(parts) > 2 && parts[0] == "connectors" {
			parts = parts[2:]
		}
		if len(keys) > 0 && !slices.Contains(keys, parts[0]) {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s; %s", flagFor(name, parts), p.What, p.Remedy))
	}
	if len(lines) == 0 {
		return nil
	}
	return wrong("%s", strings.Join(lines, "\n"))
}

// flagFor names the flag of a setting.
func flagFor(connector string, at []string) string {
	if connector == githubName {
		if flag := map[string]string{"url": "--github-url", "auth": "--github-token-env", "repositories": "--github-repositories"}[at[0]]; flag != "" {
			return flag
		}
		return strings.Join(at, ".")
	}
	switch strings.Join(at, "/") {
	case "url":
		return "--jira-url"
	case "auth", "auth/token":
		return "--jira-token-env"
	case "auth/email":
		return "--jira-email"
	case "cloud_id":
		return "--jira-cloud-id"
	case "deployment":
		return "--deployment"
	}
	if at[0] == "projects" {
		return "--projects"
	}
	return strings.Join(at, ".")
}

// nothing answers a question with no.
const nothing = "none"

// github adds repositories where some are named, and looks whether they can
// be read.
func (i *initiation) github(ctx context.Context) error {
	if len(i.repositories) == 0 && i.person {
		answer := ""
		if err := i.ask.text(&answer, question{"GitHub repositories too", "--github-repositories", nothing, "such as acme/pay"}); err != nil {
			return err
		}
		if answer != nothing {
			i.repositories = strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	if len(i.repositories) == 0 {
		return nil
	}
	if err := i.ask.secret(&i.githubTokenEnv, &i.githubTokenTo, "GITHUB_TOKEN", "--github-token-env"); err != nil {
		return err
	}
	live, err := i.connect(ctx, githubName, i.githubEntry(), nil)
	if err != nil {
		return err
	}
	findings := live.Checker.Check(ctx)
	if err := i.fatal(findings); err != nil {
		return err
	}
	i.ask.say("  GitHub answers for %s.", list(i.repositories))
	return nil
}
