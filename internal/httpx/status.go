package httpx

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind sorts answers by what the caller can do about them.
type Kind string

// The kinds of answer that are not the expected one.
const (
	WebPage     Kind = "web_page"    // HTML where JSON was expected, any status
	Redirected  Kind = "redirected"  // 3xx that was not followed
	Invalid     Kind = "invalid"     // 400, 422 and other refusals of what was sent
	Credentials Kind = "credentials" // 401
	Forbidden   Kind = "forbidden"   // 403
	Missing     Kind = "missing"     // 404: absent or invisible
	Conflict    Kind = "conflict"    // 409, 412
	Removed     Kind = "removed"     // 410: the endpoint or thing is gone for good
	TooLarge    Kind = "too_large"   // 413, 414
	Limited     Kind = "limited"     // 429, and 403 that means it
	Unavailable Kind = "unavailable" // 5xx
	Unexpected  Kind = "unexpected"  // what is in no other kind
)

const (
	maxExcerpt = 2000
	maxReason  = 500
)

// StatusError is an answer that is not the expected one.
type StatusError struct {
	Status int
	Kind   Kind
	// Method and URL name the request; URL has no query.
	Method, URL string
	// Reason is what the service said, in one line.
	Reason string
	// Body is the start of the body, at most 2 kB.
	Body string
	// RetryAfter is how long the service asks to wait; 0 is "not said".
	RetryAfter time.Duration
	// Header is the answer's, without cookies. Like Body and Reason it repeats
	// no credential of the request.
	Header http.Header
	// Repeated tells that an earlier try of the same request may have arrived:
	// what this answer finds there may be that one's doing.
	Repeated bool

	raw []byte
}

// Error returns the answer in one line.
func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s %s: %d %s", e.Method, e.URL, e.Status, http.StatusText(e.Status))
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}

// Raw returns the body as far as it was read, at most 64 kB, to be decoded by
// those who know its form.
func (e *StatusError) Raw() []byte { return e.raw }

// FromResponse reads the answer once, closes its body and returns what it
// says. Callers decide by status or form that the answer is an error; a web
// page is recognised with any status.
func FromResponse(resp *http.Response) *StatusError {
	defer func() { _ = resp.Body.Close() }()
	now := time.Now()
	wait, limit := limited(resp, now)
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, peekSize)) // what came is worth more than why it ended
	scrub := scrubber(resp.Request, shortest)
	raw = []byte(scrub(string(raw)))
	e := &StatusError{
		Status: resp.StatusCode, Kind: kindOf(resp.StatusCode), RetryAfter: wait,
		Header: withoutCookies(scrubbed(resp.Header, scrub)), Body: excerpt(string(raw), maxExcerpt), raw: raw,
	}
	if resp.Request != nil {
		e.Method, e.URL = resp.Request.Method, place(resp.Request.URL)
		e.Repeated = repeated(resp.Request)
	}
	e.Reason = excerpt(scrub(reason(raw)), maxReason)
	switch {
	case limit && resp.StatusCode != http.StatusServiceUnavailable:
		e.Kind = Limited
		if e.Reason == "" || e.Header.Get("Ratelimit-Reason") != "" {
			e.Reason = limitReason(resp)
		}
	case looksLikePage(resp.Header, raw):
		e.Kind = WebPage
		e.Reason = "the service answered a web page, not JSON: is the address right, is a proxy in between?"
	case e.Kind == Redirected:
		e.Reason = "redirected to " + scrub(target(resp)) + ", which was not followed; write the new address into the settings"
	}
	return e
}

func withoutCookies(h http.Header) http.Header {
	h.Del("Set-Cookie")
	return h
}

func scrubbed(h http.Header, scrub func(string) string) http.Header {
	clean := h.Clone()
	for _, values := range clean {
		for i := range values {
			values[i] = scrub(values[i])
		}
	}
	return clean
}

func kindOf(status int) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return Credentials
	case status == http.StatusForbidden:
		return Forbidden
	case status == http.StatusNotFound:
		return Missing
	case status == http.StatusConflict, status == http.StatusPreconditionFailed:
		return Conflict
	case status == http.StatusGone:
		return Removed
	case status == http.StatusRequestEntityTooLarge, status == http.StatusRequestURITooLong:
		return TooLarge
	case status == http.StatusTooManyRequests:
		return Limited
	case status == http.StatusNotModified:
		return Unexpected
	case status >= 300 && status < 400:
		return Redirected
	case status >= 400 && status < 500:
		return Invalid
	case status >= 500:
		return Unavailable
	default:
		return Unexpected
	}
}

func target(resp *http.Response) string {
	u, err := resp.Location()
	if err != nil {
		return "nowhere"
	}
	return place(u)
}

// looksLikePage recognises HTML by its content type or by its start.
func looksLikePage(h http.Header, raw []byte) bool {
	if strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "text/html") {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(raw[:min(len(raw), 200)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// excerpt cuts a text to at most limit bytes, between characters.
func excerpt(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	s = s[:limit-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
