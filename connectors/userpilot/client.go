package userpilot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// client sends requests: to the export with the key, and to the storage of its
// parts without.
type client struct {
	base    string
	auth    Auth
	times   string
	http    *http.Client
	storage *http.Client
	// plain says that parts may come over http: the service itself does, from
	// this machine.
	plain bool
	now   func() time.Time
}

// partTimeout bounds the download of a part.
const partTimeout = 50 * time.Second

func newClient(env connectors.Env, c Config) *client {
	return &client{
		base: strings.TrimSuffix(c.URL, "/") + "/api/v1/analytics/exports", auth: c.Auth, times: c.Times, now: env.Now,
		plain:   strings.HasPrefix(c.URL, "http:"),
		http:    httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log}),
		storage: httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log, Timeout: partTimeout}),
	}
}

// get reads an answer.
func (c *client) get(ctx context.Context, path string, into any) error {
	return c.send(ctx, http.MethodGet, path, nil, into, nil)
}

// send sends a request and reads its answer. clock, where it is asked for, gets
// the time on the clock of the service; zero where it does not tell.
func (c *client) send(ctx context.Context, method, path string, body []byte, into any, clock *time.Time) error {
	token, err := c.auth.Token.Reveal()
	if err != nil {
		return fmt.Errorf("read the key: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("build the request: %w", err)
	}
	r.Header.Set("Authorization", "Token "+token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return httpx.Explain(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if clock != nil {
		*clock, _ = http.ParseTime(resp.Header.Get("Date")) // zero is: not told
	}
	return httpx.AsLimit(httpx.ReadJSON(resp, into), c.now())
}

// spell writes a time as the settings say. Dates are rounded outward.
func (c *client) spell(t time.Time, up bool) any {
	switch c.times {
	case timesDate:
		if up {
			t = t.Add(day - 1)
		}
		return t.UTC().Format(time.DateOnly)
	case timesUnix:
		return t.Unix()
	default:
		return t.UTC().Format(time.RFC3339)
	}
}

// order begins an export. It returns the id of the job, and the time on the
// clock of the service; zero where it does not tell.
func (c *client) order(ctx context.Context, from, to time.Time, kinds []string) (id string, clock time.Time, err error) {
	body, err := json.Marshal(map[string]any{"from": c.spell(from, false), "to": c.spell(to, true), "event_type": kinds, "format": "ndjson"})
	if err != nil {
		return "", time.Time{}, err
	}
	var answer struct {
		ID plain `json:"job_id"`
	}
	if err := c.send(ctx, http.MethodPost, "", body, &answer, &clock); err != nil {
		return "", time.Time{}, fmt.Errorf("begin an export: %w", err)
	}
	if answer.ID == "" {
		return "", time.Time{}, fmt.Errorf("begin an export: %w: it has no job_id", errForm)
	}
	return string(answer.ID), clock, nil
}

// jobs makes sure that the service knows jobs at all.
func (c *client) jobs(ctx context.Context) error {
	var list json.RawMessage
	if err := c.get(ctx, "/jobs/", &list); err != nil {
		return fmt.Errorf("list exports: %w", err)
	}
	var object struct {
		Message *string `json:"message"`
	}
	if json.Unmarshal(list, &object) == nil && object.Message != nil {
		return fmt.Errorf("list exports: %w", errForm)
	}
	return nil
}

// state is what the service says of a job.
type state struct {
	Status    string            `json:"status"`
	Chunks    []json.RawMessage `json:"all_chunks"`
	Completed []json.RawMessage `json:"completed_chunks"`
	Addresses *[]struct {
		Name plain  `json:"filename"`
		URL  string `json:"url"`
	} `json:"presigned_urls"`
}

// The states of a job as far as they matter.
type phase int

const (
	running phase = iota
	completed
	lost // failed, or no longer known
)

// phase sorts what the service says. A word that nobody knows is running.
func (s state) phase() phase {
	switch strings.ToLower(s.Status) {
	case "completed", "complete", "done", "finished", "succeeded", "success":
		return completed
	case "failed", "failure", "error", "errored", "cancelled", "canceled", "expired":
		return lost
	default:
		return running
	}
}

// part is a file of an export.
type part struct{ name, address string }

// parts are the files of a job that is completed, each by its name.
func (s state) parts() ([]part, error) {
	addresses := 0
	if s.Addresses != nil {
		addresses = len(*s.Addresses)
	}
	if addresses == 0 && (s.Addresses == nil && s.Chunks == nil || len(s.Chunks) > 0 || len(s.Completed) > 0) {
		return nil, fmt.Errorf("%w: the export is completed and names no files", errForm)
	}
	var all []part
	for i := range addresses {
		one := (*s.Addresses)[i]
		u, err := url.Parse(one.URL)
		if err != nil {
			return nil, fmt.Errorf("%w: the address of a file is none", errForm)
		}
		all = append(all, part{name: cmp.Or(string(one.Name), u.Path), address: one.URL})
	}
	return all, nil
}

// status asks how a job stands.
func (c *client) status(ctx context.Context, id string) (state, phase, error) {
	var s state
	err := c.get(ctx, "/jobs/"+url.PathEscape(id), &s)
	switch {
	case isStatus(err, httpx.Missing, httpx.Removed):
		return s, lost, nil
	case err != nil:
		return s, running, fmt.Errorf("ask for export %s: %w", id, err)
	case s.Status == "":
		return s, running, fmt.Errorf("ask for export %s: %w: it has no status", id, errForm)
	}
	return s, s.phase(), nil
}
