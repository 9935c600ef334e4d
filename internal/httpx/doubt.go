package httpx

import (
	"errors"
	"net/http"
)

// InDoubt reports whether a request may have arrived whatever its error says of
// the last try. The answer to a try before may have been lost: that the
// repetition is refused says nothing about it.
//
//	lost, or 502 503 504, then   is
//	a refusal by status          a StatusError that is Repeated
//	a limit with a long pause    a LimitError that is Repeated
//	no connection                an error that is not NeverSent
//
// To a request that changes nothing it does not matter.
func InDoubt(err error) bool {
	if e, ok := errors.AsType[*StatusError](err); ok && e.Repeated {
		return true
	}
	if e, ok := errors.AsType[*LimitError](err); ok && e.Repeated {
		return true
	}
	_, again := errors.AsType[*repeatedError](err)
	return again
}

// Repeated reports whether an answer is to a request that was sent before, and
// may have arrived then.
func Repeated(resp *http.Response) bool {
	return resp.Request != nil && repeated(resp.Request)
}

// repeatedError is an error without an answer, of a try after one that may have
// arrived.
type repeatedError struct{ cause error }

func (e *repeatedError) Error() string { return e.cause.Error() }
func (e *repeatedError) Unwrap() error { return e.cause }
