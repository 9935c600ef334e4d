package org_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/org"
)

// staffed is a firm of four with the deputies given: team/role → deputy.
func staffed(pay, ops map[string]org.DeputySpec) org.Spec {
	return org.Spec{
		People: map[string]map[string]string{"ana": {}, "bo": {}, "cy": {}, "di": {}},
		Teams: map[string]org.TeamSpec{
			"pay": {Roles: map[string]string{"pm": "ana", "po": "cy", "agency client": "di"}, Deputies: pay},
			"ops": {Roles: map[string]string{"pm": "bo", "po": "bo"}, Deputies: ops},
		},
	}
}

func TestADeputyActsOnItsDaysAlone(t *testing.T) {
	t.Parallel()
	o := compiled(t, staffed(map[string]org.DeputySpec{
		"pm": {Person: "bo", Until: 20261224},
		"po": {Person: "ana", From: 20261201, Until: 20261203},
	}, nil))
	for _, c := range []struct{ role, team, day, person, instead string }{
		{"pm", "pay", "2026-11-21", "bo", "ana"},
		{"pm", "pay", "2026-12-24", "bo", "ana"},
		{"pm", "pay", "2026-12-25", "ana", ""},
		{"po", "pay", "2026-11-30", "cy", ""},
		{"po", "pay", "2026-12-01", "ana", "cy"},
		{"po", "pay", "2026-12-03", "ana", "cy"},
		{"po", "pay", "2026-12-04", "cy", ""},
		{"agency client", "pay", "2026-12-04", "di", ""},
		{"pm", "ops", "2026-12-04", "bo", ""},
		{"ux", "pay", "2026-12-04", "", ""},
		{"pm", "none", "2026-12-04", "", ""},
	} {
		at, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		person, instead, ok := o.Acting(c.role, c.team, at)
		if person != c.person || instead != c.instead || ok != (c.person != "") {
			t.Errorf("%s of %s on %s: %q for %q (%t), want %q for %q", c.role, c.team, c.day, person, instead, ok, c.person, c.instead)
		}
	}
}

func TestWrongDeputiesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, problems := org.Compile("", staffed(map[string]org.DeputySpec{
		"pm":            {Person: "bo"},
		"po":            {Person: "boo", Until: 20261224},
		"agency client": {Person: "di", Until: 20261224},
		"ux":            {Person: "bo", Until: 20261224},
	}, map[string]org.DeputySpec{
		"pm": {Person: "cy", From: 20261225, Until: 20261224},
		"po": {Until: 20261224},
	}), nil)
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	want := []string{
		`/teams/ops/deputies/pm: the deputy cy ends before the beginning; write the first day as from, the last one as until`,
		`/teams/ops/deputies/po: the deputy of bo has no name; add who acts, as in {person: bo, until: 2026-12-24}`,
		`/teams/pay/deputies/agency client/person: di would be the deputy of di; name somebody else, or remove the deputy`,
		`/teams/pay/deputies/pm: the deputy bo has no end; add the last day, as in until: 2026-12-24; for good, change roles:`,
		`/teams/pay/deputies/po/person: the deputy of cy is "boo", and people: has nobody of that name; did you mean "bo"?`,
		`/teams/pay/deputies/ux: team pay has no role ux that a deputy could act in; did you mean "pm"?`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestDeputiesThatGoInACircleAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pay, ops map[string]org.DeputySpec
		want     []string
	}{
		"each other": {
			map[string]org.DeputySpec{"pm": {Person: "cy", Until: 20261224}, "po": {Person: "ana", From: 20261201, Until: 20261205}},
			nil,
			[]string{"/teams/pay/deputies/pm: deputies go in a circle: ana → cy → ana; name somebody who is there, or other days"},
		},
		"on other days": {
			map[string]org.DeputySpec{"pm": {Person: "cy", Until: 20261130}, "po": {Person: "ana", From: 20261201, Until: 20261205}}, nil, nil,
		},
		"across teams": {
			map[string]org.DeputySpec{"pm": {Person: "cy", Until: 20261224}, "po": {Person: "bo", Until: 20261224}},
			map[string]org.DeputySpec{"po": {Person: "ana", Until: 20261224}},
			[]string{"/teams/ops/deputies/po: deputies go in a circle: bo → ana → cy → bo; name somebody who is there, or other days"},
		},
		"never all at once": {
			map[string]org.DeputySpec{"pm": {Person: "cy", Until: 20261210}, "po": {Person: "bo", From: 20261209, Until: 20261224}},
			map[string]org.DeputySpec{"po": {Person: "ana", From: 20261211, Until: 20261224}},
			nil,
		},
		"a chain ends": {
			map[string]org.DeputySpec{"pm": {Person: "cy", Until: 20261224}, "po": {Person: "bo", Until: 20261224}}, nil, nil,
		},
	} {
		_, problems := org.Compile("", staffed(c.pay, c.ops), nil)
		var got []string
		for _, p := range problems {
			got = append(got, p.Error())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Whoever has a role has it on every day, by themselves or by a deputy that is
// another person.
func TestARoleIsNeverEmptyBecauseOfDeputies(t *testing.T) {
	t.Parallel()
	people := []string{"ana", "bo", "cy", "di"}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(roles ...string) map[string]org.DeputySpec {
			all := map[string]org.DeputySpec{}
			for _, role := range roles {
				if rapid.Bool().Draw(t, role) {
					from := rapid.IntRange(1, 28).Draw(t, "from")
					all[role] = org.DeputySpec{
						Person: rapid.SampledFrom(people).Draw(t, "person"), From: work.Date(20261200 + from),
						Until: work.Date(20261200 + rapid.IntRange(from, 28).Draw(t, "until")),
					}
				}
			}
			return all
		}
		o, problems := org.Compile("", staffed(draw("pm", "po"), draw("pm", "po")), nil)
		if len(problems) > 0 {
			return
		}
		day := time.Date(2026, 12, rapid.IntRange(1, 31).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		for _, team := range o.Teams() {
			for _, h := range team.Roles {
				person, instead, ok := o.Acting(h.Role, team.Name, day)
				if !ok || person == "" || person == instead || instead != "" && instead != h.Person || instead == "" && person != h.Person {
					t.Errorf("%s of %s on %s: %s for %q", h.Role, team.Name, day, person, instead)
				}
			}
		}
	})
}
