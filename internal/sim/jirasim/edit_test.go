package jirasim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

type fields = map[string]any

func edit(set fields, update fields) fields {
	body := fields{}
	if set != nil {
		body["fields"] = set
	}
	if update != nil {
		body["update"] = update
	}
	return body
}

func TestRefusedEditsChangeNothingAndSayWhy(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Projects[2].Access = jirasim.ReadOnly
	d := open(t, w, jirasim.Options{})
	before := d.World()
	long := strings.Repeat("x", 256)
	for name, c := range map[string]struct {
		issue  string
		body   any
		status int
		want   fields // errors by field
	}{
		"priority of another scheme":  {"PAY-1", edit(fields{"priority": fields{"id": "10201"}}, nil), 400, fields{"priority": "The priority selected is invalid."}},
		"priority that is not there":  {"PAY-1", edit(fields{"priority": fields{"id": "77"}}, nil), 400, fields{"priority": "The priority selected is invalid."}},
		"no priority":                 {"PAY-1", edit(fields{"priority": nil}, nil), 400, fields{"priority": "The priority selected is invalid."}},
		"a label with spaces":         {"PAY-1", edit(nil, fields{"labels": []any{fields{"add": "Severity: high"}}}), 400, fields{"labels": "The label 'Severity: high' contains spaces which is invalid."}},
		"a long label":                {"PAY-1", edit(fields{"labels": []string{long}}, nil), 400, fields{"labels": "The label '" + long + "' exceeds the maximum length for a single label of 255 characters."}},
		"an unknown field":            {"PAY-1", edit(fields{"customfield_99999": 1}, nil), 400, fields{"customfield_99999": "Field 'customfield_99999' cannot be set. It is not on the appropriate screen, or unknown."}},
		"a field of another project":  {"WEB-1", edit(fields{"customfield_10026": 1}, nil), 400, fields{"customfield_10026": "Field 'customfield_10026' cannot be set. It is not on the appropriate screen, or unknown."}},
		"the status":                  {"PAY-1", edit(fields{"status": fields{"id": "3"}}, nil), 400, fields{"status": "Field 'status' cannot be set. It is not on the appropriate screen, or unknown."}},
		"a field set and updated":     {"PAY-1", edit(fields{"labels": []string{"a"}}, fields{"labels": []any{fields{"add": "b"}}}), 400, fields{"labels": "Field 'labels' cannot appear in both 'fields' and 'update'"}},
		"a verb the field lacks":      {"PAY-1", edit(nil, fields{"priority": []any{fields{"add": fields{"id": "10101"}}}}), 400, fields{"priority": "The operation 'add' is not supported by the field 'priority'."}},
		"a number that is text":       {"PAY-1", edit(fields{"customfield_10026": "five"}, nil), 400, fields{"customfield_10026": "Operation value must be a number"}},
		"an option that is not there": {"PAY-1", edit(fields{"customfield_10040": fields{"value": "Egal"}}, nil), 400, fields{"customfield_10040": "Specify a valid 'id' or 'value' for Schweregrad"}},
		"an archived version":         {"PAY-1", edit(nil, fields{"fixVersions": []any{fields{"add": fields{"id": "10301"}}}}), 400, fields{"fixVersions": "Version '2026.10' is archived"}},
		"an empty summary":            {"PAY-1", edit(fields{"summary": " "}, nil), 400, fields{"summary": "You must specify a summary of the issue."}},
		"good and bad together":       {"PAY-1", edit(fields{"summary": "Fine", "priority": fields{"id": "77"}}, nil), 400, fields{"priority": "The priority selected is invalid."}},
		"an issue that is not there":  {"PAY-99", edit(fields{"summary": "x"}, nil), 404, nil},
		"a project that is read only": {"OPS-1", edit(fields{"summary": "x"}, nil), 403, nil},
		"no JSON":                     {"PAY-1", "{", 400, nil},
	} {
		got := d.wrong("PUT", "/rest/api/2/issue/"+c.issue, c.body)
		if got.status != c.status {
			t.Errorf("%s: status %d, want %d: %s", name, got.status, c.status, got.raw)
			continue
		}
		errors, _ := got.body["errors"].(map[string]any)
		if len(c.want) > 0 || len(errors) > 0 {
			if diff := cmp.Diff(map[string]any(c.want), errors); diff != "" {
				t.Errorf("%s: errors (-want +got):\n%s", name, diff)
			}
		}
	}
	if diff := cmp.Diff(before, d.World()); diff != "" {
		t.Errorf("the world changed (-before +after):\n%s", diff)
	}
	if n := len(d.Writes().Effects(true)); n != 0 {
		t.Errorf("%d effects were logged", n)
	}
}

