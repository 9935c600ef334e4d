package jira

import (
	"cmp"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// The deployments of Jira.
const (
	cloud      = "cloud"
	dataCenter = "datacenter"
)

// gateway is where scoped tokens and service accounts are accepted.
const gateway = "https://api.atlassian.com/ex/jira/"

// Config is what an admin writes.
type Config struct {
	// URL is the address that people open, such as https://acme.atlassian.net.
	URL string `yaml:"url"`
	// Deployment is cloud, the default, or datacenter.
	Deployment string `yaml:"deployment"`
	Auth       Auth   `yaml:"auth"`
	// CloudID sends the calls through api.atlassian.com, as scoped tokens need.
	CloudID string `yaml:"cloud_id"`
	// Projects are the keys of the projects in scope.
	Projects []string `yaml:"projects"`
	// Where is a further restriction in JQL.
	Where string `yaml:"where"`
	// PageSize is how many issues are asked for at once; Jira may send fewer.
	PageSize int `yaml:"page_size"`
	// Overlap is how far a poll looks behind the newest change it has seen.
	Overlap work.Span `yaml:"overlap"`
	// Audience is who can read the projects: internal, the default, or public.
	Audience string `yaml:"audience"`
	// Comments says how the comments of Tandem are written.
	Comments Comments `yaml:"comments"`
	// Webhook is how Jira proves that a delivery is its own; without a secret
	// none is taken.
	Webhook Webhook `yaml:"webhook"`
}

// Auth is how the daemon shows who it is. A token alone is sent as Bearer: the
// way of personal access tokens of Data Center. On Cloud an e-mail address goes
// with an API token; on Data Center a user name may go with its password.
type Auth struct {
	Email string        `yaml:"email"`
	User  string        `yaml:"user"`
	Token secret.Secret `yaml:"token"`
	// ClientID and ClientSecret are those of an OAuth app. RefreshTokenFile
	// holds its refresh token, which Tandem replaces each time it is used.
	ClientID         string        `yaml:"client_id"`
	ClientSecret     secret.Secret `yaml:"client_secret"`
	RefreshTokenFile string        `yaml:"refresh_token_file"`
}

// oauth reports whether anything of an OAuth app is given.
func (a Auth) oauth() bool {
	return a.ClientID != "" || a.ClientSecret.Set() || a.RefreshTokenFile != ""
}

// login is the name for Basic authentication; empty sends the token alone.
func (a Auth) login() string { return cmp.Or(a.Email, a.User) }

func defaults() Config {
	return Config{
		Deployment: cloud, PageSize: 100, Overlap: work.Span(5 * time.Minute), Audience: work.Internal.String(),
	}
}

func places(c Config) []string { return c.Projects }

// base is where the calls go.
func (c Config) base() string {
	if c.CloudID != "" {
		return gateway + c.CloudID
	}
	return strings.TrimRight(c.URL, "/")
}

// cloud reports whether the site is on Jira Cloud. It decides about searches,
// reading many issues at once, and how people are named.
func (c Config) cloud() bool { return c.Deployment != dataCenter }

func (c Config) audience() work.Audience {
	if c.Audience == work.Public.String() {
		return work.Public
	}
	return work.Internal
}

// faults collects mistakes in the settings.
type faults []work.Problem

func (f *faults) add(at work.Pointer, what, remedy string) {
	*f = append(*f, work.Problem{At: at, What: what, Remedy: remedy})
}

// validate looks at the settings without any call.
func validate(_ string, c Config) []work.Problem {
	var f faults
	root := work.Pointer("")
	f.checkURL(root.Key("url"), c.URL)
	switch c.Deployment {
	case cloud, dataCenter:
	default:
		f.add(root.Key("deployment"), strconv.Quote(c.Deployment)+" is no deployment", "write cloud or datacenter")
	}
	f.checkAuth(root.Key("auth"), c)
	if c.CloudID != "" && !c.cloud() {
		f.add(root.Key("cloud_id"), "Data Center has no cloud id", "leave cloud_id out, or leave deployment out if the site is on Jira Cloud")
	} else if c.CloudID != "" && !regexp.MustCompile(`^[A-Za-z0-9-]+$`).MatchString(c.CloudID) {
		f.add(root.Key("cloud_id"), strconv.Quote(c.CloudID)+" is no cloud id", "it looks like 11223344-a1b2-3b33-c444-def123456789")
	}
	f.checkProjects(root.Key("projects"), c.Projects)
	f.checkWhere(root.Key("where"), c.Where)
	if c.PageSize < 1 || c.PageSize > 5000 {
		f.add(root.Key("page_size"), "a page of "+strconv.Itoa(c.PageSize)+" issues cannot be asked for", "write a number from 1 to 5000; 100 is usual")
	}
	if d := time.Duration(c.Overlap); d < time.Minute || d > 24*time.Hour {
		f.add(root.Key("overlap"), "an overlap of "+c.Overlap.String()+" is too short or too long", "write 1m to 1d; 5m is usual, more if changes are missed")
	}
	if c.Audience != work.Internal.String() && c.Audience != work.Public.String() {
		f.add(root.Key("audience"), strconv.Quote(c.Audience)+" is no audience of a project", "write internal, or public if anybody on the internet can read the projects")
	}
	c.Comments.check(root.Key("comments"), &f)
	return f
}

func (f *faults) checkAuth(at work.Pointer, c Config) {
	switch a := c.Auth; {
	case a.oauth():
		f.checkOAuth(at, c)
	case !a.Token.Set() && c.cloud():
		f.add(at, "there is no token", "write auth: {email: bot@acme.example, token: {env: JIRA_TOKEN}}")
	case !a.Token.Set():
		f.add(at, "there is no token", "write auth: {token: {env: JIRA_TOKEN}} with a personal access token of the account")
	case a.Email != "" && a.User != "":
		f.add(at, "the account is named twice", "keep email on Jira Cloud, user on Data Center")
	case a.User != "" && c.cloud():
		f.add(at.Key("user"), "Jira Cloud knows accounts by their e-mail address", "write email instead of user")
	case a.Email != "" && c.cloud() && !strings.Contains(a.Email, "@"):
		f.add(at.Key("email"), strconv.Quote(a.Email)+" is no e-mail address", "give the address of the account that the token belongs to")
	}
}

// checkOAuth looks at the settings of an OAuth app, which works through the
// gateway alone.
func (f *faults) checkOAuth(at work.Pointer, c Config) {
	const example = "write auth: {client_id: …, client_secret: {env: JIRA_SECRET}, refresh_token_file: PATH}"
	a := c.Auth
	switch {
	case !c.cloud():
		f.add(at, "OAuth apps of Atlassian are for Jira Cloud", "write auth: {token: {env: JIRA_TOKEN}} with a personal access token")
	case a.Token.Set() || a.login() != "":
		f.add(at, "an OAuth app and a token are two ways in", "keep client_id, client_secret and refresh_token_file, or email and token")
	case a.ClientID == "" || !a.ClientSecret.Set() || a.RefreshTokenFile == "":
		f.add(at, "the OAuth app is not complete", example)
	case c.CloudID == "":
		f.add(at, "an OAuth app works through the gateway, which needs the id of the site", "write cloud_id; /_edge/tenant_info of the site shows it")
	}
}

func (f *faults) checkURL(at work.Pointer, address string) {
	const example = "write the address that people open, such as https://acme.atlassian.net"
	u, err := url.Parse(address)
	switch {
	case address == "":
		f.add(at, "there is no address", example)
	case err != nil || u.Host == "":
		f.add(at, "this is no address", example) // it may hold a password: not repeated
	case u.User != nil:
		f.add(at, "the address holds a user or password", "give credentials under auth")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		f.add(at, "credentials would travel without encryption", "write https://")
	case u.Scheme != "https" && u.Scheme != "http":
		f.add(at, strconv.Quote(u.Scheme)+" is no way to reach Jira", example)
	case u.RawQuery != "" || u.Fragment != "":
		f.add(at, "the address goes on after the site", example)
	case u.Host == "api.atlassian.com":
		f.add(at, "this is the gateway, not the site", "write the site's own address, and the id of the site as cloud_id")
	}
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (f *faults) checkProjects(at work.Pointer, keys []string) {
	if len(keys) == 0 {
		f.add(at, "there is no project", "write projects: [PAY, WEB]")
	}
	valid := regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,254}$`)
	for i, key := range keys {
		switch {
		case !valid.MatchString(key):
			remedy := "keys are capital letters, digits and _, such as PAY"
			if upper := strings.ToUpper(key); valid.MatchString(upper) {
				remedy = "did you mean " + strconv.Quote(upper) + "?"
			}
			f.add(at.Index(i), strconv.Quote(key)+" is no project key", remedy)
		case slices.Index(keys, key) < i:
			f.add(at.Index(i), key+" stands there twice", "keep one")
		}
	}
}
