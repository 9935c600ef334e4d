package jira

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

func testDecoder(wanted ...asked) decoder {
	s := &site{name: "jira", config: testConfig()}
	return s.decoder(wanted)
}

// decodeAll counts what becomes a record, and shows what does not.
func decodeAll(t *testing.T, folder string, raws []json.RawMessage, d decoder) []work.Record {
	t.Helper()
	var records []work.Record
	for i, raw := range raws {
		r, err := d.record(raw)
		if err != nil {
			t.Logf("set aside: %+v", reject("jira", i, raw, err))
			continue
		}
		records = append(records, r)
	}
	t.Logf("recordings/jira/%s: %d of %d issues became records", folder, len(records), len(raws))
	if len(raws) == 0 || len(records) != len(raws) {
		t.Errorf("%d of %d issues of %s became records, want all", len(records), len(raws), folder)
	}
	return records
}

func TestRecordedIssuesBecomeRecords(t *testing.T) {
	t.Parallel()
	dir := recordings(t, "devlake")
	var raws []json.RawMessage
	for _, name := range []string{"issues", "issue_relationships", "issues_for_due_date"} {
		raws = append(raws, issueRows(t, filepath.Join(dir, "_raw_jira_api_"+name+".csv"))...)
	}
	raws = append(raws, issueRows(t, filepath.Join(dir, "_raw_jira_external_epics.csv"))...)
	records := decodeAll(t, "devlake", raws, testDecoder(asked{"customfield_10020", []string{"customfield_10020"}}, asked{"customfield_10019", []string{"customfield_10019"}}))
	withSprint := 0
	for _, r := range records {
		if r.Version.IsZero() || r.Created.IsZero() || r.Place == "" || !r.Fields["summary"].Present() || !r.Fields[statusCategory].Present() {
			t.Errorf("%s lacks what every issue has: %+v", r.Ref, r)
		}
		if strings.HasPrefix(r.Fields["customfield_10020"].String(), "EE Sprint") {
			withSprint++
		}
	}
	if withSprint < 25 {
		t.Errorf("%d records show the names of their sprints, want most of the Cloud ones", withSprint)
	}
}

func TestRecordedIssuesOfGoJiraBecomeRecords(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join(recordings(t, "go-jira-v1.17.0-mocks"), "issues_in_sprint.json"))
	if err != nil {
		t.Fatal(err)
	}
	var page searchAnswer
	if err := json.Unmarshal(b, &page); err != nil {
		t.Fatal(err)
	}
	decodeAll(t, "go-jira-v1.17.0-mocks", page.Issues, testDecoder())
}

// TestRecordedWebhooksHoldIssues shows that the same decoder reads the issues
// in webhook bodies of Cloud and Server.
func TestRecordedWebhooksHoldIssues(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(recordings(t, "mattermost-webhooks"), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var raws []json.RawMessage
	without := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var hook struct {
			Issue struct {
				Fields map[string]json.RawMessage `json:"fields"`
			} `json:"issue"`
		}
		var body map[string]json.RawMessage
		if json.Unmarshal(b, &hook) != nil || json.Unmarshal(b, &body) != nil {
			t.Fatalf("%s is no JSON", f)
		}
		if _, ok := hook.Issue.Fields["updated"]; ok { // comment hooks carry a reduced issue
			raws = append(raws, body["issue"])
		} else {
			without++
		}
	}
	t.Logf("recordings/jira/mattermost-webhooks: %d of %d bodies hold no whole issue, which is read by its id then", without, len(files))
	decodeAll(t, "mattermost-webhooks", raws, testDecoder())
}

func issueRows(t *testing.T, file string) []json.RawMessage {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.LazyQuotes = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for i, head := range rows[0] {
		if head == "data" {
			at = i
		}
	}
	var raws []json.RawMessage
	for _, row := range rows[1:] {
		raws = append(raws, json.RawMessage(row[at]))
	}
	return raws
}

