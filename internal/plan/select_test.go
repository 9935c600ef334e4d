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
		{[]string{"aaaaaa01"}, []string{"aaaaaa01", "aaaaaa02"}, nil}, // a swap of labels is one
		{[]string{"bbbbbb"}, []string{"bbbbbb01"}, nil},
		{[]string{"bbbb"}, []string{}, []string{"bbbb"}},
		{[]string{"PAY-2"}, []string{"dddddd01", "dddddd02"}, nil},
		{[]string{"jira:PAY-1 horizon", "nothing"}, []string{"bbbbbb01"}, []string{"nothing"}},
		{[]string{"priority"}, []string{"aaaaaa01", "aaaaaa02", "dddddd01"}, nil},
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
	ids := map[string]bool{"bbbbbb01": true}
	plan.WithMarks(edits, ids)
	if diff := cmp.Diff(map[string]bool{"bbbbbb01": true, "cccccc01": true}, ids); diff != "" {
		t.Errorf("with marks (-want +got):\n%s", diff)
	}
}

// Edits of one field at one record are one proposal; a marker and a link are
// two, and a move is refused whatever stands before it.
func TestARejectionCoversAProposal(t *testing.T) {
	t.Parallel()
	at := func(id, record, path string, field work.Field) plan.Planned {
		return plan.Planned{Edit: work.Edit{ID: id, Field: field, Target: work.Target{RefID: work.RefID{Connector: "jira", ID: record}, Path: path}}}
	}
	move := moveOf("PAY", "m", "")
	move.Field = work.Rank
	edits := []plan.Planned{
		at("b", "1", "labels", work.Priority), at("a", "1", "labels", work.Priority), at("c", "2", "labels", work.Priority),
		at("d", "1", work.NativeMarker, work.Links), at("e", "1", work.NativeRemoteLink, work.Links), move,
	}
	slot := func(record string, field work.Field) plan.SlotRef {
		return plan.SlotRef{Ref: work.RefID{Connector: "jira", ID: record}, Field: field}
	}
	want := []plan.Rejection{
		{Slot: slot("1", work.Priority), Edits: []string{"a", "b"}},
		{Slot: slot("1", work.Links), Edits: []string{"d"}},
		{Slot: slot("1", work.Links), Edits: []string{"e"}},
		{Slot: slot("m", work.Rank)},
	}
	got := plan.Reject(edits, map[string]bool{"a": true, "b": true, "d": true, "e": true, "m": true})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("rejections (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		edits []work.Edit
		want  bool
	}{
		{[]work.Edit{edits[0].Edit, edits[1].Edit}, true},
		{[]work.Edit{edits[0].Edit}, false},
		{[]work.Edit{edits[0].Edit, edits[1].Edit, edits[2].Edit}, false},
		{nil, false},
	} {
		if refused := plan.Refused(got[:1], c.edits, "") != nil; refused != c.want {
			t.Errorf("%d edits are refused: %t", len(c.edits), refused)
		}
	}
}
