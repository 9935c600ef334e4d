package jirasim

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// World is everything a site holds, as plain values: what New starts from and
// what Site.World returns.
type World struct {
	Accounts    []Account
	People      []Person
	Statuses    []Status
	Types       []IssueType
	Priorities  []Priority
	Schemes     []Scheme
	Resolutions []Resolution
	Levels      []Level
	Fields      []Field
	Projects    []Project
	Boards      []Board
	Sprints     []Sprint
	Issues      []Issue
}

// Account lets a client in: on Cloud by Basic authentication with e-mail and
// token, on a Data Center by the token alone (Bearer) or by Basic
// authentication with the person's login and password.
type Account struct {
	Email, Token string
	// Password is for Basic authentication on a Data Center; empty is Token.
	Password string
	// Person is the account's own user.
	Person string
	// Service marks the account that Tandem uses, for the log of writes.
	Service bool
	// Admin lets the account administer the site and all projects.
	Admin bool
	// Rights are what the account may do by project key, or by "*" for those
	// that are not named; nil is everything but administration.
	Rights map[string][]Permission
	// Roles are the project roles and groups that the account is in, for
	// comments that not everybody may read.
	Roles []string
}

// Person is a user of the site.
type Person struct {
	ID, Name, Email string
	// Key and Login name the person on a Data Center: the key never changes,
	// the login is what requests use. Empty are ID and Key.
	Key, Login string
	// TimeZone is an IANA name; times are shown and read in it.
	TimeZone string
	// App marks a bot.
	App bool
}

// Category is a status category's key.
type Category string

// The three status categories of every site.
const (
	ToDo       Category = "new"
	InProgress Category = "indeterminate"
	Done       Category = "done"
)

// Status is a workflow status.
type Status struct {
	ID, Name string
	Category Category
}

// IssueType is a kind of issue. English is its untranslated name.
type IssueType struct {
	ID, Name, English string
	Subtask           bool
	// Level is the place in the hierarchy: 1 epic, 0 standard, -1 sub-task.
	Level int
}

// Priority is a site-wide priority; its place in World.Priorities is its
// urgency, most urgent first.
type Priority struct{ ID, Name, Color string }

// Scheme is the set of priorities that projects may use.
type Scheme struct {
	ID, Name   string
	Priorities []string // ids
	Default    string
}

// Resolution says how an issue was closed.
type Resolution struct{ ID, Name string }

// Level is an issue security level.
type Level struct {
	ID, Name string
	// Hidden keeps the issues of the level from accounts.
	Hidden bool
}

// FieldKind is the type of a custom field.
type FieldKind string

// The kinds of custom fields a site can have.
const (
	Number FieldKind = "number"
	Option FieldKind = "option"
	Text   FieldKind = "text"
	Date   FieldKind = "date"
	Tags   FieldKind = "labels"
)

// Field is a custom field.
type Field struct {
	ID, Name string
	Kind     FieldKind
	// Custom is the type key; empty stands for the kind's usual one.
	Custom string
	// Options are the values of an Option field by id.
	Options []Choice
	// Children are the values below those of a Cascade field, by the id of the
	// upper one.
	Children map[string][]Choice
	// Projects are the keys of the projects that have the field on their
	// screens; empty means all.
	Projects []string
}

// Choice is one value of an Option field.
type Choice struct{ ID, Value string }

// Access is what accounts may do in a project.
type Access string

// The rights of accounts in a project.
const (
	ReadWrite Access = ""
	ReadOnly  Access = "read"
	NoAccess  Access = "none"
)

// Project is a project with its scheme.
type Project struct {
	ID, Key, Name string
	Lead          string
	Scheme        string   // priority scheme id
	Types         []string // issue type ids
	Statuses      []string // status ids
	Versions      []Version
	Components    []Component
	// Workflows lead the issues of some types; types that none names may go
	// from every status to every other one.
	Workflows []Workflow
	Access    Access
	// TeamManaged projects have style next-gen.
	TeamManaged bool
	// Next is the number of the next issue; 0 is one above the highest.
	Next int
}

// Version is a release of a project.
type Version struct {
	ID, Name           string
	Released, Archived bool
	Description        string
	Start, Release     string // yyyy-MM-dd
}

// Component is a part of a project.
type Component struct{ ID, Name string }

// Issue is one issue.
type Issue struct {
	ID      int64
	Key     string
	Project string // key
	// Type, Status, Priority, Resolution and Level are ids; empty is none.
	Type, Status, Priority, Resolution, Level string
	Summary, Description                      string
	Labels                                    []string
	FixVersions                               []string // version ids
	Components                                []string // component ids
	Creator, Reporter, Assignee               string   // account ids
	Parent                                    string   // key
	Due                                       string   // yyyy-MM-dd
	Created, Updated, Resolved                time.Time
	// Rank is a LexoRank.
	Rank string
	// Sprints are ids: the closed ones that the issue went through, and at most
	// one that is active or future.
	Sprints []int64
	// Custom holds values by field id: float64, string, a Choice's id for
	// Option, []string for Tags; the further kinds say what they hold.
	Custom     map[string]any
	Properties map[string]json.RawMessage
	Remote     []RemoteLink
	Links      []IssueLink
	Comments   []Comment
	// History is oldest first.
	History []Change
	// Version counts the changes of the issue.
	Version int
}

// RemoteLink is a link to something outside.
type RemoteLink struct {
	ID       int64
	GlobalID string
	// Body holds application, object and relationship as they were sent.
	Body json.RawMessage
}

// IssueLink is one side of a link between two issues.
type IssueLink struct {
	ID string
	// Type is the link type's name, such as Blocks; Outward is the direction.
	Type    string
	Outward bool
	Key     string
}

// Comment is a comment of an issue.
type Comment struct {
	ID               int64
	Author, Body     string
	Created, Updated time.Time
	// Editor changed the comment last; empty is the author.
	Editor string
	// Visibility restricts the comment; nil is everybody.
	Visibility json.RawMessage
	Properties map[string]json.RawMessage
}

// Change is one entry of the changelog.
type Change struct {
	ID     int64
	Author string
	At     time.Time
	Items  []Item
	// Metadata is the historyMetadata of the request.
	Metadata json.RawMessage
}

// Item is one field's change. From and To are ids where the field has ids.
type Item struct {
	Field, FieldID, FieldType  string
	From, FromText, To, ToText string
}

// clone returns a copy that may be changed without touching the original.
// History entries, links and comments are values that are never changed in
// place, so their slices are copied and not what they point to.
func (i *Issue) clone() *Issue {
	c := *i
	c.Labels = slices.Clone(i.Labels)
	c.Sprints = slices.Clone(i.Sprints)
	c.FixVersions = slices.Clone(i.FixVersions)
	c.Components = slices.Clone(i.Components)
	c.Custom = maps.Clone(i.Custom)
	for id, value := range c.Custom {
		if tags, ok := value.([]string); ok {
			c.Custom[id] = slices.Clone(tags)
		}
	}
	c.Properties = maps.Clone(i.Properties)
	c.Remote = slices.Clone(i.Remote)
	c.Links = slices.Clone(i.Links)
	c.Comments = slices.Clone(i.Comments)
	c.History = slices.Clip(i.History)
	return &c
}
