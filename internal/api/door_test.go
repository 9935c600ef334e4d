package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/api"
	"tandem/internal/secret"
	"tandem/internal/view"
	"tandem/internal/work"
)

func TestARoleMayWhatItMayAndNoMore(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for _, c := range []struct {
		client, path string
		want         int
	}{
		{"internal-viewer", "/api/v1/plan/1/approvals", 403},
		{"internal-viewer", "/api/v1/rejections", 403},
		{"internal-viewer", "/api/v1/releases", 403},
		{"internal-viewer", "/api/v1/dead-letters/1/retry", 403},
		{"internal-viewer", "/api/v1/pause", 403},
		{"internal-viewer", "/api/v1/resume", 403},
		{"internal-approver", "/api/v1/pause", 403},
		{"internal-approver", "/api/v1/resume", 403},
		{"internal-approver", "/api/v1/releases", 400},
		{"internal-admin", "/api/v1/pause", 200},
		{"internal-admin", "/api/v1/resume", 200},
		{"internal-admin", "/api/v1/rejections", 400},
	} {
		if r := o.post(c.client, c.path, "{}"); r.status != c.want {
			t.Errorf("%s %s: %d, want %d: %s", c.client, c.path, r.status, c.want, r.text)
		}
	}
	o.problem(o.post("internal-viewer", "/api/v1/pause", "{}"), 403, "role")
}

func TestNobodyEntersWithoutAToken(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for _, header := range []http.Header{
		{},
		{"Authorization": {"Bearer"}},
		{"Authorization": {"Bearer "}},
		{"Authorization": {"Bearer wrong"}},
		{"Authorization": {"Basic " + token("internal-viewer")}},
		{"Authorization": {"Bearer " + token("internal-viewer"), "Bearer " + token("internal-viewer")}},
		{"Authorization": {token("internal-viewer")}},
		{"Cookie": {"token=" + token("internal-viewer")}},
		{"Authorization": {"Bearer " + token("internal-viewer") + "0"}},
		{"Authorization": {"Bearer " + strings.ToUpper(token("internal-viewer"))}},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1:8080/api/v1/status?token="+token("internal-viewer"), nil)
		req.Header = header
		r := o.send(req, "")
		o.problem(r, 401, "token")
		if !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") || strings.Contains(r.text, "0123456789") {
			t.Errorf("%v: %v %s", header, r.header, r.text)
		}
	}
}

func TestATokenThatCouldBeGuessedIsRefused(t *testing.T) {
	t.Parallel()
	o := opened(t)
	empty := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := strings.Repeat("k", 32)
	for _, c := range []struct {
		secrets []secret.Secret
		want    string
	}{
		{[]secret.Secret{secret.FromText("short-one")}, "less than 32 characters"},
		{[]secret.Secret{secret.FromText(strings.Repeat("a b ", 10))}, "blanks"},
		{[]secret.Secret{{File: empty}}, "is empty"},
		{[]secret.Secret{{Env: "NO_SUCH_TOKEN_OF_TANDEM"}}, "is not set"},
		{[]secret.Secret{{}}, "not given"},
		{[]secret.Secret{secret.FromText(good), secret.FromText(good)}, "the same as that of a"},
	} {
		var clients []api.Token
		for i, s := range c.secrets {
			clients = append(clients, api.Token{Name: string(rune('a' + i)), Secret: s, Role: view.Viewer, Audience: work.Internal})
		}
		_, err := api.New(o.config(clients))
		if !errors.Is(err, api.ErrToken) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "short-one") || strings.Contains(err.Error(), good) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestATokenThatIsRotatedInItsFileIsSeen(t *testing.T) {
	t.Parallel()
	o := opened(t)
	path := filepath.Join(t.TempDir(), "token")
	put := func(client string) { o.ok(os.WriteFile(path, []byte(client+"\n"), 0o600)) }
	put(token("first"))
	o.serve([]api.Token{{Name: "ci", Secret: secret.Secret{File: path}, Role: view.Viewer, Audience: work.Internal}})
	same(o, "first", 200, o.get("first", "/api/v1/runs").status)
	put(token("second"))
	o.pass(time.Minute)
	same(o, "first, later", 401, o.get("first", "/api/v1/runs").status)
	same(o, "second", 200, o.get("second", "/api/v1/runs").status)
	put("short")
	o.pass(time.Minute)
	same(o, "a short one", 401, o.get("second", "/api/v1/runs").status)
	if log := o.log.String(); !strings.Contains(log, "lets nobody in") {
		t.Errorf("the log says %q", log)
	}
}

func TestWithoutTokensThereIsNoAPI(t *testing.T) {
	t.Parallel()
	o := opened(t)
	c := o.config(nil)
	c.Extra = map[string]http.Handler{"GET /healthz": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) })}
	server, err := api.New(c)
	o.ok(err)
	o.api = server
	same(o, "health", 200, o.get("", "/healthz").status)
	for _, path := range []string{"/api/v1/status", "/api/openapi.yaml"} {
		o.problem(o.get("internal-admin", path), 404, "off")
	}
	o.problem(o.post("internal-admin", "/api/v1/pause", "{}"), 404, "off")
}

