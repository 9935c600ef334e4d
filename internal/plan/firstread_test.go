package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestNothingGoesOutBeforeTheFirstReadButWhatAPersonOrders(t *testing.T) {
	t.Parallel()
	awaited := []work.StreamName{{Connector: "github", Stream: "issues"}, {Connector: "github", Stream: "project"}, {Connector: "jira", Stream: "issues"}}
	for _, tc := range []struct {
		name  string
		whole []work.StreamName
		mode  work.WriteMode
		want  []string
		gates []plan.Gate
	}{
		{"nothing was read", nil, work.Auto, []string{"github", "jira"}, []plan.Gate{plan.FirstRead, plan.Ready}},
		{"one stream is missing", []work.StreamName{awaited[0], awaited[2]}, work.Auto, []string{"github"}, []plan.Gate{plan.FirstRead, plan.Ready}},
		{"all was read", awaited, work.Auto, nil, []plan.Gate{plan.Ready, plan.Ready}},
		{"a person says so", []work.StreamName{awaited[2], {Connector: "github"}}, work.Auto, nil, []plan.Gate{plan.Ready, plan.Ready}},
		{"nobody can approve it", nil, work.Propose, []string{"github", "jira"}, []plan.Gate{plan.FirstRead, plan.NeedsApproval}},
		{"it is only shown anyway", nil, work.Observe, []string{"github", "jira"}, []plan.Gate{plan.Observed, plan.Observed}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			edit := work.Edit{ID: "e", Field: work.Priority, Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "1"}, Path: "priority"}}
			ordered := edit
			ordered.ID, ordered.Errand = "u", work.Undo
			p := plan.Plan{Edits: []plan.Planned{{Edit: edit}, {Edit: ordered}}, Adopted: []plan.Entry{{}}}
			g := plan.Guard{
				Instance: tc.mode, Connectors: map[string]work.WriteMode{"jira": tc.mode}, Fields: map[work.Field]work.WriteMode{work.Priority: tc.mode}, BrakeEdits: -1,
				Ledger: plan.NewLedger(nil), Unread: plan.Unread(awaited, tc.whole),
				Approved: map[string]plan.Approval{},
			}
			g.Apply(&p)
			got := []plan.Gate{p.Edits[0].Gate, p.Edits[1].Gate}
			if diff := cmp.Diff(tc.gates, got); diff != "" {
				t.Errorf("gates (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.want, p.FirstRead); diff != "" {
				t.Errorf("waits for (-want +got):\n%s", diff)
			}
			if waits := len(tc.want) > 0; (len(p.Adopted) == 0) != waits {
				t.Errorf("%d values are remembered as right; waits: %v", len(p.Adopted), waits)
			}
		})
	}
}
