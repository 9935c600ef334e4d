package cli

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The names that init gives.
const (
	settingsName = "tandem.yaml"
	jiraName     = "jira"
	githubName   = "github"
)

// file is one file that init writes.
type file struct{ name, doc, body string }

// files are what init writes, in the order in which one reads them.
func (i *initiation) files() []file {
	if i.alone {
		return i.hubFiles()
	}
	return []file{
		{settingsName, "where Tandem connects, and that it only observes", i.settingsFile()},
		{"rules/fields.yaml", "where each shared field stands in your projects", i.fieldsFile()},
		{"rules/teams.yaml", "who decides, for which projects", i.teamsFile()},
		{"rules/ranking.yaml", "what comes first, and who must act", i.rankingFile()},
	}
}

func fileNames(files []file) string {
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, f.name)
	}
	return list(names)
}

// prove reads the files as check --offline does, before any of them is kept.
func (i *initiation) prove(files []file) error {
	folder, err := os.MkdirTemp("", "tandem-init-")
	if err != nil {
		return fmt.Errorf("prove the files: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a draft
	if err := writeFiles(folder, files); err != nil {
		return err
	}
	config := i.config
	i.config = filepath.Join(folder, settingsName)
	_, err = i.load(i.cmd)
	i.config = config
	if err != nil {
		return failed("init made files that check refuses, which is a fault of init; please report it: %s", strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), ""))
	}
	return nil
}

// writeFiles writes new files and overwrites none; those that it wrote before
// a failure go away again.
func writeFiles(folder string, files []file) (err error) {
	var done []string
	defer func() {
		if err != nil {
			for _, path := range done {
				err = errors.Join(err, os.Remove(path))
			}
		}
	}()
	for _, f := range files {
		path := filepath.Join(folder, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // settings hold no secret
			return fmt.Errorf("make the folder: %w", err)
		}
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // settings hold no secret
		if err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
		done = append(done, path)
		_, err = out.WriteString(f.body)
		if err := errors.Join(err, out.Close()); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

// plainText is what can stand in YAML as it is.
func plainText(s string) bool {
	reserved := []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
	if regexp.MustCompile(`^https?://[\w./:-]*\w$`).MatchString(s) {
		return true
	}
	return regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_./@ -]*$`).MatchString(s) && !strings.HasSuffix(s, " ") && !slices.Contains(reserved, strings.ToLower(s))
}

// text writes a value as YAML.
func text(s string) string {
	if plainText(s) {
		return s
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Sprintf("%q", s)
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// texts writes a list as YAML.
func texts(values []string) string {
	all := make([]string, len(values))
	for n, v := range values {
		all[n] = text(v)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// remark makes a text from outside safe behind a #.
func remark(s string) string { return short(s, 120) }

// pad fills a line up to where comments stand.
func pad(s string) string {
	const column = 40
	if n := len([]rune(s)); n < column {
		return s + strings.Repeat(" ", column-n)
	}
	return s + "  "
}

// commented lays a comment beside a line.
func commented(line, comment string) string {
	if comment == "" {
		return line + "\n"
	}
	return pad(line) + "# " + remark(comment) + "\n"
}

// instance is the first word of the site's name.
func (i *initiation) instance() string {
	if i.alone {
		return i.hubInstance()
	}
	u, err := url.Parse(i.url)
	if err != nil {
		return "tandem"
	}
	word, _, _ := strings.Cut(u.Hostname(), ".")
	word = regexp.MustCompile(`[^A-Za-z0-9-]`).ReplaceAllString(word, "")
	if word == "" || word == "jira" || word == "localhost" || strings.Trim(word, "0123456789-") == "" || word[0] == '-' {
		return "tandem"
	}
	return word
}

// source writes where a secret lies.
func (i *initiation) source(env, file string) string {
	if env != "" {
		return "{env: " + text(env) + "}"
	}
	if full, err := filepath.Abs(file); err == nil && i.dir != "." {
		file = full
	}
	return "{file: " + text(file) + "}"
}

// jiraEntry is the connector as it stands in tandem.yaml.
func (i *initiation) jiraEntry() string {
	var b strings.Builder
	b.WriteString("  " + jiraName + ":\n    kind: jira\n    url: " + text(i.url) + "\n")
	if i.deployment != "" && i.deployment != "cloud" {
		b.WriteString("    deployment: " + text(i.deployment) + "\n")
	}
	if i.tokenEnv != "" || i.tokenFile != "" {
		auth := "{token: " + i.source(i.tokenEnv, i.tokenFile) + "}"
		if i.email != "" {
			auth = "{email: " + text(i.email) + ", token: " + i.source(i.tokenEnv, i.tokenFile) + "}"
		}
		b.WriteString("    auth: " + auth + "   # the token itself stands in no file of Tandem\n")
	}
	if i.cloudID != "" {
		b.WriteString("    cloud_id: " + text(i.cloudID) + "   # calls go through Atlassian's gateway, as tokens with scopes need\n")
	}
	if len(i.projects) > 0 {
		b.WriteString("    projects:\n")
		for _, key := range i.projects {
			b.WriteString(commented("      - "+text(key), i.placeName(key)))
		}
	}
	return b.String()
}

func (i *initiation) placeName(key string) string {
	for _, p := range i.survey.Places {
		if p.Key == key && p.Kind != "" {
			return p.Name + ", " + p.Kind
		} else if p.Key == key {
			return p.Name
		}
	}
	return ""
}

func (i *initiation) githubEntry() string {
	var b strings.Builder
	b.WriteString("  " + githubName + ":\n    kind: github\n")
	if i.githubURL != "" {
		b.WriteString("    url: " + text(i.githubURL) + "\n")
	}
	if i.githubTokenEnv+i.githubTokenTo != "" {
		b.WriteString("    auth: {token: " + i.source(i.githubTokenEnv, i.githubTokenTo) + "}\n")
	}
	b.WriteString("    repositories: " + texts(i.repositories) + "\n")
	return b.String()
}

func (i *initiation) settingsFile() string {
	b := i.settingsHead()
	b.WriteString(i.jiraEntry())
	b.WriteString("    where: 'statusCategory != Done OR resolved >= -90d'   # JQL; leave it out for every issue ever\n")
	if len(i.repositories) > 0 {
		b.WriteString(i.githubEntry())
	}
	return b.String()
}

func (i *initiation) settingsHead() *strings.Builder {
	var b strings.Builder
	b.WriteString("# Where Tandem connects and how it runs. Written by tandem init; change what you like.\n")
	b.WriteString("# What every word means: docs/settings.md. What is wrong, and what would be right: tandem check\n\n")
	b.WriteString(commented("instance: "+text(i.instance()), "names this Tandem in every marker; two never share a name"))
	b.WriteString(commented("store: sqlite:tandem.db", "or postgres://…, then as many nodes as you like"))
	zone := i.survey.TimeZone
	if zone == "" {
		zone = "UTC"
	}
	b.WriteString(commented("timezone: "+text(zone), or(map[bool]string{true: "where days begin, such as Europe/Berlin"}[i.alone], "where days begin; taken from the account")))
	b.WriteString(commented("write: observe", "reads and plans, writes nothing; later: propose, then auto"))
	b.WriteString("rules: [rules/*.yaml]\n")
	b.WriteString(commented("# web: {token: {env: TANDEM_WEB_TOKEN}}", "who may open the pages: one admin; a token is made with openssl rand -hex 32"))
	b.WriteString("\nconnectors:\n")
	return &b
}
