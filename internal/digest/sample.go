package digest

import (
	"slices"
	"strings"
)

// samples are contents that templates are tried on: one with everything, one
// with what may be absent, one with nothing, and one with as much as there can be.
func samples() []Content {
	item := Item{Ref: "jira:PAY-12", Title: "CSV export drops rows", Team: "pay", URL: "https://acme.atlassian.net/browse/PAY-12"}
	bare := Item{Ref: "github:acme/pay#7", Title: "Rows are lost"}
	all := Content{
		Name: "pm pay", Role: "pm", Team: "pay", Audience: "internal", Instance: "acme", Day: "2026-11-23", Since: "2026-11-20", Link: "https://tandem.acme.example/",
		Late: []Duty{{Item: item, Because: "epic without a goal", Since: "2026-11-02", Due: "2026-11-16", Person: "ana"}}, LateAll: 1,
		Waits:   []Duty{{Item: item, Because: "finished, not accepted", Since: "2026-11-20", Due: "2026-11-27", Person: "ana"}, {Item: bare, Because: "triage", Since: "2026-11-20"}},
		WaitAll: 14, Restricted: 2,
		Moved: []Move{{Item: item, From: 14, To: 3, Because: "2 more accounts asked"}, {Item: bare, To: 5}}, MovedAll: 9,
		Roadmap: []Shift{{Item: item, From: "next", To: "now", Because: "2 more accounts asked"}, {Item: bare}}, RoadmapAll: 2,
		Failed: []Failed{{What: "jira could not be read", Remedy: "see: tandem status"}, {What: "writing is paused"}}, FailedAll: 2,
		Stale: []string{"jira", "github"},
	}
	long := item
	long.Title = strings.Repeat("x", mostTitle)
	most := all
	most.Late = slices.Repeat([]Duty{{Item: long, Because: long.Title, Since: "2026-11-02", Due: "2026-11-16", Person: "ana"}}, told)
	most.Waits, most.LateAll, most.WaitAll = most.Late, 1000, 1000
	most.Moved = slices.Repeat([]Move{{Item: long, From: 14, To: 3, Because: long.Title}}, told)
	most.Roadmap = slices.Repeat([]Shift{{Item: long, From: "next", To: "now", Because: long.Title}}, told)
	most.Failed = slices.Repeat([]Failed{{What: long.Title, Remedy: long.Title}}, 2*told)
	most.MovedAll, most.RoadmapAll, most.FailedAll = 1000, 1000, 2*told
	few := all
	few.Team, few.Since, few.Link, few.Failed, few.FailedAll = "", "", "", nil, 0
	return []Content{all, few, {Name: "pm pay", Role: "pm", Audience: "public", Instance: "acme", Day: "2026-11-23"}, most}
}
