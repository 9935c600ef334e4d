package work

import "time"

// Testimony is who speaks for an item, as far as one reader may see it.
type Testimony struct {
	// Voices are the strongest signals, those that weigh most first.
	Voices []Heard `json:"voices"`
	// Restricted counts signals and findings that are not for this reader.
	Restricted int `json:"restricted"`
	// Gone counts signals that counted in a kept run and were withdrawn, changed
	// or forgotten since: nothing is left to show of them.
	Gone int `json:"gone,omitempty"`
	// Insights are findings, the newest first. They are nobody's votes.
	Insights []Heard `json:"insights,omitempty"`
}

// Heard is one signal or finding in short.
type Heard struct {
	// Ref names it as tandem links takes it.
	Ref string `json:"ref"`
	// Person and Account are as they are stored: a name or a pseudonym, empty
	// where the source says nothing.
	Person  string    `json:"person,omitempty"`
	Account string    `json:"account,omitempty"`
	Segment string    `json:"segment,omitempty"`
	Method  Method    `json:"method,omitempty"`
	Kind    string    `json:"kind,omitempty"`
	Score   *Value    `json:"score,omitempty"`
	Scale   string    `json:"scale,omitempty"`
	At      time.Time `json:"at"`
	// Weight is what it weighs at as_of.
	Weight float64 `json:"weight,omitempty"`
	// Quote is the beginning of what was said, on one line.
	Quote string `json:"quote,omitempty"`
	URL   string `json:"url,omitempty"`
	// Recording is where it can be heard, also at which second.
	Recording string `json:"recording,omitempty"`
	// Because is why it is linked.
	Because string `json:"because"`
}
