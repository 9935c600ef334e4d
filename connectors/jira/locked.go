package jira

import (
	"net/http"
	"time"
)

// pauseAfterLogin is how long Jira is left alone after it did not let the
// account in. Each try is a failed login: a few of them lock the account behind
// a CAPTCHA, and webhooks and short intervals would cause one every moment. A
// token that is mended meanwhile is used after that.
const pauseAfterLogin = time.Minute

// lockedError is the answer to a credential that Jira does not take, or to an
// account that it wants to see in a browser first.
type lockedError struct {
	err   error
	until time.Time
}

// Error returns what Jira said.
func (e *lockedError) Error() string { return e.err.Error() }

// Unwrap returns the answer.
func (e *lockedError) Unwrap() error { return e.err }

// ResumeAt is when the next try makes sense.
func (e *lockedError) ResumeAt() time.Time { return e.until }

// rested makes readers wait after an answer that counts as a failed login.
func (s *site) rested(err error) error {
	if e, ok := statusOf(err); ok && (e.Status == http.StatusUnauthorized || captcha(e.Header)) {
		return &lockedError{err, s.now().Add(pauseAfterLogin)}
	}
	return err
}
