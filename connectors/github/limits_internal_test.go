package github

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/secret"
	"tandem/internal/work"
)

func TestLimitsAreThoseThatAnswersToldOf(t *testing.T) {
	t.Parallel()
	c := defaults()
	c.Auth.Token = secret.FromText("token")
	cl, err := newClient(connectors.Env{Name: "gh", Now: time.Now}, c)
	if err != nil {
		t.Fatal(err)
	}
	if got := cl.Limits(); len(got) > 0 {
		t.Errorf("before the first answer: %+v", got)
	}
	reset := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	for _, h := range []http.Header{
		{"X-Ratelimit-Resource": {"graphql"}, "X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"4990"}, "X-Ratelimit-Reset": {"1795442400"}},
		{"X-Ratelimit-Resource": {"core"}, "X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"4310"}, "X-Ratelimit-Reset": {"1795442400"}},
		{"X-Ratelimit-Resource": {"search"}, "X-Ratelimit-Limit": {"30"}, "X-Ratelimit-Remaining": {"1"}, "X-Ratelimit-Reset": {"1795442400"}},
		{}, // of an Enterprise Server
	} {
		cl.budget.note(h)
		cl.graph.note(h)
	}
	want := []work.LimitState{
		{Resource: "core", Limit: 5000, Remaining: 4310, Reset: reset, Reserve: 1000},
		{Resource: "graphql", Limit: 5000, Remaining: 4990, Reset: reset, Reserve: 1000},
	}
	if diff := cmp.Diff(want, cl.Limits()); diff != "" {
		t.Error(diff)
	}
}
