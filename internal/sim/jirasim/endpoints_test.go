package jirasim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/sim/jirasim"
)

func TestEveryEndpointAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2", "3"} {
		d := open(t, sample(), jirasim.Options{})
		api := "/rest/api/" + version
		text := func(s string) any {
			if version == "2" {
				return s
			}
			return map[string]any{"type": "doc", "version": 1, "content": []any{
				map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": s}}},
			}}
		}
		comment := ""
		for _, c := range []struct {
			method, path string
			body         any
			status       int
		}{
			{"GET", "/serverInfo", nil, 200},
			{"GET", "/myself", nil, 200},
			{"GET", "/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES&projectKey=PAY", nil, 200},
			{"GET", "/field", nil, 200},
			{"GET", "/priority", nil, 200},
			{"GET", "/priority/search?projectId=10003", nil, 200},
			{"GET", "/status", nil, 200},
			{"GET", "/issuetype", nil, 200},
			{"GET", "/project/search?expand=lead,issueTypes", nil, 200},
			{"GET", "/project/PAY", nil, 200},
			{"GET", "/project/PAY/versions", nil, 200},
			{"PUT", "/issue/PAY-1", map[string]any{"fields": map[string]any{
				"summary": "New", "description": text("Why\nand how"), "priority": map[string]any{"id": "10101"},
				"customfield_10026": 5, "customfield_10040": map[string]any{"id": "10021"}, "duedate": "2026-12-24",
			}, "properties": []any{map[string]any{"key": "tandem", "value": map[string]any{"seen": 1}}}}, 204},
			{"PUT", "/issue/PAY-1?returnIssue=true", map[string]any{"update": map[string]any{
				"labels": []any{map[string]any{"add": "x"}}, "fixVersions": []any{map[string]any{"add": map[string]any{"id": "10300"}}},
			}}, 200},
			{"GET", "/issue/PAY-1?fields=*all&properties=*all&expand=changelog", nil, 200},
			{"GET", "/issue/PAY-1/editmeta", nil, 200},
			{"GET", "/issue/PAY-1/changelog", nil, 200},
			{"POST", "/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": []string{"PAY-1"}, "fieldIds": []string{"priority"}}, 200},
			{"POST", "/issue/bulkfetch", map[string]any{"issueIdsOrKeys": []string{"PAY-1", "WEB-2"}, "fields": []string{"*all"}, "properties": []string{"tandem"}}, 200},
			{"GET", "/search/jql?jql=" + url.QueryEscape("project = PAY") + "&fields=summary,description", nil, 200},
			{"POST", "/search/jql", map[string]any{"jql": "project = PAY", "fields": []string{"*all"}, "properties": []string{"tandem"}}, 200},
			{"POST", "/search/approximate-count", map[string]any{"jql": "project = PAY"}, 200},
			{"POST", "/jql/parse?validation=strict", map[string]any{"queries": []string{"project = PAY", "priorty = x"}}, 200},
			{"POST", "/issue/PAY-1/remotelink", map[string]any{"globalId": "g1", "object": map[string]any{"url": "https://x.example", "title": "X"}}, 201},
			{"POST", "/issue/PAY-1/remotelink", map[string]any{"globalId": "g1", "object": map[string]any{"url": "https://y.example", "title": "Y"}}, 200},
			{"GET", "/issue/PAY-1/remotelink", nil, 200},
			{"GET", "/issue/PAY-1/remotelink?globalId=g1", nil, 200},
			{"DELETE", "/issue/PAY-1/remotelink?globalId=g1", nil, 204},
			{"PUT", "/issue/PAY-1/properties/p", map[string]any{"a": 1}, 201},
			{"PUT", "/issue/PAY-1/properties/p", map[string]any{"a": 2}, 200},
			{"GET", "/issue/PAY-1/properties/p", nil, 200},
			{"GET", "/issue/PAY-1/properties", nil, 200},
			{"DELETE", "/issue/PAY-1/properties/p", nil, 204},
			{"POST", "/issue/PAY-1/comment", map[string]any{"body": text("Hello")}, 201},
			{"GET", "/issue/PAY-1/comment", nil, 200},
			{"PUT", "/issue/PAY-1/comment/{id}", map[string]any{"body": text("Hello again")}, 200},
			{"GET", "/issue/PAY-1?fields=comment,description", nil, 200},
			{"DELETE", "/issue/PAY-1/comment/{id}", nil, 204},
			{"GET", "/issue/PAY-1/transitions", nil, 200},
			{"POST", "/issue/PAY-1/transitions", map[string]any{"transition": map[string]any{"id": "910001"}}, 204},
			{"GET", "/search?jql=x", nil, http.StatusGone},
		} {
			got := d.call(c.method, api+strings.Replace(c.path, "{id}", comment, 1), c.body)
			if id, ok := got.body["id"].(string); ok && strings.HasSuffix(c.path, "/comment") {
				comment = id
			}
			if got.status != c.status {
				t.Errorf("%s %s%s = %d, want %d: %s", c.method, api, c.path, got.status, c.status, got.raw)
			}
		}
		if got := d.call("PUT", "/rest/agile/1.0/issue/rank", map[string]any{"issues": []string{"PAY-1"}, "rankAfterIssue": "PAY-3"}); got.status != 204 {
			t.Errorf("rank = %d: %s", got.status, got.raw)
		}
	}
}
