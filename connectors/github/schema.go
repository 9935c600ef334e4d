package github

import "tandem/internal/work"

func schema() work.Schema {
	return work.Schema{
		Kind: kind, Labels: true, MaxLabel: maxLabel, LabelSpaces: true, LabelsFold: true,
		Features: []string{projectFeature},
		Fields: []work.NativeField{
			{Name: "title", Kind: work.Text, Shared: work.Title, Doc: "one line"},
			{Name: "body", Kind: work.Text, Shared: work.Body, Doc: "description, Markdown"},
			{Name: "type", Kind: work.Text, Shared: work.Type, Doc: "issue type of the organisation, where it has types"},
			{
				Name: nativeState, Kind: work.Text, Writable: true, Required: true, Shared: work.Status,
				Values: map[string]string{isOpen: "todo", isClosed: "done"}, Doc: "open or closed",
			},
			{
				Name: nativeReason, Kind: work.Text, Writable: true, Required: true,
				Doc: "completed, not_planned, duplicate, reopened or empty; writing completed or not_planned closes the issue",
			},
			{Name: work.NativeLabels, Kind: work.List, Writable: true, Shared: work.Labels, Doc: "label names; added and removed one by one"},
			{Name: nativeMilestone, Kind: work.Text, Writable: true, Shared: work.Release, Doc: "title of the milestone; one that is open in the repository can be set, none is created"},
			{Name: work.NativeComment, Kind: work.Text, Writable: true, Blind: true, Doc: "the one comment that Tandem keeps up to date, and never writes again once a person deleted it"},
			{Name: nativeParent, Kind: work.Text, Shared: work.Parent, OnDemand: true, Doc: "key of the issue that this one is a sub-issue of, where the server has sub-issues"},
			{
				Name: nativeBlockers, Kind: work.List, Shared: work.Dependencies, OnDemand: true,
				Doc: "keys of issues that block this one, where the server has dependencies; a request for each changed issue that has some",
			},
			{Name: "assignee", Kind: work.Text, Shared: work.Assignee, Doc: "login of the first assignee"},
			{Name: "assignees", Kind: work.List, Doc: "logins of all assignees"},
			{Name: "author", Kind: work.Text, Shared: work.Reporter, Doc: "login of who opened it"},
			{Name: "created", Kind: work.Time, Shared: work.Created, Doc: "when it was opened"},
			{Name: "updated", Kind: work.Time, Shared: work.Updated, Doc: "last change, comments included"},
			{Name: "closed", Kind: work.Time, Doc: "when it was closed last"},
			{Name: "comments", Kind: work.Number, Doc: "number of comments"},
			{Name: "reactions", Kind: work.Number, Doc: "number of thumbs up: demand that costs nothing to ask for"},
			{Name: "locked", Kind: work.Flag, Doc: "whether the conversation is locked"},
			{Name: work.NativeMarker, Kind: work.Text, Doc: "Tandem's own marker in the body, <!-- tandem: jira:10012 -->"},
			{Name: work.NativeLinks, Kind: work.List, Shared: work.Links, Doc: `references on a line "Twin: …" or "Tandem-Link: …" of the body`},
			{
				Name: work.ProjectFieldPrefix + "*", Kind: work.Text, Writable: true, OnDemand: true,
				Doc: "a field of the project board that project: {board: …} names: single select, number, date, text or iteration",
			},
		},
	}
}
