package jirasim_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// furnished is the sample with a field of every kind.
func furnished() jirasim.World {
	w := sample()
	jirasim.Furnish(&w)
	return w
}

func TestEveryKindOfFieldIsWrittenAndReadBack(t *testing.T) {
	t.Parallel()
	d := open(t, furnished(), jirasim.Options{})
	option := func(id, value string) map[string]any { return map[string]any{"id": id, "value": value} }
	short := func(v any) any { // what identifies a value
		bean, ok := v.(map[string]any)
		if !ok {
			return v
		}
		out := map[string]any{}
		for _, key := range []string{"id", "value", "accountId", "name", "state"} {
			if bean[key] != nil {
				out[key] = bean[key]
			}
		}
		if kid, ok := bean["child"].(map[string]any); ok {
			out["child"] = option(fmt.Sprint(kid["id"]), fmt.Sprint(kid["value"]))
		}
		return out
	}
	for name, c := range map[string]struct {
		field string
		steps fields // fields or update
		want  any
	}{
		"radio":               {"customfield_10101", edit(fields{"customfield_10101": fields{"value": "High"}}, nil), option("10502", "High")},
		"options as a whole":  {"customfield_10102", edit(fields{"customfield_10102": []any{fields{"id": "10511"}, fields{"value": "US"}}}, nil), []any{option("10511", "EU"), option("10512", "US")}},
		"options one by one":  {"customfield_10102", edit(nil, fields{"customfield_10102": []any{fields{"add": fields{"id": "10513"}}, fields{"remove": fields{"value": "EU"}}}}), []any{option("10513", "APAC")}},
		"checkboxes":          {"customfield_10103", edit(nil, fields{"customfield_10103": []any{fields{"add": fields{"value": "Legal"}}}}), []any{option("10522", "Legal")}},
		"a single box":        {"customfield_10104", edit(fields{"customfield_10104": []any{fields{"value": "Impediment"}}}, nil), []any{option("10531", "Impediment")}},
		"no box":              {"customfield_10104", edit(fields{"customfield_10104": []any{}}, nil), nil},
		"the upper of a pair": {"customfield_10105", edit(fields{"customfield_10105": fields{"id": "10542"}}, nil), option("10542", "Back office")},
		"a pair":              {"customfield_10105", edit(fields{"customfield_10105": fields{"value": "Shop", "child": fields{"value": "Cart"}}}, nil), map[string]any{"id": "10541", "value": "Shop", "child": option("10543", "Cart")}},
		"a user":              {"customfield_10106", edit(fields{"customfield_10106": fields{"accountId": jirasim.Ana}}, nil), map[string]any{"accountId": jirasim.Ana}},
		"users":               {"customfield_10107", edit(nil, fields{"customfield_10107": []any{fields{"add": fields{"accountId": jirasim.Cy}}}}), []any{map[string]any{"accountId": jirasim.Cy}}},
		"a moment":            {"customfield_10108", edit(fields{"customfield_10108": "2026-12-01T08:30:00.000+0000"}, nil), "2026-12-01T09:30:00.000+0100"},
		"an address":          {"customfield_10109", edit(fields{"customfield_10109": "https://x.example/brief"}, nil), "https://x.example/brief"},
		"a long text":         {"customfield_10110", edit(fields{"customfield_10110": "one\ntwo"}, nil), "one\ntwo"},
		"a sprint":            {"customfield_10020", edit(fields{"customfield_10020": 13}, nil), []any{map[string]any{"id": float64(13), "name": "Payments 43", "state": "future"}}},
		"no sprint":           {"customfield_10020", edit(fields{"customfield_10020": nil}, nil), nil},
		"a number":            {"customfield_10026", edit(fields{"customfield_10026": 2.5}, nil), 2.5},
		"components":          {"components", edit(nil, fields{"components": []any{fields{"add": fields{"id": "10600"}}, fields{"add": fields{"name": "Ledger"}}, fields{"remove": fields{"id": "10600"}}}}), []any{map[string]any{"id": "10601", "name": "Ledger"}}},
		"versions":            {"fixVersions", edit(nil, fields{"fixVersions": []any{fields{"add": fields{"id": "10300"}}}}), []any{map[string]any{"id": "10300", "name": "2026.11"}}},
	} {
		w := d.World()
		w.Issues[0].Custom = map[string]any{"customfield_10102": []string{"10511"}}
		w.Issues[0].Sprints = []int64{12}
		if name == "no box" {
			w.Issues[0].Custom["customfield_10104"] = []string{"10531"}
		}
		d := open(t, w, jirasim.Options{})
		put := d.call
		if c.want == nil {
			put = d.wrong // null clears a field; the description forbids it
		}
		d.want(204, put("PUT", "/rest/api/2/issue/PAY-1", c.steps))
		got := at(d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1?fields="+c.field, nil)).body, "fields", c.field)
		if list, ok := got.([]any); ok {
			for n := range list {
				list[n] = short(list[n])
			}
		}
		if diff := cmp.Diff(c.want, short(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		d.want(200, d.call("GET", "/rest/api/3/issue/PAY-1?fields=*all", nil))
		if issue, _ := d.Issue("PAY-1"); len(issue.History) != 1 {
			t.Errorf("%s: %d entries in the changelog, want 1", name, len(issue.History))
		}
	}
}

func TestWrongValuesAreRefusedInTheWordsOfTheField(t *testing.T) {
	t.Parallel()
	d := open(t, furnished(), jirasim.Options{})
	before := d.World()
	one := func(verb string, v any) []any { return []any{fields{verb: v}} }
	for name, c := range map[string]struct {
		set, update fields
		want        string
	}{
		"an unknown option":        {update: fields{"customfield_10102": one("add", fields{"id": "1"})}, want: "Option id '1' is not valid"},
		"an unknown value":         {update: fields{"customfield_10103": one("add", fields{"value": "x"})}, want: "Option value 'x' is not valid"},
		"an option alone":          {set: fields{"customfield_10102": fields{"id": "10511"}}, want: "data was not an array"},
		"an unknown upper":         {set: fields{"customfield_10105": fields{"id": "10543"}}, want: "Option id '10543' is not valid"},
		"a child of another":       {set: fields{"customfield_10105": fields{"id": "10542", "child": fields{"id": "10543"}}}, want: "Option id '10543' is not a child of the option 'Back office'"},
		"an unknown user":          {set: fields{"customfield_10106": fields{"accountId": "nobody"}}, want: "User 'nobody' was not found in the system."},
		"a moment without zone":    {set: fields{"customfield_10108": "2026-12-01T08:30"}, want: "Error parsing date string: 2026-12-01T08:30"},
		"a date with a time":       {set: fields{"customfield_10060": "2026-12-01T08:30"}, want: "Operation value must be a date in the format yyyy-MM-dd"},
		"no address":               {set: fields{"customfield_10109": "x.example"}, want: "Not a valid URL"},
		"a sprint by name":         {set: fields{"customfield_10020": "Sprint 7"}, want: "Number value expected as the Sprint id."},
		"a sprint that is gone":    {set: fields{"customfield_10020": 99}, want: "Sprint with ID 99 does not exist or is closed."},
		"a verb sprints lack":      {update: fields{"customfield_10020": one("add", 7)}, want: "The operation 'add' is not supported by the field 'Sprint'."},
		"a huge number":            {set: fields{"customfield_10026": 1e20}, want: "'1e+20' is an invalid number. The number must be between -100,000,000,000,000 and 100,000,000,000,000."},
		"an unknown component":     {update: fields{"components": one("add", fields{"id": "1"})}, want: "Component id '1' is not valid"},
		"a component by no name":   {update: fields{"components": one("add", fields{"name": "x"})}, want: "Component name 'x' is not valid"},
		"an archived version":      {update: fields{"fixVersions": one("add", fields{"id": "10301"})}, want: "Version '2026.10' is archived"},
		"a version of elsewhere":   {update: fields{"fixVersions": one("add", fields{"id": "1"})}, want: "Version id '1' is not valid"},
		"a version by no name":     {update: fields{"fixVersions": one("add", fields{"name": "x"})}, want: "Version name 'x' is not valid"},
		"a document in version 2":  {set: fields{"customfield_10110": fields{"type": "doc"}}, want: "Operation value must be a string"},
		"a radio that is not here": {set: fields{"customfield_10101": fields{"id": "1"}}, want: "Specify a valid 'id' or 'value' for Risk"},
	} {
		got := d.want(400, d.wrong("PUT", "/rest/api/2/issue/PAY-1", edit(c.set, c.update)))
		errors, _ := got.body["errors"].(map[string]any)
		for field, text := range errors {
			if text != c.want {
				t.Errorf("%s: %s: %q, want %q", name, field, text, c.want)
			}
		}
		if len(errors) != 1 {
			t.Errorf("%s: errors = %v, want one", name, errors)
		}
	}
	if diff := cmp.Diff(before, d.World()); diff != "" {
		t.Errorf("the world changed (-before +after):\n%s", diff)
	}
}

func TestTheEditScreenDescribesEveryKind(t *testing.T) {
	t.Parallel()
	d := open(t, furnished(), jirasim.Options{})
	for _, version := range []string{"2", "3"} {
		got := d.want(200, d.call("GET", "/rest/api/"+version+"/issue/PAY-1/editmeta", nil)).body["fields"]
		for field, want := range map[string]string{
			"customfield_10101": "radiobuttons option  [set] 2", "customfield_10102": "multiselect array option [add set remove] 3",
			"customfield_10103": "multicheckboxes array option [add set remove] 2", "customfield_10105": "cascadingselect option-with-child  [set] 2",
			"customfield_10106": "userpicker user  [set] 0", "customfield_10107": "multiuserpicker array user [add set remove] 0",
			"customfield_10108": "datetime datetime  [set] 0", "customfield_10109": "url string  [set] 0",
			"customfield_10110": "textarea string  [set] 0", "customfield_10020": "gh-sprint array json [set] 0",
			"customfield_10026": "float number  [set] 0", "components": " array component [add set remove] 2",
			"fixVersions": " array version [set add remove] 1",
		} {
			meta := at(got, field)
			custom, _ := at(meta, "schema", "custom").(string)
			for i := range custom {
				if custom[i] == ':' {
					custom = custom[i+1:]
					break
				}
			}
			items, _ := at(meta, "schema", "items").(string)
			allowed, _ := at(meta, "allowedValues").([]any)
			if line := fmt.Sprintf("%s %v %s %v %d", custom, at(meta, "schema", "type"), items, at(meta, "operations"), len(allowed)); line != want {
				t.Errorf("%s: %q, want %q", field, line, want)
			}
		}
		if kids, _ := at(got, "customfield_10105", "allowedValues", 0, "children").([]any); len(kids) != 2 {
			t.Errorf("children = %v", kids)
		}
	}
	if got := d.want(200, d.call("GET", "/rest/api/2/field", nil)); len(got.list) < 30 {
		t.Errorf("%d fields", len(got.list))
	}
}

func TestVersionsArePagedFilteredAndSorted(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Projects[0].Versions = append(w.Projects[0].Versions,
		jirasim.Version{ID: "10302", Name: "2026.09", Released: true, Release: "2026-09-30", Start: "2026-09-01", Description: "autumn"},
		jirasim.Version{ID: "10303", Name: "2026.12", Release: "2026-12-24"})
	d := open(t, w, jirasim.Options{})
	for query, want := range map[string]string{
		"":                                     "[10300 10301 10302 10303] 4 true",
		"?startAt=1&maxResults=2":              "[10301 10302] 4 false",
		"?status=released,unreleased":          "[10300 10302 10303] 3 true",
		"?status=archived":                     "[10301] 1 true",
		"?query=autumn":                        "[10302] 1 true",
		"?orderBy=-name":                       "[10303 10300 10301 10302] 4 true",
		"?orderBy=releaseDate&status=released": "[10302] 1 true",
	} {
		got := d.want(200, d.call("GET", "/rest/api/2/project/PAY/version"+query, nil))
		ids := []any{}
		values, _ := got.body["values"].([]any)
		for _, v := range values {
			ids = append(ids, at(v, "id"))
		}
		if line := fmt.Sprintf("%v %v %v", ids, got.body["total"], got.body["isLast"]); line != want {
			t.Errorf("%s: %s, want %s", query, line, want)
		}
	}
	if got := d.want(200, d.call("GET", "/rest/api/2/version/10302", nil)); got.body["releaseDate"] != "2026-09-30" {
		t.Errorf("version = %s", got.raw)
	}
	d.want(404, d.call("GET", "/rest/api/2/version/1", nil))
	d.want(200, d.call("GET", "/rest/api/3/project/PAY/versions", nil))
}

func TestFieldsOfEveryKindAreSearched(t *testing.T) {
	t.Parallel()
	w := furnished()
	w.Issues[0].Custom = map[string]any{"customfield_10102": []string{"10511"}, "customfield_10101": "10502"}
	w.Issues[0].Sprints = []int64{12}
	w.Issues[0].Components, w.Issues[0].FixVersions = []string{"10600"}, []string{"10300"}
	d := open(t, w, jirasim.Options{})
	for _, jql := range []string{
		"Markets = EU", "Markets in (10511, 10512)", "Risk = High", "Sprint = 12", `Sprint = "Payments 42, refunds"`, "component = Checkout",
		"fixVersion = 10300", `fixVersion in ("2026.11")`,
	} {
		if diff := cmp.Diff([]string{"PAY-1"}, keys(d.search(jql), "key")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", jql, diff)
		}
	}
}
