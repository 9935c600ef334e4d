package jira

import (
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// checkWith checks a site for what rules write.
func checkWith(t *testing.T, s *stub, fields, features []string, writes ...connectors.Write) []work.Finding {
	t.Helper()
	instance, problems := Definition().New("jira", func(into any) []work.Problem {
		if c, ok := into.(*Config); ok {
			*c = testConfig()
		}
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	live, err := instance.Open(t.Context(), connectors.Env{
		Name: "jira", Fields: fields, Features: features, Writes: writes, Transport: s, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	all := live.Checker.Check(t.Context())
	onlyReads(t, s)
	return all
}

const sets = "note jira writing: each write moves the issue's updated, stands in its history, and starts the automation rules"

func TestCheckFindsWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	everywhere := func(path string, values ...string) []connectors.Write {
		return []connectors.Write{{Path: path, Place: "PAY", Values: values}, {Path: path, Place: "WEB", Values: values}}
	}
	cases := []struct {
		name    string
		replace map[string]string
		fields  []string
		writes  []connectors.Write
		want    []string
	}{
		{"all is right", nil, nil, everywhere("priority", "Critical", "major"), []string{note, sets}},
		{"value outside the scheme", nil, nil, []connectors.Write{{Path: "priority", Place: "PAY", Values: []string{"Critical", "Major"}}, {Path: "priority", Place: "WEB", Values: []string{"Highest", "Major"}}}, []string{
			note, `error jira field priority in WEB: it has no "Highest" → the project has Critical, Major; write under by_project, most urgent first: WEB: {1: [Critical], 2: [Major]}`, sets,
		}},
		{"option that is no option", nil, []string{"customfield_2"}, everywhere("customfield_2", "Gold", "Silber"), []string{
			note, `error jira field Tier (customfield_2) in PAY, WEB: it has no "Silber" → the project has Gold, Silver; for "Silber": did you mean "Silver"?; map the value`, sets,
		}},
		{"not on the screen", nil, []string{"customfield_10026"}, everywhere("customfield_10026"), []string{
			note, "warning jira field Story Points (customfield_10026) in PAY, WEB: it is not on the edit screen, so it cannot be written (seen at PAY-2, Story, WEB-9, Story) → add it to the edit screen", sets,
		}},
		{"labels", nil, nil, []connectors.Write{{Path: "labels", Place: "PAY", Labels: true, Values: []string{"roadmap/now", "a b", strings.Repeat("x", 256)}}}, []string{
			note, `error jira label "a b": Jira takes no label with a space`, `error jira label "` + strings.Repeat("x", 256) + `": Jira takes labels of at most 255 characters, this one has 256`, sets,
		}},
		{"no issue yet", map[string]string{"search PAY": `{"issues":[]}`}, nil, everywhere("priority", "Critical"), []string{
			note, "note jira project PAY: there is no issue yet", sets,
		}},
		{"nothing can be edited", map[string]string{"issue/2/editmeta": `{"fields":{}}`}, nil, everywhere("priority", "Critical"), []string{
			note, "warning jira project PAY: nothing can be edited (seen at PAY-2, Story)", sets,
		}},
		{"screen cannot be seen", map[string]string{"search PAY": `500`}, nil, everywhere("priority", "Critical"), []string{
			note, "warning jira project PAY: what can be edited was not seen: find an issue of PAY: GET https://acme.example/rest/api/2/search/jql: 500 Internal Server Error", sets,
		}},
		{"service project", map[string]string{"project/PAY": `{"key":"PAY","projectTypeKey":"service_desk"}`}, nil, everywhere("priority", "Critical"), []string{
			note, "note jira project PAY: a priority may drive an SLA", sets,
		}},
		{"rights", map[string]string{
			"mypermissions PAY": `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":false}}}`,
			"mypermissions WEB": `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true}}}`,
		}, nil, everywhere("priority", "Critical"), []string{
			note, "warning jira project PAY: the account may not write → give it Edit issues in the permission scheme",
			"note jira projects PAY, WEB: Jira mails the watchers of each issue that is written", sets,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			startLike(t, checkWith(t, healthy(c.replace), c.fields, nil, c.writes...), c.want)
		})
	}
}

func TestRightsAreAskedForWhatRulesDo(t *testing.T) {
	t.Parallel()
	statuses := `[{"statuses":[{"name":"To Do"},{"name":"Fertig"}]},{"statuses":[{"name":"Fertig"}]}]`
	s := healthy(map[string]string{"project/PAY/statuses": statuses, "project/WEB/statuses": statuses})
	got := checkWith(t, s, nil, []string{"backlog", "mark"}, connectors.Write{Path: "comment", Place: "PAY"},
		connectors.Write{Path: "status", Place: "PAY", Values: []string{"Fertig", "Weg"}})
	startLike(t, got, []string{
		note, "warning jira projects PAY, WEB: the account may not order the backlog → give it Schedule issues",
		"warning jira projects PAY, WEB: the account may not change the status → give it Transition issues",
		"warning jira projects PAY, WEB: the account may not comment → give it Add comments",
		"warning jira projects PAY, WEB: the account may not link twins → give it Link issues",
		`error jira field status in PAY: there is no status "Weg" → the project has To Do, Fertig; map the value`,
		"warning jira backlog: GET https://acme.example/rest/agile/1.0/board: 404", sets, // a Jira without Software
	})
	for _, call := range s.calls {
		if call.Query.Get("projectKey") == "PAY" && call.Query.Get("permissions") != "BROWSE_PROJECTS,EDIT_ISSUES,SCHEDULE_ISSUES,TRANSITION_ISSUES,ADD_COMMENTS,LINK_ISSUES,ADMINISTER_PROJECTS" {
			t.Errorf("asked for %s", call.Query.Get("permissions"))
		}
	}
}

func TestPrioritiesAreSharedOutInTheOrderOfTheScheme(t *testing.T) {
	t.Parallel()
	got := []string{
		spread([]string{"Highest", "High", "Medium", "Low", "Lowest"}, 4), spread([]string{"P1", "P2"}, 2),
		spread([]string{"最高", "on", "it's: hot"}, 2), flowText("1st"),
	}
	want := []string{
		"{1: [Highest], 2: [High], 3: [Medium], 4: [Low, Lowest]}", "{1: [P1], 2: [P2]}", "{1: [最高], 2: ['on', 'it''s: hot']}", "'1st'",
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
}
