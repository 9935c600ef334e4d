package jira

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/secret"
	"tandem/internal/work"
)

// consent is Atlassian's side: refresh tokens are good once.
type consent struct {
	mu       sync.Mutex
	good     string
	file     string
	requests []string
	t        *testing.T
	site     *listing
}

func (c *consent) answer(w http.ResponseWriter, one call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one.Path != "/oauth/token" {
		if !strings.HasPrefix(one.Auth, "Bearer access-") || !strings.HasPrefix(one.Path, "/ex/jira/cloud-1/") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		saved, _ := os.ReadFile(c.file)
		if strings.TrimSpace(string(saved)) != c.good {
			c.t.Error("an access token was used before the refresh token that came with it was on disk")
		}
		one.Path = strings.TrimPrefix(one.Path, "/ex/jira/cloud-1")
		c.site.answer(w, one)
		return
	}
	form, _ := url.ParseQuery(one.Body)
	c.requests = append(c.requests, form.Get("refresh_token"))
	if form.Get("refresh_token") != c.good || form.Get("client_secret") != "app-secret" || form.Get("client_id") != "app" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"Unknown or invalid refresh token ` + form.Get("refresh_token") + `"}`))
		return
	}
	n := len(c.requests)
	c.good = fmt.Sprintf("refresh-%d", n)
	_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","refresh_token":%q,"expires_in":3600,"token_type":"Bearer"}`, n, c.good)
}

func oauthSite(t *testing.T, file string) (*consent, *connectors.Connector, *time.Time, *strings.Builder) {
	t.Helper()
	if err := os.WriteFile(file, []byte("refresh-0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := testConfig()
	c.CloudID = "cloud-1"
	c.Auth = Auth{ClientID: "app", ClientSecret: secret.FromText("app-secret"), RefreshTokenFile: file}
	side := &consent{good: "refresh-0", file: file, t: t, site: &listing{issues: manyIssues(3, time.Now()), size: 10, zone: "UTC"}}
	instance, problems := Definition().New("jira", func(into any) []work.Problem {
		*into.(*Config) = c
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	now := time.Now()
	var log strings.Builder
	live, err := instance.Open(t.Context(), connectors.Env{
		Name: "jira", Transport: &stub{answer: side.answer}, Now: func() time.Time { return now },
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return side, live, &now, &log
}

func TestARotatedRefreshTokenIsKeptBeforeItsAccessTokenIsUsed(t *testing.T) {
	t.Parallel()
	side, live, now, _ := oauthSite(t, filepath.Join(t.TempDir(), "refresh"))
	first := poll(t, live, nil)
	var group sync.WaitGroup
	*now = now.Add(2 * time.Hour)
	for range 5 { // all need a new one at once
		group.Go(func() {
			for _, err := range live.Reader.Read(t.Context(), []work.Ref{{Key: "PAY-1"}}) {
				if err == nil {
					t.Error("the site has no such call")
				}
			}
		})
	}
	group.Wait()
	second := poll(t, live, first.cursor)
	if first.err != nil || second.err != nil || len(first.records) != 3 || strings.Join(side.requests, " ") != "refresh-0 refresh-1" {
		t.Errorf("%v, %v, exchanged %v", first.err, second.err, side.requests)
	}
	info, err := os.Stat(side.file)
	if b, _ := os.ReadFile(side.file); err != nil || info.Mode().Perm() != 0o600 || string(b) != "refresh-2\n" {
		t.Errorf("%s, %v, %v", b, info.Mode(), err)
	}
}

func TestADeadRefreshTokenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	side, live, _, log := oauthSite(t, filepath.Join(t.TempDir(), "refresh"))
	side.good = "another"
	got := poll(t, live, nil)
	if got.err == nil || !strings.Contains(got.err.Error(), "authorise Tandem again") || !strings.Contains(got.err.Error(), side.file) || len(side.requests) != 1 {
		t.Errorf("%v after %v", got.err, side.requests)
	}
	for _, hidden := range []string{"refresh-0", "app-secret"} {
		if strings.Contains(got.err.Error()+log.String(), hidden) {
			t.Errorf("%s is told: %v\n%s", hidden, got.err, log)
		}
	}
}

func TestATokenThatCannotBeKeptIsNotUsed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), strings.Repeat("x", 255)) // nothing longer can be put beside it
	side, live, _, _ := oauthSite(t, file)
	for range 2 {
		got := poll(t, live, nil)
		if got.err == nil || !strings.Contains(got.err.Error(), "keep the new refresh token") || strings.Contains(got.err.Error(), "refresh-1") {
			t.Errorf("%v", got.err)
		}
	}
	if len(side.requests) != 1 {
		t.Errorf("a token that waits to be kept was exchanged again: %v", side.requests)
	}
}

func TestAnOAuthAppIsCompleteAndAlone(t *testing.T) {
	t.Parallel()
	whole := Auth{ClientID: "a", ClientSecret: secret.FromText("s"), RefreshTokenFile: "f"}
	for name, change := range map[string]func(*Config){
		"without the site": func(c *Config) { c.Auth, c.CloudID = whole, "" },
		"half":             func(c *Config) { c.Auth = Auth{ClientID: "a"} },
		"with a token":     func(c *Config) { c.Auth = whole; c.Auth.Token = secret.FromText("t") },
		"on a server":      func(c *Config) { c.Auth, c.CloudID, c.Deployment = whole, "", dataCenter },
	} {
		c := testConfig()
		c.CloudID = "cloud-1"
		change(&c)
		if problems := validate("jira", c); len(problems) != 1 || problems[0].Remedy == "" {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
