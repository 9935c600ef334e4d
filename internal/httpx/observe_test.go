package httpx_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/httpx"
)

// heard keeps the calls that it was told of.
type heard struct{ calls []httpx.Call }

func (h *heard) Called(c httpx.Call) { h.calls = append(h.calls, c) }

func TestEachTryIsToldByHowItEnded(t *testing.T) {
	t.Parallel()
	answer := func(status int, body string, header ...string) roundTrip {
		return func(r *http.Request) (*http.Response, error) {
			h := http.Header{}
			for i := 0; i+1 < len(header); i += 2 {
				h.Set(header[i], header[i+1])
			}
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		}
	}
	fail := func(err error) roundTrip {
		return func(*http.Request) (*http.Response, error) { return nil, err }
	}
	for _, c := range []struct {
		want httpx.Outcome
		next roundTrip
	}{
		{httpx.OK, answer(204, "")},
		{httpx.NotModified, answer(304, "")},
		{"redirected", answer(301, "")},
		{"credentials", answer(401, "")},
		{"forbidden", answer(403, "no")},
		{"limited", answer(403, "You have exceeded a secondary rate limit")},
		{"limited", answer(429, "")},
		{"missing", answer(404, "")},
		{"conflict", answer(409, "")},
		{"invalid", answer(400, "")},
		{"unavailable", answer(503, "", "Retry-After", "10")},
		{httpx.NoAnswer, fail(errors.New("reset"))},
		{httpx.GivenUp, fail(context.Canceled)},
	} {
		var h heard
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://x.example/secret", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := httpx.Observed("jira", c.next, &h).RoundTrip(r)
		if err == nil {
			_ = resp.Body.Close()
		}
		if len(h.calls) != 1 || h.calls[0].Outcome != c.want || h.calls[0].Connector != "jira" || !slices.Contains(httpx.Outcomes(), c.want) {
			t.Errorf("want %s, heard %+v", c.want, h.calls)
		}
	}
}

func TestTheClockOfAServiceIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		date, age string
		dated     bool
		ahead     time.Duration
	}{
		{time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), "", true, time.Hour},
		{time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), "120", false, 0},
		{"yesterday", "", false, 0},
		{"", "", false, 0},
	} {
		var h heard
		next := roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Date": {c.date}, "Age": {c.age}}, Body: http.NoBody, Request: r}, nil
		})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://x.example", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := httpx.Observed("jira", next, &h).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := h.calls[0]; got.Dated != c.dated || (got.Ahead-c.ahead).Abs() > 2*time.Second {
			t.Errorf("%q: %+v", c.date, got)
		}
	}
}
