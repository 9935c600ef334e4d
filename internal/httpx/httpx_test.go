package httpx_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/httpx"
)

func TestOnlyHarmlessRequestsAreRepeated(t *testing.T) {
	t.Parallel()
	limit := map[string]string{"Retry-After": "2"}
	cases := []struct {
		name   string
		step   step
		again  []string // methods that are repeated
		always bool
	}{
		{"bad gateway", step{status: 502}, []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}, false},
		{"unavailable", step{status: 503}, []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}, false},
		{"gateway timeout", step{status: 504}, []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}, false},
		{"lost connection", step{err: resetError()}, []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}, false},
		{"no connection", step{err: dialError()}, nil, true},
		{"429", step{status: 429}, nil, true},
		{"429 with Retry-After", step{status: 429, header: limit}, nil, true},
		{"503 with Retry-After", step{status: 503, header: limit}, []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}, false},
		{"internal error", step{status: 500}, []string{}, false},
		{"conflict", step{status: 409}, []string{}, false},
		{"unauthorized", step{status: 401}, []string{}, false},
		{"forbidden", step{status: 403}, []string{}, false},
		{"no such host", step{err: &net.DNSError{IsNotFound: true}}, []string{}, false},
		{"bad certificate", step{err: x509.UnknownAuthorityError{}}, []string{}, false},
		{"fine", step{status: 200}, []string{}, false},
	}
	for _, c := range cases {
		for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"} {
			t.Run(c.name+" "+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := &script{steps: []step{c.step}}
					resp, err := send(t, httpx.New(httpx.Options{Name: "jira", Transport: s}), method, "https://jira.example/x", "")
					want := 1
					if c.always || strings.Contains(strings.Join(c.again, " "), method) {
						want = 5
					}
					if s.tries() != want {
						t.Errorf("%d tries, want %d", s.tries(), want)
					}
					if (err != nil) != (c.step.err != nil) {
						t.Errorf("error %v, want one only where no answer came", err)
					}
					if err == nil && resp.StatusCode != c.step.status {
						t.Errorf("status %d, want the last answer %d", resp.StatusCode, c.step.status)
					}
				})
			})
		}
	}
}

func TestSearchByPostIsRepeatedAsAReadIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 502}, {err: resetError()}, {status: 200}}}
		resp, err := sendWith(httpx.ReadOnly(t.Context()), t, httpx.New(httpx.Options{Transport: s}), "POST", "https://jira.example/x", `{"a":1}`)
		if err != nil || resp.StatusCode != 200 || s.tries() != 3 {
			t.Fatalf("got %v, %v after %d tries", resp.StatusCode, err, s.tries())
		}
		for _, r := range s.seen {
			if r.Body != `{"a":1}` {
				t.Errorf("try sent body %q, want the whole body each time", r.Body)
			}
		}
	})
}

func TestWaitsDoubleAndSpread(t *testing.T) {
	t.Parallel()
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			s := &script{steps: []step{{status: 502}}}
			_, _ = send(t, httpx.New(httpx.Options{Transport: s}), "GET", "https://jira.example/x", "")
			for i := range 4 {
				base := 500 * time.Millisecond << i
				got := s.seen[i+1].At.Sub(s.seen[i].At)
				if got < base*7/10 || got > base*13/10 {
					t.Errorf("wait %d was %v, want %v × 0.7 to 1.3", i+1, got, base)
				}
			}
		})
	}
}

func TestRetryAfterIsNeverShortened(t *testing.T) {
	t.Parallel()
	reset := func(now time.Time) map[string]string {
		return map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": fmt.Sprint(now.Add(20 * time.Second).Unix())}
	}
	cases := []struct {
		name   string
		header func(now time.Time) map[string]string
		want   time.Duration
	}{
		{"seconds", func(time.Time) map[string]string { return map[string]string{"Retry-After": "7"} }, 7 * time.Second},
		{"date", func(now time.Time) map[string]string {
			return map[string]string{"Retry-After": now.Add(9 * time.Second).UTC().Format(http.TimeFormat)}
		}, 9 * time.Second},
		{"reset of GitHub", reset, 20 * time.Second},
		{"reset of Jira", func(now time.Time) map[string]string {
			return map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": now.Add(10 * time.Second).UTC().Format(time.RFC3339)}
		}, 10 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: []step{{status: 429, header: c.header(time.Now())}, {status: 200}}}
				_, err := send(t, httpx.New(httpx.Options{Transport: s}), "POST", "https://jira.example/x", "{}")
				if err != nil {
					t.Fatal(err)
				}
				got := s.seen[1].At.Sub(s.seen[0].At)
				if got < c.want || got > c.want*13/10 {
					t.Errorf("waited %v, want %v or a little more", got, c.want)
				}
			})
		})
	}
}

