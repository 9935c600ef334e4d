package httpx_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

func TestAGaugeShowsWhatTheLastAnswerSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header map[string]string
		want   []work.LimitState
	}{
		"nothing": {nil, nil},
		"a window": {
			map[string]string{"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "55", "X-RateLimit-Reset": "2000-01-01T00:01:00Z"},
			[]work.LimitState{{Resource: "requests", Limit: 100, Remaining: 55, Reserve: 20, Reset: time.Date(2000, 1, 1, 0, 1, 0, 0, time.UTC)}},
		},
		"a bucket, in steps": {
			map[string]string{"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "57", "X-RateLimit-FillRate": "10", "X-RateLimit-Interval-Seconds": "1"},
			[]work.LimitState{{Resource: "requests", Limit: 100, Remaining: 50, Reserve: 20}},
		},
		"nonsense":                {map[string]string{"X-RateLimit-Limit": "NaN", "X-RateLimit-Remaining": "5"}, nil},
		"more left than there is": {map[string]string{"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "1e300"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // begins on 2000-01-01
				var gauge httpx.Gauge
				client := httpx.New(httpx.Options{Transport: &script{steps: []step{{status: 200, header: c.header}}}, Reserve: 0.2, Gauge: &gauge})
				if _, err := send(t, client, "GET", "https://jira.example/x", ""); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, gauge.Limits()); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}
