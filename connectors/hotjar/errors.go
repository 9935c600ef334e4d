package hotjar

import (
	"errors"
	"fmt"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/secret"
)

// errForm says that an answer is JSON of another form than Hotjar's.
var errForm = errors.New("the answer is not of the documented form")

// errStopped says that the reader of the pages wants no more.
var errStopped = errors.New("the reader stopped")

// The remedies that people will need.
const (
	newKey = "API keys of Hotjar end after one year and cannot be extended: an administrator creates a new one under Settings, API; put its client id and secret where auth: points to"
	noPlan = "reading responses needs the plan Ask Scale, and the key its scope; without it export the responses of a survey as CSV in Hotjar and read them with a connector of kind drop, which knows the columns"
	noSite = "check site: the number behind /site/ in the addresses of Hotjar; the key must belong to an organisation that has it"
	later  = "nothing is lost: it is tried again by itself"
)

// remedyOf says what to do about an error.
func remedyOf(err error) string {
	if _, ok := errors.AsType[*secret.MissingError](err); ok {
		return "give the secret to the process that runs tandem; no service was asked"
	}
	if _, ok := errors.AsType[*keyError](err); ok {
		return newKey
	}
	if _, ok := errors.AsType[connectors.LimitedError](err); ok {
		return "write a lower requests_per_minute if this happens often; " + later
	}
	status, ok := errors.AsType[*httpx.StatusError](err)
	switch {
	case errors.Is(err, errForm):
		return "check url: it should be " + publicURL
	case !ok:
		return "check url and the way to it"
	case status.Kind == httpx.Credentials:
		return newKey
	case status.Kind == httpx.Forbidden:
		return noPlan
	case status.Kind == httpx.Missing:
		return noSite
	case status.Kind == httpx.WebPage, status.Kind == httpx.Redirected:
		return "check url: it should be " + publicURL
	case status.Kind == httpx.Unavailable:
		return later
	default:
		return "check url, site and the scope of the key"
	}
}

// explained adds the remedy to an error of a read.
func explained(name string, err error) error {
	return fmt.Errorf("%s: %w; %s", name, err, remedyOf(err))
}

// withoutBody drops what a service said where it may repeat what was sent.
func withoutBody(err error) error {
	if status, ok := errors.AsType[*httpx.StatusError](err); ok {
		clean := *status
		clean.Reason, clean.Body = "", ""
		return &clean
	}
	return err
}

// staleCursor reports whether an answer says that a page cursor is no good.
func staleCursor(err error) bool {
	status, ok := errors.AsType[*httpx.StatusError](err)
	return ok && (status.Kind == httpx.Invalid || status.Kind == httpx.Missing || status.Kind == httpx.Removed)
}

// gone reports whether an answer says that what was asked for is not there.
func gone(err error) bool {
	status, ok := errors.AsType[*httpx.StatusError](err)
	return ok && (status.Kind == httpx.Missing || status.Kind == httpx.Removed)
}
