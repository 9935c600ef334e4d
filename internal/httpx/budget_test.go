package httpx_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/httpx"
)

// TestS10APauseThatOneRequestIsAskedForHoldsTheOthers: of two requests side by
// side, the first is refused, and the second was sent before.
func TestS10APauseThatOneRequestIsAskedForHoldsTheOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after string
		sent  bool
		wait  time.Duration
	}{
		"a long pause is told":   {after: "300", sent: false},
		"a short one waited out": {after: "4", sent: true, wait: 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var refused, late time.Time
				client := httpx.New(httpx.Options{MaxWait: 5 * time.Second, RetryMax: -1, Reserve: 0.2, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					status, header := http.StatusOK, http.Header{}
					switch r.URL.Path {
					case "/refused":
						refused, status = time.Now(), http.StatusTooManyRequests
						header.Set("Retry-After", c.after)
					case "/slow": // it was sent before, and says nothing of a pause
						time.Sleep(time.Second)
					case "/late":
						late = time.Now()
					}
					return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: r}, nil
				})})
				var group sync.WaitGroup
				group.Go(func() { _, _ = send(t, client, "POST", "https://jira.example/slow", "{}") })
				time.Sleep(time.Millisecond)
				group.Go(func() { _, _ = send(t, client, "POST", "https://jira.example/refused", "{}") })
				group.Wait()
				_, err := send(t, client, "GET", "https://jira.example/late", "")
				limit, told := errors.AsType[*httpx.LimitError](err)
				if told == c.sent || late.IsZero() == c.sent || told && limit.Until.Sub(refused) != 5*time.Minute {
					t.Fatalf("sent %v, error %v", late, err)
				}
				if got := late.Sub(refused); c.sent && got < c.wait {
					t.Errorf("sent %v after the refusal, which asked for %v", got, c.wait)
				}
			})
		})
	}
}

func TestAShareOfTheLimitIsLeftToPeople(t *testing.T) {
	t.Parallel()
	bucket := func(left string) map[string]string {
		return map[string]string{
			"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": left, "X-RateLimit-FillRate": "10", "X-RateLimit-Interval-Seconds": "1", "Retry-After": "0",
		}
	}
	window := func(left, reset string) map[string]string {
		return map[string]string{"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": left, "X-RateLimit-Reset": reset}
	}
	cases := []struct {
		name     string
		header   map[string]string
		from, to time.Duration
	}{
		{"nothing said", nil, 0, 0},
		{"Retry-After 0 on every answer", map[string]string{"Retry-After": "0"}, 0, 0},
		{"a full bucket", bucket("21"), 0, 0},
		{"at the share of a bucket", bucket("20"), time.Second, time.Second},
		{"far below the share of a bucket", bucket("0"), 3 * time.Second, 3 * time.Second},
		{"enough of a window", window("21", "2000-01-01T00:00:12Z"), 0, 0},
		{"at the share of a window", window("20", "2000-01-01T00:00:12Z"), 12 * time.Second, 12 * time.Second},
		{"a window in the past", window("3", "1999-01-01T00:00:12Z"), 700 * time.Millisecond, 1300 * time.Millisecond},
		{"near, and no numbers", map[string]string{"X-RateLimit-NearLimit": "true"}, 700 * time.Millisecond, 1300 * time.Millisecond},
		{"not near", map[string]string{"X-RateLimit-NearLimit": "false"}, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // begins on 2000-01-01
				s := &script{steps: []step{{status: 200, header: c.header}, {status: 200}}}
				client := httpx.New(httpx.Options{Transport: s, Reserve: 0.2})
				for range 3 {
					if _, err := send(t, client, "PUT", "https://jira.example/x", ""); err != nil {
						t.Fatal(err)
					}
				}
				if got := s.seen[1].At.Sub(s.seen[0].At); got < c.from || got > c.to {
					t.Errorf("waited %v, want %v to %v", got, c.from, c.to)
				}
				if got := s.seen[2].At.Sub(s.seen[1].At); got != 0 {
					t.Errorf("waited %v more after an answer that says nothing", got)
				}
			})
		})
	}
}

func TestALongHoldIsToldAndNotSleptThrough(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 200, header: map[string]string{
			"X-RateLimit-Limit": "65000", "X-RateLimit-Remaining": "100", "X-RateLimit-Reset": "2000-01-01T01:00Z",
		}}}}
		client := httpx.New(httpx.Options{Transport: s, Reserve: 0.2, MaxWait: 5 * time.Second})
		_, _ = send(t, client, "GET", "https://jira.example/x", "")
		began := time.Now()
		_, err := send(t, client, "GET", "https://jira.example/x", "")
		limit, ok := errors.AsType[*httpx.LimitError](err)
		if !ok || s.tries() != 1 || !time.Now().Equal(began) || limit.Until.Sub(began) != time.Minute {
			t.Fatalf("%v after %d tries", err, s.tries())
		}
		// After a minute one request finds out how things stand.
		time.Sleep(time.Minute)
		if _, err := send(t, client, "GET", "https://jira.example/x", ""); err != nil || s.tries() != 2 {
			t.Errorf("%v after %d tries", err, s.tries())
		}
	})
}

func TestWhoGivesUpWhileHeldHasSentNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 200, header: map[string]string{"X-RateLimit-NearLimit": "true"}}}}
		client := httpx.New(httpx.Options{Transport: s, Reserve: 0.2})
		_, _ = send(t, client, "GET", "https://jira.example/x", "")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		_, err := sendWith(ctx, t, client, "POST", "https://jira.example/x", "{}")
		if !errors.Is(err, context.Canceled) || !httpx.NeverSent(err) || s.tries() != 1 {
			t.Errorf("%v, never sent %v, after %d tries", err, httpx.NeverSent(err), s.tries())
		}
	})
}

func TestAQuotaThatIsUsedUpHoldsEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "1847", "RateLimit-Reason": "jira-quota-tenant-based"}}, {status: 200}}}
		client := httpx.New(httpx.Options{Transport: s, Reserve: 0.2, MaxWait: 5 * time.Second})
		for range 3 {
			_, err := send(t, client, "GET", "https://jira.example/x", "")
			if limit, ok := errors.AsType[*httpx.LimitError](err); !ok || limit.Reason != "jira-quota-tenant-based" || s.tries() != 1 {
				t.Fatalf("%v after %d tries", err, s.tries())
			}
		}
		time.Sleep(1847 * time.Second)
		if _, err := send(t, client, "GET", "https://jira.example/x", ""); err != nil {
			t.Error(err)
		}
	})
}
