package contract_test

import (
	"net/http"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
)

// TestADataCenterKeepsToItsDescription walks the calls of a Data Center, whose
// description has paths without /rest.
func TestADataCenterKeepsToItsDescription(t *testing.T) {
	t.Parallel()
	world := jirasim.Sample()
	jirasim.Furnish(&world)
	jirasim.Populate(&world, 20, 1, time.Now())
	site, err := jirasim.New(world, jirasim.Options{Deployment: jirasim.DataCenter})
	if err != nil {
		t.Fatal(err)
	}
	front, address := between(t, site, description{file: "jira-dc-10.3-subset.json", prefix: "/rest/", strip: "/rest"})
	for _, path := range []string{
		"/api/2/serverInfo", "/api/2/myself", "/api/2/field", "/api/2/priority", "/api/2/status", "/api/2/project/PAY",
		"/api/2/project/PAY/statuses", "/api/2/project/PAY/versions", "/api/2/search?jql=project+%3D+PAY&maxResults=5&fields=summary",
		"/api/2/issue/PAY-1", "/api/2/issue/PAY-1/editmeta", "/api/2/issue/PAY-1/transitions", "/api/2/issue/PAY-1/properties",
		"/api/2/issue/PAY-1/comment", "/api/2/issue/PAY-1/remotelink", "/api/2/mypermissions?projectKey=PAY",
		"/api/2/issue/createmeta/PAY/issuetypes", "/api/2/issue/createmeta/PAY/issuetypes/10001",
		"/agile/1.0/board",
	} {
		if status := send(t, "tandem", http.MethodGet, address+"/rest"+path, ""); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", "/rest/agile/1.0/issue/rank", `{"issues":["PAY-1"],"rankAfterIssue":"PAY-3"}`, 204},
		{"PUT", "/rest/api/2/issue/PAY-1", `{"update":{"labels":[{"add":"x"}]},"fields":{"priority":{"id":"10101"}}}`, 204},
		{"POST", "/rest/api/2/issue/PAY-1/comment", `{"body":"x"}`, 201},
	} {
		if status := send(t, "tandem", c.method, address+c.path, c.body); status != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, status, c.status)
		}
	}
	for _, f := range front.Findings() {
		t.Error(f)
	}
	before := len(front.Findings())
	send(t, "tandem", http.MethodGet, address+"/rest/api/2/search/jql?jql=project+%3D+PAY", "") // of the Cloud alone
	if len(front.Findings()) == before {
		t.Error("a path that is not described was not found")
	}
}
