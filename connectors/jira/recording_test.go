package jira

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/work"
)

// TestRecordedSprintsAreUnderstood: each sprint of each issue that was
// recorded, as an object of Cloud and as the text of a Java object.
func TestRecordedSprintsAreUnderstood(t *testing.T) {
	t.Parallel()
	found := map[string][]json.RawMessage{}
	for _, raw := range issueRows(t, filepath.Join(recordings(t, "devlake"), "_raw_jira_api_issues.csv")) {
		var i issue
		if err := json.Unmarshal(raw, &i); err != nil {
			t.Fatal(err)
		}
		if value, ok := i.Fields["customfield_10020"]; ok && !isNull(value) {
			found["devlake"] = append(found["devlake"], value)
		}
	}
	files, err := filepath.Glob(filepath.Join(recordings(t, "mattermost-webhooks"), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		var hook struct{ Issue issue }
		if err != nil || json.Unmarshal(b, &hook) != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, value := range hook.Issue.Fields {
			if strings.Contains(string(value), "sprint.Sprint@") {
				found["mattermost-webhooks"] = append(found["mattermost-webhooks"], value)
			}
		}
	}
	for folder, values := range found {
		for _, value := range values {
			if s, ok := plannedSprint(value); !ok || s.State != "" && s.Name == "" {
				t.Errorf("%s: %s is not understood", folder, clip(value))
			}
		}
		t.Logf("recordings/jira/%s: the sprints of %d issues", folder, len(values))
	}
	if len(found["devlake"]) != 30 || len(found["mattermost-webhooks"]) == 0 {
		t.Errorf("%d and %d issues with sprints", len(found["devlake"]), len(found["mattermost-webhooks"]))
	}
}

// TestRecordedChangelogsTellWhoTouchedAField: entries as Cloud pages them, and
// those inside the issues of both deployments.
func TestRecordedChangelogsTellWhoTouchedAField(t *testing.T) {
	t.Parallel()
	dir := recordings(t, "devlake")
	cloudWatch := []watch{{"priority", "priority", "priority"}, {"status", "status", "status"}, {"sprint", "customfield_10020", "Sprint"}}
	raws := issueRows(t, filepath.Join(dir, "_raw_jira_api_issue_changelogs.csv"))
	entries, found := 0, 0
	for _, raw := range raws {
		var h history
		if err := json.Unmarshal(raw, &h); err != nil {
			t.Errorf("%v in %s", err, clip(raw))
			continue
		}
		if at, err := moment(h.Created); err != nil || !at.Present() || len(h.Items) == 0 {
			t.Errorf("entry without time or items: %s", clip(raw))
		}
		entries++
		found += len(touched(nil, []history{h}, cloudWatch))
	}
	t.Logf("recordings/jira/devlake issue_changelogs: %d of %d entries, %d changes of watched fields", entries, len(raws), found)
	if entries != len(raws) || found == 0 {
		t.Errorf("%d of %d entries, %d changes", entries, len(raws), found)
	}
	for _, name := range []string{"issues", "issue_relationships"} {
		d := testDecoder()
		d.watches = cloudWatch
		with := 0
		for _, raw := range issueRows(t, filepath.Join(dir, "_raw_jira_api_"+name+".csv")) {
			r, err := d.record(raw)
			if err != nil {
				t.Fatal(err)
			}
			for _, touch := range r.Touched {
				if touch.By == "" || touch.At.IsZero() || touch == (work.Touch{}) {
					t.Errorf("%s: %+v", r.Key, r.Touched)
				}
			}
			if len(r.Touched) > 0 {
				with++
			}
		}
		t.Logf("recordings/jira/devlake %s: %d issues tell who touched a watched field", name, with)
	}
}
