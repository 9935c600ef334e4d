package jirasim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// germans is the sample as a German account sees it.
func germans(t *testing.T) *desk {
	t.Helper()
	d := open(t, sample(), jirasim.Options{})
	if err := d.SetLanguage("de"); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNamesAreInTheAccountsLanguageAndIdsStay(t *testing.T) {
	t.Parallel()
	d := germans(t)
	issue := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1?fields=*all", nil)).body["fields"]
	got := map[string]any{
		"priority": at(issue, "priority", "name"), "priority id": at(issue, "priority", "id"), "status": at(issue, "status", "name"),
		"category": at(issue, "status", "statusCategory", "name"), "category key": at(issue, "status", "statusCategory", "key"),
		"locale": d.call("GET", "/rest/api/2/myself", nil).body["locale"],
		"field":  at(d.call("GET", "/rest/api/3/issue/PAY-1/editmeta", nil).body, "fields", "priority", "name"),
		"choice": at(d.call("GET", "/rest/api/3/issue/PAY-1/editmeta", nil).body, "fields", "priority", "allowedValues", 0, "name"),
		"way":    at(d.call("GET", "/rest/api/2/issue/PAY-1/transitions", nil).body, "transitions", 1, "name"),
	}
	want := map[string]any{
		"priority": "Schwerwiegend", "priority id": "10102", "status": "Zu erledigen", "category": "Zu erledigen", "category key": "new",
		"locale": "de_DE", "field": "Priorität", "choice": "Kritisch", "way": "In Überprüfung",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	fieldsByName := map[string]string{}
	for _, f := range d.want(200, d.call("GET", "/rest/api/2/field", nil)).list {
		id, _ := at(f, "id").(string)
		fieldsByName[id], _ = at(f, "name").(string)
	}
	for id, want := range map[string]string{"priority": "Priorität", "customfield_10019": "Rang", "customfield_10026": "Story-Punkte", "customfield_10050": "Ziel"} {
		if fieldsByName[id] != want {
			t.Errorf("field %s is called %q, want %q", id, fieldsByName[id], want)
		}
	}
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"priority": fields{"name": "Kritisch"}}, nil)))
	d.want(400, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"priority": fields{"name": "Critical"}}, nil)))
	if diff := cmp.Diff([]string{"PAY-1"}, keys(d.search("priority = Kritisch"), "key")); diff != "" {
		t.Errorf("search (-want +got):\n%s", diff)
	}
	if err := d.SetLanguage("nl"); err == nil {
		t.Error("a language without words is taken")
	}
	if err := d.SetLanguage(""); err != nil {
		t.Fatal(err)
	}
	if got := at(d.call("GET", "/rest/api/2/issue/PAY-1", nil).body, "fields", "priority", "name"); got != "Critical" {
		t.Errorf("priority = %v after the language of the world is back", got)
	}
}

func TestErrorsAreInTheAccountsLanguage(t *testing.T) {
	t.Parallel()
	d := germans(t)
	for name, c := range map[string]struct {
		path string
		body any
		want map[string]any
	}{
		"a priority": {"PAY-1", edit(fields{"priority": fields{"id": "77"}}, nil), map[string]any{
			"errorMessages": []any{}, "errors": map[string]any{"priority": "Die ausgewählte Priorität ist ungültig."},
		}},
		"a field": {"PAY-1", edit(fields{"customfield_9": 1}, nil), map[string]any{
			"errorMessages": []any{}, "errors": map[string]any{"customfield_9": "Das Feld 'customfield_9' kann nicht festgelegt werden. Es befindet sich nicht auf der entsprechenden Maske oder ist unbekannt."},
		}},
		"an issue": {"PAY-99", edit(fields{"summary": "x"}, nil), map[string]any{
			"errorMessages": []any{"Der Vorgang existiert nicht oder Sie sind nicht berechtigt, ihn anzuzeigen."}, "errors": map[string]any{},
		}},
		"a text without a translation": {"PAY-1", edit(fields{"summary": "a\nb"}, nil), map[string]any{
			"errorMessages": []any{}, "errors": map[string]any{"summary": "The summary is invalid because it contains newline characters."},
		}},
	} {
		got := d.call("PUT", "/rest/api/2/issue/"+c.path, c.body)
		if diff := cmp.Diff(c.want, got.body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	got := d.want(400, d.call("POST", "/rest/api/2/search/jql", fields{"jql": "status = Weg"}))
	if at(got.body, "errorMessages", 0) != "Der Wert 'Weg' ist für das Feld 'status' nicht vorhanden." {
		t.Errorf("search: %s", got.raw)
	}
}

func TestPeopleRenameWhatOthersKnowByID(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	for _, err := range []error{
		d.RenameStatus(jirasim.Ana, "10000", "Backlog"), d.RenamePriority(jirasim.Ana, "10102", "Important"),
		d.RenameField(jirasim.Ana, "customfield_10050", "Goal"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := d.RenameStatus(jirasim.Ana, "77", "x"); err == nil {
		t.Error("a status that is not there was renamed")
	}
	issue := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1", nil)).body["fields"]
	if at(issue, "status", "name") != "Backlog" || at(issue, "priority", "name") != "Important" || at(issue, "status", "id") != "10000" {
		t.Errorf("issue = %v", issue)
	}
	if meta := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/editmeta", nil)); at(meta.body, "fields", "customfield_10050", "name") != "Goal" {
		t.Errorf("edit screen: %s", meta.raw)
	}
	if n := len(d.Writes().Effects(false)); n != 3 {
		t.Errorf("%d effects were logged, want 3", n)
	}
	if before, _ := d.Issue("PAY-1"); len(before.History) != 0 {
		t.Errorf("a name in the catalog shows in the history of an issue: %v", before.History)
	}
}