func TestAPauseBeyondTheCapComesBackAtOnce(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		step   step
		want   time.Duration
		reason string
	}{
		{"quota of Jira", step{status: 429, header: map[string]string{"Retry-After": "1847", "RateLimit-Reason": "jira-quota-tenant-based"}}, 1847 * time.Second, "jira-quota-tenant-based"},
		{"primary limit of GitHub", step{status: 403, header: map[string]string{
			"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "946688400", "X-RateLimit-Resource": "core",
		}}, time.Hour, "core"},
		{"secondary limit without Retry-After", step{status: 403, body: `{"message":"You have exceeded a secondary rate limit."}`}, time.Minute, "Forbidden"},
		{"secondary limit with 429", step{status: 429, body: `{"message":"You have exceeded a secondary rate limit."}`}, time.Minute, "Too Many Requests"},
		{"maintenance", step{status: 503, header: map[string]string{"Retry-After": "600"}}, 10 * time.Minute, "Service Unavailable"},
		{"absurd", step{status: 429, header: map[string]string{"Retry-After": "1e300"}}, 24 * time.Hour, "Too Many Requests"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // the bubble's clock starts at 2000-01-01T00:00:00Z
				s := &script{steps: []step{c.step}}
				start := time.Now()
				_, err := send(t, httpx.New(httpx.Options{Transport: s}), "PUT", "https://x.example/?token=geheim", "{}")
				limit, ok := errors.AsType[*httpx.LimitError](err)
				if !ok || s.tries() != 1 || !time.Now().Equal(start) {
					t.Fatalf("got %v after %d tries and %v, want a *LimitError at once", err, s.tries(), time.Since(start))
				}
				want := &httpx.LimitError{Until: start.Add(c.want), Reason: c.reason, Status: c.step.status}
				if d := cmp.Diff(want, limit); d != "" {
					t.Error(d)
				}
				if text := httpx.Explain(err).Error(); strings.Contains(text, "geheim") {
					t.Errorf("secret in %q", text)
				}
			})
		})
	}
}

func TestARefusalIsNoLimit(t *testing.T) {
	t.Parallel()
	// Data Center sends Retry-After with every answer.
	s := &script{steps: []step{{status: 403, header: map[string]string{"Retry-After": "40"}, body: `{"errorMessages":["No permission."]}`}}}
	resp, err := send(t, httpx.New(httpx.Options{Transport: s}), "GET", "https://jira.example/x", "")
	if err != nil || s.tries() != 1 {
		t.Fatalf("got %v after %d tries", err, s.tries())
	}
	if got := httpx.FromResponse(resp.Response); got.Kind != httpx.Forbidden || got.Reason != "No permission." {
		t.Errorf("got %+v, want the whole refusal", got)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "25"}}}}
		start := time.Now()
		_, err := sendWith(ctx, t, httpx.New(httpx.Options{Transport: s}), "GET", "https://jira.example/x", "")
		if !errors.Is(err, context.Canceled) || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v, want the context's error after 3 s", err, time.Since(start))
		}
	})
}

func TestAWaitBeyondTheDeadlineIsNotBegun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "25"}}}}
		start := time.Now()
		_, err := sendWith(ctx, t, httpx.New(httpx.Options{Transport: s}), "GET", "https://jira.example/x", "")
		limit, ok := errors.AsType[*httpx.LimitError](err)
		if !ok || !limit.Until.Equal(start.Add(25*time.Second)) || !time.Now().Equal(start) {
			t.Errorf("got %v after %v, want the limit at once", err, time.Since(start))
		}
	})
}

func TestOneTryHasItsOwnTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{hang: true}, {status: 200}}}
		start := time.Now()
		if _, err := send(t, httpx.New(httpx.Options{Transport: s}), "GET", "https://jira.example/x", ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 30*time.Second || took > 31*time.Second {
			t.Errorf("took %v, want one timeout of 30 s and a short wait", took)
		}
		s = &script{steps: []step{{hang: true}}}
		_, err := send(t, httpx.New(httpx.Options{Transport: s}), "POST", "https://jira.example/x", "{}")
		if !errors.Is(err, context.DeadlineExceeded) || s.tries() != 1 {
			t.Errorf("got %v after %d tries; a POST that hung may have arrived", err, s.tries())
		}
	})
}

func TestCredentialsAreSetOnEachTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 502}, {status: 200}}}
		n := 0
		c := httpx.New(httpx.Options{Transport: s, Authorize: func(r *http.Request) error {
			n++
			r.Header.Set("Authorization", fmt.Sprint("Bearer ", n))
			return nil
		}})
		if _, err := send(t, c, "GET", "https://jira.example/x", ""); err != nil {
			t.Fatal(err)
		}
		if s.seen[0].Auth != "Bearer 1" || s.seen[1].Auth != "Bearer 2" || s.seen[0].Agent != "tandem" {
			t.Errorf("sent %+v", s.seen)
		}
	})
}

