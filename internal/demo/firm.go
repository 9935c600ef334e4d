package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tandem/internal/sim/company"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// Firm is Acme at work: its services run, its files lie in a folder.
type Firm struct {
	Company company.Company
	Jira    *jirasim.Site
	GitHub  *githubsim.Site
	// JiraURL and GitHubURL are where the stand-ins answer.
	JiraURL, GitHubURL string
	Folder             string

	servers []*http.Server
	drops   int
}

// Config is the path of the firm's tandem.yaml.
func (f *Firm) Config() string { return filepath.Join(f.Folder, "tandem.yaml") }

// Start makes up the firm, starts its services on the loopback and writes its
// files into the folder.
func Start(ctx context.Context, seed uint64, asOf time.Time, size company.Size, folder string) (*Firm, error) {
	f := &Firm{Folder: folder}
	jira, err := listen(ctx)
	if err != nil {
		return nil, err
	}
	github, err := listen(ctx)
	if err != nil {
		return nil, errors.Join(err, jira.Close())
	}
	f.JiraURL, f.GitHubURL = "http://"+jira.Addr().String(), "http://"+github.Addr().String()
	// People write addresses into texts, so the firm is made up once they are
	// known.
	f.Company = company.New(seed, asOf, size).At(f.JiraURL, f.GitHubURL)
	if f.Jira, err = jirasim.New(jiraWorld(f.Company), jirasim.Options{}); err != nil {
		return nil, fmt.Errorf("start the stand-in of Jira: %w", err)
	}
	if f.GitHub, err = githubsim.New(githubWorld(f.Company), githubsim.Options{}); err != nil {
		return nil, fmt.Errorf("start the stand-in of GitHub: %w", err)
	}
	f.serve(jira, f.Jira)
	f.serve(github, f.GitHub)
	if err := f.write(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// listen takes a free port of the loopback.
func listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start a stand-in: %w", err)
	}
	return l, nil
}

func (f *Firm) serve(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	f.servers = append(f.servers, s)
	go func() { _ = s.Serve(l) }() // ends with Close
}

// Close ends the services. The folder stays.
func (f *Firm) Close() error {
	var errs []error
	for _, s := range f.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// write lays down settings, rules, secrets and feedback.
func (f *Firm) write() error {
	settings, err := company.Settings(company.Places{
		Store: "sqlite:" + filepath.Join(f.Folder, "tandem.db"), Listen: "127.0.0.1:0", Every: "2s", Jira: f.JiraURL, GitHub: f.GitHubURL,
		Secrets: filepath.Join(f.Folder, "secrets"), Drop: filepath.Join(f.Folder, "drop"),
	})
	if err != nil {
		return err
	}
	for _, dir := range []string{"secrets", "drop", "rules"} {
		if err := os.MkdirAll(filepath.Join(f.Folder, dir), 0o700); err != nil {
			return fmt.Errorf("write the firm's files: %w", err)
		}
	}
	files := map[string][]byte{"tandem.yaml": []byte(settings), "secrets/jira": []byte(token), "secrets/github": []byte(token)}
	err = fs.WalkDir(company.Rules(), "rules", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(company.Rules(), path)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the firm's rules: %w", err)
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(f.Folder, filepath.FromSlash(name)), body, 0o600); err != nil {
			return fmt.Errorf("write the firm's files: %w", err)
		}
	}
	return f.drop("feedback.jsonl", f.Company.Feedback)
}

// drop writes feedback where Tandem looks for it, under its name at once.
func (f *Firm) drop(name string, rows []company.Feedback) error {
	path := filepath.Join(f.Folder, "drop", name)
	file, err := os.Create(path + ".part")
	if err != nil {
		return fmt.Errorf("write feedback: %w", err)
	}
	err = errors.Join(company.WriteFeedback(file, rows), file.Close())
	if err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		return fmt.Errorf("write feedback: %w", err)
	}
	return nil
}

// Calls counts the requests since ResetCalls, by connector.
func (f *Firm) Calls() map[string]int {
	calls := map[string]int{}
	for _, c := range append(f.Jira.Counts(), f.GitHub.Counts()...) {
		calls[c.Connector] += c.Calls
	}
	return calls
}

// ResetCalls begins to count anew.
func (f *Firm) ResetCalls() {
	f.Jira.ResetCounts()
	f.GitHub.ResetCounts()
}

// Token is the password of everybody at Acme.
func (f *Firm) Token() string { return token }

// Arrived counts the changes that Tandem's account made to issues, as the
// stand-ins logged them: one for each value.
func (f *Firm) Arrived() int {
	n := 0
	for _, e := range f.Jira.Writes().Effects(true) {
		if e.Field != "property tandem" || strings.Contains(e.To, `"twin"`) { // a signature alone is no edit
			n++
		}
	}
	for _, e := range f.GitHub.Writes().Effects(true) {
		if strings.Contains(e.Ref, "#") { // not the definition of a label
			n++
		}
	}
	return n
}
