package plan_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestEditsAreSelectedByIDRecordAndField(t *testing.T) {
	t.Parallel()
	at := func(id, record, path, element string, field work.Field) plan.Planned {
		return plan.Planned{Edit: work.Edit{ID: id, Key: "PAY-" + record, Field: field, Target: work.Target{
			RefID: work.RefID{Connector: "jira", ID: record}, Path: path, Element: element,
		}}}
	}
	edits := []plan.Planned{
		at("aaaaaa01", "1", "labels", "p1", work.Priority), at("aaaaaa02", "1", "labels", "p2", work.Priority),
		at("bbbbbb01", "1", "labels", "now", work.Horizon), at("cccccc01", "1", work.NativeMarker, "", work.Links),
		at("dddddd01", "2", "priority", "", work.Priority), at("dddddd02", "2", work.NativeMarker, "", work.Links),
	}
	for _, c := range []struct {
		words   []string
		want    []string
		unknown []string
	}{
		{[]string{"aaaaaa01"}, []string{"aaaaaa01", "aaaaaa02", "cccccc01"}, nil}, // a swap of labels is one
		{[]string{"bbbbbb"}, []string{"bbbbbb01", "cccccc01"}, nil},
		{[]string{"bbbb"}, []string{}, []string{"bbbb"}},
		{[]string{"PAY-2"}, []string{"dddddd01", "dddddd02"}, nil},
		{[]string{"jira:PAY-1 horizon", "nothing"}, []string{"bbbbbb01", "cccccc01"}, []string{"nothing"}},
		{[]string{"priority"}, []string{"aaaaaa01", "aaaaaa02", "cccccc01", "dddddd01", "dddddd02"}, nil},
		{[]string{"jira:PAY-2 horizon", " "}, []string{}, []string{"jira:PAY-2 horizon", " "}},
	} {
		ids, unknown := plan.Select(edits, c.words)
		got := append([]string{}, slices.Sorted(maps.Keys(ids))...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.words, diff)
		}
		if diff := cmp.Diff(c.unknown, unknown); diff != "" {
			t.Errorf("%q, unknown (-want +got):\n%s", c.words, diff)
		}
	}
}
