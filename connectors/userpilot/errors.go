package userpilot

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/secret"
)

var (
	// errForm says that an answer is JSON of another form than Userpilot's.
	errForm = errors.New("the answer is not of the documented form")
	// errStopped says that the reader of the pages wants no more.
	errStopped = errors.New("the reader stopped")
	// errEnded says that the address of a part is no longer good.
	errEnded = errors.New("the address of the part has ended")
	// errBulky says that a part is longer than anything we expect.
	errBulky = errors.New("a part of the export is larger than 1 GB")
	// errVain says that exports fail again and again.
	errVain = errors.New("the export failed three times")
)

// The remedies that people will need.
const (
	newKey = "check auth.token: the API key of the environment, in Userpilot under Configure, Environment; a key of another environment or region is refused too (url)"
	noPlan = "the export needs the Enterprise plan of Userpilot, or its add-on to Growth; without it export answers as CSV in Userpilot and read them with a connector of kind drop, or let Userpilot's Data Sync write files"
	later  = "nothing is lost: it is tried again by itself"
)

// remedyOf says what to do about an error.
func remedyOf(err error) string {
	if _, ok := errors.AsType[*secret.MissingError](err); ok {
		return "give the secret to the process that runs tandem; no service was asked"
	}
	if _, ok := errors.AsType[connectors.LimitedError](err); ok {
		return later
	}
	status, ok := errors.AsType[*httpx.StatusError](err)
	switch {
	case errors.Is(err, errBulky):
		return "write a shorter window:, such as 1d, or read fewer events"
	case errors.Is(err, errVain):
		return "ask Userpilot why, with the id of the job; " + later
	case errors.Is(err, errForm):
		return "check url: it should be " + publicURL + " or the origin of your region"
	case !ok:
		return "check url and the way to it"
	case status.Kind == httpx.Credentials:
		return newKey
	case status.Kind == httpx.Forbidden, status.Status == http.StatusPaymentRequired:
		return noPlan
	case status.Kind == httpx.WebPage, status.Kind == httpx.Redirected, status.Kind == httpx.Missing:
		return "check url: it should be " + publicURL + " or the origin of your region"
	case status.Kind == httpx.Unavailable:
		return later
	default:
		return "check url, times and the plan"
	}
}

// explained adds the remedy to an error of a read.
func explained(name string, err error) error {
	return fmt.Errorf("%s: %w; %s", name, err, remedyOf(err))
}

// isStatus reports whether an answer had one of the kinds.
func isStatus(err error, kinds ...httpx.Kind) bool {
	status, ok := errors.AsType[*httpx.StatusError](err)
	return ok && slices.Contains(kinds, status.Kind)
}
