package org_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/org"
)

// acme is the organisation of the design's example.
func acme() org.Spec {
	return org.Spec{
		People: map[string]map[string]string{
			"ana": {"jira": "712020:aa", "github": "ana-acme", "email": "Ana@acme.example"},
			"cy":  {"jira": "712020:cc", "github": "cy"},
		},
		Teams: map[string]org.TeamSpec{
			"pay": {
				Roles:    map[string]string{"pm": "ana", "po": "cy"},
				Places:   map[string][]string{"jira": {"PAY"}, "github": {"acme/pay", "acme/pay-api"}},
				Write:    work.Propose,
				Capacity: &org.CapacitySpec{Effort: 40, Every: work.Span(14 * 24 * time.Hour)},
			},
			"ops": {
				Roles:  map[string]string{"pm": "cy", "po": "cy"},
				Places: map[string][]string{"jira": {"OPS"}, "github": {"acme/ops*", "!acme/ops-old"}},
				Write:  work.Observe,
			},
		},
	}
}

func connectors() []string { return []string{"jira", "github"} }

func compiled(t *testing.T, spec org.Spec) *org.Org {
	t.Helper()
	o, problems := org.Compile("", spec, connectors())
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	return o
}

func TestAPlaceBelongsToOneTeam(t *testing.T) {
	t.Parallel()
	o := compiled(t, acme())
	for place, want := range map[string]string{
		"jira PAY": "pay", "jira OPS": "ops", "jira pay": "pay", "jira WEB": "", "jira PAYX": "",
		"github acme/pay": "pay", "github Acme/Pay-API": "pay", "github acme/ops": "ops", "github acme/ops-tools": "ops",
		"github acme/ops-old": "", "github acme/OPS-old": "", "github acme/ops/x": "", "github acme/web": "", "hotjar PAY": "",
	} {
		connector, name, _ := strings.Cut(place, " ")
		team, ok := o.TeamOf(connector, name)
		if team.Name != want || ok != (want != "") {
			t.Errorf("TeamOf(%s) = %q, %t; want %q", place, team.Name, ok, want)
		}
	}
}

func TestTeamsAreSortedAndComplete(t *testing.T) {
	t.Parallel()
	o := compiled(t, acme())
	want := []org.Team{
		{Name: "ops", Write: work.Observe, Roles: []org.Holder{{Role: "pm", Person: "cy"}, {Role: "po", Person: "cy"}}},
		{
			Name: "pay", Write: work.Propose, Roles: []org.Holder{{Role: "pm", Person: "ana"}, {Role: "po", Person: "cy"}},
			Capacity: org.Capacity{Effort: 40, Every: work.Span(14 * 24 * time.Hour)},
		},
	}
	if diff := cmp.Diff(want, o.Teams()); diff != "" {
		t.Errorf("teams (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"pm", "po"}, o.Roles()); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ops", "pay"}, o.TeamNames()); diff != "" {
		t.Errorf("team names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ana", "cy"}, o.People()); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if o.Teams()[0].Capacity.Known() || !o.Teams()[1].Capacity.Known() {
		t.Error("only pay has a capacity")
	}
}

func TestPeopleAreFoundByRoleAndById(t *testing.T) {
	t.Parallel()
	o := compiled(t, acme())
	if name, ok := o.Person("po", "pay"); name != "cy" || !ok {
		t.Errorf("po of pay = %q, %t", name, ok)
	}
	for _, missing := range [][2]string{{"ux", "pay"}, {"po", "web"}} {
		if name, ok := o.Person(missing[0], missing[1]); ok {
			t.Errorf("%v = %q, want nobody", missing, name)
		}
	}
	for id, want := range map[string]string{
		"jira 712020:aa": "ana", "github Ana-Acme": "ana", "email ana@ACME.example": "ana", "github ana": "", "slack cy": "",
	} {
		connector, native, _ := strings.Cut(id, " ")
		if name, ok := o.PersonByNative(connector, native); name != want || ok != (want != "") {
			t.Errorf("PersonByNative(%s) = %q, %t; want %q", id, name, ok, want)
		}
	}
	if id, ok := o.Native("ana", "email"); id != "Ana@acme.example" || !ok {
		t.Errorf("email of ana = %q, %t", id, ok)
	}
}

func TestAllMistakesAreToldAtOnceWithPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	spec := acme()
	spec.People["bo"] = map[string]string{"gihtub": "bo", "jira": "712020:AA", "github": " "}
	spec.Teams["ghost"] = org.TeamSpec{}
	spec.Teams["web"] = org.TeamSpec{
		Roles:    map[string]string{"pm": "anna"},
		Places:   map[string][]string{"github": {"acme/[a-z]", "acme/*"}, "jria": {"WEB"}, "jira": {"!OPS"}},
		Capacity: &org.CapacitySpec{Effort: 0, Every: work.Span(time.Hour)},
	}
	spec.Teams["new"] = org.TeamSpec{Places: map[string][]string{"jira": {"pay"}}}
	_, problems := org.Compile("", spec, connectors())
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	want := []string{
		`/people/bo/gihtub: there is no connector gihtub; did you mean "github"?`,
		`/people/bo/github: bo has an empty id for github; write the id that github uses, or leave the key out`,
		`/people/bo/jira: ana and bo have the same jira id "712020:AA"; give each person their own id`,
		`/teams/ghost: team ghost is empty; give it roles and places, or remove it`,
		`/teams/new: team new has places, and nobody has a role there; add roles:, such as {pm: ana, po: cy}`,
		`/teams/web/roles/pm: pm of team web is "anna", and people: has nobody of that name; did you mean "ana"?`,
		`/teams/web/capacity: the capacity of team web is not positive; write an effort and a time above 0, as in {effort: 40, every: 2w}`,
		`/teams/web/places/github/0: "acme/[a-z]" is no place of github; use letters, * for any characters and ? for one`,
		`/teams/web/places/jira: team web claims no place of jira; name what they are taken out of, as in ["acme/*", "!acme/old"]`,
		`/teams/web/places/jria: there is no connector jria; did you mean "jira"?`,
		`/teams/pay/places/jira: teams new and pay both claim pay of jira; leave it to one of them, or exclude it by "!…"`,
		`/teams/web/places/github: teams ops and web both claim acme/ops of github; leave it to one of them, or exclude it by "!…"`,
		`/teams/web/places/github: teams pay and web both claim acme/pay of github; leave it to one of them, or exclude it by "!…"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestExcludesEndAnOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		one, two []string
		example  string
	}{
		{[]string{"acme/*"}, []string{"acme/pay"}, "acme/pay"},
		{[]string{"acme/*", "!acme/pay"}, []string{"acme/pay"}, ""},
		{[]string{"acme/*", "!acme/p*"}, []string{"acme/pay*"}, ""},
		{[]string{"acme/*"}, []string{"acme/pay*", "!acme/pay"}, "acme/paya"},
		{[]string{"acme/*"}, []string{"acme/*"}, "acme/a"},
		{[]string{"acme/*-api"}, []string{"acme/pay-*"}, "acme/pay-api"},
		{[]string{"acme/*"}, []string{"other/*"}, ""},
		{[]string{"a?"}, []string{"ab", "ac"}, "ab"},
		{[]string{"?*", "!x*"}, []string{"?", "!x"}, "a"},
		{[]string{"*"}, []string{"acme/*"}, ""},
	} {
		role := map[string]string{"pm": "ana"}
		_, problems := org.Compile("", org.Spec{
			People: map[string]map[string]string{"ana": {}},
			Teams: map[string]org.TeamSpec{
				"a": {Roles: role, Places: map[string][]string{"github": c.one}},
				"b": {Roles: role, Places: map[string][]string{"github": c.two}},
			},
		}, connectors())
		got := ""
		if len(problems) > 0 {
			got = strings.TrimSuffix(strings.TrimPrefix(problems[0].What, "teams a and b both claim "), " of github")
		}
		if got != c.example {
			t.Errorf("%q and %q: %q, want %q", c.one, c.two, got, c.example)
		}
	}
}

// patterns draws globs over a small alphabet, so that they often meet.
func patterns(t *rapid.T, label string) []string {
	return rapid.SliceOfN(rapid.StringMatching(`!?[ab?*]{1,4}(/[ab*]{1,3})?`), 1, 4).Draw(t, label)
}

func TestGlobsMatchAsPathMatchDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[aB?*/]{1,7}`).Draw(t, "pattern")
		name := rapid.StringMatching(`[aB/]{1,7}`).Draw(t, "name")
		o, problems := org.Compile("", org.Spec{
			People: map[string]map[string]string{"ana": {}},
			Teams:  map[string]org.TeamSpec{"a": {Roles: map[string]string{"pm": "ana"}, Places: map[string][]string{"github": {pattern}}}},
		}, connectors())
		if len(problems) > 0 {
			t.Skip("refused")
		}
		want, err := path.Match(pattern, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := o.TeamOf("github", name); got != want {
			t.Errorf("%q covers %q: %t, want %t", pattern, name, got, want)
		}
	})
}

