package jirasim_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// logged lists the changes of a page as issue, author, what.
func logged(got answer) []string {
	lines := []string{}
	logs, _ := got.body["issueChangeLogs"].([]any)
	for _, log := range logs {
		histories, _ := at(log, "changeHistories").([]any)
		for _, h := range histories {
			lines = append(lines, fmt.Sprintf("%v %v %v", at(log, "issueId"), at(h, "author", "displayName"), at(h, "items", 0, "toString")))
		}
	}
	return lines
}

func TestTheBulkChangelogIsOldestFirstAndPaged(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	change := func(key, by, summary string) {
		t.Helper()
		d.clock.Advance(time.Minute)
		if err := d.Edit(key, by, func(i *jirasim.Issue) { i.Summary = summary }); err != nil {
			t.Fatal(err)
		}
	}
	change("PAY-2", jirasim.Ana, "a")
	change("PAY-1", jirasim.Cy, "b")
	change("PAY-2", jirasim.Cy, "c")
	rank(d, 204, fields{"issues": []string{"PAY-2"}, "rankBeforeIssue": "PAY-1"})
	change("PAY-1", jirasim.Ana, "d")
	ask := func(more fields) answer {
		t.Helper()
		body := fields{"issueIdsOrKeys": []string{"PAY-1", "10001", "PAY-2", "PAY-77"}}
		maps.Copy(body, more)
		return d.want(200, d.call("POST", "/rest/api/2/changelog/bulkfetch", body))
	}
	all := []string{"10001 Ana Araújo a", "10001 Cy Chen c", "10001 Tandem Ranked higher", "10000 Cy Chen b", "10000 Ana Araújo d"}
	if diff := cmp.Diff(all, logged(ask(nil))); diff != "" {
		t.Errorf("one page (-want +got):\n%s", diff)
	}
	var pages [][]string
	more := fields{"maxResults": 2}
	for {
		got := ask(more)
		pages = append(pages, logged(got))
		token, again := got.body["nextPageToken"]
		if !again {
			break
		}
		more["nextPageToken"] = token
	}
	want := [][]string{
		{"10001 Ana Araújo a", "10000 Cy Chen b"}, {"10001 Cy Chen c", "10001 Tandem Ranked higher"}, {"10000 Ana Araújo d"},
	}
	if diff := cmp.Diff(want, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"10001 Tandem Ranked higher"}, logged(ask(fields{"fieldIds": []string{"Rank"}}))); diff != "" {
		t.Errorf("ranks (-want +got):\n%s", diff)
	}
	token := ask(fields{"maxResults": 1}).body["nextPageToken"]
	ids := make([]string, 11)
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	for name, body := range map[string]fields{
		"a token of another request": {"issueIdsOrKeys": []string{"PAY-1"}, "nextPageToken": token},
		"a token that is none":       {"issueIdsOrKeys": []string{"PAY-1"}, "nextPageToken": "x"},
		"no issues":                  {"issueIdsOrKeys": []string{}},
		"too many issues":            {"issueIdsOrKeys": make([]string, 1001)},
		"too many fields":            {"issueIdsOrKeys": []string{"PAY-1"}, "fieldIds": ids},
		"too large a page":           {"issueIdsOrKeys": []string{"PAY-1"}, "maxResults": 10001},
	} {
		if got := d.wrong("POST", "/rest/api/2/changelog/bulkfetch", body); got.status != 400 {
			t.Errorf("%s: %d, want 400", name, got.status)
		}
	}
}

func TestTimesOfTheBulkChangelogCanBeNumbers(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{EpochChangelog: true})
	if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Summary = "x" }); err != nil {
		t.Fatal(err)
	}
	got := d.want(200, d.call("POST", "/rest/api/3/changelog/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-1"}}))
	if created := at(got.body, "issueChangeLogs", 0, "changeHistories", 0, "created"); created != float64(noon().Unix()) {
		t.Errorf("created = %v", created)
	}
}
