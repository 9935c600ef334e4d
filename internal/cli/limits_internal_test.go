package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

func TestStatusHasALineForEachLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 13, 0, 0, 0, time.Local)
	hour := func(h int) time.Time { return time.Date(2026, 11, 23, h, 0, 0, 0, time.Local) }
	got := limits([]work.LimitState{
		{Connector: "github", Resource: "core", Limit: 5000, Remaining: 4310, Reset: hour(14), Reserve: 1000},
		{Connector: "github", Resource: "graphql", Limit: 5000, Remaining: 12, Reset: hour(12), Reserve: 1000},
		{Connector: "other", Resource: "requests", Limit: 500, Remaining: 12},
	}, now)
	want := [][]string{
		{"github: core 4,310 of 5,000 left until 14:00, 1,000 kept for people"},
		{"github: graphql 5,000, all there again since 2026-11-23 12:00, 1,000 kept for people"},
		{"other: requests 12 of 500 left, 0 kept for people"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