func TestAnEditIsOneEntryInHistoryAndLog(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.clock.Advance(1234 * time.Millisecond)
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", map[string]any{
		"fields":          fields{"priority": fields{"id": "10101"}, "customfield_10026": 5},
		"update":          fields{"labels": []any{fields{"add": "b"}, fields{"add": "a"}}},
		"properties":      []any{fields{"key": "tandem", "value": fields{"run": 7}}},
		"historyMetadata": fields{"type": "tandem"},
	}))
	issue, _ := d.Issue("PAY-1")
	if want := noon().Add(1234 * time.Millisecond); !issue.Updated.Equal(want) {
		t.Errorf("updated = %v, want %v", issue.Updated, want)
	}
	got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/changelog", nil))
	entry := at(got.body, "values", 0)
	if at(entry, "author", "accountId") != jirasim.Bot || at(entry, "created") != "2026-11-21T13:00:01.234+0100" || at(entry, "historyMetadata", "type") != "tandem" {
		t.Errorf("entry = %v", entry)
	}
	want := []any{
		map[string]any{"field": "priority", "fieldId": "priority", "fieldtype": "jira", "from": "10102", "fromString": "Major", "to": "10101", "toString": "Critical"},
		map[string]any{"field": "labels", "fieldId": "labels", "fieldtype": "jira", "from": nil, "fromString": nil, "to": nil, "toString": "a b"},
		map[string]any{"field": "Story Points", "fieldId": "customfield_10026", "fieldtype": "custom", "from": nil, "fromString": nil, "to": nil, "toString": "5"},
	}
	if diff := cmp.Diff(want, at(entry, "items")); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	writes := d.Writes().All()
	wantLog := []sim.Write{{
		Seq: 1, At: noon().Add(1234 * time.Millisecond), Connector: "jira", Actor: "Tandem", Service: true, Method: "PUT",
		Route: "/rest/api/2/issue/{issueIdOrKey}", Path: "/rest/api/2/issue/PAY-1", Status: 204,
		Effects: []sim.Effect{
			{Ref: "PAY-1", Field: "priority", From: "10102", To: "10101"},
			{Ref: "PAY-1", Field: "labels", To: "a"},
			{Ref: "PAY-1", Field: "labels", To: "b"},
			{Ref: "PAY-1", Field: "customfield_10026", To: "5"},
			{Ref: "PAY-1", Field: "property tandem", To: `{"run":7}`},
		},
	}}
	if diff := cmp.Diff(wantLog, writes); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestAnEditThatChangesNothingLeavesNoTrace(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	before, _ := d.Issue("PAY-1")
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"priority": fields{"id": "10102"}}, fields{"labels": []any{fields{"remove": "absent"}}})))
	after, _ := d.Issue("PAY-1")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the issue changed (-before +after):\n%s", diff)
	}
	if writes := d.Writes().All(); len(writes) != 1 || len(writes[0].Effects) != 0 {
		t.Errorf("log = %v, want one write without effects", writes)
	}
}

