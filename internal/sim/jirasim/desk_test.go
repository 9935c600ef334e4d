package jirasim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

const host = "acme.atlassian.net"

var judging = judge.New(judge.Find())

func TestMain(m *testing.M) { os.Exit(judge.Main(m, judging, os.Stdout)) }

// desk is a site with a client whose every exchange is judged.
type desk struct {
	*jirasim.Site
	t      *testing.T
	clock  *sim.Clock
	client *http.Client
	sign   func(*http.Request)
	// service is whose description the exchanges are judged by.
	service judge.Service
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// sample is the shipped world with three issues per project.
func sample() jirasim.World {
	w := jirasim.Sample()
	at := noon().Add(-48 * time.Hour)
	for _, key := range []string{"PAY", "WEB", "OPS"} {
		for n := 1; n <= 3; n++ {
			w.Issues = append(w.Issues, jirasim.Issue{
				Key: fmt.Sprintf("%s-%d", key, n), Summary: fmt.Sprintf("%s issue %d", key, n), Created: at, Updated: at,
			})
			at = at.Add(time.Hour)
		}
	}
	return w
}

func open(t *testing.T, w jirasim.World, options jirasim.Options) *desk {
	t.Helper()
	clock := sim.NewClock(noon())
	options.Now = clock.Now
	site, err := jirasim.New(w, options)
	if err != nil {
		t.Fatal(err)
	}
	service, sign := judge.Jira, func(r *http.Request) { r.SetBasicAuth("bot@acme.example", "jira-token") }
	if options.Deployment == jirasim.DataCenter {
		service, sign = judge.JiraDC, func(r *http.Request) { r.Header.Set("Authorization", "Bearer jira-token") }
	}
	transport := judging.Transport(service, sim.Network{host: site})
	return &desk{Site: site, t: t, clock: clock, client: &http.Client{Transport: transport}, sign: sign, service: service}
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

// wrong sends a request that breaks the description on purpose.
func (d *desk) wrong(method, path string, body any) answer {
	d.t.Helper()
	return d.send(judge.Deliberately(d.t.Context(), "refused on purpose"), method, path, body)
}

func (d *desk) send(ctx context.Context, method, path string, body any) answer {
	d.t.Helper()
	req := d.request(ctx, method, path, body)
	d.sign(req)
	got, err := d.do(req)
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
	return req
}

func (d *desk) do(req *http.Request) (answer, error) {
	resp, err := d.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	raw, err := io.ReadAll(resp.Body)
	if closeErr := resp.Body.Close(); err == nil {
		err = closeErr
	}
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

// keys lists one value of each issue of a page.
func keys(got answer, name string) []string {
	out := []string{}
	issues, _ := got.body["issues"].([]any)
	for _, i := range issues {
		out = append(out, fmt.Sprint(at(i, name)))
	}
	return out
}
