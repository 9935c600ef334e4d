package httpx

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Outcome sorts the ends of requests for those who count them. Its values are
// those of Kind, and these.
type Outcome string

// The outcomes that are no Kind.
const (
	OK          Outcome = "ok"           // 2xx
	NotModified Outcome = "not_modified" // 304: nothing new, and mostly free
	NoAnswer    Outcome = "no_answer"    // no connection, or it broke
	GivenUp     Outcome = "given_up"     // the caller waited no longer
)

// Outcomes returns all outcomes, in a fixed order.
func Outcomes() []Outcome {
	all := []Outcome{OK, NotModified, NoAnswer, GivenUp}
	for _, k := range []Kind{Redirected, Invalid, Credentials, Forbidden, Missing, Conflict, Removed, TooLarge, Limited, Unavailable, Unexpected} {
		all = append(all, Outcome(k))
	}
	return all
}

// Call is one try of one request, repeats counted one by one.
type Call struct {
	Connector string
	Outcome   Outcome
	// Took is the time to the head of the answer.
	Took time.Duration
	// Ahead is how far the clock of the service is ahead of ours, to about a
	// second. It is known where Dated.
	Ahead time.Duration
	Dated bool
}

// Observer hears of every call. It is called from many goroutines, and must
// not wait.
type Observer interface {
	Called(c Call)
}

// Observed returns a Transport that tells of each try. next carries the
// requests; nil is the network.
func Observed(connector string, next http.RoundTripper, o Observer) http.RoundTripper {
	if next == nil {
		next = network()
	}
	return observed{connector: connector, next: next, observer: o}
}

type observed struct {
	connector string
	next      http.RoundTripper
	observer  Observer
}

func (t observed) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := t.next.RoundTrip(r)
	took := time.Since(began)
	c := Call{Connector: t.connector, Outcome: outcomeOf(resp, err, began.Add(took)), Took: took}
	if err == nil {
		c.Ahead, c.Dated = aheadOf(resp.Header, began.Add(took/2))
	}
	t.observer.Called(c)
	return resp, err
}

func outcomeOf(resp *http.Response, err error, now time.Time) Outcome {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return GivenUp
	case err != nil:
		return NoAnswer
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return OK
	case resp.StatusCode == http.StatusNotModified:
		return NotModified
	}
	if _, limit := limited(resp, now); limit && resp.StatusCode != http.StatusServiceUnavailable {
		return Outcome(Limited)
	}
	return Outcome(kindOf(resp.StatusCode))
}

// aheadOf reads the clock of the service. What comes out of a cache tells the
// time of somebody else's request.
func aheadOf(h http.Header, asked time.Time) (time.Duration, bool) {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" && h.Get("Age") != "0" {
		return 0, false
	}
	return at.Add(500 * time.Millisecond).Sub(asked), true // Date is cut to a second
}
