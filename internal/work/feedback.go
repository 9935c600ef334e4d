package work

import "time"

// Method tells how feedback was gathered.
type Method string

// The methods that evidence weighs apart.
const (
	Survey        Method = "survey"
	Interview     Method = "interview"
	UsabilityTest Method = "usability_test"
	NPS           Method = "nps"
	CSAT          Method = "csat"
	Request       Method = "request"
	Review        Method = "review"
	Support       Method = "support"
)

// Methods returns all methods.
func Methods() []Method {
	return []Method{Survey, Interview, UsabilityTest, NPS, CSAT, Request, Review, Support}
}

// Feedback is one person's signal.
type Feedback struct {
	Ref
	Kind         string    `json:"kind"` // request, bug, praise, question; free text of the source otherwise
	Method       Method    `json:"method"`
	Study        string    `json:"study,omitempty"`
	Score        Value     `json:"score"`
	Scale        string    `json:"scale,omitempty"` // such as "0-10"
	Text         string    `json:"text,omitempty"`
	Person       string    `json:"person,omitempty"`
	Account      string    `json:"account,omitempty"`
	Segment      string    `json:"segment,omitempty"`
	Value        Value     `json:"value"` // money or weight of the account
	Area         string    `json:"area,omitempty"`
	At           time.Time `json:"at"`
	URL          string    `json:"url,omitempty"`
	RecordingURL string    `json:"recording_url,omitempty"`
	Tags         []string  `json:"tags,omitempty"`
	Language     string    `json:"language,omitempty"`
	Consent      string    `json:"consent,omitempty"`
	// Links are explicit references ("jira:PAY-12") that the source carries.
	Links    []string  `json:"links,omitempty"`
	Audience Audience  `json:"audience"`
	Version  time.Time `json:"version"`
}
