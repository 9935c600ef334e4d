package jira

import "tandem/internal/work"

// Native field names that are not Jira's own ids.
const (
	statusCategory = "status_category"
	fixVersions    = "fix_versions"
	hierarchy      = "hierarchy"
	storyPoints    = "story_points"
	blockedBy      = "blocked_by"
)

// maxLabel is the longest label in characters.
const maxLabel = 255

// schema declares the fields. The kind of customfield_* and name:* is the
// field's own: number, text, date or list.
func schema() work.Schema {
	return work.Schema{
		Kind: kind,
		Fields: []work.NativeField{
			{Name: "summary", Kind: work.Text, Shared: work.Title, Doc: "the title"},
			{Name: "description", Kind: work.Text, Shared: work.Body, Doc: "wiki markup; the plain text where Jira sends a document"},
			{Name: "issuetype", Kind: work.Text, Shared: work.Type, Values: issueTypes(), Doc: "name of the issue type, in the language of the site"},
			{Name: hierarchy, Kind: work.Number, Doc: "level of the issue type: 1 epic, 0 standard, -1 sub-task"},
			{Name: statusField, Kind: work.Text, Writable: true, Required: true, Doc: "name of the status; written by transitions, as far as they ask for nothing"},
			{Name: statusCategory, Kind: work.Text, Shared: work.Status, Values: statusCategories(), Doc: "new, indeterminate or done, whatever the workflow"},
			{Name: "priority", Kind: work.Text, Writable: true, Required: true, Doc: "name of the priority, as the project's scheme has it"},
			{Name: work.NativeLabels, Kind: work.List, Writable: true, Shared: work.Labels, Doc: "added and removed one by one"},
			{Name: "assignee", Kind: work.Text, Shared: work.Assignee, Doc: "account id"},
			{Name: "reporter", Kind: work.Text, Shared: work.Reporter, Doc: "account id"},
			{Name: "created", Kind: work.Time, Shared: work.Created, Doc: "time of creation"},
			{Name: "updated", Kind: work.Time, Shared: work.Updated, Doc: "time of the last change"},
			{Name: "duedate", Kind: work.Time, Writable: true, Shared: work.TargetDate, Doc: "due date"},
			{Name: "parent", Kind: work.Text, Shared: work.Parent, Doc: "key of the parent"},
			{Name: "resolution", Kind: work.Text, Doc: "name of the resolution"},
			{Name: fixVersions, Kind: work.List, Writable: true, Shared: work.Release, Doc: "names of the fix versions; added and removed one by one"},
			{Name: "components", Kind: work.List, Writable: true, Doc: "names of the components; added and removed one by one"},
			{Name: "security", Kind: work.Text, Doc: "name of the security level; such issues are restricted"},
			{Name: work.NativeMarker, Kind: work.Text, Writable: true, Doc: "the twin, from the issue property tandem: {\"twin\": \"github:123\"}"},
			{Name: work.NativeComment, Kind: work.Text, Writable: true, Blind: true, Doc: "the one comment that Tandem keeps up to date, and never writes again once a person deleted it"},
			{Name: work.NativeLinks, Kind: work.List, Shared: work.Links, Doc: "issues that people linked, as connector:KEY"},
			{Name: blockedBy, Kind: work.List, Shared: work.Dependencies, Doc: "keys of issues that must come first: those that this one is blocked by, or depends on"},
			{Name: work.NativeSprint, Kind: work.Text, OnDemand: true, Shared: work.Sprint, Doc: "name of the active sprint, else of the nearest future one"},
			{Name: work.NativeSprintState, Kind: work.Text, OnDemand: true, Doc: "active or future; empty in no sprint and in closed ones"},
			{Name: storyPoints, Kind: work.Number, Writable: true, OnDemand: true, Doc: "the estimate, whichever of the two fields for it the project has"},
			{Name: customPrefix + "*", Kind: work.Text, Writable: true, Doc: "a custom field by its id; numbers, texts, dates, people, choices and lists can be written"},
			{Name: namePrefix + "*", Kind: work.Text, Writable: true, Doc: "a custom field by its name, which must be the only one of that name"},
		},
		Labels: true, MaxLabel: maxLabel, Features: []string{"mark", work.NativeRemoteLink, "touched", backlogFeature},
	}
}

func issueTypes() map[string]string {
	return map[string]string{
		"Bug": "bug", "Defect": "bug", "Story": "story", "User Story": "story", "Task": "task", "Epic": "epic",
		"Sub-task": "subtask", "Subtask": "subtask", "New Feature": "feature", "Feature": "feature", "Improvement": "feature",
	}
}

func statusCategories() map[string]string {
	return map[string]string{"new": "todo", "indeterminate": "doing", "done": "done"}
}