func TestAnIssueBecomesARecord(t *testing.T) {
	t.Parallel()
	raw := `{"id":"10001","key":"PAY-1","self":"https://elsewhere.example/rest/api/2/issue/10001",
	"properties":{"tandem":{"twin":"github:123"}},
	"fields":{
	 "summary":"Export drops rows","description":"h2. Steps\n# click","project":{"id":"1","key":"PAY"},
	 "issuetype":{"id":"3","name":"Sub-task","subtask":true,"hierarchyLevel":-1},
	 "status":{"name":"In Arbeit","statusCategory":{"key":"indeterminate","name":"In Arbeit"}},
	 "priority":{"id":"2","name":"High"},"labels":["b","a"],
	 "assignee":{"accountId":"712020:aa","displayName":"Ana"},"reporter":null,
	 "created":"2026-01-02T03:04:05.678+0100","updated":"2026-01-03T00:00:00.000+0100","duedate":"2026-02-01",
	 "parent":{"id":"9","key":"PAY-0"},"resolution":null,
	 "fixVersions":[{"id":"7","name":"2.0"},{"id":"8","name":"2.1"}],"components":[],"security":null,
	 "issuelinks":[{"id":"1","type":{"name":"Blocks"},"inwardIssue":{"key":"WEB-4"}},{"id":"2","outwardIssue":{"key":"PAY-9"}}],
	 "issuerestriction":{"issuerestrictions":{},"shouldDisplay":false},
	 "customfield_1":5.5,"customfield_2":{"value":"Gold","id":"1"},"customfield_3":null
	}}`
	got, err := testDecoder(asked{"customfield_1", []string{"customfield_1"}}, asked{"name:Tier", []string{"customfield_2"}}, asked{"customfield_3", []string{"customfield_3"}}, asked{"customfield_4", []string{"customfield_4"}}).record(json.RawMessage(raw))
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	want := work.Record{
		Ref: work.NewRef("jira", "10001", "PAY-1"), Place: "PAY", URL: "https://acme.example/browse/PAY-1",
		Audience: work.Internal, Version: at("2026-01-02T23:00:00Z"), Created: at("2026-01-02T02:04:05.678Z"),
		Fields: map[string]work.Value{
			"summary": work.NewText("Export drops rows"), "description": work.NewText("h2. Steps\n# click"),
			"issuetype": work.NewText("Sub-task"), "hierarchy": work.NewNumber(-1),
			"status": work.NewText("In Arbeit"), "status_category": work.NewText("indeterminate"),
			"priority": work.NewText("High"), "labels": work.NewList("a", "b"),
			"assignee": work.NewText("712020:aa"), "reporter": work.Empty(),
			"created": work.NewTime(at("2026-01-02T02:04:05.678Z")), "updated": work.NewTime(at("2026-01-02T23:00:00Z")),
			"duedate": work.NewTime(at("2026-02-01T00:00:00Z")), "parent": work.NewText("PAY-0"), "resolution": work.Empty(),
			"fix_versions": work.NewList("2.0", "2.1"), "components": work.Empty(), "security": work.Empty(),
			"links": work.NewList("jira:PAY-9", "jira:WEB-4"), "blocked_by": work.NewList("WEB-4"), "marker": work.NewText("github:123"),
			"customfield_1": work.NewNumber(5.5), "name:Tier": work.NewText("Gold"), "customfield_3": work.Empty(),
			// customfield_4 was left out by Jira: unknown, not empty.
		},
	}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b work.Value) bool { return a == b })); d != "" {
		t.Error(d)
	}
}

func TestRestrictedIssuesAreRestricted(t *testing.T) {
	t.Parallel()
	cases := []struct {
		fields string
		want   work.Audience
	}{
		{`"security":{"id":"1","name":"Board"}`, work.Restricted},
		{`"issuerestriction":{"issuerestrictions":{"projectrole":[{"id":"1"}]},"shouldDisplay":true}`, work.Restricted},
		{`"security":null,"issuerestriction":null`, work.Public},
		{``, work.Public},
	}
	d := testDecoder()
	d.audience = work.Public
	for _, c := range cases {
		r, err := d.record(rawIssue(1, time.Now(), c.fields))
		if err != nil || r.Audience != c.want {
			t.Errorf("%s: %v, %v; want %v", c.fields, r.Audience, err, c.want)
		}
	}
	if _, err := d.record(rawIssue(1, time.Now(), `"issuerestriction":"who knows"`)); err == nil {
		t.Error("a restriction that is not understood was taken for none")
	}
}

func TestEveryFormOfTimeIsRead(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 3, 28, 8, 6, 8, 713e6, time.UTC)
	for _, s := range []string{
		`"2026-03-28T16:06:08.713+0800"`, `"2026-03-28T10:06:08.713+02:00"`, `"2026-03-28T08:06:08.713Z"`,
		`"2026-03-28T08:06:08.713000Z"`, `1774685168713`,
	} {
		v, err := moment(json.RawMessage(s))
		if got, _ := v.Time(); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	if v, err := moment(json.RawMessage(`"2026-03-28"`)); err != nil || v != work.NewTime(time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("date: %v, %v", v, err)
	}
	if v, err := moment(json.RawMessage(`""`)); err != nil || v != work.Empty() {
		t.Errorf("empty due date: %v, %v", v, err)
	}
	if _, err := moment(json.RawMessage(`"next week"`)); err == nil {
		t.Error("words were read as a time")
	}
}