// TestNoPlaceHasTwoTeamsUnlessReported compares the search for overlaps with a
// look at every short name.
func TestNoPlaceHasTwoTeamsUnlessReported(t *testing.T) {
	t.Parallel()
	var names []string
	for _, a := range []string{"a", "b", "c", "aa", "ab", "ac", "ba", "bb", "cc", "aab", "aba", "bab", "cab", "abcb"} {
		names = append(names, a, a+"/a", a+"/b", a+"/ab", a+"/c")
	}
	rapid.Check(t, func(t *rapid.T) {
		one, two := patterns(t, "one"), patterns(t, "two")
		role := map[string]string{"pm": "ana"}
		people := map[string]map[string]string{"ana": {}}
		a := org.TeamSpec{Roles: role, Places: map[string][]string{"github": one}}
		b := org.TeamSpec{Roles: role, Places: map[string][]string{"github": two}}
		alone := func(s org.TeamSpec) *org.Org {
			o, _ := org.Compile("", org.Spec{People: people, Teams: map[string]org.TeamSpec{"t": s}}, connectors())
			return o
		}
		ofA, ofB := alone(a), alone(b)
		_, problems := org.Compile("", org.Spec{People: people, Teams: map[string]org.TeamSpec{"a": a, "b": b}}, connectors())
		example := ""
		for _, p := range problems {
			if rest, ok := strings.CutPrefix(p.What, "teams a and b both claim "); ok {
				example = strings.TrimSuffix(rest, " of github")
			}
		}
		covers := func(o *org.Org, name string) bool { _, ok := o.TeamOf("github", name); return ok }
		if example != "" && (!covers(ofA, example) || !covers(ofB, example)) {
			t.Fatalf("%q is no common place of %q and %q", example, one, two)
		}
		i := slices.IndexFunc(names, func(n string) bool { return covers(ofA, n) && covers(ofB, n) })
		if i >= 0 && example == "" {
			t.Fatalf("%q and %q share %q, and nobody says so", one, two, names[i])
		}
	})
}

func TestAHundredTeamsCompileQuickly(t *testing.T) {
	t.Parallel()
	spec := org.Spec{People: map[string]map[string]string{"ana": {}}, Teams: map[string]org.TeamSpec{}}
	for i := range 100 {
		spec.Teams[fmt.Sprintf("team%02d", i)] = org.TeamSpec{
			Roles:  map[string]string{"pm": "ana"},
			Places: map[string][]string{"github": {fmt.Sprintf("acme/t%02d-*", i), fmt.Sprintf("acme/x%02d", i), fmt.Sprintf("!acme/t%02d-old*", i)}},
		}
	}
	compiled(t, spec)
}

func ExampleOrg_TeamOf() {
	o, _ := org.Compile("", acme(), connectors())
	team, _ := o.TeamOf("github", "acme/ops-tools")
	po, _ := team.Person("po")
	fmt.Println(team.Name, po)
	// Output: ops cy
}
