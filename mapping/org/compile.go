package org

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// email is the one id of a person that belongs to no connector.
const email = "email"

// compiler gathers mistakes.
type compiler struct {
	org        *Org
	connectors []string
	problems   []work.Problem
}

// Compile checks and compiles people and teams; at points to the mapping that
// holds both keys. It reports all mistakes at once, and always returns an Org,
// so that other rules can be checked against what is right in it.
func Compile(at work.Pointer, spec Spec, connectors []string) (*Org, []work.Problem) {
	c := &compiler{
		org: &Org{
			people:  map[string]map[string]string{},
			natives: map[native]string{},
			fixed:   map[place]int{},
		},
		connectors: connectors,
	}
	c.people(at.Key("people"), spec.People)
	for i, name := range slices.Sorted(maps.Keys(spec.Teams)) {
		c.team(at.Key("teams").Key(name), i, name, spec.Teams[name], spec.People)
	}
	c.overlaps()
	c.circles(at.Key("teams"))
	return c.org, c.problems
}

// mistake reports a mistake.
func (c *compiler) mistake(at work.Pointer, remedy, format string, args ...any) {
	c.problems = append(c.problems, work.Problem{At: at, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

// people compiles who somebody is in each system.
func (c *compiler) people(at work.Pointer, people map[string]map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(people)) {
		at := at.Key(name)
		c.org.people[name] = map[string]string{}
		for _, connector := range slices.Sorted(maps.Keys(people[name])) {
			id := strings.TrimSpace(people[name][connector])
			known := native{connector, strings.ToLower(id)}
			other, taken := c.org.natives[known]
			switch {
			case connector != email && !slices.Contains(c.connectors, connector):
				c.mistake(at.Key(connector), work.Suggest(connector, append(slices.Clone(c.connectors), email)), "there is no connector %s", connector)
			case id == "":
				c.mistake(at.Key(connector), "write the id that "+connector+" uses, or leave the key out", "%s has an empty id for %s", name, connector)
			case taken:
				c.mistake(at.Key(connector), "give each person their own id", "%s and %s have the same %s id %q", other, name, connector, id)
			default:
				c.org.people[name][connector] = id
				c.org.natives[known] = name
			}
		}
	}
}

// team compiles one team.
func (c *compiler) team(at work.Pointer, index int, name string, spec TeamSpec, people map[string]map[string]string) {
	team := Team{Name: name, Write: spec.Write, Timezone: spec.Timezone, Windows: work.Windows{Quiet: spec.Quiet, Freeze: spec.Freeze}}
	c.problems = append(c.problems, team.Windows.Check(at)...)
	for _, role := range slices.Sorted(maps.Keys(spec.Roles)) {
		person := spec.Roles[role]
		if _, ok := people[person]; !ok {
			c.mistake(at.Key("roles").Key(role), unknownPerson(person, people), "%s of team %s is %q, and people: has nobody of that name", role, name, person)
		}
		team.Roles = append(team.Roles, Holder{Role: role, Person: person})
	}
	c.deputies(at.Key("deputies"), &team, spec, people)
	switch {
	case len(spec.Roles) == 0 && len(spec.Places) == 0:
		c.mistake(at, "give it roles and places, or remove it", "team %s is empty", name)
	case len(spec.Roles) == 0:
		c.mistake(at, "add roles:, such as {pm: ana, po: cy}", "team %s has places, and nobody has a role there", name)
	}
	if k := spec.Capacity; k != nil {
		switch effort := k.Effort > 0 && !math.IsInf(k.Effort, 0); {
		case effort && k.Every == 0:
			c.mistake(at.Key("capacity"), "add every:, as in {effort: 40, every: 2w}", "the capacity of team %s does not say how long a period is", name)
		case !effort || k.Every < work.Span(time.Hour):
			c.mistake(at.Key("capacity"), "write an effort and a time above 0, as in {effort: 40, every: 2w}", "the capacity of team %s is not positive", name)
		}
		team.Capacity = Capacity{Effort: k.Effort, Every: k.Every}
	}
	c.org.teams = append(c.org.teams, team)
	for _, connector := range slices.Sorted(maps.Keys(spec.Places)) {
		c.places(at.Key("places").Key(connector), index, connector, spec.Places[connector])
	}
}

// unknownPerson is the remedy where people: has nobody of that name.
func unknownPerson(person string, people map[string]map[string]string) string {
	return or(work.Suggest(person, slices.Sorted(maps.Keys(people))), "add the person to people:")
}

// or returns the first of both that says something.
func or(remedy, otherwise string) string {
	if remedy == "" {
		return otherwise
	}
	return remedy
}

// places compiles what a team claims of one connector.
func (c *compiler) places(at work.Pointer, team int, connector string, patterns []string) {
	if !slices.Contains(c.connectors, connector) {
		c.mistake(at, work.Suggest(connector, c.connectors), "there is no connector %s", connector)
		return
	}
	claimed := claim{team: team, at: at, connector: connector}
	for i, pattern := range patterns {
		text, exclude := strings.CutPrefix(strings.TrimSpace(pattern), "!")
		g, remedy := parseGlob(text)
		switch {
		case remedy != "":
			c.mistake(at.Index(i), remedy, "%q is no place of %s", pattern, connector)
		case exclude:
			claimed.excludes = append(claimed.excludes, g)
		default:
			claimed.includes = append(claimed.includes, g)
		}
	}
	if len(claimed.includes) == 0 && len(claimed.excludes) == len(patterns) {
		c.mistake(at, `name what they are taken out of, as in ["acme/*", "!acme/old"]`, "team %s claims no place of %s", c.org.teams[team].Name, connector)
	}
	c.org.claims = append(c.org.claims, claimed)
	for _, g := range claimed.includes {
		if name, ok := g.literal(); ok && claimed.covers(name) {
			c.org.fixed[place{connector, name}] = team
		}
	}
}

// overlaps reports each pair of teams that could claim the same place, with an
// example.
func (c *compiler) overlaps() {
	for i, later := range c.org.claims {
		for _, earlier := range c.org.claims[:i] {
			if earlier.connector != later.connector {
				continue
			}
			example, overlap := common(earlier, later)
			if overlap {
				c.mistake(later.at, `leave it to one of them, or exclude it by "!…"`, "teams %s and %s both claim %s of %s",
					c.org.teams[earlier.team].Name, c.org.teams[later.team].Name, example, later.connector)
			}
		}
	}
}
