package githubsim

import (
	"crypto/rsa"
	"maps"
	"slices"
	"strconv"
	"time"
)

// World is everything a site holds, as plain values: what New starts from and
// what Site.World returns.
type World struct {
	Accounts []Account
	Apps     []App
	// People gives users their ids; logins that are not in it get one.
	People       []Person
	Repositories []Repository
	Issues       []Issue
	Projects     []Project
}

// Account lets a client in by its token.
type Account struct {
	Token, Login string
	// Service marks the account that Tandem uses, for the log of writes.
	Service bool
	// App marks an installation of a GitHub App: its user is a bot.
	App bool
	// Hooks lets the account see webhooks and what became of their deliveries.
	Hooks bool
	// Expires is when the token stops working; zero is never.
	Expires time.Time
}

// App is a GitHub App with one installation: its signed web tokens buy
// installation tokens that live for an hour.
type App struct {
	ID, Installation int64
	// Key checks the App's signatures; nil accepts any.
	Key *rsa.PublicKey
	// Login is its user, such as tandem[bot].
	Login string
	// Service marks the App that Tandem uses, for the log of writes.
	Service bool
	// Suspended tells since when an owner keeps the installation from working.
	Suspended time.Time
}

// Person is a user of the site.
type Person struct {
	Login string
	ID    int64
	Bot   bool
}

// Access is what the accounts may do in a repository.
type Access string

// The rights of accounts in a repository.
const (
	Push Access = ""
	Pull Access = "pull"
	// None hides a private repository; a public one can still be read.
	None Access = "none"
)

// Repository is a place for issues.
type Repository struct {
	ID                int64
	Name              string // owner/name
	Description       string
	Private, Archived bool
	// IssuesOff is the switch that removes the issues from a repository.
	IssuesOff  bool
	Access     Access
	Labels     []Label
	Milestones []Milestone
	Created    time.Time
	// Next is the number of the next issue; 0 is one above the highest.
	Next int
}

// Label is a label's definition in its repository.
type Label struct {
	ID                       int64
	Name, Color, Description string
	// Default marks a label that every new repository has.
	Default bool
}

// Milestone is a milestone of a repository.
type Milestone struct {
	ID                 int64
	Number             int
	Title, Description string
	State              string // open or closed; empty is open
	Creator            string
	Created, Updated   time.Time
	Due, Closed        time.Time
}

// The states of issues and milestones.
const (
	Open   = "open"
	Closed = "closed"
)

// Issue is one issue or pull request.
type Issue struct {
	ID         int64
	NodeID     string
	Repository string // owner/name
	Number     int
	Title      string
	Body       string // empty is null in answers
	State      string // open or closed; empty is open
	// StateReason is completed, not_planned, duplicate, reopened or empty.
	StateReason string
	// Labels are names, in the order of the labels' ids.
	Labels []string
	// Milestone is a number of the repository; 0 is none.
	Milestone        int
	Author           string
	Assignees        []string
	ClosedBy         string
	Created, Updated time.Time
	Closed           time.Time
	Comments         []Comment
	// Events is oldest first.
	Events []Event
	// Reactions counts by content: +1, -1, laugh, hooray, confused, heart,
	// rocket, eyes.
	Reactions   map[string]int
	Locked      bool
	PullRequest bool
	// Parent is the id of the issue that this one is a part of; 0 is none.
	Parent int64
	// BlockedBy are ids of issues that must come first.
	BlockedBy []int64
	// Raw replaces fields of the answer, for records that are odd.
	Raw map[string]any
}

// Key returns the key as people write it: acme/pay#7.
func (i *Issue) Key() string { return i.Repository + "#" + strconv.Itoa(i.Number) }

// Comment is a comment of an issue.
type Comment struct {
	ID               int64
	Author, Body     string
	Created, Updated time.Time
}

// Event is one entry of an issue's history.
type Event struct {
	ID    int64
	Kind  string // labeled, unlabeled, closed, reopened, renamed, assigned, unassigned, milestoned, demilestoned, locked, unlocked
	Actor string
	At    time.Time
	// Label and Color are for labeled and unlabeled.
	Label, Color string
	// From and To are titles, for renamed.
	From, To string
	// Subject is the assignee or the milestone's title.
	Subject string
	// StateReason is for closed and reopened.
	StateReason string
}

// clone returns a copy that may be changed without touching the original.
// Events and comments are values that are never changed in place.
func (i *Issue) clone() *Issue {
	c := *i
	c.Labels = slices.Clone(i.Labels)
	c.Assignees = slices.Clone(i.Assignees)
	c.BlockedBy = slices.Clone(i.BlockedBy)
	c.Comments = slices.Clone(i.Comments)
	c.Events = slices.Clip(i.Events)
	c.Reactions = maps.Clone(i.Reactions)
	c.Raw = maps.Clone(i.Raw)
	return &c
}
