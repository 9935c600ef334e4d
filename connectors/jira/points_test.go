package jira_test

import (
	"strconv"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// TestSprintsAndStoryPointsAreFoundByTheirKind: in both kinds of project, on
// both deployments, and written where the project has them.
func TestSprintsAndStoryPointsAreFoundByTheirKind(t *testing.T) {
	t.Parallel()
	for _, deployment := range []jirasim.Deployment{jirasim.Cloud, jirasim.DataCenter} {
		t.Run(strconv.Itoa(int(deployment)), func(t *testing.T) {
			t.Parallel()
			world := jirasim.Sample()
			var active, future, closed jirasim.Sprint
			for _, s := range world.Sprints {
				switch s.State {
				case jirasim.ActiveSprint:
					active = s
				case jirasim.FutureSprint:
					future = s
				default:
					closed = s
				}
			}
			at := time.Now().Add(-time.Hour)
			world.Issues = []jirasim.Issue{
				{ID: 1, Key: "PAY-1", Summary: "a", Updated: at, Custom: map[string]any{"customfield_10026": 5.0}, Sprints: []int64{closed.ID, active.ID}},
				{ID: 2, Key: "WEB-1", Summary: "b", Updated: at, Custom: map[string]any{"customfield_10016": 3.0}, Sprints: []int64{future.ID}},
				{ID: 3, Key: "PAY-2", Summary: "c", Updated: at, Sprints: []int64{closed.ID}},
				{ID: 4, Key: "WEB-2", Summary: "d", Updated: at},
			}
			env := connectors.Env{Fields: []string{work.NativeSprint, work.NativeSprintState, "story_points"}}
			c, site := liveIn(t, world, deployment, 0, plain, env)
			known := map[string]work.Record{}
			drain(t, c, nil, known)
			text, number := work.NewText, work.NewNumber
			for id, want := range map[string][3]work.Value{
				"1": {text(active.Name), text("active"), number(5)}, "2": {text(future.Name), text("future"), number(3)},
				"3": {work.Empty(), work.Empty(), work.Empty()}, "4": {work.Empty(), work.Empty(), work.Empty()},
			} {
				f := known[id].Fields
				if got := [3]work.Value{f[work.NativeSprint], f[work.NativeSprintState], f["story_points"]}; got != want {
					t.Errorf("issue %s has %v, want %v", id, got, want)
				}
			}
			for _, key := range []string{"PAY-2", "WEB-2"} {
				i, _ := site.Issue(key)
				e := edit(0, "story_points", "", work.SetField, number(8), work.Empty())
				e.Place = key[:3]
				e.Key, e.Target.RefID = key, work.RefID{Connector: "jira", ID: strconv.FormatInt(i.ID, 10)}
				if got := c.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Applied {
					t.Errorf("%s: %+v", key, got)
				}
				i, _ = site.Issue(key)
				t.Logf("%s: %v", key, i.Custom)
				if len(i.Custom) != 1 || i.Custom[map[string]string{"PAY": "customfield_10026", "WEB": "customfield_10016"}[i.Project]] != 8.0 {
					t.Errorf("%s was written as %v", key, i.Custom)
				}
			}
		})
	}
}
