package company

import "time"

// odd turns a few issues into cases that a sync must survive.
func odd(i *JiraIssue) {
	open := func(kind, summary string) {
		i.Type, i.Summary, i.Parent = kind, summary, ""
		first := projectOf(i.Project).Statuses[0]
		i.Status, i.Category = first.Name, first.Category
		i.Resolved = time.Time{}
	}
	switch i.Key {
	case "PAY-30":
		open("Task", "Prepare the answer to the tax audit")
		i.Level = "Finance only"
	case "WEB-30":
		open("Bug", "Names of other customers show in the search")
		i.Level = "Legal only"
		i.Custom[Severity], i.Custom[StoryPointEstimate], i.Custom[Goal] = 1.0, 3.0, "trust_by_default"
	case "PAY-31":
		open("Task", "Migrated by a plugin that is gone")
		i.Raw = map[string]any{"created": "01/Apr/19 11:59 PM", "priority": []string{"Major"}}
	case "WEB-31":
		open("Bug", `<script>alert("title")</script> & "quotes" in **titles** are shown as they are`)
		i.Description = "Paste `<img src=x onerror=alert(2)>` into the name.\n\n{html}<iframe src=\"https://evil.example\"></iframe>{html}"
	case unheard:
		open("Story", "Approve several payments at once")
		i.Labels = nil
		i.Custom[StoryPointEstimate], i.Custom[Impact] = 5.0, 3.0
	case "PAY-33":
		open("Story", "דוח תשלומים בעברית 👩‍👩‍👧‍👦 für Zoë — ﬁn\u200bancial re\u0301sume\u0301")
		i.Priority, i.PriorityBy = projectOf(i.Project).Default, ""
		i.Custom[BusinessValue], i.Custom[TimeCriticality] = 20.0, 13.0
		delete(i.Custom, StoryPoints)
	}
}

func projectOf(key string) Project {
	for _, p := range projects() {
		if p.Key == key {
			return p
		}
	}
	return Project{}
}
