package jira

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/config"
	"tandem/internal/secret"
	"tandem/internal/work"
)

// TestTheExampleIsValid reads it as the daemon does.
func TestTheExampleIsValid(t *testing.T) {
	t.Parallel()
	d := Definition()
	file := filepath.Join(t.TempDir(), "tandem.yaml")
	body := "instance: test\nconnectors:\n  " + strings.ReplaceAll(strings.TrimSpace(d.Example), "\n", "\n  ") + "\n"
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, _, found := config.Load(file, nil)
	if len(found) > 0 || len(settings.Connectors) != 1 || settings.Connectors[0].Kind != d.Kind {
		t.Fatalf("%v %+v", found, settings.Connectors)
	}
	instance, problems := d.New("jira", settings.Connectors[0].Decode)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if d := cmp.Diff([]string{"PAY", "WEB", "OPS"}, instance.Places()); d != "" {
		t.Error(d)
	}
}

func TestMistakesAreNamedWithTheirRemedy(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no address", func(c *Config) { c.URL = "" }, "/url: there is no address; write the address"},
		{"no host", func(c *Config) { c.URL = "acme.atlassian.net" }, "/url: this is no address"},
		{"password", func(c *Config) { c.URL = "https://bot:geheim@acme.example" }, "/url: the address holds a user or password; give credentials under auth"},
		{"no encryption", func(c *Config) { c.URL = "http://acme.example" }, "/url: credentials would travel without encryption; write https://"},
		{"other protocol", func(c *Config) { c.URL = "ftp://acme.example" }, `/url: "ftp" is no way to reach Jira`},
		{"query", func(c *Config) { c.URL = "https://acme.example/?x=1" }, "/url: the address goes on after the site"},
		{"gateway", func(c *Config) { c.URL = "https://api.atlassian.com/ex/jira/1" }, "/url: this is the gateway, not the site"},
		{"deployment", func(c *Config) { c.Deployment = "server" }, `/deployment: "server" is no deployment; write cloud or datacenter`},
		{"no access token", func(c *Config) { c.Deployment, c.Auth = "datacenter", Auth{} }, "/auth: there is no token; write auth: {token: {env: JIRA_TOKEN}} with a personal access token"},
		{"cloud id of a server", func(c *Config) { c.Deployment, c.CloudID = "datacenter", "1122-aa" }, "/cloud_id: Data Center has no cloud id"},
		{"user name", func(c *Config) { c.Auth.Email, c.Auth.User = "", "bot" }, "/auth/user: Jira Cloud knows accounts by their e-mail address; write email"},
		{"two names", func(c *Config) { c.Deployment, c.Auth.User = "datacenter", "bot" }, "/auth: the account is named twice"},
		{"no token", func(c *Config) { c.Auth.Token = secret.Secret{} }, "/auth: there is no token; write auth:"},
		{"e-mail", func(c *Config) { c.Auth.Email = "bot" }, `/auth/email: "bot" is no e-mail address`},
		{"cloud id", func(c *Config) { c.CloudID = "a/b" }, `/cloud_id: "a/b" is no cloud id`},
		{"no project", func(c *Config) { c.Projects = nil }, "/projects: there is no project; write projects: [PAY, WEB]"},
		{"small letters", func(c *Config) { c.Projects = []string{"PAY", "web"} }, `/projects/1: "web" is no project key; did you mean "WEB"?`},
		{"no key", func(c *Config) { c.Projects = []string{`P" OR "A`} }, "is no project key"},
		{"twice", func(c *Config) { c.Projects = []string{"PAY", "PAY"} }, "/projects/1: PAY stands there twice; keep one"},
		{"order", func(c *Config) { c.Where = "labels = x  ORDER\tby created" }, "/where: the restriction orders its results; leave out ORDER BY"},
		{"bracket too many", func(c *Config) { c.Where = "a = b) OR (c = d" }, "/where: a bracket is closed that was not opened"},
		{"bracket open", func(c *Config) { c.Where = "(a = b" }, "/where: a bracket is not closed"},
		{"quote open", func(c *Config) { c.Where = `a = "b` }, "/where: a quote is not closed"},
		{"backslash", func(c *Config) { c.Where = `a = b\` }, "/where: a backslash stands outside of quotes"},
		{"blank", func(c *Config) { c.Where = "  " }, "/where: the restriction is blank"},
		{"page", func(c *Config) { c.PageSize = 0 }, "/page_size: a page of 0 issues cannot be asked for"},
		{"overlap", func(c *Config) { c.Overlap = 0 }, "/overlap: an overlap of 0s is too short or too long"},
		{"audience", func(c *Config) { c.Audience = "restricted" }, `/audience: "restricted" is no audience of a project`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			settings := testConfig()
			c.change(&settings)
			problems := validate("jira", settings)
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), c.want) || problems[0].Remedy == "" {
				t.Errorf("got %v, want %s", problems, c.want)
			}
			for _, p := range problems {
				if strings.Contains(p.Error(), "geheim") {
					t.Errorf("a secret in %v", p)
				}
			}
		})
	}
}

func TestAllMistakesComeAtOnce(t *testing.T) {
	t.Parallel()
	if problems := validate("jira", Config{}); len(problems) < 6 {
		t.Errorf("only %v", problems)
	}
}

func TestGoodSettingsPass(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*Config){
		func(*Config) {},
		func(c *Config) { c.URL = "http://127.0.0.1:8080" },
		func(c *Config) { c.URL = "http://localhost:8080/" },
		func(c *Config) { c.URL = "http://[::1]:8080/jira" },
		func(c *Config) { c.Where = `summary ~ "order by (x" AND (a = 'it\'s' OR b in (1, 2))` },
		func(c *Config) { c.Overlap = work.Span(24 * time.Hour) },
		func(c *Config) { c.Audience = "public" },
	} {
		c := testConfig()
		change(&c)
		if problems := validate("jira", c); len(problems) > 0 {
			t.Error(problems)
		}
	}
}

// TestARestrictionCannotLeaveItsBrackets: whatever the admin writes under
// where, the projects stay the outer restriction.
func TestARestrictionCannotLeaveItsBrackets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		where := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"(", ")", `"`, "'", `\`, " ", "a = b", " OR ", " ORDER BY x"})).Draw(t, "parts"), "")
		c := testConfig()
		c.Where = where
		if len(validate("jira", c)) > 0 {
			return
		}
		outside, fault := unquoted(jql(c, ""))
		if fault != "" || strings.Count(strings.ToLower(outside), "order by") != 1 {
			t.Fatalf("%s: %s", jql(c, ""), fault)
		}
		depth, quoted, escaped := 0, rune(0), false
		for _, r := range where {
			switch {
			case escaped:
				escaped = false
			case quoted != 0 && r == '\\':
				escaped = true
			case quoted != 0:
				if r == quoted {
					quoted = 0
				}
			case r == '"' || r == '\'':
				quoted = r
			case r == '(':
				depth++
			case r == ')':
				if depth--; depth < 0 {
					t.Fatalf("%s leaves its brackets", where)
				}
			}
		}
	})
}

func TestTheSchemaIsWhole(t *testing.T) {
	t.Parallel()
	s := Definition().Schema
	d := testDecoder()
	for _, c := range d.columns {
		if _, ok := s.Field(c.native); !ok {
			t.Errorf("%s is read but not declared", c.native)
		}
	}
	shared := map[work.Field]string{}
	for _, f := range s.Fields {
		if f.Doc == "" {
			t.Errorf("%s has no description", f.Name)
		}
		if f.Shared != work.NoField {
			if other, ok := shared[f.Shared]; ok {
				t.Errorf("%s and %s map to %s", other, f.Name, f.Shared)
			}
			shared[f.Shared] = f.Name
		}
	}
	want := map[string]bool{"priority": true, "labels": true, "customfield_10026": true, "name:Story Points": true, "summary": false, "status": true, "duedate": true, "marker": true, "comment": true, "assignee": false}
	for name, writable := range want {
		if f, ok := s.Field(name); !ok || f.Writable != writable {
			t.Errorf("%s: declared %v, writable %v", name, ok, f.Writable)
		}
	}
}
