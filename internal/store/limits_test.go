package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

func TestStatusShowsHowLimitsStoodLast(t *testing.T) {
	onBoth(t, func(k *kept) {
		before := k.seq()
		github := []work.LimitState{{Connector: "github", Resource: "core", Limit: 5000, Remaining: 4310, Reset: noon, Reserve: 1000}}
		jira := []work.LimitState{{Connector: "jira", Resource: "requests", Limit: 350, Remaining: 7}}
		later := []work.LimitState{{Connector: "github", Resource: "core", Limit: 5000, Reset: noon.Add(time.Hour)}}
		for _, step := range []struct {
			connector   string
			given, want []work.LimitState
		}{
			{"github", github, github},
			{"jira", jira, slices.Concat(github, jira)},
			{"github", later, slices.Concat(jira, later)},
		} {
			if err := k.SaveLimits(k.t.Context(), step.connector, step.given); err != nil {
				k.t.Fatal(err)
			}
			overview, err := k.Status(k.t.Context())
			if err != nil {
				k.t.Fatal(err)
			}
			if diff := cmp.Diff(step.want, overview.Limits); diff != "" {
				k.t.Error(diff)
			}
		}
		if after := k.seq(); after != before {
			k.t.Errorf("limits moved the sequence from %d to %d: they would cause evaluations", before, after)
		}
	})
}
