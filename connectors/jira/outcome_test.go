package jira

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"tandem/connectors"
	"tandem/internal/work"
)

// TestEveryStatusHasAnOutcome lists all answers that a write can get.
func TestEveryStatusHasAnOutcome(t *testing.T) {
	t.Parallel()
	special := map[int]work.ResultState{
		200: work.Applied, 204: work.Applied, 401: work.Deferred, 408: work.Uncertain, 409: work.Conflict, 412: work.Conflict,
		425: work.Deferred, 429: work.Deferred,
	}
	counts := map[work.ResultState]int{}
	var mu sync.Mutex
	t.Run("each", func(t *testing.T) {
		for status := 100; status < 600; status++ {
			want, ok := special[status]
			switch {
			case ok:
			case status < 300, status >= 500:
				want = work.Uncertain
			default:
				want = work.Rejected
			}
			t.Run(fmt.Sprint(status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := newDesk()
					d.refuse = func(w http.ResponseWriter, _ update) bool {
						w.(*statusWriter).status = status
						return true
					}
					s := &stub{}
					s.answer = d.answer
					got := connectRaw(t, s).Sink.Send(t.Context(), []work.Edit{add("x")})
					if len(got) != 1 || got[0].State != want || got[0].EditID != "add x" {
						t.Fatalf("%+v, want %s", got, want)
					}
					if (got[0].State == work.Deferred) == got[0].Until.IsZero() {
						t.Errorf("%+v: deferred needs a time, others none", got[0])
					}
					if want != work.Applied && got[0].Detail == "" || strings.Contains(got[0].Detail, token) {
						t.Errorf("detail %q", got[0].Detail)
					}
					mu.Lock()
					defer mu.Unlock()
					counts[want]++
				})
			})
		}
	})
	for _, state := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%s: %d statuses", state, counts[state])
	}
}

// statusWriter lets a stub answer statuses that net/http's recorder refuses.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func connectRaw(t *testing.T, s *stub) *connectors.Connector {
	t.Helper()
	inner := s.answer
	live := connect(t, s, testConfig())
	raw := live.Sink.(*sink).site
	status := 0
	s.answer = func(w http.ResponseWriter, c call) {
		sw := &statusWriter{ResponseWriter: w}
		inner(sw, c)
		status = sw.status
	}
	client, err := newClient(connectors.Env{Name: "jira", Transport: rewrite(func(r *http.Request) (*http.Response, error) {
		status = 0
		resp, err := s.RoundTrip(r)
		if err == nil && status != 0 {
			resp.StatusCode = status
		}
		return resp, err
	})}, testConfig())
	if err != nil {
		t.Fatal(err)
	}
	raw.client = client
	return live
}

type rewrite func(*http.Request) (*http.Response, error)

func (f rewrite) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTroubleBeforeTheWriteLeavesNoDoubt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		status int
		header map[string]string
		want   work.ResultState
		scope  string
	}{
		{401, nil, work.Deferred, "connector"},
		{403, map[string]string{"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}, work.Deferred, "connector"},
		{403, nil, work.Rejected, ""},
		{404, nil, work.Rejected, ""},
		{410, nil, work.Rejected, ""},
		{500, nil, work.Deferred, "connector"},
		{502, nil, work.Deferred, "connector"},
		{200, map[string]string{"Content-Type": "text/html"}, work.Deferred, "connector"},
		{429, map[string]string{"Retry-After": "3600", "RateLimit-Reason": "jira-quota-global-based"}, work.Deferred, "connector"},
		{429, map[string]string{"Retry-After": "40", "RateLimit-Reason": "jira-per-issue-on-write"}, work.Deferred, "issue"},
		{429, map[string]string{"RateLimit-Reason": "jira-per-issue-on-write"}, work.Deferred, "issue"},
	}
	for _, c := range cases {
		synctest.Test(t, func(t *testing.T) {
			s := &stub{answer: func(w http.ResponseWriter, _ call) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
			}}
			got := connect(t, s, testConfig()).Sink.Send(t.Context(), []work.Edit{add("x"), set("priority", work.NewText("Critical"), work.NewText("Major"))})
			for _, r := range got {
				if r.State != c.want || r.Scope != c.scope || r.Detail == "" {
					t.Errorf("%d %v: %+v", c.status, c.header, r)
				}
			}
			for _, p := range s.paths() {
				if strings.HasPrefix(p, "PUT") {
					t.Errorf("%d: wrote all the same", c.status)
				}
			}
		})
	}
}