func TestPeopleAreToldFromTheService(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	key, err := d.Create(jirasim.Cy, jirasim.Issue{Project: "OPS", Summary: "Disk full", Type: "10004"})
	if err != nil || key != "OPS-4" {
		t.Fatalf("Create = %s, %v", key, err)
	}
	if err := d.Edit(key, jirasim.Ana, func(i *jirasim.Issue) { i.Priority, i.Labels = "10201", []string{"now"} }); err != nil {
		t.Fatal(err)
	}
	d.want(204, d.call("PUT", "/rest/api/2/issue/OPS-4", edit(nil, fields{"labels": []any{fields{"remove": "now"}}})))
	if err := d.Comment(key, jirasim.Cy, "done?"); err != nil {
		t.Fatal(err)
	}
	want := []sim.Effect{
		{Ref: "OPS-4", Field: "issue", To: "Disk full"},
		{Ref: "OPS-4", Field: "priority", From: "10203", To: "10201"},
		{Ref: "OPS-4", Field: "labels", To: "now"},
		{Ref: "OPS-4", Field: "comment", To: "done?"},
	}
	if diff := cmp.Diff(want, d.Writes().Effects(false)); diff != "" {
		t.Errorf("effects of people (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]sim.Effect{{Ref: "OPS-4", Field: "labels", From: "now"}}, d.Writes().Effects(true)); diff != "" {
		t.Errorf("effects of the service (-want +got):\n%s", diff)
	}
	if actors := []string{d.Writes().All()[0].Actor, d.Writes().All()[1].Actor}; !slices.Equal(actors, []string{"Cy Chen", "Ana Araújo"}) {
		t.Errorf("actors = %v", actors)
	}
	if err := d.Edit("OPS-99", jirasim.Ana, func(*jirasim.Issue) {}); err == nil {
		t.Error("editing an issue that does not exist succeeds")
	}
}

func TestFinishingAnIssueSetsItsResolution(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/transitions", nil))
	if n := len(at(got.body, "transitions").([]any)); n != 3 {
		t.Fatalf("%d transitions, want one to each other status", n)
	}
	d.want(204, d.call("POST", "/rest/api/2/issue/PAY-1/transitions", fields{"transition": fields{"id": "910001"}}))
	issue, _ := d.Issue("PAY-1")
	if issue.Status != "10001" || issue.Resolution != "10000" || !issue.Resolved.Equal(noon()) {
		t.Errorf("after the transition: status %s, resolution %s, resolved %v", issue.Status, issue.Resolution, issue.Resolved)
	}
	if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Status = "3" }); err != nil {
		t.Fatal(err)
	}
	if issue, _ := d.Issue("PAY-1"); issue.Resolution != "" || !issue.Resolved.IsZero() {
		t.Errorf("reopened, but resolution %s, resolved %v", issue.Resolution, issue.Resolved)
	}
	if got := d.call("POST", "/rest/api/2/issue/PAY-1/transitions", fields{"transition": fields{"id": "1"}}); got.status != 400 {
		t.Errorf("a transition that is not there: %d, want 400", got.status)
	}
}

func TestAMovedIssueKeepsItsIdAndAnswersToItsOldKey(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	key, err := d.Move("PAY-2", jirasim.Ana, "WEB")
	if err != nil || key != "WEB-4" {
		t.Fatalf("Move = %s, %v", key, err)
	}
	got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-2?fields=priority", nil))
	if got.body["key"] != "WEB-4" || got.body["id"] != "10001" || at(got.body, "fields", "priority", "id") != "3" {
		t.Errorf("read by the old key: %s", got.raw)
	}
	if diff := cmp.Diff([]string{"PAY-1", "PAY-3"}, keys(d.search("project = PAY ORDER BY key ASC"), "key")); diff != "" {
		t.Errorf("what stayed (-want +got):\n%s", diff)
	}
}

