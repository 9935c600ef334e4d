package connectortest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tandem/connectors"
)

// Token is the credential that worlds configure: a leak of it is found.
const Token = "planted-token-7f3a9c41d2"

// Name is the name of the instance under test.
const Name = "under_test"

// Lab carries the requests of one world, breaks them on demand, and listens.
type Lab struct {
	mu      sync.Mutex
	fault   Fault
	calls   []*http.Request
	secrets map[string]bool
	heard   bytes.Buffer
}

// Fault answers a request in place of the stand-in; nil lets it pass.
type Fault func(r *http.Request, serve func() *http.Response) (*http.Response, error)

func newLab() *Lab { return &Lab{secrets: map[string]bool{Token: true}} }

// Env is what to open the connector with. The handler is the stand-in; it may
// be nil for connectors that need none.
func (l *Lab) Env(handler http.Handler) connectors.Env {
	log := slog.New(slog.NewJSONHandler(lockedWriter{l}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return connectors.Env{Name: Name, Transport: wire{l, handler}, Log: log, Now: time.Now}
}

type lockedWriter struct{ lab *Lab }

func (w lockedWriter) Write(p []byte) (int, error) {
	w.lab.mu.Lock()
	defer w.lab.mu.Unlock()
	return w.lab.heard.Write(p)
}

// hear keeps what people would see, for the search for secrets.
func (l *Lab) hear(what ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range what {
		fmt.Fprintf(&l.heard, "%+v\n", x) // Buffer never fails
		if b, err := json.Marshal(x); err == nil {
			l.heard.Write(b)
		}
	}
}

func (l *Lab) searchForSecrets(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := l.heard.String()
	for secret := range l.secrets {
		if i := strings.Index(heard, secret); i >= 0 {
			t.Errorf("a secret is told: …%s…", strings.ReplaceAll(heard[max(0, i-200):min(len(heard), i+len(secret)+50)], secret, "<SECRET>"))
		}
	}
}

// breakWith sets the fault for all later requests.
func (l *Lab) breakWith(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fault = f
}

// Calls returns the requests so far.
func (l *Lab) Calls() []*http.Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]*http.Request(nil), l.calls...)
}

func (l *Lab) writes(w World) int {
	n := 0
	for _, r := range l.Calls() {
		if w.isWrite(r) {
			n++
		}
	}
	return n
}

// wire is the transport of a Lab: no sockets, so that bubbles can wait.
type wire struct {
	lab     *Lab
	handler http.Handler
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	fault := w.lab.note(r)
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	serve := func() *http.Response { return w.serve(r, body) }
	if fault != nil {
		resp, err := fault(r, serve)
		if resp != nil || err != nil {
			return resp, err
		}
	}
	return serve(), nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return body, r.Body.Close()
}

func (w wire) serve(r *http.Request, body []byte) *http.Response {
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), bytes.NewReader(body))
	in.Header = r.Header.Clone()
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = r
	return resp
}

// note remembers the request and the credentials that it carries.
func (l *Lab) note(r *http.Request) Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, r.Clone(r.Context()))
	for _, h := range r.Header.Values("Authorization") {
		if _, credential, ok := strings.Cut(h, " "); ok && len(credential) > 7 {
			l.secrets[credential] = true
		}
	}
	return l.fault
}

// Answer is a response as a service might give it, credentials repeated.
func Answer(r *http.Request, status int) *http.Response {
	header := r.Header.Get("Authorization")
	_, credential, _ := strings.Cut(header, " ")
	decoded, _ := base64.StdEncoding.DecodeString(credential) // of Basic; of others nothing useful
	said, _ := json.Marshal(map[string]string{"message": "no: " + header + " " + strings.ToValidUTF8(string(decoded), "")})
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json; charset=utf-8")
	rec.Body.Write(said)
	resp := rec.Result()
	resp.Request, resp.StatusCode, resp.Status = r, status, fmt.Sprintf("%d %s", status, http.StatusText(status))
	if status/100 == 3 {
		resp.Header.Set("Location", r.URL.Scheme+"://"+r.URL.Host+"/elsewhere")
	}
	return resp
}

// refused is what dialling a closed port gives.
func refused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}
