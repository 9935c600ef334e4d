package jira

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

// healthy is a site on which everything is right, with replaceable answers.
func healthy(replace map[string]string) *stub {
	answers := map[string]string{
		"serverInfo":        `{"deploymentType":"Cloud","version":"1001.0.0"}`,
		"myself":            `{"accountId":"bot","displayName":"Tandem Bot","timeZone":"Europe/Berlin","active":true}`,
		"mypermissions PAY": `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true}}}`,
		"mypermissions WEB": `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true}}}`,
		"field": `[{"id":"summary","name":"Summary"},{"id":"customfield_10026","name":"Story Points"},` +
			`{"id":"customfield_1","name":"Tier"},{"id":"customfield_2","name":"Tier"}]`,
		"jql/parse": `{"queries":[{"query":"x","structure":{}}]}`,
	}
	maps.Copy(answers, replace)
	return &stub{answer: func(w http.ResponseWriter, c call) {
		at := strings.TrimPrefix(c.Path, "/rest/api/2/")
		if p := c.Query.Get("projectKey"); p != "" {
			at += " " + p
		}
		answer := answers[at]
		var status int
		if n, _ := fmt.Sscan(answer, &status); n == 1 {
			w.WriteHeader(status)
			return
		}
		_, _ = w.Write([]byte(answer))
	}}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	fields := []string{"customfield_10026", "name:Story Points"}
	note := "note jira account: connected as Tandem Bot, time zone Europe/Berlin"
	cases := []struct {
		name    string
		replace map[string]string
		fields  []string
		where   string
		want    []string
	}{
		{"nothing", nil, fields, "labels = x", []string{note}},
		{"address", map[string]string{"serverInfo": "404"}, nil, "", []string{"error jira url: GET https://acme.example/rest/api/2/serverInfo: 404 Not Found"}},
		{"web page", map[string]string{"serverInfo": "<html>"}, nil, "", []string{"error jira url: GET https://acme.example/rest/api/2/serverInfo: 200 OK: the service answered a web page, not JSON: is the address right, is a proxy in between?"}},
		{"Data Center", map[string]string{"serverInfo": `{"deploymentType":"Server","version":"10.3.1"}`}, nil, "", []string{"error jira url: this is Jira Server 10.3.1, not Jira Cloud"}},
		{"credentials", map[string]string{"serverInfo": "401", "myself": "401"}, nil, "", []string{"error jira credentials: GET https://acme.example/rest/api/2/myself: 401 Unauthorized"}},
		{"not Jira", map[string]string{"serverInfo": "{}", "myself": `{"login":"ana"}`}, nil, "", []string{"error jira credentials: read own account: the answer has not the form of Jira's"}},
		{"time zone", map[string]string{"myself": `{"accountId":"b","displayName":"B","timeZone":"Mars/Olympus","active":false}`}, nil, "", []string{
			"note jira account: connected as B, time zone Mars/Olympus", "warning jira account: the time zone of the account is not known",
			"error jira account: the account is deactivated",
		}},
		{"project", map[string]string{"mypermissions PAY": "404", "mypermissions WEB": "500"}, nil, "", []string{
			note, "error jira project PAY: the project does not exist, or the account cannot see it",
			"error jira project WEB: GET https://acme.example/rest/api/2/mypermissions: 500 Internal Server Error",
		}},
		{"rights", map[string]string{
			"mypermissions PAY": `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":false}}}`,
			"mypermissions WEB": `{"permissions":{}}`,
		}, nil, "", []string{
			note, "warning jira project PAY: the account may read the project, but not write",
			"error jira project WEB: the account may not read the project",
		}},
		{"fields", nil, []string{"customfield_7", "name:Story Point", "name:Tier", "name:story points", "priority"}, "", []string{
			note, "error jira field customfield_7: there is no field with this id, or the account cannot see it",
			`error jira field name:Story Point: there is no field of this name, or the account cannot see it; did you mean "Story Points"?`,
			"error jira field name:Tier: 2 fields have this name: customfield_1, customfield_2",
		}},
		{"restriction", map[string]string{"jql/parse": `{"queries":[{"errors":["Field 'x' does not exist."]}]}`}, nil, "x = y", []string{note, "error jira where: Field 'x' does not exist."}},
		{"no parser", map[string]string{"jql/parse": "404"}, nil, "x = y", []string{note, "note jira where: Jira did not check the restriction"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := testConfig()
			config.Where = c.where
			s := healthy(c.replace)
			var got []string
			for i, f := range connect(t, s, config, c.fields...).Checker.Check(t.Context()) {
				line := fmt.Sprintf("%s %s: %s", f.Level, f.Subject, f.What)
				if f.Level == work.Fatal && f.Remedy == "" {
					t.Errorf("%s has no remedy", line)
				}
				if i < len(c.want) {
					if strings.Contains(c.want[i], "did you mean") {
						line += "; " + f.Remedy
					}
					line = line[:min(len(line), len(c.want[i]))]
				}
				got = append(got, line)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			for _, call := range s.calls {
				if call.Method != http.MethodGet && !strings.HasSuffix(call.Path, "jql/parse") {
					t.Errorf("check changed something: %v", call)
				}
			}
		})
	}
}

func TestAFieldWithoutAUniqueNameIsUnknownNotEmpty(t *testing.T) {
	t.Parallel()
	l := &listing{issues: manyIssues(1, time.Now()), size: 10}
	fieldsOf := healthy(nil)
	s := &stub{}
	s.answer = func(w http.ResponseWriter, c call) {
		if strings.HasSuffix(c.Path, "/field") {
			fieldsOf.answer(w, c)
			return
		}
		l.answer(w, c)
	}
	live := connect(t, s, testConfig(), "name:Tier", "name:Story Points", "priority")
	got := poll(t, live, nil)
	again := poll(t, live, nil)
	if got.err != nil || again.err != nil || len(got.records) != 1 {
		t.Fatalf("%v, %v", got.err, again.err)
	}
	if v, ok := got.records[0].Fields["name:Tier"]; ok || v.Known() {
		t.Errorf("name:Tier is %v", v)
	}
	asked := s.calls[1].Query.Get("fields")
	if !strings.Contains(asked, "customfield_10026") || strings.Contains(asked, "customfield_1,") || strings.Contains(asked, "name:") {
		t.Errorf("asked for %s", asked)
	}
	if d := cmp.Diff([]string{"GET field", "GET search/jql", "GET search/jql"}, s.paths()); d != "" {
		t.Error(d)
	}
}