func TestCustomFieldsAreReadByTheirForm(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, raw string
		want      work.Value
	}{
		{"number", `13.0`, work.NewNumber(13)},
		{"text", `"-1"`, work.NewText("-1")},
		{"rank", `"0|i000db:"`, work.NewText("0|i000db:")},
		{"empty text", `""`, work.Empty()},
		{"date", `"2026-06-12"`, work.NewTime(time.Date(2026, 6, 12, 0, 0, 0, 0, time.UTC))},
		{"date with time", `"2026-06-18T08:51:38.596+0800"`, work.NewTime(time.Date(2026, 6, 18, 0, 51, 38, 596e6, time.UTC))},
		{"flag", `true`, work.NewFlag(true)},
		{"option", `{"self":"x","value":"To Do","id":"10016"}`, work.NewText("To Do")},
		{"cascading option", `{"value":"EU","id":"1","child":{"value":"Berlin","id":"2"}}`, work.NewText("EU / Berlin")},
		{"user", `{"accountId":"712020:aa","displayName":"Ana"}`, work.NewText("712020:aa")},
		{"user of Data Center", `{"name":"ana","key":"JIRAUSER10100","displayName":"Ana"}`, work.NewText("JIRAUSER10100")},
		{"users", `[{"accountId":"b"},{"accountId":"a"}]`, work.NewList("a", "b")},
		{"options", `[{"value":"x","id":"1"},{"value":"y","id":"2"}]`, work.NewList("x", "y")},
		{"sprints", `[{"id":7,"name":"EE Sprint 7","state":"closed"},{"id":8,"name":"EE Sprint 8","state":"active"}]`, work.NewList("EE Sprint 7", "EE Sprint 8")},
		{"texts", `["a","b"]`, work.NewList("a", "b")},
		{"nothing chosen", `[]`, work.Empty()},
		{"version", `{"id":"10026","name":"v2.7.0","released":true}`, work.NewText("v2.7.0")},
		{"document", `{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"As a user"}]}]}`, work.NewText("As a user")},
		{"form of an app", `{"showField":false,"nonEditableReason":{"reason":"X"}}`, work.Value{}},
		{"list of a form of an app", `[{"value":"x"},{"odd":1}]`, work.Value{}},
	}
	for _, c := range cases {
		if got, err := anyValue(json.RawMessage(c.raw)); err != nil || got != c.want {
			t.Errorf("%s: got %v %v (%v), want %v %v", c.name, got.Kind(), got, err, c.want.Kind(), c.want)
		}
	}
}

func TestADocumentIsReadAsText(t *testing.T) {
	t.Parallel()
	raw := `{"type":"doc","version":1,"content":[
	 {"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Steps"}]},
	 {"type":"paragraph","content":[{"type":"text","text":"Ask "},{"type":"mention","attrs":{"text":"@Ana"}},{"type":"hardBreak"},{"type":"inlineCard","attrs":{"url":"https://acme.example/x"}}]},
	 {"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]}]},{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}]},
	 {"type":"media","attrs":{"id":1}}]}`
	v, err := richText(json.RawMessage(raw))
	want := "Steps\nAsk @Ana\nhttps://acme.example/x\n- one\n- two"
	if err != nil || v.Text() != want {
		t.Errorf("got %q, %v; want %q", v.Text(), err, want)
	}
	for _, odd := range []string{`{"type":7}`, `{"content":"x"}`} {
		if v, err := richText(json.RawMessage(odd)); err != nil || v.Known() {
			t.Errorf("%s: %v, %v; want unknown", odd, v, err)
		}
	}
	deep := strings.Repeat(`{"type":"x","content":[`, 500) + strings.Repeat(`]}`, 500)
	if _, err := richText(json.RawMessage(deep)); err != nil {
		t.Errorf("deep document: %v", err)
	}
}

func TestOddIssuesAreSetAsideWithTheirCause(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, raw, where, cause string }{
		{"priority", string(rawIssue(7, time.Now(), `"priority":3`)), "PAY-7", "field priority: object with a name expected, found 3"},
		{"labels", string(rawIssue(7, time.Now(), `"labels":"a"`)), "PAY-7", `field labels: list of texts expected, found "a"`},
		{"no time", `{"id":"8","key":"PAY-8","fields":{}}`, "PAY-8", "the issue has no time of last change (updated)"},
		{"no key", `{"id":9,"fields":{}}`, "id 9", "the issue has no key"},
		{"no object", `"what"`, "issue 4 of a page", "read issue: json: cannot unmarshal string into Go value of type jira.issue"},
	}
	for _, c := range cases {
		raw := json.RawMessage(c.raw)
		_, err := testDecoder().record(raw)
		if err == nil {
			t.Errorf("%s became a record", c.name)
			continue
		}
		if got := reject("jira", 3, raw, err); got.Where != c.where || got.Cause != c.cause || got.Body == "" || got.Remedy == "" {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
	if got := reject("jira", 0, json.RawMessage(`"`+strings.Repeat("ä", 4000)+`"`), errForm); len(got.Body) > 2000 {
		t.Errorf("body of %d bytes, want at most 2 kB", len(got.Body))
	}
}
