package work

import "time"

// Insight is a finding about market, competitors or users. It is nobody's
// vote: it is counted apart from feedback.
type Insight struct {
	Ref
	// Kind is market, competitor, research, or a word of the source's own.
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	// Study is the research it comes from.
	Study  string    `json:"study,omitempty"`
	Author string    `json:"author,omitempty"`
	At     time.Time `json:"at"`
	URL    string    `json:"url,omitempty"`
	Tags   []string  `json:"tags,omitempty"`
	// Goals are names of goals in the rules that it speaks for.
	Goals []string `json:"goals,omitempty"`
	// Links are explicit references ("jira:PAY-12") that the source carries.
	Links    []string  `json:"links,omitempty"`
	Audience Audience  `json:"audience"`
	Version  time.Time `json:"version"`
	// Gone: it was withdrawn at its source.
	Gone bool `json:"gone,omitempty"`
}
