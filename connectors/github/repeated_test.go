package github_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// broken breaks the connection of requests for which it returns an error.
type broken struct {
	http.RoundTripper

	breaks func(r *http.Request) error
}

func (b broken) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := b.breaks(r); err != nil {
		return nil, err
	}
	return b.RoundTripper.RoundTrip(r)
}

// The answer to a removal is lost, and the same request once more is refused: that
// says nothing about the first one.
func TestARefusedRepetitionIsADoubt(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	for name, c := range map[string]struct {
		status int // of the repetition
		header map[string]string
		err    error
		alone  work.ResultState // without a lost answer before
	}{
		"a long pause":      {status: 429, header: map[string]string{"Retry-After": "600"}, alone: work.Deferred},
		"a pause":           {status: 429, header: map[string]string{"Retry-After": "20"}, alone: work.Deferred},
		"a short pause":     {status: 429, alone: work.Deferred},
		"a secondary limit": {status: 403, header: map[string]string{"Retry-After": "300", "X-Github-Request-Id": "1"}, alone: work.Deferred},
		"maintenance":       {status: 503, header: map[string]string{"Retry-After": "600"}, alone: work.Deferred},
		"401":               {status: 401, alone: work.Deferred},
		"403":               {status: 403, alone: work.Rejected},
		"404":               {status: 404, alone: work.Rejected},
		"409":               {status: 409, alone: work.Conflict},
		"423":               {status: 423, alone: work.Deferred},
		"425":               {status: 425, alone: work.Deferred},
		"moved":             {status: 307, alone: work.Conflict},
		"no connection":     {err: refused, alone: work.Deferred},
		"no such host":      {err: &net.DNSError{IsNotFound: true}, alone: work.Deferred},
	} {
		for lost, want := range map[int]work.ResultState{0: c.alone, http.StatusBadGateway: work.Uncertain, -1: work.Uncertain} {
			t.Run(fmt.Sprint(name, lost), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h, tries := newHub(), 0
					h.open("acme/pay", 1, start())
					h.answer = func(w http.ResponseWriter, r *http.Request) bool {
						if r.Method != http.MethodDelete {
							return false
						}
						status := c.status
						if tries == 1 && lost > 0 {
							status = lost
						} else {
							for k, v := range c.header {
								w.Header().Set(k, v)
							}
						}
						reply(w, status, map[string]any{"message": "no"})
						return true
					}
					breaks := func(r *http.Request) error {
						if r.Method != http.MethodDelete {
							return nil
						}
						if tries++; tries == 1 && lost < 0 {
							return reset
						} else if tries > 1 || lost == 0 {
							return c.err
						}
						return nil
					}
					connector := connect(t, connectors.Env{Name: "gh", Transport: broken{inProcess{h}, breaks}, Now: time.Now}, hubSettings+"repositories: [acme/pay]")
					r := send(t, connector, remove("bug"))[0]
					if r.State != want || r.Detail == "" || (r.State == work.Deferred) == r.Until.IsZero() {
						t.Errorf("%+v, want %s", r, want)
					}
					if lost != 0 && len(c.header) > 0 && tries != 2 {
						t.Errorf("%d requests: what is in doubt was sent again", tries)
					}
				})
			})
		}
	}
}

// A comment that is gone when the removal is repeated was removed by Tandem.
func TestACommentThatIsGoneAtTheSecondTryIsRemoved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults []*sim.Fault
		want   string
	}{
		"answered": {nil, "applied"},
		"lost":     {[]*sim.Fault{sim.LostAnswer()}, "applied"},
		"a limit":  {[]*sim.Fault{sim.LostAnswer(), githubsim.SecondaryLimit(429, 5*time.Minute, time.Now())}, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := boarded(t, 1, githubsim.Options{}, nil)
			connector := plainBoard(t, site)
			if got := says(t, connector, remark("why", "")); got != "applied" {
				t.Fatal(got)
			}
			gone := put(1, work.NativeComment, work.Empty(), text("why"))
			site.SetFault(sim.Script(http.MethodDelete, "", c.faults...))
			if got := says(t, connector, gone); !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if left := bodies(t, site); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}
