package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"tandem/internal/httpx"
)

// answerError says that a 2xx answer is not of the form that is documented.
type answerError struct{ what string }

func (e *answerError) Error() string { return e.what }

// errForm says that a GraphQL answer is not what was asked for.
var errForm = &answerError{"the GraphQL answer has not the form that was asked for"}

// remedy says what to look at after an error.
func remedy(err error) string {
	if _, ok := errors.AsType[*httpx.LimitError](err); ok {
		return "nothing needs to be done; reading goes on then"
	}
	if auth, ok := errors.AsType[*authError](err); ok {
		return authRemedy(auth)
	}
	status, ok := errors.AsType[*httpx.StatusError](err)
	if !ok {
		return ""
	}
	if known := explained(status); known != "" && status.Kind != httpx.WebPage {
		return known
	}
	switch status.Kind {
	case httpx.Credentials:
		return "the token was refused: is it expired or revoked? Make a new one and put it where auth: points to"
	case httpx.Limited:
		return "nothing needs to be done; reading goes on when the limit is over"
	case httpx.Forbidden:
		return "the credentials may not do this: grant Issues (read and write) and Metadata (read); with single sign-on, authorise the token for the organisation"
	case httpx.Missing:
		return "there is no such repository, or the credentials cannot see it or may not write there: check repositories: and the token's access, and grant Issues (read and write)"
	case httpx.Removed:
		return "issues are switched off in the repository, or it was deleted; switch them on, or take it out of repositories:"
	case httpx.WebPage:
		return "check url: in the settings; a proxy or a login page may stand in between"
	case httpx.Redirected:
		return "the repository was renamed or moved; write its new name into repositories:"
	case httpx.Unavailable:
		return "the service has a fault; it is asked again"
	case httpx.Invalid, httpx.Conflict, httpx.TooLarge, httpx.Unexpected:
		return "check url: in the settings; if it is right, report the answer"
	}
	return ""
}

// withRemedy adds the remedy to an error, once.
func withRemedy(what string, err error) error {
	if r := remedy(err); r != "" {
		return fmt.Errorf("%s: %w; %s", what, err, r)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// switchedOff tells that a repository has no issues, whichever one asks for.
func switchedOff(err error) bool {
	e, ok := errors.AsType[*httpx.StatusError](err)
	return ok && e.Status == http.StatusGone && strings.Contains(strings.ToLower(e.Reason), "issues are disabled")
}

// stopsAll reports whether the next repository would meet the same error.
func stopsAll(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if _, ok := errors.AsType[*httpx.LimitError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*authError](err); ok {
		return true
	}
	e, ok := errors.AsType[*httpx.StatusError](err)
	return ok && (e.Kind == httpx.Credentials || e.Kind == httpx.Limited || explained(e) == remedySuspended)
}

// connectionError is an error without an answer: no connection, or a broken one.
type connectionError struct{ cause error }

func (e *connectionError) Error() string { return e.cause.Error() }
func (e *connectionError) Unwrap() error { return e.cause }

// isOutage reports whether the service as a whole may be down.
func isOutage(err error) bool {
	if _, ok := errors.AsType[*connectionError](err); ok {
		return true
	}
	e, ok := errors.AsType[*httpx.StatusError](err)
	return ok && (e.Kind == httpx.Unavailable || e.Kind == httpx.WebPage)
}

// neverSent reports that no byte of the request reached the service.
func neverSent(err error) bool {
	if httpx.InDoubt(err) {
		return false
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	if _, ok := errors.AsType[*authError](err); ok {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns
}
