package httpx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// LimitError says that a service asked for a pause longer than MaxWait.
type LimitError struct {
	// Until is when asking again makes sense.
	Until time.Time
	// Reason is what the service said: "jira-quota-tenant-based", "core",
	// "secondary rate limit".
	Reason string
	// Status is the status of the answer: 429, 503 or 403.
	Status int
	// Repeated tells that an earlier try of the same request may have arrived.
	Repeated bool
}

// Error returns the limit in one line.
func (e *LimitError) Error() string {
	return fmt.Sprintf("limit of the service reached (%s); wait until %s", e.Reason, e.Until.UTC().Format(time.RFC3339))
}

// ResumeAt is when asking again makes sense.
func (e *LimitError) ResumeAt() time.Time { return e.Until }

// AsLimit makes a pause of an answer that still says too many requests after
// all repeats; a minute at least. Other errors are returned as they are.
func AsLimit(err error, now time.Time) error {
	status, ok := errors.AsType[*StatusError](err)
	if !ok || status.Kind != Limited {
		return err
	}
	return &LimitError{Until: now.Add(max(status.RetryAfter, time.Minute)), Reason: http.StatusText(http.StatusTooManyRequests), Status: status.Status, Repeated: status.Repeated}
}

// secondaryPause is what GitHub asks for when a secondary limit comes without
// Retry-After.
const secondaryPause = time.Minute

// peekSize is how much of a body is read to tell a limit from a refusal.
const peekSize = 64 << 10

// limited reports whether an answer is a limit rather than a refusal, and how
// long it asks to wait; 0 is "not said".
func limited(resp *http.Response, now time.Time) (wait time.Duration, ok bool) {
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		wait = askedWait(resp.Header, now)
		if wait == 0 && (resp.Header.Get("X-Github-Request-Id") != "" || saysRateLimit(resp) == secondary) {
			wait = secondaryPause
		}
		return wait, true
	case http.StatusServiceUnavailable:
		wait = retryAfter(resp.Header, now)
		return wait, wait > 0 // Jira Data Center says 0 on every answer
	case http.StatusForbidden:
		return limitedByGitHub(resp, now)
	default:
		return 0, false
	}
}

// limitedByGitHub tells limits with status 403 from refusals. Jira Data Center
// sends Retry-After with every answer, so that header alone proves nothing.
func limitedByGitHub(resp *http.Response, now time.Time) (time.Duration, bool) {
	h := resp.Header
	switch exhausted := h.Get("X-Ratelimit-Remaining") == "0" && h.Get("X-Ratelimit-Reset") != ""; {
	case exhausted:
		return askedWait(h, now), true
	case h.Get("X-Github-Request-Id") != "" && retryAfter(h, now) > 0:
		return retryAfter(h, now), true
	}
	switch saysRateLimit(resp) {
	case secondary:
		if wait := retryAfter(h, now); wait > 0 {
			return wait, true
		}
		return secondaryPause, true
	case primary:
		return max(askedWait(h, now), secondaryPause), true
	default:
		return 0, false
	}
}

// limitKind is what the text of an answer says about limits.
type limitKind int

const (
	noLimit limitKind = iota
	primary
	secondary
)

// saysRateLimit reads the start of the body and puts it back.
func saysRateLimit(resp *http.Response) limitKind {
	head, _ := io.ReadAll(io.LimitReader(resp.Body, peekSize)) // a cut body is still worth a look
	resp.Body = rejoined{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
	text := strings.ToLower(string(head))
	switch {
	case strings.Contains(text, "secondary rate limit"), strings.Contains(text, "abuse detection"):
		return secondary
	case strings.Contains(text, "rate limit exceeded"):
		return primary
	default:
		return noLimit
	}
}

type rejoined struct {
	io.Reader
	io.Closer
}

// askedWait is Retry-After or, where the quota is used up, the time to its
// reset.
func askedWait(h http.Header, now time.Time) time.Duration {
	if wait := retryAfter(h, now); wait > 0 {
		return wait
	}
	if h.Get("X-Ratelimit-Remaining") != "0" {
		return 0
	}
	if _, every := bucket(h); every > 0 {
		return every
	}
	return until(h.Get("X-Ratelimit-Reset"), now)
}

// retryAfter reads Retry-After as seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(v, 64); err == nil {
		return seconds2duration(seconds)
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}

// until reads a reset time as epoch seconds (GitHub) or RFC 3339 (Jira).
func until(v string, now time.Time) time.Duration {
	if epoch, err := strconv.ParseInt(v, 10, 64); err == nil {
		return max(time.Unix(epoch, 0).Sub(now), 0)
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, v); err == nil {
			return max(t.Sub(now), 0)
		}
	}
	return 0
}

// seconds2duration guards against negative and absurd numbers: a day is the
// longest pause that anybody believes.
func seconds2duration(seconds float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(min(max(seconds, 0), day) * float64(time.Second))
}

// limitReason names the limit that was reached.
func limitReason(resp *http.Response) string {
	for _, name := range []string{"Ratelimit-Reason", "X-Ratelimit-Resource"} {
		if v := resp.Header.Get(name); v != "" {
			return v
		}
	}
	return http.StatusText(resp.StatusCode)
}
