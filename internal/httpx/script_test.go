package httpx_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// script answers each try with the next of its steps; the last one repeats.
type script struct {
	mu    sync.Mutex
	steps []step
	seen  []seen
}

type step struct {
	status int
	header map[string]string
	body   string
	err    error
	hang   bool
}

type seen struct {
	At     time.Time
	Method string
	URL    string
	Auth   string
	Agent  string
	Body   string
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	s.seen = append(s.seen, seen{time.Now(), r.Method, r.URL.String(), r.Header.Get("Authorization"), r.Header.Get("User-Agent"), string(body)})
	st := s.steps[min(len(s.seen), len(s.steps))-1]
	s.mu.Unlock()
	if st.hang {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if st.err != nil {
		return nil, st.err
	}
	h := http.Header{}
	for k, v := range st.header {
		h.Set(k, v)
	}
	return &http.Response{
		StatusCode: st.status, Header: h, Request: r, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(strings.NewReader(st.body)), ContentLength: int64(len(st.body)),
	}, nil
}

func (s *script) tries() int { return len(s.seen) }

func send(t *testing.T, c *http.Client, method, url, body string) (reply, error) {
	t.Helper()
	return sendWith(t.Context(), t, c, method, url, body)
}

func sendWith(ctx context.Context, t *testing.T, c *http.Client, method, url, body string) (reply, error) {
	t.Helper()
	var b io.Reader
	if body != "" {
		b = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, b)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(r)
	if err == nil {
		t.Cleanup(func() { _ = resp.Body.Close() })
	}
	return reply{resp}, err
}

// reply is an answer that is closed at the end of the test.
type reply struct{ *http.Response }

func dialError() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
}

func resetError() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
