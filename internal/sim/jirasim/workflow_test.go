package jirasim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// reviewed is the sample with a workflow in PAY for stories: work is reviewed
// before it is done, and done needs a resolution and a goal.
func reviewed() jirasim.World {
	w := sample()
	w.Projects[0].Workflows = []jirasim.Workflow{{
		Types: []string{"10001"},
		Transitions: []jirasim.Transition{
			{ID: "11", Name: "Start", From: []string{"10000"}, To: "3"},
			{ID: "21", Name: "Ask for review", From: []string{"3"}, To: "10010"},
			{ID: "22", Name: "Skip the queue", From: []string{"3"}, To: "10010", Hidden: []string{jirasim.Bot}},
			{
				ID: "31", Name: "Approve", From: []string{"10010"}, To: "10001", HasScreen: true,
				Screen: []jirasim.ScreenField{
					{ID: "resolution", Required: true, Allowed: []string{"10000", "10001"}},
					{ID: "customfield_10050", Required: true, Pattern: `^\w+ \w+`, Message: "Say the goal in two words at least."},
				},
			},
			{ID: "41", Name: "Back to start", To: "10000"},
		},
	}}
	return w
}

func (d *desk) ways(key, query string) []string {
	d.t.Helper()
	got := d.want(200, d.call("GET", "/rest/api/2/issue/"+key+"/transitions"+query, nil))
	out := []string{}
	list, _ := got.body["transitions"].([]any)
	for _, w := range list {
		out = append(out, fmt.Sprintf("%v %v to %v", at(w, "id"), at(w, "name"), at(w, "to", "id")))
	}
	return out
}

func to(id string) fields { return fields{"transition": fields{"id": id}} }

func TestOnlyTheWaysThatAreOpenNowAreShownAndTaken(t *testing.T) {
	t.Parallel()
	d := open(t, reviewed(), jirasim.Options{})
	move := func(id string) answer {
		return d.call("POST", "/rest/api/2/issue/PAY-1/transitions", to(id))
	}
	if diff := cmp.Diff([]string{"11 Start to 3", "41 Back to start to 10000"}, d.ways("PAY-1", "")); diff != "" {
		t.Errorf("ways of a new issue (-want +got):\n%s", diff)
	}
	d.want(400, move("21"))
	d.want(400, move("910001"))
	d.want(204, move("11"))
	if diff := cmp.Diff([]string{"21 Ask for review to 10010", "41 Back to start to 10000"}, d.ways("PAY-1", "")); diff != "" {
		t.Errorf("ways in work, one of them hidden by a condition (-want +got):\n%s", diff)
	}
	d.want(400, move("22"))
	d.want(204, move("21"))
	if diff := cmp.Diff([]string{}, d.ways("PAY-1", "?transitionId=11")); diff != "" {
		t.Errorf("a way that is not open (-want +got):\n%s", diff)
	}
	if issue, _ := d.Issue("PAY-1"); issue.Status != "10010" || len(issue.History) != 2 {
		t.Errorf("status %s, history %v", issue.Status, issue.History)
	}
	if n := len(d.ways("WEB-1", "")); n != 3 {
		t.Errorf("a project without a workflow has %d ways, want one to every other status", n)
	}
}

