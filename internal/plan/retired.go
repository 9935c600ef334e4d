package plan

import "time"

// The kinds of retirement.
const (
	RetiredTeam      = "team"
	RetiredConnector = "connector"
	RetiredAll       = "all" // without a name
)

// Retirement is a person's word that Tandem shall write nothing any more, in
// the places of a team, at a connector, or anywhere.
type Retirement struct {
	Kind string    `json:"kind"`
	Name string    `json:"name,omitempty"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// String returns it as it stands in messages.
func (r Retirement) String() string {
	if r.Kind == RetiredAll {
		return "everything"
	}
	return r.Kind + " " + r.Name
}

// covers reports whether it covers a place of the team at the connector.
func (r Retirement) covers(connector, team string) bool {
	switch r.Kind {
	case RetiredTeam:
		return team != "" && r.Name == team
	case RetiredConnector:
		return r.Name == connector
	default:
		return r.Kind == RetiredAll
	}
}

// Retirements are all that stand.
type Retirements []Retirement

// Covers reports whether one of them covers a place of the team at the
// connector.
func (all Retirements) Covers(connector, team string) bool {
	for _, r := range all {
		if r.covers(connector, team) {
			return true
		}
	}
	return false
}
