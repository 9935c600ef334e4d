package company

// Project is a Jira project. Each has grown its own habits.
type Project struct {
	ID, Key, Name string
	Team          string
	Lead          string // a Person's name
	// TeamManaged projects have their own fields.
	TeamManaged bool
	// Priorities is the scheme, most urgent first; Default is what Jira sets
	// where nobody chose.
	Priorities []string
	Default    string
	Statuses   []Status
	// Levels are the security levels of the project.
	Levels []string
	// Points is the id of the field that holds the estimate.
	Points string
	// Sprints is how the team names its sprints; empty where it has none. Capacity
	// is what it does in one.
	Sprints  string
	Capacity float64
}

// Status is a workflow status with its category: new, indeterminate or done.
type Status struct{ Name, Category string }

// The categories of status, as Jira calls them.
const (
	ToDo  = "new"
	Doing = "indeterminate"
	Done  = "done"
)

// The custom fields of the site, by id.
const (
	StoryPoints        = "customfield_10026" // PAY and OPS
	StoryPointEstimate = "customfield_10016" // WEB, which is team-managed
	Goal               = "customfield_10101"
	Theme              = "customfield_10102"
	Impact             = "customfield_10103"
	BusinessValue      = "customfield_10104"
	TimeCriticality    = "customfield_10105"
	RiskReduction      = "customfield_10106"
	Severity           = "customfield_10107"
	AcceptanceCriteria = "customfield_10108"
	Acceptance         = "customfield_10109"
)

// JiraField is a custom field of the site.
type JiraField struct {
	ID, Name string
	// Kind is number, text or option.
	Kind string
	// Options are the values of an option field.
	Options []string
	// Projects that have it on their screens; none stands for all.
	Projects []string
}

func jiraFields() []JiraField {
	return []JiraField{
		{ID: StoryPoints, Name: "Story Points", Kind: "number", Projects: []string{"PAY", "OPS"}},
		{ID: StoryPointEstimate, Name: "Story point estimate", Kind: "number", Projects: []string{"WEB"}},
		{ID: Goal, Name: "Goal", Kind: "text"},
		{ID: Theme, Name: "Theme", Kind: "text"},
		{ID: Impact, Name: "Impact", Kind: "number"},
		{ID: BusinessValue, Name: "Business Value", Kind: "number"},
		{ID: TimeCriticality, Name: "Time Criticality", Kind: "number"},
		{ID: RiskReduction, Name: "Risk Reduction", Kind: "number"},
		{ID: Severity, Name: "Severity", Kind: "number"},
		{ID: AcceptanceCriteria, Name: "Acceptance Criteria", Kind: "text"},
		{ID: Acceptance, Name: "Acceptance", Kind: "option", Options: []string{"waiting", "accepted", "rejected"}},
	}
}

func projects() []Project {
	return []Project{
		{
			ID: "10001", Key: "PAY", Name: "Payments", Team: "pay", Lead: "cy", Points: StoryPoints,
			Priorities: []string{"Blocker", "Critical", "Major", "Minor", "Trivial"}, Default: "Minor",
			Statuses: []Status{{"To Do", ToDo}, {"In Progress", Doing}, {"In Review", Doing}, {"Done", Done}},
			Levels:   []string{"Finance only"},
			Sprints:  "Payments", Capacity: 40,
		},
		{
			ID: "10002", Key: "WEB", Name: "Web app", Team: "web", Lead: "dara", TeamManaged: true, Points: StoryPointEstimate,
			Priorities: []string{"Highest", "High", "Medium", "Low", "Lowest"}, Default: "Medium",
			Statuses: []Status{{"Backlog", ToDo}, {"Selected", ToDo}, {"Doing", Doing}, {"Released", Done}},
			Levels:   []string{"Legal only"},
			Sprints:  "Web", Capacity: 34,
		},
		{
			ID: "10003", Key: "OPS", Name: "Operations", Team: "ops", Lead: "gus", Points: StoryPoints,
			Priorities: []string{"P1", "P2", "P3", "P4"}, Default: "P3",
			Statuses: []Status{{"Open", ToDo}, {"Working", Doing}, {"Waiting for vendor", Doing}, {"Closed", Done}},
		},
	}
}

// Repository is a GitHub repository.
type Repository struct {
	// Name is the full name, acme/pay.
	Name    string
	ID      int64
	Team    string
	Private bool
	Labels  []Label
}

// Label is a label that a repository defines.
type Label struct{ Name, Color, Description string }

func repositories() []Repository {
	labels := []Label{
		{"bug", "d73a4a", "Something isn’t working"},
		{"enhancement", "a2eeef", "New feature or request"},
		{"documentation", "0075ca", "Improvements or additions to documentation"},
		{"good first issue", "7057ff", "Good for newcomers"},
		{"help wanted", "008672", "Extra attention is needed"},
		{"priority/needs-discussion", "fbca04", "The team’s own: talk first"},
		{"roadmap/rfc", "c5def5", "The team’s own: a text to discuss"},
	}
	return []Repository{
		{Name: "acme/pay", ID: 71001, Team: "pay", Private: true, Labels: labels},
		{Name: "acme/pay-api", ID: 71002, Team: "pay", Private: true, Labels: labels},
		{Name: "acme/web", ID: 71003, Team: "web", Labels: labels},
		{Name: "acme/ops", ID: 71004, Team: "ops", Private: true, Labels: labels},
	}
}