func TestATransitionsScreenIsDemandedAndNothingElseIsTaken(t *testing.T) {
	t.Parallel()
	w := reviewed()
	w.Issues[0].Status = "10010"
	d := open(t, w, jirasim.Options{})
	got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/transitions?expand=transitions.fields&transitionId=31", nil))
	screen := at(got.body, "transitions", 0, "fields")
	if at(screen, "resolution", "required") != true || at(screen, "resolution", "allowedValues", 1, "id") != "10001" ||
		at(screen, "resolution", "allowedValues", 2) != nil || at(screen, "customfield_10050", "schema", "type") != "string" {
		t.Errorf("screen = %v", screen)
	}
	before, _ := d.Issue("PAY-1")
	for name, c := range map[string]struct{ set, want fields }{
		"nothing":                 {nil, fields{"resolution": "Resolution is required.", "customfield_10050": "Ziel is required."}},
		"one of two":              {fields{"resolution": fields{"id": "10000"}}, fields{"customfield_10050": "Ziel is required."}},
		"a value to refuse":       {fields{"resolution": fields{"name": "Done"}, "customfield_10050": "Faster"}, fields{"customfield_10050": "Say the goal in two words at least."}},
		"a choice of elsewhere":   {fields{"resolution": fields{"id": "10002"}, "customfield_10050": "Be faster"}, fields{"resolution": "Specify a valid 'id' or 'name' for resolution"}},
		"a field of another page": {fields{"resolution": fields{"id": "10000"}, "customfield_10050": "Be faster", "summary": "x"}, fields{"summary": "Field 'summary' cannot be set. It is not on the appropriate screen, or unknown."}},
	} {
		body := to("31")
		body["fields"] = c.set
		if c.set == nil {
			delete(body, "fields")
		}
		got := d.want(400, d.call("POST", "/rest/api/2/issue/PAY-1/transitions", body))
		if diff := cmp.Diff(map[string]any(c.want), got.body["errors"]); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", name, diff)
		}
	}
	after, _ := d.Issue("PAY-1")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a refused transition changed the issue (-before +after):\n%s", diff)
	}
	body := to("31")
	body["fields"] = fields{"resolution": fields{"id": "10001"}, "customfield_10050": "Be faster"}
	body["update"] = fields{"comment": []any{fields{"add": fields{"body": "approved"}}}}
	d.want(204, d.call("POST", "/rest/api/2/issue/PAY-1/transitions", body))
	after, _ = d.Issue("PAY-1")
	if after.Status != "10001" || after.Resolution != "10001" || after.Custom["customfield_10050"] != "Be faster" ||
		len(after.Comments) != 1 || after.Comments[0].Body != "approved" || len(after.History) != 1 {
		t.Errorf("after = %+v", after)
	}
}

func TestAConflictIsAnsweredOnceAndChangesNothing(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.ConflictNext("PAY-1")
	d.want(409, d.call("POST", "/rest/api/2/issue/PAY-1/transitions", to("910001")))
	d.want(204, d.call("POST", "/rest/api/2/issue/PAY-1/transitions", to("910001")))
	d.ConflictNext("PAY-2")
	d.want(409, d.call("PUT", "/rest/api/2/issue/PAY-2", edit(fields{"summary": "x"}, nil)))
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-2", edit(fields{"summary": "y"}, nil)))
	if issue, _ := d.Issue("PAY-2"); issue.Summary != "y" || len(issue.History) != 1 {
		t.Errorf("issue = %+v", issue)
	}
}

func TestStatusesOfAProjectAreListedByType(t *testing.T) {
	t.Parallel()
	d := open(t, reviewed(), jirasim.Options{})
	for _, version := range []string{"2", "3"} {
		got := d.want(200, d.call("GET", "/rest/api/"+version+"/project/PAY/statuses", nil))
		lines := []string{}
		for _, kind := range got.list {
			line := fmt.Sprint(at(kind, "name"), ":")
			statuses, _ := at(kind, "statuses").([]any)
			for _, s := range statuses {
				line += fmt.Sprint(" ", at(s, "id"))
			}
			lines = append(lines, line)
		}
		want := []string{
			"Story: 10000 3 10010 10001", "Fehler: 10000 3 10010 10001", "任务: 10000 3 10010 10001", "Epic: 10000 3 10010 10001",
			"Unteraufgabe: 10000 3 10010 10001",
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
	}
	d.want(404, d.call("GET", "/rest/api/2/project/NONE/statuses", nil))
}

func TestAValidatorThatIsNoPatternIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	w := reviewed()
	w.Projects[0].Workflows[0].Transitions[0].Screen = []jirasim.ScreenField{{ID: "summary", Pattern: "("}}
	if _, err := jirasim.New(w, jirasim.Options{}); err == nil || !strings.Contains(err.Error(), "project PAY, transition 11, field summary") {
		t.Errorf("New = %v", err)
	}
}
