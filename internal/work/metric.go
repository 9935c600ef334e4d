package work

import "time"

// Metric is how often something was used on one day. A row that is read again
// replaces the one with the same connector, name, account and day: the last
// days of most tools still change.
type Metric struct {
	Connector string `json:"connector"`
	// Name is what was used, in the tool's own word: an event, a feature.
	Name string `json:"name"`
	// Account is who used it; empty is everybody together.
	Account string `json:"account,omitempty"`
	// Day is midnight UTC of the day.
	Day time.Time `json:"day"`
	// Count is how often, and Users by how many distinct people; Unknown where
	// the tool does not tell. Missing is not zero.
	Count Value `json:"count"`
	Users Value `json:"users"`
	// Unit is what Count counts, such as events; empty is events.
	Unit     string   `json:"unit,omitempty"`
	Audience Audience `json:"audience"`
}
