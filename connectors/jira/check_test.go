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
	may := `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true},"ADMINISTER_PROJECTS":{"havePermission":true}}}`
	answers := map[string]string{
		"serverInfo":        `{"deploymentType":"Cloud","version":"1001.0.0"}`,
		"myself":            `{"accountId":"bot","displayName":"Tandem Bot","timeZone":"Europe/Berlin","active":true}`,
		"mypermissions PAY": may, "mypermissions WEB": may,
		"project/PAY": `{"key":"PAY","projectTypeKey":"software"}`, "project/WEB": `{"key":"WEB","projectTypeKey":"software"}`,
		"search PAY": `{"issues":[{"id":"1","key":"PAY-1","fields":{"issuetype":{"id":"1","name":"Epic","hierarchyLevel":1}}},` +
			`{"id":"2","key":"PAY-2","fields":{"issuetype":{"id":"2","name":"Story","hierarchyLevel":0},"status":{"statusCategory":{"key":"new"}}}},` +
			`{"id":"3","key":"PAY-3","fields":{"issuetype":{"id":"2","name":"Story","hierarchyLevel":0},"status":{"statusCategory":{"key":"done"}}}}]}`,
		"search WEB":       `{"issues":[{"id":"9","key":"WEB-9","fields":{"issuetype":{"id":"2","name":"Story"}}}]}`,
		"issue/2/editmeta": editScreen, "issue/9/editmeta": editScreen,
		"field": `[{"id":"summary","name":"Summary"},{"id":"customfield_10026","name":"Story Points"},` +
			`{"id":"customfield_1","name":"Tier"},{"id":"customfield_2","name":"Tier"}]`,
		"jql/parse": `{"queries":[{"query":"x","structure":{}}]}`,
		"tenant":    "404",
	}
	maps.Copy(answers, replace)
	return &stub{answer: func(w http.ResponseWriter, c call) {
		_, at, _ := strings.Cut(c.Path, "/rest/api/2/")
		if p := c.Query.Get("projectKey"); p != "" {
			at += " " + p
		}
		if strings.HasPrefix(at, "search") {
			at = "search " + strings.Split(c.Query.Get("jql"), `"`)[1]
		}
		if strings.HasSuffix(c.Path, "_edge/tenant_info") {
			at = "tenant"
		}
		answer, known := answers[at]
		var status int
		if n, _ := fmt.Sscan(answer, &status); n == 1 || !known {
			_, answer, _ = strings.Cut(answer, " ")
			if strings.Contains(answer, "CAPTCHA") {
				w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
			}
			if !known {
				status = http.StatusNotFound
			}
			w.WriteHeader(status)
		}
		_, _ = w.Write([]byte(answer))
	}}
}

// startLike compares findings by their first words: what the tests name must start
// the line.
func startLike(t *testing.T, got []work.Finding, want []string) {
	t.Helper()
	var lines []string
	for i, f := range got {
		line := fmt.Sprintf("%s %s: %s", f.Level, f.Subject, f.What)
		if f.Level == work.Fatal && f.Remedy == "" {
			t.Errorf("%s has no remedy", line)
		}
		if i < len(want) {
			if strings.Contains(want[i], " → ") {
				line += " → " + f.Remedy
			}
			line = line[:min(len(line), len(want[i]))]
		}
		lines = append(lines, line)
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
}

// onlyReads fails on every call that could change something.
func onlyReads(t *testing.T, s *stub) {
	t.Helper()
	for _, call := range s.calls {
		if call.Method != http.MethodGet && !strings.HasSuffix(call.Path, "jql/parse") {
			t.Errorf("check changed something: %v", call)
		}
	}
}

const note = "note jira account: connected as Tandem Bot, time zone Europe/Berlin"

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	fields := []string{"customfield_10026", "name:Story Points"}
	cases := []struct {
		name    string
		replace map[string]string
		fields  []string
		where   string
		want    []string
	}{
		{"nothing", nil, fields, "labels = x", []string{note}},
		{"address", map[string]string{"serverInfo": "404"}, nil, "", []string{"error jira url: no Jira answers there: GET https://acme.example/rest/api/2/serverInfo: 404 Not Found"}},
		{"web page", map[string]string{"serverInfo": "<html>"}, nil, "", []string{"error jira url: no Jira answers there: GET https://acme.example/rest/api/2/serverInfo: 200 OK: the service answered a web page"}},
		{"another service", map[string]string{"serverInfo": `{"status":"ok"}`}, nil, "", []string{"error jira url: something answers there, and it is no Jira → write the address under which people open Jira"}},
		{"no JSON", map[string]string{"serverInfo": `hello`}, nil, "", []string{"error jira url: something answers there, and it is no Jira"}},
		{"Data Center", map[string]string{"serverInfo": `{"deploymentType":"Server","version":"10.3.1"}`}, nil, "", []string{"error jira url: this is Jira Data Center 10.3.1, and the settings say cloud → write deployment: datacenter"}},
		{"credentials", map[string]string{"serverInfo": "401", "myself": "401"}, nil, "", []string{"error jira credentials: Jira does not let in bot@acme.example with its token"}},
		{"not Jira", map[string]string{"myself": `{"login":"ana"}`}, nil, "", []string{"error jira credentials: read own account: the answer has not the form of Jira's"}},
		{"time zone", map[string]string{"myself": `{"accountId":"b","displayName":"B","timeZone":"Mars/Olympus","active":false}`}, nil, "", []string{
			"note jira account: connected as B, time zone Mars/Olympus", "warning jira account: the time zone of the account is not known",
			"error jira account: the account is deactivated",
		}},
		{"project", map[string]string{"mypermissions PAY": "404", "mypermissions WEB": "500"}, nil, "", []string{
			note, "error jira project PAY: the project does not exist, or the account cannot see it",
			"error jira project WEB: GET https://acme.example/rest/api/2/mypermissions: 500 Internal Server Error",
		}},
		{"two projects alike", map[string]string{"mypermissions PAY": "404", "mypermissions WEB": "404"}, nil, "", []string{
			note, "error jira projects PAY, WEB: the project does not exist, or the account cannot see it",
		}},
		{"rights", map[string]string{"mypermissions WEB": `{"permissions":{}}`}, nil, "", []string{note, "error jira project WEB: the account may not read the project"}},
		{"fields", nil, []string{"customfield_7", "name:Story Point", "name:Tier", "name:story points", "priority"}, "", []string{
			note, "error jira field customfield_7: there is no field with this id, or the account cannot see it",
			`error jira field name:Story Point: there is no field of this name, or the account cannot see it → did you mean "Story Points"?`,
			"error jira field name:Tier: 2 fields have this name: customfield_1, customfield_2 → write the one that is meant, with its id: field: {name: Tier, id: customfield_1} or {name: Tier, id: customfield_2}",
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
			startLike(t, connect(t, s, config, c.fields...).Checker.Check(t.Context()), c.want)
			onlyReads(t, s)
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
