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
	// Answers are what was said question by question, where the source asks
	// more than one thing. See Sum.
	Answers []Answer `json:"answers,omitempty"`
	// PersonKeys and AccountKeys are what may join this person or account with
	// the same in other tools, by the name of the key: email, user_id (the
	// organisation's own), account_id, domain, name; ids of one tool alone begin with
	// its kind: hotjar.user.
	PersonKeys  map[string]string `json:"person_keys,omitempty"`
	AccountKeys map[string]string `json:"account_keys,omitempty"`
	// Attributes are further properties, such as plan or country, that admins
	// may link or segment by.
	Attributes map[string]string `json:"attributes,omitempty"`
	// Links are explicit references ("jira:PAY-12") that the source carries.
	Links []string `json:"links,omitempty"`
	// DuplicateOf is the id of another feedback of the same connector that the
	// source merged this one into. The original text stays.
	DuplicateOf string    `json:"duplicate_of,omitempty"`
	Audience    Audience  `json:"audience"`
	Version     time.Time `json:"version"`
	// Gone: it was withdrawn at its source. Its links end; nothing else of it
	// needs to be filled in.
	Gone bool `json:"gone,omitempty"`
}
