package github

import (
	"errors"
	"net/http"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// How long to wait before the next try.
const (
	soon     = time.Minute     // the service has a fault
	mendable = 5 * time.Minute // a person has to mend something
)

func rejected(why string) work.Result { return work.Result{State: work.Rejected, Detail: why} }

// outcome says what an error means for an edit. sent tells whether the request
// was a write that may have arrived; reads before it change nothing.
//
//	answer                     write              read before it
//	1xx, 5xx, no answer        unknown            deferred
//	2xx of another form        unknown            deferred
//	301 302 303 307 308        conflict: moved    conflict
//	401                        deferred           deferred
//	403 429 that are limits    deferred           deferred
//	408 412                    unknown            deferred
//	409                        conflict           conflict
//	403 single sign-on, and
//	  suspended installations  deferred           deferred
//	423 425                    deferred           deferred
//	web page with 4xx          deferred           deferred
//	every other 3xx, 4xx       rejected           rejected
//
// What was repeated because an answer was lost is unknown, whatever the
// repetition is refused with.
func (s *sink) outcome(err error, sent bool) work.Result {
	what := withRemedy("write", err).Error()
	if sent && httpx.InDoubt(err) {
		return work.Result{State: work.Uncertain, Detail: "it may have arrived; the last try: " + what}
	}
	if limit, ok := errors.AsType[*httpx.LimitError](err); ok {
		return s.deferred(what, limit.Until)
	}
	if _, ok := errors.AsType[*authError](err); ok {
		return s.deferred(what, s.now().Add(mendable))
	}
	if e, ok := errors.AsType[*httpx.StatusError](err); ok {
		return s.ofStatus(e, what, sent)
	}
	if !sent || neverSent(err) {
		return s.deferred(what, s.now().Add(soon))
	}
	return work.Result{State: work.Uncertain, Detail: what}
}

func (s *sink) deferred(what string, until time.Time) work.Result {
	if earliest := s.now().Add(time.Second); until.Before(earliest) {
		until = earliest
	}
	return work.Result{State: work.Deferred, Scope: "connector", Until: until, Detail: what}
}

func (s *sink) ofStatus(e *httpx.StatusError, what string, sent bool) work.Result {
	doubt := work.Result{State: work.Uncertain, Detail: what}
	if !sent {
		doubt = s.deferred(what, s.now().Add(soon))
	}
	switch status := e.Status; {
	case e.Kind == httpx.Limited:
		return s.deferred(what, s.now().Add(max(e.RetryAfter, soon)))
	case awaitsAPerson(e), status == http.StatusUnauthorized, e.Kind == httpx.WebPage && status >= 400 && status < 500:
		return s.deferred(what, s.now().Add(mendable))
	case status == http.StatusLocked, status == http.StatusTooEarly:
		return s.deferred(what, s.now().Add(soon))
	case status == http.StatusConflict, e.Kind == httpx.Redirected && moved(status):
		return work.Result{State: work.Conflict, Detail: what}
	case status == http.StatusRequestTimeout, status == http.StatusPreconditionFailed:
		return doubt
	case status >= 300 && status < 500:
		return rejected(what)
	default:
		return doubt
	}
}

func moved(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	default:
		return false
	}
}
