package org

import "tandem/internal/work"

// Spec is what the rules say of people and teams.
type Spec struct {
	// People maps a name to the ids of that person: connector → native id, and
	// email.
	People map[string]map[string]string `yaml:"people"`
	Teams  map[string]TeamSpec          `yaml:"teams"`
}

// TeamSpec is what the rules say of one team.
type TeamSpec struct {
	// Roles maps a role, of any name, to a person.
	Roles map[string]string `yaml:"roles"`
	// Deputies maps a role to who acts in it for a time.
	Deputies map[string]DeputySpec `yaml:"deputies" json:"Deputies,omitempty"`
	// Places maps a connector to project keys or repository patterns; "!x"
	// excludes.
	Places   map[string][]string `yaml:"places"`
	Write    work.WriteMode      `yaml:"write"`
	Capacity *CapacitySpec       `yaml:"capacity"`
	// Timezone is where the team works; without one, the instance's.
	Timezone string `yaml:"timezone" json:"Timezone,omitzero"`
	// Quiet and Freeze are when nothing is written in the team's places.
	Quiet  work.Quiet    `yaml:"quiet" json:"Quiet,omitzero"`
	Freeze []work.Freeze `yaml:"freeze" json:"Freeze,omitempty"`
}

// DeputySpec is somebody who acts in a role for a time.
type DeputySpec struct {
	Person string `yaml:"person"`
	// From is the first day and Until the last one; without From it has begun.
	From  work.Date `yaml:"from" json:"From,omitzero"`
	Until work.Date `yaml:"until"`
}

// CapacitySpec is how much effort a team can do in a period.
type CapacitySpec struct {
	Effort float64   `yaml:"effort"`
	Every  work.Span `yaml:"every"`
}
