package github

import (
	"net"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// Config is what an admin writes.
type Config struct {
	// URL is the address of GitHub Enterprise Server; empty is github.com.
	URL  string `yaml:"url"`
	Auth Auth   `yaml:"auth"`
	// Repositories are full names and globs; "!" takes out.
	Repositories []string `yaml:"repositories"`
	// Overlap is how far a read reaches back before what was seen.
	Overlap work.Span `yaml:"overlap"`
	// WritePause is the time between two writes: a second by default, none
	// with a loopback address.
	WritePause *work.Span `yaml:"write_pause"`
	// Reserve is the share of the hourly quota that is left to people.
	Reserve work.Percent `yaml:"reserve"`
	// Webhook is empty where GitHub sends none.
	Webhook Webhook `yaml:"webhook"`
	// Comments is empty where comments are no feedback.
	Comments Comments `yaml:"comments"`
	// Project is the board whose fields rules may use.
	Project Project `yaml:"project"`
}

// Auth is a token, or an App with its installation.
type Auth struct {
	Token          secret.Secret `yaml:"token"`
	AppID          int64         `yaml:"app_id"`
	InstallationID int64         `yaml:"installation_id"`
	PrivateKey     secret.Secret `yaml:"private_key"`
}

func (a Auth) isApp() bool { return a.AppID != 0 || a.InstallationID != 0 || a.PrivateKey.Set() }

// Project names a project board.
type Project struct {
	// Board is OWNER/NUMBER, as in the address of the board.
	Board string `yaml:"board"`
	// AddMissing puts issues on the board where a field is to be written.
	AddMissing bool `yaml:"add_missing"`
}

const publicURL = "https://api.github.com"

// enterprisePath is where an Enterprise Server has its interface.
const enterprisePath = "/api/v3/"

func defaults() Config {
	return Config{URL: publicURL, Overlap: work.Span(2 * time.Minute), Reserve: 0.2}
}

func places(c Config) []string { return c.Repositories }

func validate(_ string, c Config) []work.Problem {
	var problems []work.Problem
	add := func(at work.Pointer, what, remedy string) {
		problems = append(problems, work.Problem{At: at, What: what, Remedy: remedy})
	}
	root := work.Pointer("")
	if _, err := baseOf(c.URL); err != nil {
		add(root.Key("url"), err.Error(), "write for example https://github.acme.example, or leave url out for github.com")
	}
	problems = append(problems, c.Auth.problems(root.Key("auth"))...)
	problems = append(problems, scopeProblems(root.Key("repositories"), c.Repositories)...)
	if c.Overlap < 0 || time.Duration(c.Overlap) > 24*time.Hour {
		add(root.Key("overlap"), c.Overlap.String()+" is no sensible overlap", "write a span of up to 1d, such as 2m")
	}
	if c.Reserve < 0 || c.Reserve > 0.9 {
		add(root.Key("reserve"), "nothing would be left for reading", "write a share of up to 90%, such as 20%")
	}
	if f := c.Comments.Feedback; f != "" && f != fromOutsiders && f != fromEverybody {
		add(root.Key("comments").Key("feedback"), strconv.Quote(f)+" says not whose comments are feedback", "write outsiders (those who do not belong to the repository) or everybody, or leave it out")
	}
	if c.Project.Board != "" && !regexp.MustCompile(`^[\w.-]+/[1-9]\d*$`).MatchString(c.Project.Board) {
		add(root.Key("project").Key("board"), strconv.Quote(c.Project.Board)+" is no project", "write OWNER/NUMBER, such as acme/7")
	}
	return problems
}

func (a Auth) problems(at work.Pointer) []work.Problem {
	const remedy = "give token: {env: GITHUB_TOKEN}, or app_id, installation_id and private_key"
	switch {
	case a.Token.Set() && a.isApp():
		return []work.Problem{{At: at, What: "both a token and an App are given", Remedy: "keep one of them"}}
	case a.Token.Set():
		return nil
	case !a.isApp():
		return []work.Problem{{At: at, What: "credentials are missing", Remedy: remedy}}
	case a.AppID <= 0 || a.InstallationID <= 0 || !a.PrivateKey.Set():
		return []work.Problem{{At: at, What: "an App needs app_id, installation_id and private_key", Remedy: remedy}}
	default:
		return nil
	}
}

func scopeProblems(at work.Pointer, patterns []string) []work.Problem {
	var problems []work.Problem
	included := false
	for i, p := range patterns {
		name, out := strings.CutPrefix(p, "!")
		owner, repository, both := strings.Cut(name, "/")
		_, err := path.Match(name, "")
		included = included || !out
		if !both || owner == "" || repository == "" || strings.Contains(repository, "/") || err != nil || !out && isGlob(owner) {
			problems = append(problems, work.Problem{
				At: at.Index(i), What: strconv.Quote(p) + " names no repository", Remedy: `write acme/pay, "acme/*" or "!acme/*-archive"`,
			})
		}
	}
	if !included {
		problems = append(problems, work.Problem{At: at, What: "no repository is in the scope", Remedy: `list some: [acme/pay, "acme/web-*"]`})
	}
	return problems
}

func isGlob(s string) bool { return strings.ContainsAny(s, `*?[\`) }

// addressError says what is wrong with an address, without repeating it.
type addressError string

func (e addressError) Error() string { return string(e) }

// baseOf returns the address that paths of the API start from.
func baseOf(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, addressError("the address is no URL of a service")
	case u.User != nil:
		return nil, addressError("the address holds credentials")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, addressError("the address has a query or fragment")
	case u.Scheme == "http" && !loopback(u):
		return nil, addressError("http would send the credentials in the clear; write https")
	}
	host := u.Hostname()
	cloud := strings.HasPrefix(host, "api.") || strings.Contains(host, ".api.")
	if strings.Trim(u.Path, "/") == "" && !cloud && !loopback(u) {
		u.Path = enterprisePath
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	return u, nil
}

func loopback(u *url.URL) bool {
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// pause is the time between two writes.
func (c Config) pause(base *url.URL) time.Duration {
	switch {
	case c.WritePause != nil:
		return time.Duration(*c.WritePause)
	case loopback(base):
		return 0
	default:
		return time.Second
	}
}
