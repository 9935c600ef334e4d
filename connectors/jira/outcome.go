package jira

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// The pauses after failures that say no time themselves.
const (
	pauseAfterLimit   = 30 * time.Second
	pauseAfterFailure = time.Minute
	// longestPause is the longest that is believed: no quota of Jira runs
	// longer.
	longestPause = time.Hour
)

// settle says what became of an edit. sent tells that the change itself was on
// its way, so that a lost answer leaves a doubt.
//
//	answer                          change was sent   before that
//	200, 204                        applied           –
//	other 2xx, 1xx, no answer       uncertain         deferred
//	5xx, 408, web page              uncertain         deferred
//	409, 412                        conflict          rejected
//	401, captcha, 425, 429, limits  deferred          deferred
//	3xx, all other 4xx              rejected          rejected
//
// An expired credential stops everything and says nothing about one edit. What
// was repeated because an answer was lost is uncertain, whatever the repetition
// is refused with.
func settle(result *work.Result, err error, sent bool, now time.Time) {
	if err == nil {
		result.State = work.Applied
		return
	}
	result.Detail = plainly(err)
	if sent && httpx.InDoubt(err) {
		result.State, result.Detail = work.Uncertain, "it may have arrived; the last try: "+result.Detail
		return
	}
	if limit, ok := errors.AsType[*httpx.LimitError](err); ok {
		result.State, result.Until, result.Scope = work.Deferred, earlier(limit.Until, now.Add(longestPause)), limitScope(limit.Reason)
		return
	}
	_, unknownField := errors.AsType[*fieldError](err)
	_, refused := errors.AsType[*refusedError](err)
	_, early := errors.AsType[*notSentError](err)
	e, answered := statusOf(err)
	switch {
	case unknownField || refused:
		result.State = work.Rejected
	case answered:
		settleStatus(result, e, sent, now)
	case sent && !early && !httpx.NeverSent(err):
		result.State = work.Uncertain
	default:
		result.State, result.Until, result.Scope = work.Deferred, now.Add(pauseAfterFailure), "connector"
	}
}

func settleStatus(result *work.Result, e *httpx.StatusError, sent bool, now time.Time) {
	doubt := work.Uncertain
	if !sent {
		doubt = work.Deferred
	}
	switch {
	case e.Kind == httpx.Limited, e.Status == http.StatusTooEarly:
		result.State, result.Scope = work.Deferred, limitScope(e.Reason)
		result.Until = now.Add(min(max(e.RetryAfter, pauseAfterLimit), longestPause))
		return
	case e.Status == http.StatusUnauthorized, captcha(e.Header):
		result.State = work.Deferred
	case e.Kind == httpx.Conflict && sent:
		result.State = work.Conflict
	case e.Kind == httpx.WebPage && e.Status < 300, e.Status < 300, e.Status >= 500, e.Status == http.StatusRequestTimeout:
		result.State = doubt
	default:
		result.State = work.Rejected
	}
	if result.State == work.Deferred {
		result.Until, result.Scope = now.Add(pauseAfterFailure), "connector"
	}
}

// plainly is the error without the address of the call: the edit names the
// issue, and what Jira says comes first.
func plainly(err error) string {
	if e, ok := statusOf(err); ok {
		return strings.Replace(err.Error(), e.Method+" "+e.URL+": ", "", 1)
	}
	return err.Error()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// limitScope tells a limit of one issue from one of the whole site.
func limitScope(reason string) string {
	if strings.Contains(reason, "per-issue") {
		return "issue"
	}
	return "connector"
}

// passes reports whether the same question may be answered later: nobody answered
// it, or not just now.
func passes(err error) bool {
	if _, answered := statusOf(err); answered {
		return !isRefusal(err)
	}
	_, unanswered := errors.AsType[*url.Error](err)
	_, limited := errors.AsType[*httpx.LimitError](err)
	return unanswered || limited || errors.Is(err, io.ErrUnexpectedEOF)
}

func statusOf(err error) (*httpx.StatusError, bool) {
	return errors.AsType[*httpx.StatusError](err)
}