// A page elsewhere that gives this machine a name of its own gets nothing.
func TestOnlyKnownNamesAreAnswered(t *testing.T) {
	t.Parallel()
	o := opened(t)
	ask := func(host string) int {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1:8080/api/v1/runs", nil)
		req.Header.Set("Authorization", "Bearer "+token("internal-viewer"))
		req.Host = host
		return o.send(req, "").status
	}
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:8080": 200, "[::1]": 200,
		"evil.example": 421, "127.0.0.1.evil.example:8080": 421, "": 421, "10.0.0.1:8080": 421, "localhost.evil.example": 421,
	} {
		if got := ask(host); got != want {
			t.Errorf("%q is answered with %d, want %d", host, got, want)
		}
	}
	c := o.config(tokens())
	c.Hosts = []string{"tandem.acme.example"}
	server, err := api.New(c)
	o.ok(err)
	o.api = server
	same(o, "a name of the settings", 200, ask("Tandem.acme.example"))
	same(o, "another one", 421, ask("evil.example"))
}

func TestEveryAnswerHasTheHeadersOfSafety(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for _, r := range []reply{o.get("internal-viewer", "/api/v1/status"), o.get("", "/api/v1/status"), o.get("", "/nothing"), o.get("", "/api/openapi.yaml")} {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Access-Control-Allow-Origin": "", "Set-Cookie": "", "Server": "",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
}

func TestWhoAsksTooOftenHasToWait(t *testing.T) {
	t.Parallel()
	o := opened(t)
	ask := func(client, remote string) reply {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1:8080/api/v1/runs", nil)
		req.Header.Set("Authorization", "Bearer "+token(client))
		req.RemoteAddr = remote
		return o.send(req, "")
	}
	until := func(client, remote string) (n int, last reply) {
		for n = 0; n < 1000; n++ {
			if last = ask(client, remote); last.status == 429 {
				return n, last
			}
		}
		return n, last
	}
	n, last := until("internal-viewer", "192.0.2.1:1")
	if n != 100 || last.header.Get("Retry-After") == "" {
		t.Errorf("a token asked %d times, then %v", n, last.header)
	}
	o.problem(last, 429, "too-many")
	same(o, "another token", 200, ask("public-viewer", "192.0.2.1:2").status)
	o.pass(time.Second)
	same(o, "a second later", 200, ask("internal-viewer", "192.0.2.2:1").status)

	guesses, _ := until("wrong", "[2001:db8::1]:1")
	same(o, "guesses", 20, guesses)
	same(o, "a neighbour's address", 429, ask("restricted-viewer", "[2001:db8::2]:1").status)
	same(o, "somebody else", 200, ask("restricted-viewer", "[2001:db8:0:1::2]:1").status)
	all := 0
	for i := range 300 {
		if ask([]string{"internal-admin", "public-admin", "restricted-admin"}[i%3], "192.0.2.9:1").status == 429 {
			all++
		}
	}
	same(o, "of one address", 100, all)
}

func TestRequestsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.problem(o.get("internal-viewer", "/api/v1/plan?gaet=ready"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/plan?team=a&team=b"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/plan?limit=501"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/plan?offset=-1"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/plan?limit=%zz"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/items?done=perhaps"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/nothing"), 404, "not-found")
	o.problem(o.get("internal-viewer", "/api/v2/plan"), 404, "not-found")
	o.problem(o.ask("internal-viewer", "DELETE", "/api/v1/plan", ""), 405, "method")
	o.problem(o.ask("internal-viewer", "OPTIONS", "/api/v1/plan", ""), 405, "method")
	same(o, "allowed", "POST", o.get("internal-viewer", "/api/v1/pause").header.Get("Allow"))
	o.problem(o.post("internal-admin", "/api/v1/pause", `{"because": "a"} {}`), 400, "bad-request")
	o.problem(o.post("internal-admin", "/api/v1/pause", `[`), 400, "bad-request")
	o.problem(o.post("internal-admin", "/api/v1/pause", `{"because": "`+strings.Repeat("x", 2<<20)+`"}`), 413, "too-large")
	req := httptest.NewRequestWithContext(t.Context(), "POST", "http://127.0.0.1:8080/api/v1/pause", strings.NewReader("because=x"))
	req.Header.Set("Authorization", "Bearer "+token("internal-admin"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	o.problem(o.send(req, "because=x"), 415, "media-type")
	overview, err := o.db.Status(t.Context())
	if err != nil || overview.Paused {
		t.Errorf("one of them paused: %v %v", overview.Paused, err)
	}
}

func TestBeforeTheFirstCycleThereIsNoPlan(t *testing.T) {
	t.Parallel()
	o := founded(t)
	o.serve(tokens())
	o.problem(o.get("internal-viewer", "/api/v1/plan"), 404, "no-plan")
	o.problem(o.get("internal-viewer", "/api/v1/holds"), 404, "no-plan")
	same(o, "items", 0.0, o.get("internal-viewer", "/api/v1/items").body["total"])
	same(o, "status", 0.0, o.get("internal-viewer", "/api/v1/status").body["last_run"])
	o.ok(o.db.Close())
	o.problem(o.get("internal-viewer", "/api/v1/status"), 500, "internal")
}
