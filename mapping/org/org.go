package org

import (
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// Org is the compiled organisation. It never changes.
type Org struct {
	teams  []Team // sorted by name
	people map[string]map[string]string
	// natives finds a person by connector and folded native id.
	natives map[native]string
	// fixed finds a team by a place written without a pattern.
	fixed map[place]int
	// claims are the places of all teams, in the order of teams.
	claims []claim
}

// native is an id in one system, folded.
type native struct{ connector, id string }

// place is a place as the rules write it.
type place struct{ connector, name string }

// claim is what one team says of one connector.
type claim struct {
	team               int
	at                 work.Pointer
	connector          string
	includes, excludes []glob
}

// covers reports whether the place is the team's.
func (c claim) covers(place string) bool {
	matches := func(g glob) bool { return g.match(place) }
	return slices.ContainsFunc(c.includes, matches) && !slices.ContainsFunc(c.excludes, matches)
}

// Team is one team of the organisation.
type Team struct {
	Name string
	// Roles is sorted by role.
	Roles []Holder
	// Deputies is sorted by role.
	Deputies []Deputy
	// Write is how far Tandem may go in the team's places; unset defers.
	Write work.WriteMode
	// Capacity is the zero Capacity where the rules give none.
	Capacity Capacity
	// Timezone is the name of the team's zone; empty defers.
	Timezone string
	// Windows are when nothing is written in the team's places.
	Windows work.Windows
}

// Holder is a person in a role.
type Holder struct{ Role, Person string }

// Capacity is the effort that a team can do in each period.
type Capacity struct {
	Effort float64
	Every  work.Span
}

// Known reports whether the rules give a capacity.
func (c Capacity) Known() bool { return c.Effort > 0 && c.Every > 0 }

// Person returns who holds the role in the team.
func (t Team) Person(role string) (name string, ok bool) {
	i := slices.IndexFunc(t.Roles, func(h Holder) bool { return h.Role == role })
	if i < 0 {
		return "", false
	}
	return t.Roles[i].Person, true
}

// TeamOf returns the team that owns a place of a connector. Case does not
// count: neither GitHub nor Jira tells names apart by it.
func (o *Org) TeamOf(connector, name string) (Team, bool) {
	if i, ok := o.fixed[place{connector, name}]; ok {
		return o.teams[i], true
	}
	for _, c := range o.claims {
		if c.connector == connector && c.covers(name) {
			return o.teams[c.team], true
		}
	}
	return Team{}, false
}

// Teams returns all teams, sorted by name. The caller must not change them.
func (o *Org) Teams() []Team { return slices.Clip(o.teams) }

// Team finds a team by its name.
func (o *Org) Team(name string) (Team, bool) {
	i, ok := slices.BinarySearchFunc(o.teams, name, func(t Team, n string) int { return strings.Compare(t.Name, n) })
	if !ok {
		return Team{}, false
	}
	return o.teams[i], true
}

// TeamNames returns the names of all teams, sorted.
func (o *Org) TeamNames() []string {
	names := make([]string, 0, len(o.teams))
	for _, t := range o.teams {
		names = append(names, t.Name)
	}
	return names
}

// Roles returns every role that some team has, sorted.
func (o *Org) Roles() []string {
	var roles []string
	for _, t := range o.teams {
		for _, h := range t.Roles {
			roles = append(roles, h.Role)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// Person returns who holds the role in the team.
func (o *Org) Person(role, team string) (name string, ok bool) {
	t, ok := o.Team(team)
	if !ok {
		return "", false
	}
	return t.Person(role)
}

// People returns the names of all people, sorted.
func (o *Org) People() []string { return slices.Sorted(maps.Keys(o.people)) }

// Native returns the id of a person in a connector, or the email.
func (o *Org) Native(person, connector string) (id string, ok bool) {
	id, ok = o.people[person][connector]
	return id, ok
}

// PersonByNative returns who has the id in a connector. Case does not count.
func (o *Org) PersonByNative(connector, id string) (name string, ok bool) {
	name, ok = o.natives[native{connector, strings.ToLower(id)}]
	return name, ok
}
