package jirasim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

func jqlWorld() jirasim.World {
	w := jirasim.Sample()
	day := func(days int) time.Time { return noon().AddDate(0, 0, -days) }
	w.Issues = []jirasim.Issue{
		{Key: "PAY-1", Summary: "Export drops rows", Description: "In the CSV export", Priority: "10101", Labels: []string{"export", "csv"}, Created: day(30), Updated: noon().Add(-10 * time.Minute), Custom: map[string]any{"customfield_10026": 3.0, "customfield_10040": "10021"}},
		{Key: "PAY-2", Summary: "Fertige Sache", Status: "10001", Type: "10004", Created: day(200), Updated: day(100), Resolved: day(100), Priority: "10103"},
		{Key: "PAY-3", Summary: "Lately finished", Status: "10001", Created: day(20), Updated: day(3), Resolved: day(3), Assignee: jirasim.Ana, Custom: map[string]any{"customfield_10026": 8.0}},
		{Key: "WEB-1", Summary: "Login on mobile", Labels: []string{"login"}, Created: day(9), Updated: day(8), Level: "10100", Parent: "WEB-2"},
		{Key: "WEB-2", Summary: "Épicerie export", Type: "10000", Status: "3", Created: day(7), Updated: day(1), Due: "2026-12-01"},
	}
	return w
}

// The account lives in Berlin: 13:00 of its queries is 12:00 UTC.
func TestQueriesFindWhatTheyMean(t *testing.T) {
	t.Parallel()
	d := open(t, jqlWorld(), jirasim.Options{})
	for _, c := range []struct {
		jql  string
		want []string
	}{
		{`project = PAY`, []string{"PAY-1", "PAY-2", "PAY-3"}},
		{`project = payments AND key != PAY-2`, []string{"PAY-1", "PAY-3"}},
		{`project in (PAY, 10004)`, []string{"PAY-1", "PAY-2", "PAY-3", "WEB-1", "WEB-2"}},
		{`project not in (PAY)`, []string{"WEB-1", "WEB-2"}},
		{`key in (PAY-1, WEB-2)`, []string{"PAY-1", "WEB-2"}},
		{`id in (10000, 10004)`, []string{"PAY-1", "WEB-2"}},
		{`key > PAY-1 AND key <= PAY-3`, []string{"PAY-2", "PAY-3"}},
		{`issuekey = pay-1`, []string{"PAY-1"}},
		{`statusCategory != Done`, []string{"PAY-1", "WEB-1", "WEB-2"}},
		{`statusCategory = "In Progress"`, []string{"WEB-2"}},
		{`statusCategory in (new, 4)`, []string{"PAY-1", "WEB-1", "WEB-2"}},
		{`status = "In Arbeit"`, []string{"WEB-2"}},
		{`status = 10001`, []string{"PAY-2", "PAY-3"}},
		{`resolved >= -90d`, []string{"PAY-3"}},
		{`NOT resolved >= -90d`, []string{"PAY-2"}},
		{`resolved is EMPTY`, []string{"PAY-1", "WEB-1", "WEB-2"}},
		{`resolution = Unresolved`, []string{"PAY-1", "WEB-1", "WEB-2"}},
		{`resolution != Unresolved`, []string{"PAY-2", "PAY-3"}},
		{`resolution = Done`, []string{"PAY-2", "PAY-3"}},
		{`labels = export`, []string{"PAY-1"}},
		{`labels in (csv, login)`, []string{"PAY-1", "WEB-1"}},
		{`labels != export`, []string{"WEB-1"}},
		{`not labels = export`, []string{"WEB-1"}},
		{`labels is empty`, []string{"PAY-2", "PAY-3", "WEB-2"}},
		{`labels is not null`, []string{"PAY-1", "WEB-1"}},
		{`labels != export OR labels is empty`, []string{"PAY-2", "PAY-3", "WEB-1", "WEB-2"}},
		{`priority = Critical`, []string{"PAY-1"}},
		{`priority > Major`, []string{"PAY-1"}},
		{`priority <= Major AND project = PAY`, []string{"PAY-2", "PAY-3"}},
		{`issuetype = Fehler`, []string{"PAY-2"}},
		{`type in (Epic, Fehler)`, []string{"PAY-2", "WEB-2"}},
		{`summary ~ export`, []string{"PAY-1", "WEB-2"}},
		{`summary ~ "mob*"`, []string{"WEB-1"}},
		{`text ~ "csv export"`, []string{"PAY-1"}},
		{`summary !~ export AND project = WEB`, []string{"WEB-1"}},
		{`assignee = currentUser()`, []string{}},
		{`assignee = "` + jirasim.Ana + `"`, []string{"PAY-3"}},
		{`assignee is not EMPTY`, []string{"PAY-3"}},
		{`parent = WEB-2`, []string{"WEB-1"}},
		{`level = "Management only"`, []string{"WEB-1"}},
		{`level is EMPTY AND project = WEB`, []string{"WEB-2"}},
		{`duedate >= 2026-12-01`, []string{"WEB-2"}},
		{`"Story Points" > 3`, []string{"PAY-3"}},
		{`cf[10026] in (3, 5)`, []string{"PAY-1"}},
		{`Schweregrad = Hoch`, []string{"PAY-1"}},
		{`updated >= -15m`, []string{"PAY-1"}},
		{`updated >= "2026-11-20 13:00"`, []string{"PAY-1", "WEB-2"}},
		{`updated >= "2026-11-20 13:01"`, []string{"PAY-1"}},
		{`updated >= "2026/11/20 13:00" AND updated < "2026-11-21"`, []string{"WEB-2"}},
		{`updated > "2026-11-20 13:00"`, []string{"PAY-1"}},
		{`created >= startOfDay("-9d")`, []string{"WEB-1", "WEB-2"}},
		{`updated <= now()`, []string{"PAY-1", "PAY-2", "PAY-3", "WEB-1", "WEB-2"}},
		{`project = PAY AND (status = Fertig OR labels = csv) AND NOT (key = PAY-2)`, []string{"PAY-1", "PAY-3"}},
		{`project=PAY&&status!=Fertig||key=WEB-1`, []string{"PAY-1", "WEB-1"}},
		{`project = "PAY" and statusCategory != Done OR resolved >= "-90d"`, []string{"PAY-1", "PAY-3"}},
		{`this is not jql`, []string{}},
		{`export csv`, []string{"PAY-1"}},
	} {
		jql, want := c.jql, c.want
		got := d.want(200, d.call("POST", "/rest/api/2/search/jql", map[string]any{"jql": jql, "fields": []string{"key"}, "maxResults": 100}))
		found := keys(got, "key")
		slices.Sort(found)
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("%s (-want +got):\n%s", jql, diff)
		}
		count := d.want(200, d.call("POST", "/rest/api/2/search/approximate-count", map[string]any{"jql": jql}))
		if n := int(count.body["count"].(float64)); n != len(want) {
			t.Errorf("%s counts %d, want %d", jql, n, len(want))
		}
	}
}

