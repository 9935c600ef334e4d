package work

import "time"

// Late counts items of a team that wait for a role longer than was agreed.
type Late struct {
	Role  string `json:"role"`
	Team  string `json:"team,omitempty"`
	Count int    `json:"count"`
	// Due is the day until which the first of them should have been answered.
	Due time.Time `json:"due"`
}
