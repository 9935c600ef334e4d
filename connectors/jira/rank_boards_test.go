package jira

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// findings are those of the check of backlogs, one line each.
func (y *yard) findings(projects ...string) []string {
	y.t.Helper()
	c, ok := y.live.Checker.(*checker)
	if !ok {
		y.t.Fatal("no checker")
	}
	c.site.config.Projects = projects
	var lines []string
	for _, f := range c.rankFindings(y.t.Context()) {
		if f.Level != work.Note && f.Remedy == "" {
			y.t.Errorf("%+v says not what to do", f)
		}
		lines = append(lines, fmt.Sprint(f.Level, ": ", f.Subject, ": ", f.What))
	}
	return lines
}

func TestBoardsThatShareABacklogAreListed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 2, func(w *jirasim.World, _ *jirasim.Options) {
			w.Issues = append(w.Issues, jirasim.Issue{ID: 20000, Key: "WEB-1"}, jirasim.Issue{ID: 20001, Key: "OPS-1", Status: "10001"})
			w.Boards = append(w.Boards, jirasim.Board{ID: 5, Name: "Everything", Type: jirasim.Kanban, Projects: []string{"PAY", "OPS"}, JQL: "project in (PAY, OPS) ORDER BY Rank"})
		})
		wantSame(t, "PAY alone", []string{
			fmt.Sprint(work.Warning, `: jira board 4 "Whole shop": the order on this board changes too, and it also shows issues of WEB`),
		}, y.findings("PAY"))
		wantSame(t, "PAY and WEB", []string{
			fmt.Sprint(work.Note, `: jira board 4 "Whole shop": the order on this board changes too: it shows PAY, WEB, each of which is ordered for itself`),
		}, y.findings("PAY", "WEB"))
		y.ResetCounts()
		y.findings("PAY")
		t.Logf("%s: %v", deployment, y.Counts())

		y.live.Checker.(*checker).site.features = nil
		if got := y.findings("PAY"); len(got) != 0 {
			t.Errorf("no rule orders backlogs, and yet: %v", got)
		}
	})
}

func TestABacklogThatNobodySeesIsListed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 2, func(w *jirasim.World, _ *jirasim.Options) {
			w.Boards = w.Boards[1:2]
		})
		wantSame(t, "findings", []string{
			fmt.Sprint(work.Warning, ": jira backlog PAY: no board shows the project, so nobody would see its order"),
		}, y.findings("PAY"))
	})
}

// TestBoardsThatAreNotOrderedByRankAreListed: their configuration names no
// rank field, or another one; or they cannot be read.
func TestBoardsThatAreNotOrderedByRankAreListed(t *testing.T) {
	t.Parallel()
	s := &stub{}
	answers := map[string]string{
		"/rest/api/2/field":                     `[{"id":"customfield_9","name":"Rank","schema":{"custom":"com.pyxis.greenhopper.jira:gh-lexo-rank"}}]`,
		"/rest/agile/1.0/board":                 `{"values":[{"id":1,"name":"A"},{"id":2,"name":"B"},{"id":3,"name":"C"},{"id":4,"name":"D"}],"isLast":true}`,
		"/rest/agile/1.0/board/1/configuration": `{"id":1,"ranking":{"rankCustomFieldId":9}}`,
		"/rest/agile/1.0/board/1/issue":         `{"total":0,"issues":[]}`,
		"/rest/agile/1.0/board/2/configuration": `{"id":2}`,
		"/rest/agile/1.0/board/3/configuration": `{"id":3,"ranking":{"rankCustomFieldId":77}}`,
	}
	s.answer = func(w http.ResponseWriter, c call) {
		if a, ok := answers[c.Path]; ok {
			_, _ = w.Write([]byte(a))
			return
		}
		w.WriteHeader(404)
	}
	c := testConfig()
	c.Projects = []string{"PAY"}
	check, ok := connect(t, s, c).Checker.(*checker)
	if !ok {
		t.Fatal("no checker")
	}
	check.site.features = []string{backlogFeature}
	var got []string
	for _, f := range check.rankFindings(t.Context()) {
		got = append(got, fmt.Sprint(f.Level, " ", f.Subject))
		if f.Level == work.Fatal || !strings.Contains(f.Subject, "board") {
			t.Errorf("%+v", f)
		}
	}
	wantSame(t, "findings", []string{
		fmt.Sprint(work.Note, ` jira board 2 "B"`), fmt.Sprint(work.Warning, ` jira board 3 "C"`), fmt.Sprint(work.Warning, ` jira board 4 "D"`),
	}, got)
}
