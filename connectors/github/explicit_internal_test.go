package github

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExplicitLinks(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Twin: jira:PAY-12": "jira:PAY-12",
		"text\r\n  tandem-link:  jira:PAY-12, ops:OPS-1\r\n":  "jira:PAY-12 ops:OPS-1",
		"TWIN:https://acme.atlassian.net/browse/PAY-12":       "https://acme.atlassian.net/browse/PAY-12",
		"Twin: <https://x.example/1>.":                        "https://x.example/1",
		"Twin: PAY-12":                                        "", // of which connector?
		"blocked by jira:PAY-12":                              "",
		"my twin: jira:PAY-12":                                "",
		"```\nTwin: jira:PAY-12\n```\nTwin: jira:PAY-13":      "jira:PAY-13",
		"~~~\nTwin: jira:PAY-12":                              "",
		"Twin: javascript://alert(1) ftp://x Jira:PAY-1 a:/b": "",
		"": "",
	} {
		if got := strings.Join(explicitLinks(body), " "); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

func TestMarkers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"x\n<!-- tandem: jira:10012 -->\ny":                             "jira:10012",
		"<!--tandem:jira:10012-->":                                      "jira:10012",
		"<!-- note --> <!-- tandem: jira:1 --> <!-- tandem: jira:2 -->": "jira:1",
		"<!-- tandem: -->":                                              "",
		"<!-- tandem: jira -->":                                         "",
		"<!-- notandem: jira:1 -->":                                     "",
		"<!-- tandem: jira:1":                                           "",
		"```\n<!-- tandem: jira:1 -->\n```":                             "",
	} {
		if got := marker(body); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

func TestGroupsOfEditsAreRequests(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([][]int(nil), groups(nil)); diff != "" {
		t.Error(diff)
	}
}
