package httpx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// oneTry sends one request once: with credentials, a name and a bounded body.
type oneTry struct {
	options Options
	budget  *budget
}

func (t oneTry) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	r = r.Clone(ctx)
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", t.options.UserAgent)
	}
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	r, err := authorize(r, t.options.Authorize)
	if err != nil {
		closeRequest(r)
		return nil, &credentialError{err}
	}
	// Another request may have been told to wait since this one was let through.
	if err := t.budget.hold(ctx, t.options.patience(ctx)); err != nil {
		closeRequest(r)
		return nil, err
	}
	resp, err := t.options.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.budget.note(resp, time.Now())
	resp.Request = r // whose context knows what not to repeat
	least := shortest
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		least = shortestInData
	}
	scrub := scrubber(r, least)
	resp.Header = scrubbed(resp.Header, scrub)
	resp.Body = &scrubbedBody{ReadCloser: &boundedBody{ReadCloser: resp.Body, left: maxBody}, scrub: scrub}
	return resp, nil
}

func closeRequest(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// credentialError says that a request was never sent for want of credentials.
type credentialError struct{ cause error }

func (e *credentialError) Error() string { return fmt.Sprintf("set credentials: %v", e.cause) }
func (e *credentialError) Unwrap() error { return e.cause }

// retrying repeats tries as policy says. retryablehttp buffers the body, waits
// and rewinds; what may be repeated is decided here, request by request.
type retrying struct {
	options Options
	one     *http.Client
	budget  *budget
}

func (t retrying) RoundTrip(r *http.Request) (*http.Response, error) {
	defer closeRequest(r)
	p := &policy{options: t.options, method: r.Method, repeatable: repeatable(r)}
	if err := t.budget.hold(r.Context(), t.options.patience(r.Context())); err != nil {
		return nil, err
	}
	client := &retryablehttp.Client{
		HTTPClient:   t.one,
		RetryMax:     t.options.RetryMax,
		CheckRetry:   p.check,
		Backoff:      p.backoff,
		ErrorHandler: passthrough,
	}
	r = r.WithContext(context.WithValue(r.Context(), policyKey{}, p))
	resp, err := (&retryablehttp.RoundTripper{Client: client}).RoundTrip(r)
	return resp, p.doubt(err)
}

// passthrough is retryablehttp.PassthroughErrorHandler that never returns an
// answer beside an error, which net/http would leak.
func passthrough(resp *http.Response, err error, tries int) (*http.Response, error) {
	if err != nil && resp != nil {
		_ = resp.Body.Close()
		resp = nil
	}
	return retryablehttp.PassthroughErrorHandler(resp, err, tries)
}

// readOnlyKey marks a context by ReadOnly.
type readOnlyKey struct{}

// ReadOnly marks requests that change nothing in spite of their method, such
// as a search by POST: they are repeated as GET is.
func ReadOnly(ctx context.Context) context.Context {
	return context.WithValue(ctx, readOnlyKey{}, true)
}

// repeatable reports whether doing the request twice equals doing it once.
func repeatable(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, "":
		return true
	}
	readOnly, _ := r.Context().Value(readOnlyKey{}).(bool)
	return readOnly
}

// isCredentialError reports whether the request was not sent for want of
// credentials.
func isCredentialError(err error) bool {
	_, ok := errors.AsType[*credentialError](err)
	return ok
}