func TestWrongQueriesAreRefusedWithTheirMistake(t *testing.T) {
	t.Parallel()
	d := open(t, jqlWorld(), jirasim.Options{})
	for _, c := range []struct{ jql, want string }{
		{``, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."},
		{`order by key desc`, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."},
		{`priorty = Major`, "Field 'priorty' does not exist or you do not have permission to view it."},
		{`project = NOPE`, "The value 'NOPE' does not exist for the field 'project'."},
		{`priority = Urgent`, "The value 'Urgent' does not exist for the field 'priority'."},
		{`key = PAY-99`, "An issue with key 'PAY-99' does not exist for field 'key'."},
		{`summary = x`, "The operator '=' is not supported by the 'summary' field."},
		{`labels > x`, "The operator '>' is not supported by the 'labels' field."},
		{`project = PAY ORDER BY nonsense`, "Field 'nonsense' does not exist or you do not have permission to view it."},
		{`project = `, "Error in the JQL Query: expecting a value, list or function before the end of the query. (line 1, character 11)"},
		{`project = PAY AND`, "Error in the JQL Query: expecting a field name before the end of the query. (line 1, character 18)"},
		{`project = PAY)`, "Error in the JQL Query: expecting AND, OR, ORDER BY or the end of the query but got ')'. (line 1, character 14)"},
		{`(project = PAY`, "Error in the JQL Query: expecting ')' before the end of the query. (line 1, character 15)"},
		{`summary ~ "half`, "Error in the JQL Query: the quoted string has not been completed. (line 1, character 11)"},
		{`summary ~ what?`, "Error in the JQL Query: the character '?' is a reserved JQL character. You must enclose it in a string or use the escape '\\u003f' instead. (line 1, character 15)"},
		{`updated >= 1732877091000`, "Date value '1732877091000' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."},
		{`updated >= "2026-11-20T13:00:00Z"`, "Date value '2026-11-20T13:00:00Z' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."},
		{`updated >= someday()`, "Unable to find JQL function 'someday()'."},
		{`labels is "x"`, "The operator 'is' with the value 'x' is not supported by the 'labels' field."},
		{`project in PAY`, "Error in the JQL Query: expecting '(' but got 'PAY'. (line 1, character 12)"},
		{`status was Done AND x = "y"`, "The operator 'was' is not supported by this stand-in."},
	} {
		jql, want := c.jql, c.want
		got := d.call("POST", "/rest/api/2/search/jql", map[string]any{"jql": jql})
		if jql == `project in PAY` { // words only: a text search, as the service has it
			got = d.want(200, d.call("POST", "/rest/api/2/jql/parse?validation=strict", map[string]any{"queries": []string{jql}}))
			if msg := at(got.body, "queries", 0, "errors", 0); msg != want {
				t.Errorf("%s: parse says %v, want %s", jql, msg, want)
			}
			continue
		}
		if got.status != 400 || at(got.body, "errorMessages", 0) != want {
			t.Errorf("%s: %d %s\nwant %s", jql, got.status, got.raw, want)
		}
	}
}

func TestAllMistakesOfAQueryComeAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, jqlWorld(), jirasim.Options{})
	got := d.call("POST", "/rest/api/2/jql/parse?validation=strict", map[string]any{"queries": []string{
		"priorty = x AND project = NOPE", "project = PAY", "this is not jql",
	}})
	want := []any{
		map[string]any{"query": "priorty = x AND project = NOPE", "errors": []any{
			"Field 'priorty' does not exist or you do not have permission to view it.", "The value 'NOPE' does not exist for the field 'project'.",
		}},
		map[string]any{"query": "project = PAY"},
		map[string]any{"query": "this is not jql", "errors": []any{"Field 'this' does not exist or you do not have permission to view it."}},
	}
	if diff := cmp.Diff(want, got.body["queries"]); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
	if got := d.wrong("POST", "/rest/api/2/jql/parse", map[string]any{"queries": []string{"project = PAY"}}); got.status != 400 {
		t.Errorf("without validation: %d, want 400", got.status)
	}
}
