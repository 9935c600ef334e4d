package judge

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"

	"tandem/internal/sim"
)

// Transport returns a round tripper that judges what passes through next. A
// nil next is http.DefaultTransport.
func (j *Judge) Transport(s Service, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return transport{judge: j, service: s, next: next}
}

type transport struct {
	judge   *Judge
	service Service
	next    http.RoundTripper
}

// RoundTrip passes the request on and judges both directions.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.judge.Present() {
		return t.next.RoundTrip(r)
	}
	sent, err := readBody(r)
	if err != nil {
		return nil, err
	}
	passed := r.Clone(r.Context())
	passed.Body = io.NopCloser(bytes.NewReader(sent))
	if sent == nil {
		passed.Body = r.Body
	}
	resp, err := t.next.RoundTrip(passed)
	if err != nil {
		t.judge.exchange(r.Context(), t.service, r, sent, nil)
		return nil, err
	}
	raw, readErr := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	if readErr != nil { // cut off on the way: hand on what came, and how it ended
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(raw), broken{readErr}))
	}
	t.judge.exchange(r.Context(), t.service, r, sent, &reply{
		status: resp.StatusCode, header: resp.Header, body: raw, cut: readErr != nil,
	})
	return resp, nil
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	raw, err := io.ReadAll(r.Body)
	return raw, errors.Join(err, r.Body.Close())
}

// Handler returns a handler that judges what passes through next.
func (j *Judge) Handler(s Service, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !j.Present() {
			next.ServeHTTP(w, r)
			return
		}
		sent, err := readBody(r)
		if err != nil {
			http.Error(w, "the body could not be read", http.StatusBadRequest)
			return
		}
		if sent != nil {
			r.Body = io.NopCloser(bytes.NewReader(sent))
		}
		tee := &tee{ResponseWriter: w, status: http.StatusOK}
		cut := true
		ctx := r.Context()
		defer func() {
			j.exchange(ctx, s, r, sent, &reply{status: tee.status, header: maps.Clone(w.Header()), body: tee.body.Bytes(), cut: cut})
		}()
		next.ServeHTTP(tee, r)
		cut = false
	})
}

// tee hands an answer on and keeps a copy.
type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (t *tee) WriteHeader(status int) {
	t.status = status
	t.ResponseWriter.WriteHeader(status)
}

func (t *tee) Write(p []byte) (int, error) {
	t.body.Write(p)
	return t.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the writer below.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// reply is an answer as it arrived.
type reply struct {
	status int
	header http.Header
	body   []byte
	cut    bool
}

// faulty reports whether the answer was broken on the way.
func (r *reply) faulty() bool { return r == nil || r.cut || r.header.Get(sim.FaultHeader) != "" }
