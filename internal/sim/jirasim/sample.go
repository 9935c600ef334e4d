package jirasim

import "time"

// Sample returns the world of a small firm: three projects with their own
// priority schemes, names that are not English, custom fields, a security
// level, two people, the account of a bot, boards and sprints. It has no issues
// yet.
//
//	PAY  Critical, Blocker, Major, Minor, Trivial   Story Points
//	WEB  Highest … Lowest, team-managed             Story point estimate
//	OPS  P1 … P4                                    –
func Sample() World {
	return World{
		Accounts: []Account{{Email: "bot@acme.example", Token: "jira-token", Person: Bot, Service: true}},
		People: []Person{
			{ID: Bot, Key: "JIRAUSER10100", Login: "tandem", Name: "Tandem", Email: "bot@acme.example", TimeZone: "Europe/Berlin", App: true},
			{ID: Ana, Key: "ana", Login: "a.araujo", Name: "Ana Araújo", Email: "ana@acme.example", TimeZone: "Europe/Lisbon"},
			{ID: Cy, Key: "JIRAUSER10101", Login: "cy", Name: "Cy Chen", Email: "cy@acme.example", TimeZone: "Asia/Shanghai"},
		},
		Statuses: []Status{
			{"10000", "To Do", ToDo}, {"3", "In Arbeit", InProgress}, {"10010", "In Review", InProgress}, {"10001", "Fertig", Done},
		},
		Types: []IssueType{
			{ID: "10001", Name: "Story", English: "Story"},
			{ID: "10004", Name: "Fehler", English: "Bug"},
			{ID: "10002", Name: "任务", English: "Task"},
			{ID: "10000", Name: "Epic", English: "Epic", Level: 1},
			{ID: "10003", Name: "Unteraufgabe", English: "Sub-task", Subtask: true, Level: -1},
		},
		Priorities:  samplePriorities(),
		Schemes:     sampleSchemes(),
		Resolutions: []Resolution{{"10000", "Done"}, {"10001", "Won't Do"}, {"10002", "Duplicate"}},
		Levels:      []Level{{ID: "10100", Name: "Management only"}},
		Fields: []Field{
			{ID: "customfield_10026", Name: "Story Points", Kind: Number, Projects: []string{"PAY", "OPS"}},
			{
				ID: "customfield_10016", Name: "Story point estimate", Kind: Number, Projects: []string{"WEB"},
				Custom: "com.pyxis.greenhopper.jira:jsw-story-points",
			},
			{
				ID: "customfield_10040", Name: "Schweregrad", Kind: Option,
				Options: []Choice{{"10020", "Kritisch"}, {"10021", "Hoch"}, {"10022", "Niedrig"}},
			},
			{ID: "customfield_10050", Name: "Ziel", Kind: Text},
			{ID: "customfield_10060", Name: "Target date", Kind: Date},
			{ID: "customfield_10070", Name: "Themes", Kind: Tags},
		},
		Projects: sampleProjects(),
		Boards: []Board{
			{ID: 1, Name: "Payments", Type: Scrum, Projects: []string{"PAY"}},
			{ID: 2, Name: "Webshop", Type: Simple, Projects: []string{"WEB"}},
			{ID: 3, Name: "Operations", Type: Kanban, Projects: []string{"OPS"}},
			{ID: 4, Name: "Whole shop", Type: Scrum, Projects: []string{"PAY", "WEB"}, JQL: "project in (PAY, WEB) AND type not in subTaskIssueTypes() ORDER BY Rank"},
		},
		Sprints: sampleSprints(),
	}
}

// sampleSprints has a name and a goal that are hard to read out of a text.
func sampleSprints() []Sprint {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, time.UTC) }
	return []Sprint{
		{ID: 11, Name: "Payments 41", State: ClosedSprint, Board: 1, Start: day(2), End: day(13), Completed: day(13)},
		{ID: 12, Name: "Payments 42, refunds", Goal: "Refunds [all], state=done", State: ActiveSprint, Board: 1, Start: day(16), End: day(27)},
		{ID: 13, Name: "Payments 43", State: FutureSprint, Board: 1},
		{ID: 21, Name: "Webshop 7", State: ActiveSprint, Board: 2, Start: day(16), End: day(27)},
	}
}

// The people of the sample, by account id.
const (
	Bot = "712020:bb000000-0000-4000-8000-000000000001"
	Ana = "712020:aa000000-0000-4000-8000-000000000002"
	Cy  = "557058:cc000000-0000-4000-8000-000000000003"
)

func samplePriorities() []Priority {
	return []Priority{
		{"10101", "Critical", "#ff0000"},
		{"10100", "Blocker", "#cc0000"},
		{"1", "Highest", "#cd1317"},
		{"10201", "P1", "#cd1317"},
		{"2", "High", "#e9494a"},
		{"10102", "Major", "#e97f33"},
		{"10202", "P2", "#e9494a"},
		{"3", "Medium", "#e97f33"},
		{"10203", "P3", "#e97f33"},
		{"4", "Low", "#2d8738"},
		{"10103", "Minor", "#2d8738"},
		{"10204", "P4", "#2d8738"},
		{"5", "Lowest", "#57a55a"},
		{"10104", "Trivial", "#57a55a"},
	}
}

func sampleSchemes() []Scheme {
	return []Scheme{
		{ID: "10001", Name: "Payments", Priorities: []string{"10101", "10100", "10102", "10103", "10104"}, Default: "10102"},
		{ID: "1", Name: "Default", Priorities: []string{"1", "2", "3", "4", "5"}, Default: "3"},
		{ID: "10002", Name: "Operations", Priorities: []string{"10201", "10202", "10203", "10204"}, Default: "10203"},
	}
}

func sampleProjects() []Project {
	types := []string{"10001", "10004", "10002", "10000", "10003"}
	statuses := []string{"10000", "3", "10010", "10001"}
	return []Project{
		{
			ID: "10003", Key: "PAY", Name: "Payments", Lead: Cy, Scheme: "10001", Types: types, Statuses: statuses,
			Versions: []Version{{ID: "10300", Name: "2026.11"}, {ID: "10301", Name: "2026.10", Released: true, Archived: true}},
		},
		{ID: "10004", Key: "WEB", Name: "Webshop", Lead: Ana, Scheme: "1", Types: types, Statuses: statuses, TeamManaged: true},
		{ID: "10005", Key: "OPS", Name: "Operations", Lead: Cy, Scheme: "10002", Types: types, Statuses: statuses},
	}
}
