package work

import "time"

// Point is where an item stood from a day on, until the next point.
type Point struct {
	// Day is midnight UTC of the day.
	Day  time.Time `json:"day"`
	Team string    `json:"team,omitempty"`
	// Place is its place in the order, TeamPlace in that of the team; both are 0
	// where it left the order: it was finished, or is no longer there.
	Place     int `json:"place"`
	TeamPlace int `json:"team_place"`
	// Score is that which orders, from 0 to 100, and Low and High its interval.
	Score   float64 `json:"score"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Horizon string  `json:"horizon,omitempty"`
	Tier    string  `json:"tier,omitempty"`
}

// Trail is where one item stood over time, the oldest point first.
type Trail struct {
	Item   ItemID  `json:"item"`
	Points []Point `json:"points"`
}
