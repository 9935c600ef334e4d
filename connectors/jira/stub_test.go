package jira

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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

const token = "geheim-token"

// call is one request as the stub saw it.
type call struct {
	Method, Path string
	Query        url.Values
	Body         string
	Auth         string
}

// stub answers in memory, so that time can be a bubble's.
type stub struct {
	mu     sync.Mutex
	calls  []call
	answer func(w http.ResponseWriter, c call)
	open   int // bodies that nobody closed
	now    func() time.Time
}

func (s *stub) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	c := call{r.Method, r.URL.Path, r.URL.Query(), string(body), r.Header.Get("Authorization")}
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.open++
	s.mu.Unlock()
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	s.answer(w, c)
	resp := w.Result()
	resp.Request = r
	resp.Body = &counted{ReadCloser: resp.Body, stub: s}
	return resp, nil
}

type counted struct {
	io.ReadCloser
	stub *stub
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() {
		c.stub.mu.Lock()
		defer c.stub.mu.Unlock()
		c.stub.open--
	})
	return c.ReadCloser.Close()
}

func (s *stub) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]string, len(s.calls))
	for i, c := range s.calls {
		all[i] = c.Method + " " + strings.TrimPrefix(c.Path, "/rest/api/2/")
	}
	return all
}

func (s *stub) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

func testConfig() Config {
	c := defaults()
	c.URL = "https://acme.example"
	c.Auth = Auth{Email: "bot@acme.example", Token: secret.FromText(token)}
	c.Projects = []string{"PAY", "WEB"}
	return c
}

// connect opens the connector over the stub.
func connect(t *testing.T, s *stub, c Config, fields ...string) *connectors.Connector {
	t.Helper()
	instance, problems := Definition().New("jira", func(into any) []work.Problem {
		settings, ok := into.(*Config)
		if !ok {
			t.Fatalf("decode into %T", into)
		}
		*settings = c
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	now := s.now
	if now == nil {
		now = time.Now
	}
	live, err := instance.Open(t.Context(), connectors.Env{Name: "jira", Fields: fields, Transport: s, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return live
}

// rawIssue writes an issue of the search.
func rawIssue(id int, updated time.Time, fields string) json.RawMessage {
	if fields != "" {
		fields = "," + fields
	}
	return json.RawMessage(fmt.Sprintf(
		`{"id":"%d","key":"PAY-%d","fields":{"summary":"Issue %d","project":{"key":"PAY"},"created":"2026-01-01T08:00:00.000+0100","updated":%q%s},"properties":{}}`,
		id, id, id, updated.Format(stamp), fields))
}

// listing answers searches page by page from a list, and /myself.
type listing struct {
	issues []json.RawMessage
	size   int
	zone   string
}

func (l *listing) answer(w http.ResponseWriter, c call) {
	switch c.Path {
	case "/rest/api/2/myself":
		_, _ = fmt.Fprintf(w, `{"accountId":"bot","displayName":"Bot","timeZone":%q}`, l.zone)
	case "/rest/api/2/search/jql":
		from := 0
		if at := c.Query.Get("nextPageToken"); at != "" {
			if _, err := fmt.Sscanf(at, "token-%d", &from); err != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
		}
		to := min(from+l.size, len(l.issues))
		last := to == len(l.issues)
		page := searchAnswer{Issues: append([]json.RawMessage{}, l.issues[from:to]...), paging: paging{IsLast: &last}}
		if !last {
			page.NextPageToken = fmt.Sprintf("token-%d", to)
		}
		b, _ := json.Marshal(page)
		_, _ = w.Write(b)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// poll reads everything and returns records, rejects, the last cursor and the
// error.
type polled struct {
	records []work.Record
	rejects []work.Reject
	cursor  connectors.Cursor
	pages   int
	done    bool
	err     error
}

func poll(t *testing.T, c *connectors.Connector, from connectors.Cursor) polled {
	t.Helper()
	p := polled{cursor: from}
	for page, err := range c.Source.Pages(t.Context(), issueStream, from) {
		if p.err != nil || p.done {
			t.Fatal("something comes after the end")
		}
		if err != nil {
			p.err = err
			continue
		}
		p.pages++
		p.records = append(p.records, page.Records...)
		p.rejects = append(p.rejects, page.Rejects...)
		if page.Cursor != nil {
			p.cursor = page.Cursor
		}
		p.done = page.Done
	}
	return p
}

func keys(records []work.Record) []string {
	all := make([]string, len(records))
	for i, r := range records {
		all[i] = r.Key
	}
	return all
}

// recordings returns the folder of recorded answers, or skips.
func recordings(t *testing.T, folder string) string {
	t.Helper()
	shared := os.Getenv("TANDEM_SHARED")
	if shared == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
		}
		shared = filepath.Join(filepath.Dir(dir), "shared")
	}
	path := filepath.Join(shared, "recordings", "jira", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("recordings/jira/%s are not here; set TANDEM_SHARED to their folder", folder)
	}
	return path
}

func indent(t *testing.T, raw string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(strings.TrimSpace(raw)), "", " "); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return b.String()
}
