package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
)

// Network answers requests without sockets: it maps hosts to handlers, so that
// settings may name the services' real addresses. A host that it does not know
// is refused. It is an http.RoundTripper.
type Network map[string]http.Handler

// RoundTrip hands the request to its host's handler.
func (n Network) RoundTrip(r *http.Request) (*http.Response, error) {
	handler := n[r.URL.Host]
	if handler == nil {
		closeBody(r)
		return nil, fmt.Errorf("dial %s: no such host in the simulated network", r.URL.Host)
	}
	if err := r.Context().Err(); err != nil {
		closeBody(r)
		return nil, err
	}
	w := &wire{header: http.Header{}}
	broken, err := serve(handler, w, arriving(r))
	closeBody(r)
	if err := errors.Join(r.Context().Err(), err); err != nil {
		return nil, err
	}
	if broken && w.status == 0 {
		return nil, fmt.Errorf("%s %s: connection closed without an answer: %w", r.Method, r.URL.Host, io.EOF)
	}
	return w.response(r, broken), nil
}

// serve runs the handler and reports whether it broke the connection.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) (broken bool, err error) {
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case http.ErrAbortHandler:
			broken = true
		default:
			err = fmt.Errorf("stand-in panicked: %v", cause)
		}
	}()
	handler.ServeHTTP(w, r)
	return false, nil
}

// arriving returns the request as a server sees it.
func arriving(r *http.Request) *http.Request {
	in := r.Clone(r.Context())
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "192.0.2.1:1234"
	return in
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// wire collects what would go over the connection.
type wire struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

func (w *wire) Header() http.Header { return w.header }

func (w *wire) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, maps.Clone(w.header)
	}
}

func (w *wire) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush does nothing: all is delivered at once.
func (w *wire) Flush() {}

func (w *wire) response(r *http.Request, broken bool) *http.Response {
	w.WriteHeader(http.StatusOK)
	var body io.Reader = &w.body
	length := int64(w.body.Len())
	if broken {
		body, length = io.MultiReader(&w.body, errReader{io.ErrUnexpectedEOF}), -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent,
		Body: io.NopCloser(body), ContentLength: length, Request: r,
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }
