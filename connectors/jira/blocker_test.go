package jira

import (
	"encoding/json"
	"testing"

	"tandem/internal/work"
)

func TestBlockersAreWhatMustComeFirst(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		links string
		want  work.Value
	}{
		"is blocked by":                {`[{"type":{"name":"Blocks","inward":"is blocked by","outward":"blocks"},"inwardIssue":{"key":"PAY-1"}}]`, work.NewList("PAY-1")},
		"in another language":          {`[{"type":{"name":"Blocks","inward":"wird blockiert von","outward":"blockiert"},"inwardIssue":{"key":"PAY-1"}}]`, work.NewList("PAY-1")},
		"blocks another":               {`[{"type":{"name":"Blocks","inward":"is blocked by","outward":"blocks"},"outwardIssue":{"key":"PAY-1"}}]`, work.Empty()},
		"depends on, outward":          {`[{"type":{"name":"Dependency","inward":"is depended on by","outward":"depends on"},"outwardIssue":{"key":"PAY-1"}}]`, work.NewList("PAY-1")},
		"is depended on":               {`[{"type":{"name":"Dependency","inward":"is depended on by","outward":"depends on"},"inwardIssue":{"key":"PAY-1"}}]`, work.Empty()},
		"relates to":                   {`[{"type":{"name":"Relates","inward":"relates to","outward":"relates to"},"inwardIssue":{"key":"PAY-1"}}]`, work.Empty()},
		"a type that nobody describes": {`[{"inwardIssue":{"key":"PAY-1"}}]`, work.Empty()},
		"no links":                     {`[]`, work.Empty()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := blockers(json.RawMessage(tc.links))
			if err != nil || got != tc.want {
				t.Errorf("got %v, %v, want %v", got, err, tc.want)
			}
		})
	}
}
