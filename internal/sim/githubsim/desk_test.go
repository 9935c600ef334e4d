package githubsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
)

const host = "api.github.com"

var judging = judge.New(judge.Find())

func TestMain(m *testing.M) { os.Exit(judge.Main(m, judging, os.Stdout)) }

// desk is a site with a client whose every exchange is judged.
type desk struct {
	*githubsim.Site
	t      *testing.T
	clock  *sim.Clock
	client *http.Client
	token  string
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// sample has two repositories of an organization with three issues each, the
// second of them a pull request.
func sample() githubsim.World {
	w := githubsim.World{
		Accounts: []githubsim.Account{
			{Token: "bot-token", Login: "tandem-bot", Service: true},
			{Token: "app-token", Login: "tandem[bot]", App: true},
		},
		People: []githubsim.Person{{Login: "ana", ID: 583231}, {Login: "cy", ID: 583232}},
		Repositories: []githubsim.Repository{
			{
				Name: "acme/pay", Private: true, Labels: []githubsim.Label{{Name: "bug", Color: "d73a4a", Default: true}, {Name: "area/ui", Color: "0e8a16", Description: "What people see"}},
				Milestones: []githubsim.Milestone{{Title: "v1", Creator: "ana"}, {Title: "v0", State: githubsim.Closed}},
			},
			{Name: "acme/web", Labels: []githubsim.Label{{Name: "bug"}}},
		},
	}
	at := noon().Add(-48 * time.Hour)
	for _, name := range []string{"acme/pay", "acme/web"} {
		for n := 1; n <= 3; n++ {
			w.Issues = append(w.Issues, githubsim.Issue{
				Repository: name, Title: fmt.Sprintf("%s issue %d", name, n), Author: "ana", Created: at, Updated: at, PullRequest: n == 2,
			})
			at = at.Add(time.Hour)
		}
	}
	return w
}

func open(t *testing.T, w githubsim.World, options githubsim.Options) *desk {
	t.Helper()
	clock := sim.NewClock(noon())
	options.Now = clock.Now
	site, err := githubsim.New(w, options)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{Site: site, t: t, clock: clock, client: client(site), token: "bot-token"}
}

func client(site http.Handler) *http.Client {
	return &http.Client{
		Transport:     judging.Transport(judge.GitHub, sim.Network{host: site}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   map[string]any
	list   []any
}

// call sends a request as the bot. The body may be nil, a string of JSON or a
// value.
func (d *desk) call(method, path string, body any) answer {
	d.t.Helper()
	return d.send(d.t.Context(), method, path, body)
}

// wrong sends a request that is not described, on purpose.
func (d *desk) wrong(method, path string, body any) answer {
	d.t.Helper()
	return d.send(judge.Deliberately(d.t.Context(), "not described, on purpose"), method, path, body)
}

func (d *desk) send(ctx context.Context, method, path string, body any) answer {
	d.t.Helper()
	got, err := d.do(d.request(ctx, method, path, body))
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

func (d *desk) request(ctx context.Context, method, path string, body any) *http.Request {
	d.t.Helper()
	var raw []byte
	switch body := body.(type) {
	case nil:
	case string:
		raw = []byte(body)
	default:
		var err error
		if raw, err = json.Marshal(body); err != nil {
			d.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, "https://"+host+path, bytes.NewReader(raw))
	if err != nil {
		d.t.Fatal(err)
	}
	if raw != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	return req
}

func (d *desk) do(req *http.Request) (answer, error) {
	resp, err := d.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	got := answer{status: resp.StatusCode, header: resp.Header, raw: raw}
	if len(raw) > 0 && raw[0] == '[' {
		_ = json.Unmarshal(raw, &got.list)
	} else {
		_ = json.Unmarshal(raw, &got.body)
	}
	return got, err
}

// want fails the test when the status differs.
func (d *desk) want(status int, got answer) answer {
	d.t.Helper()
	if got.status != status {
		d.t.Fatalf("status = %d, want %d: %s", got.status, status, got.raw)
	}
	return got
}

func (d *desk) edit(key string, edit func(*githubsim.Issue)) {
	d.t.Helper()
	if err := d.Edit(key, "ana", edit); err != nil {
		d.t.Fatal(err)
	}
}

// at reads a value of a nested answer by keys and positions.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

// column lists one value of each row.
func column(rows any, name string) []string {
	out := []string{}
	list, _ := rows.([]any)
	for _, row := range list {
		out = append(out, fmt.Sprint(at(row, name)))
	}
	return out
}

// link returns the address of a Link header's part.
func (a answer) link(rel string) string {
	m := regexp.MustCompile(`<https://` + regexp.QuoteMeta(host) + `([^>]*)>; rel="` + rel + `"`).FindStringSubmatch(a.header.Get("Link"))
	if m == nil {
		return ""
	}
	return m[1]
}