func TestALostAnswerIsADoubt(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	cases := []struct {
		name string
		err  error
		want work.ResultState
	}{
		{"reset", reset, work.Uncertain},
		{"timeout", context.DeadlineExceeded, work.Uncertain},
		{"no connection", refused, work.Deferred},
	}
	for _, c := range cases {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk()
			s := &stub{answer: d.answer}
			live := connect(t, s, testConfig())
			client, err := newClient(connectors.Env{Name: "jira", Transport: rewrite(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPut {
					return nil, c.err
				}
				return s.RoundTrip(r)
			})}, testConfig())
			if err != nil {
				t.Fatal(err)
			}
			live.Sink.(*sink).site.client = client
			if got := live.Sink.Send(t.Context(), []work.Edit{add("x")}); got[0].State != c.want {
				t.Errorf("%s: %+v", c.name, got)
			}
		})
	}
}

// The answer to a change is lost, and the same request once more is refused: that
// says nothing about the first one.
func TestARefusedRepetitionIsADoubt(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	quota := http.Header{"Retry-After": {"600"}, "Ratelimit-Reason": {"jira-quota-global-based"}}
	badLabels := `{"errors":{"labels":"no"}}`
	for name, c := range map[string]struct {
		status int // of the repetition
		header http.Header
		body   string
		err    error
		alone  work.ResultState // without a lost answer before
	}{
		"a long pause":     {status: 429, header: quota, alone: work.Deferred},
		"a short pause":    {status: 429, alone: work.Deferred},
		"maintenance":      {status: 503, header: http.Header{"Retry-After": {"600"}}, alone: work.Deferred},
		"401":              {status: 401, alone: work.Deferred},
		"captcha":          {status: 403, header: http.Header{"X-Seraph-Loginreason": {"AUTHENTICATION_DENIED"}}, alone: work.Deferred},
		"403":              {status: 403, alone: work.Rejected},
		"404":              {status: 404, alone: work.Rejected},
		"409":              {status: 409, alone: work.Conflict},
		"425":              {status: 425, alone: work.Deferred},
		"moved":            {status: 307, alone: work.Rejected},
		"400":              {status: 400, alone: work.Rejected},
		"400 with a field": {status: 400, body: badLabels, alone: work.Rejected},
		"no connection":    {err: refused, alone: work.Deferred},
		"no such host":     {err: &net.DNSError{IsNotFound: true}, alone: work.Deferred},
	} {
		for lost, want := range map[int]work.ResultState{0: c.alone, http.StatusBadGateway: work.Uncertain, -1: work.Uncertain} {
			t.Run(fmt.Sprint(name, lost), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d, puts := newDesk(), 0
					d.admin = true
					s := &stub{answer: d.answer}
					live := connect(t, s, testConfig())
					client, err := newClient(connectors.Env{Name: "jira", Transport: rewrite(func(r *http.Request) (*http.Response, error) {
						if r.Method != http.MethodPut {
							return s.RoundTrip(r)
						}
						puts++
						answer := func(status int) *http.Response {
							return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}
						}
						switch {
						case puts == 1 && lost < 0:
							return nil, reset
						case puts == 1 && lost > 0:
							return answer(lost), nil
						case c.err != nil:
							return nil, c.err
						}
						refusal := answer(c.status)
						maps.Copy(refusal.Header, c.header)
						return refusal, nil
					})}, testConfig())
					if err != nil {
						t.Fatal(err)
					}
					live.Sink.(*sink).site.client = client
					for _, r := range live.Sink.Send(t.Context(), []work.Edit{add("x"), set("priority", work.NewText("Critical"), work.NewText("Major"))}) {
						if r.State != want || r.Detail == "" || (r.State == work.Deferred) == r.Until.IsZero() {
							t.Errorf("%+v, want %s", r, want)
						}
					}
					if lost != 0 && c.status != 429 && c.err == nil && puts != 2 {
						t.Errorf("%d requests: what is in doubt was sent again", puts)
					}
				})
			})
		}
	}
}

func TestACancelledSendWritesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := &stub{answer: d.answer}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := connect(t, s, testConfig()).Sink.Send(ctx, []work.Edit{add("x")})
	if got[0].State != work.Deferred || len(d.bodies) != 0 {
		t.Errorf("%+v after %v", got, s.paths())
	}
	// Cancelled between the read and the write.
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	s.answer = func(w http.ResponseWriter, c call) {
		cancel()
		d.answer(w, c)
	}
	got = connect(t, s, testConfig()).Sink.Send(ctx, []work.Edit{add("x")})
	if got[0].State != work.Deferred || len(d.bodies) != 0 {
		t.Errorf("%+v after %v", got, s.paths())
	}
}
