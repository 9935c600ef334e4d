package org

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// Deputy is a person who acts in a role for a time.
type Deputy struct {
	Role, Person string
	// From and Until are days, both included; From is 0 where it has begun.
	From, Until work.Date
}

// covers reports whether the deputy acts on the day.
func (d Deputy) covers(day work.Date) bool { return d.From <= day && day <= d.Until }

// Acting returns who acts in the role of the team on a day. Where a deputy
// does, instead is whose role it is.
func (t Team) Acting(role string, day work.Date) (person, instead string, ok bool) {
	holder, ok := t.Person(role)
	i := slices.IndexFunc(t.Deputies, func(d Deputy) bool { return d.Role == role && d.covers(day) })
	if !ok || i < 0 {
		return holder, "", ok
	}
	return t.Deputies[i].Person, holder, true
}

// Acting returns who acts in a role of a team at a time of UTC.
func (o *Org) Acting(role, team string, at time.Time) (person, instead string, ok bool) {
	t, ok := o.Team(team)
	if !ok {
		return "", "", false
	}
	return t.Acting(role, work.DateOf(at.UTC()))
}

// deputies compiles who stands in for whom in a team.
func (c *compiler) deputies(at work.Pointer, team *Team, spec TeamSpec, people map[string]map[string]string) {
	for _, role := range slices.Sorted(maps.Keys(spec.Deputies)) {
		at, d := at.Key(role), spec.Deputies[role]
		holder, held := spec.Roles[role]
		_, known := people[d.Person]
		switch {
		case !held:
			c.mistake(at, or(work.Suggest(role, slices.Sorted(maps.Keys(spec.Roles))), "give the role to somebody under roles:"),
				"team %s has no role %s that a deputy could act in", team.Name, role)
		case d.Person == "":
			c.mistake(at, "add who acts, as in {person: bo, until: 2026-12-24}", "the deputy of %s has no name", holder)
		case !known:
			c.mistake(at.Key("person"), unknownPerson(d.Person, people), "the deputy of %s is %q, and people: has nobody of that name", holder, d.Person)
		case d.Person == holder:
			c.mistake(at.Key("person"), "name somebody else, or remove the deputy", "%s would be the deputy of %s", holder, holder)
		}
		switch {
		case d.Until == 0:
			c.mistake(at, "add the last day, as in until: 2026-12-24; for good, change roles:", "the deputy %s has no end", or(d.Person, "of "+holder))
		case d.From > d.Until:
			c.mistake(at, "write the first day as from, the last one as until", "the deputy %s ends before the beginning", or(d.Person, "of "+holder))
		}
		team.Deputies = append(team.Deputies, Deputy{Role: role, Person: d.Person, From: d.From, Until: d.Until})
	}
}

// stand is one deputy of somebody, in any team.
type stand struct {
	at          work.Pointer
	holder      string
	person      string
	from, until work.Date
}

// circles reports people who stand in for each other on the same day: then
// nobody is there. Each circle is told once.
func (c *compiler) circles(at work.Pointer) {
	var all []stand
	for _, t := range c.org.teams {
		for _, d := range t.Deputies {
			holder, ok := t.Person(d.Role)
			if ok && d.Person != "" && d.Person != holder && d.Until > 0 {
				all = append(all, stand{at.Key(t.Name).Key("deputies").Key(d.Role), holder, d.Person, d.From, d.Until})
			}
		}
	}
	told := map[string]bool{}
	for i := range all { // what all stands of a circle share begins with one of them
		for _, way := range circlesOn(all, all[i].from) {
			names := make([]string, 0, len(way)+1)
			for _, s := range way {
				names = append(names, s.holder)
			}
			key := strings.Join(slices.Sorted(slices.Values(names)), "\x00")
			if told[key] {
				continue
			}
			told[key] = true
			c.mistake(way[0].at, "name somebody who is there, or other days", "deputies go in a circle: %s", strings.Join(append(names, names[0]), " → "))
		}
	}
}

// circlesOn finds where deputies go in a circle on a day. Everybody is visited
// once.
func circlesOn(all []stand, day work.Date) [][]stand {
	next := map[string][]stand{}
	for _, s := range all {
		if s.from <= day && day <= s.until {
			next[s.holder] = append(next[s.holder], s)
		}
	}
	var found [][]stand
	var way []stand
	visited := map[string]bool{}
	var visit func(person string)
	visit = func(person string) {
		visited[person] = true
		for _, s := range next[person] {
			way = append(way, s)
			from := slices.IndexFunc(way, func(w stand) bool { return w.holder == s.person })
			switch {
			case from >= 0:
				found = append(found, slices.Clone(way[from:]))
			case !visited[s.person]:
				visit(s.person)
			}
			way = way[:len(way)-1]
		}
	}
	for _, s := range all {
		if len(next[s.holder]) > 0 && !visited[s.holder] {
			visit(s.holder)
		}
	}
	return found
}