func TestMissingCredentialsAreNotSentWithoutThem(t *testing.T) {
	t.Parallel()
	s := &script{steps: []step{{status: 200}}}
	unset := errors.New("environment variable JIRA_TOKEN is not set")
	c := httpx.New(httpx.Options{Transport: s, Authorize: func(*http.Request) error { return unset }})
	_, err := send(t, c, "GET", "https://jira.example/x", "")
	if !errors.Is(err, unset) || s.tries() != 0 {
		t.Errorf("got %v after %d requests", err, s.tries())
	}
}

func TestRedirectsLoseNothing(t *testing.T) {
	t.Parallel()
	authorize := func(r *http.Request) error { r.Header.Set("Authorization", "Bearer geheim"); return nil }
	to := func(status int, url string) step {
		return step{status: status, header: map[string]string{"Location": url}}
	}
	cases := []struct {
		name       string
		method     string
		step       step
		authorize  func(*http.Request) error
		wantStatus int
		wantTries  int
	}{
		{"read on the same host", "GET", to(301, "https://a.example/new"), authorize, 200, 2},
		{"read on another host with credentials", "GET", to(302, "https://b.example/new"), authorize, 302, 1},
		{"read on another host without credentials", "GET", to(302, "https://b.example/new"), nil, 200, 2},
		{"read without encryption", "GET", to(302, "http://a.example/new"), authorize, 302, 1},
		{"read without encryption and credentials", "GET", to(302, "http://b.example/new"), nil, 302, 1},
		{"change turned into a read", "PATCH", to(301, "https://a.example/new"), authorize, 301, 1},
		{"change kept", "PUT", to(307, "https://a.example/new"), authorize, 307, 1},
		{"creation", "POST", to(308, "https://a.example/new"), authorize, 308, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &script{steps: []step{c.step, {status: 200}}}
			resp, err := send(t, httpx.New(httpx.Options{Transport: s, Authorize: c.authorize}), c.method, "https://a.example/old", "")
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != c.wantStatus || s.tries() != c.wantTries {
				t.Errorf("status %d after %d requests, want %d after %d", resp.StatusCode, s.tries(), c.wantStatus, c.wantTries)
			}
			if c.wantStatus != 200 {
				if e := httpx.FromResponse(resp.Response); e.Kind != httpx.Redirected || !strings.Contains(e.Reason, "example/new") {
					t.Errorf("got %v", e)
				}
			}
		})
	}
}

// A presigned address is a key: no other host may hear of it.
func TestARedirectDoesNotTellWhereItCameFrom(t *testing.T) {
	t.Parallel()
	told := "nobody asked"
	net := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "a.example" {
			return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"https://b.example/new"}}, Request: r, Body: http.NoBody}, nil
		}
		told = r.Header.Get("Referer")
		return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: http.NoBody}, nil
	})
	resp, err := send(t, httpx.New(httpx.Options{Transport: net}), "GET", "https://a.example/part?X-Signature=geheim", "")
	if err != nil || resp.StatusCode != 200 || told != "" {
		t.Errorf("status %v, %v; the other host was told %q", resp.StatusCode, err, told)
	}
}

func TestACircleOfRedirectsEnds(t *testing.T) {
	t.Parallel()
	s := &script{steps: []step{{status: 302, header: map[string]string{"Location": "https://a.example/old"}}}}
	_, err := send(t, httpx.New(httpx.Options{Name: "jira", Transport: s}), "GET", "https://a.example/old", "")
	if err == nil || !strings.Contains(err.Error(), "circle") || s.tries() > 6 {
		t.Errorf("got %v after %d requests", err, s.tries())
	}
}

func TestABodyWithoutEndIsCut(t *testing.T) {
	t.Parallel()
	endless := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(zeros{})}, nil
	})
	resp, err := send(t, httpx.New(httpx.Options{Transport: endless}), "GET", "https://a.example/", "")
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, resp.Body)
	if n != 64<<20 || !errors.Is(err, httpx.ErrTooLarge) {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestLogsNameNoQuery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := &script{steps: []step{{err: resetError()}, {status: 502}, {status: 200}}}
		if _, err := send(t, httpx.New(httpx.Options{Name: "jira", Transport: s, Log: log}), "GET", "https://a.example/x?key=geheim", ""); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.Contains(got, "geheim") || strings.Count(got, "request will be repeated") != 2 || !strings.Contains(got, "connector=jira") {
			t.Errorf("logged %s", got)
		}
	})
}

func TestNetworkErrorsSayWhatToLookAt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		err  error
		want string
	}{
		{&net.DNSError{Err: "no such host", Name: "a.example", IsNotFound: true}, "GET https://a.example/x: lookup a.example: no such host; no such host; is the address right?"},
		{x509.UnknownAuthorityError{}, "GET https://a.example/x: x509: certificate signed by unknown authority; is the address right? If the organisation has its own certificate authority, add it to the system's list"},
	}
	for _, c := range cases {
		s := &script{steps: []step{{err: c.err}}}
		_, err := send(t, httpx.New(httpx.Options{Transport: s}), "GET", "https://u:geheim@a.example/x?key=geheim", "")
		if got := httpx.Explain(err).Error(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
