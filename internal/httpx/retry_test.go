package httpx_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"tandem/internal/httpx"
)

// What an answer finds may be the doing of a try before it whose answer was lost.
func TestAnAnswerTellsWhetherATryBeforeItMayHaveArrived(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before []step
		want   bool
	}{
		"the first":           {nil, false},
		"lost connection":     {[]step{{err: resetError()}}, true},
		"bad gateway":         {[]step{{status: 502}}, true},
		"unavailable, a wait": {[]step{{status: 503, header: map[string]string{"Retry-After": "2"}}}, true},
		"no connection":       {[]step{{err: dialError()}}, false},
		"429":                 {[]step{{status: 429}}, false},
		"lost, then 429":      {[]step{{err: resetError()}, {status: 429}, {err: dialError()}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: append(c.before, step{status: 404})}
				resp, err := send(t, httpx.New(httpx.Options{Transport: s}), "DELETE", "https://hub.example/x", "")
				if err != nil || resp.StatusCode != 404 {
					t.Fatalf("got %v, %v", resp.StatusCode, err)
				}
				if got := httpx.FromResponse(resp.Response).Repeated; got != c.want {
					t.Errorf("repeated: %v", got)
				}
			})
		})
	}
	s := &script{steps: []step{{status: 502}}}
	resp, err := send(t, httpx.New(httpx.Options{Transport: s, RetryMax: -1}), "DELETE", "https://hub.example/x", "")
	if err != nil || httpx.FromResponse(resp.Response).Repeated {
		t.Errorf("the only try: %v", err)
	}
}

// That a repetition is refused says nothing about the try before it.
func TestARefusedRepetitionLeavesTheDoubt(t *testing.T) {
	t.Parallel()
	long := map[string]string{"Retry-After": "600"}
	steps := func(s ...step) []step { return s }
	for name, c := range map[string]struct {
		steps []step
		want  bool
	}{
		"lost, a long pause":         {steps(step{err: resetError()}, step{status: 429, header: long}), true},
		"lost, pauses to the end":    {steps(step{err: resetError()}, step{status: 429}), true},
		"bad gateway, a long pause":  {steps(step{status: 502}, step{status: 429, header: long}), true},
		"bad gateway, no connection": {steps(step{status: 502}, step{err: dialError()}), true},
		"lost, no such host":         {steps(step{err: resetError()}, step{err: &net.DNSError{IsNotFound: true}}), true},
		"lost, 401":                  {steps(step{err: resetError()}, step{status: 401}), true},
		"unavailable, 409":           {steps(step{status: 503}, step{status: 409}), true},
		"lost, maintenance":          {steps(step{err: resetError()}, step{status: 503, header: long}), true},
		"maintenance":                {steps(step{status: 503, header: long}), false},
		"a long pause":               {steps(step{status: 429, header: long}), false},
		"pauses, a long one":         {steps(step{status: 429}, step{status: 429, header: long}), false},
		"no connection":              {steps(step{err: dialError()}), false},
		"no connection, 409":         {steps(step{err: dialError()}, step{status: 409}), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, method := range []string{"PUT", "DELETE"} {
					resp, err := send(t, httpx.New(httpx.Options{Transport: &script{steps: c.steps}}), method, "https://jira.example/x?token=geheim", "{}")
					answered := err == nil
					if answered {
						err = httpx.FromResponse(resp.Response)
					}
					err = fmt.Errorf("write: %w", httpx.Explain(err))
					if got := httpx.InDoubt(err); got != c.want {
						t.Errorf("%s: in doubt %v: %v", method, got, err)
					}
					if answered && httpx.Repeated(resp.Response) != c.want {
						t.Errorf("%s: the answer says %v", method, !c.want)
					}
					if c.want && (httpx.NeverSent(err) || strings.Contains(err.Error(), "geheim")) {
						t.Errorf("%s: never sent, or a secret: %v", method, err)
					}
				}
			})
		})
	}
}

// What is neither answer nor connection, after a lost answer: no credentials, no
// turn.
func TestARepetitionThatIsNotSentLeavesTheDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		signed := 0
		client := httpx.New(httpx.Options{Transport: &script{steps: []step{{err: resetError()}}}, Authorize: func(*http.Request) error {
			if signed++; signed > 1 {
				return errors.New("the token is gone")
			}
			return nil
		}})
		if _, err := send(t, client, "PUT", "https://jira.example/x", "{}"); !httpx.InDoubt(err) || httpx.NeverSent(err) || signed != 2 {
			t.Errorf("without credentials: %v", err)
		}
		limit := map[string]string{"Retry-After": "600"}
		s := &script{steps: []step{{err: resetError()}, {status: 429, header: limit}}}
		client = httpx.New(httpx.Options{Transport: s, Reserve: 0.2})
		done := make(chan error)
		go func() {
			_, err := send(t, client, "PUT", "https://jira.example/x", "{}")
			done <- err
		}()
		synctest.Wait()                                                    // it is lost, and waits
		_, other := send(t, client, "PUT", "https://jira.example/y", "{}") // meets the limit
		if err := <-done; !httpx.InDoubt(err) || httpx.InDoubt(other) || s.tries() != 2 {
			t.Errorf("held: %v; the other: %v, after %d tries", err, other, s.tries())
		}
	})
}
