package company

import "slices"

// Person is somebody at Acme.
type Person struct {
	// Name is how the rules call them.
	Name string
	// Display is how they sign.
	Display string
	// Jira is the account id, GitHub the login.
	Jira, GitHub string
	Email        string
	// Bot marks Tandem's own account.
	Bot bool
}

// people returns who works at Acme. The PM plans, the POs order backlogs, the
// others build. Bot is Tandem's own account.
func people() []Person {
	return []Person{
		{Name: "ana", Display: "Ana Almeida", Jira: "712020:aa", GitHub: "ana-acme", Email: "ana@acme.example"},
		{Name: "bea", Display: "Bea Böhm", Jira: "712020:bb", GitHub: "beab", Email: "bea@acme.example"},
		{Name: "cy", Display: "Cy Okafor", Jira: "712020:cc", GitHub: "cy", Email: "cy@acme.example"},
		{Name: "dara", Display: "Dara Lindqvist", Jira: "712020:dd", GitHub: "dara-l", Email: "dara@acme.example"},
		{Name: "emre", Display: "Emre Yıldız", Jira: "712020:ee", GitHub: "emrey", Email: "emre@acme.example"},
		{Name: "fumi", Display: "佐藤 ふみ", Jira: "712020:ff", GitHub: "fumi-s", Email: "fumi@acme.example"},
		{Name: "gus", Display: "Gus O’Neill", Jira: "712020:gg", GitHub: "gus", Email: "gus@acme.example"},
		{Name: "bot", Display: "Tandem", Jira: "712020:bot", GitHub: "acme-tandem", Email: "bot@acme.example", Bot: true},
	}
}

// colleagues are the people without the bot.
func colleagues() []Person {
	return slices.DeleteFunc(people(), func(p Person) bool { return p.Bot })
}

// builders are those whom issues are assigned to.
func builders() []string { return []string{"cy", "dara", "emre", "fumi", "gus"} }

// planner is who sets priorities in a project.
func planner(project string) string {
	switch project {
	case "PAY":
		return "cy"
	case "WEB":
		return "dara"
	default:
		return "gus"
	}
}