func TestAccessDecidesWhatAccountsSee(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Projects[2].Access = jirasim.NoAccess
	w.Levels[0].Hidden = true
	w.Issues[0].Level = "10100"
	d := open(t, w, jirasim.Options{})
	for _, path := range []string{"/issue/OPS-1", "/issue/PAY-1", "/issue/OPS-1/changelog", "/project/OPS"} {
		d.want(404, d.call("GET", "/rest/api/2"+path, nil))
	}
	if got := d.call("POST", "/rest/api/2/search/jql", fields{"jql": "project = OPS"}); got.status != 400 {
		t.Errorf("search in a hidden project: %d, want 400", got.status)
	}
	if diff := cmp.Diff([]string{"PAY-2", "PAY-3"}, keys(d.search("project = PAY ORDER BY key ASC"), "key")); diff != "" {
		t.Errorf("search (-want +got):\n%s", diff)
	}
	got := d.want(200, d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{"WEB-2", "OPS-1", "PAY-2", "PAY-1", "nope"}, "fields": []string{"summary"}}))
	if diff := cmp.Diff([]string{"PAY-2", "WEB-2"}, keys(got, "key")); diff != "" {
		t.Errorf("bulkfetch (-want +got):\n%s", diff)
	}
	got = d.want(200, d.call("GET", "/rest/api/2/mypermissions?permissions=EDIT_ISSUES,ADMINISTER&projectKey=PAY", nil))
	if at(got.body, "permissions", "EDIT_ISSUES", "havePermission") != true || at(got.body, "permissions", "ADMINISTER", "havePermission") != false {
		t.Errorf("permissions: %s", got.raw)
	}
	d.want(404, d.call("GET", "/rest/api/2/mypermissions?permissions=EDIT_ISSUES&projectKey=OPS", nil))
	d.want(400, d.call("GET", "/rest/api/2/mypermissions", nil))
}

func TestPropertiesMoveUpdatedUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	for quiet, moves := range map[bool]bool{false: true, true: false} {
		d := open(t, sample(), jirasim.Options{QuietProperties: quiet, QuietRank: quiet})
		before, _ := d.Issue("PAY-1")
		d.clock.Advance(time.Second)
		d.want(201, d.call("PUT", "/rest/api/2/issue/PAY-1/properties/tandem", `{"a":1}`))
		d.want(200, d.call("PUT", "/rest/api/2/issue/PAY-1/properties/tandem", `{"a":2}`))
		after, _ := d.Issue("PAY-1")
		if moved := !after.Updated.Equal(before.Updated); moved != moves {
			t.Errorf("quiet %v: updated moved %v by a property", quiet, moved)
		}
		if len(after.History) != 0 {
			t.Error("a property shows in the changelog")
		}
		ranked, _ := d.Issue("WEB-1")
		d.want(204, d.call("PUT", "/rest/agile/1.0/issue/rank", fields{"issues": []string{"WEB-1"}, "rankAfterIssue": "WEB-3"}))
		after, _ = d.Issue("WEB-1")
		if moved := !after.Updated.Equal(ranked.Updated); moved != moves || len(after.History) != 1 {
			t.Errorf("quiet %v: updated moved %v by a rank, history %v", quiet, moved, after.History)
		}
	}
	d := open(t, sample(), jirasim.Options{})
	for name, body := range map[string]string{"empty": "", "no JSON": "{", "too long": `"` + strings.Repeat("x", 32768) + `"`} {
		if got := d.wrong("PUT", "/rest/api/2/issue/PAY-1/properties/p", body); got.status != 400 {
			t.Errorf("%s property: %d, want 400", name, got.status)
		}
	}
	d.want(404, d.call("GET", "/rest/api/2/issue/PAY-1/properties/p", nil))
}

func TestRemoteLinksAreReplacedByGlobalID(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	link := func(global, title string) answer {
		body := fields{"object": fields{"url": "https://x.example", "title": title}}
		if global != "" {
			body["globalId"] = global
		}
		return d.call("POST", "/rest/api/2/issue/PAY-1/remotelink", body)
	}
	first := d.want(201, link("twin", "one"))
	second := d.want(200, link("twin", "two"))
	if first.body["id"] != second.body["id"] {
		t.Errorf("ids %v and %v differ", first.body["id"], second.body["id"])
	}
	d.want(201, link("", "three"))
	d.want(201, link("", "three"))
	if n := len(d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/remotelink", nil)).list); n != 3 {
		t.Errorf("%d links, want 3: without a global id every post makes one", n)
	}
	if got := d.wrong("POST", "/rest/api/2/issue/PAY-1/remotelink", fields{"object": fields{}}); got.status != 400 {
		t.Errorf("a link without url and title: %d, want 400", got.status)
	}
	d.want(404, d.call("GET", "/rest/api/2/issue/PAY-1/remotelink?globalId=none", nil))
}
