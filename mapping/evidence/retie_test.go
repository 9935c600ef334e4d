package evidence_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// ties is a linker that knows the links of each text.
type ties map[string][]string

func (t ties) Link(fb *work.Feedback) []evidence.Link {
	var links []evidence.Link
	for _, target := range t[fb.Text] {
		links = append(links, evidence.Link{Target: target, Cause: evidence.ByPhrase, Detail: fb.Text})
	}
	return links
}

func (t ties) LinkInsight(*work.Insight) []evidence.Link { return nil }

func TestWhatOtherRulesTieOtherwiseIsCountedByTarget(t *testing.T) {
	t.Parallel()
	before := ties{"a": {"x"}, "b": {"x", "y"}, "c": {"z"}}
	after := ties{"a": {"x"}, "b": {"w", "x"}, "c": nil, "d": {"w"}}
	var got evidence.Retied
	for _, text := range []string{"a", "b", "c", "d", "e"} {
		got.Look(before, after, &work.Feedback{Text: text})
	}
	got.Settle(2)
	want := evidence.Retied{Looked: 5, Rows: 3, Targets: []evidence.Retie{{Target: "w", More: 2}, {Target: "y", Fewer: 1}}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(evidence.Retied{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
