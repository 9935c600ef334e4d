package monitor

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Severity says how soon a person should look.
type Severity string

// The severities, the worst first.
const (
	// Stopped: something that Tandem is for does not happen.
	Stopped Severity = "stopped"
	// Warned: it goes on, and will not for ever.
	Warned Severity = "warning"
	// Noted: it is as somebody wanted it, or waits for somebody.
	Noted Severity = "note"
)

// Problem is one thing that is not as it should be, in plain words.
type Problem struct {
	Severity Severity `json:"severity"`
	// Code names the kind of problem; docs/operations.md explains each.
	Code string `json:"code"`
	// About is the connector, or empty.
	About  string `json:"about,omitempty"`
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

// Inspected is what Problems looks at: values, so that they can be read back
// from anywhere.
type Inspected struct {
	Now     time.Time
	Figures work.Figures
	// Waiting are the edits of the last plan, by gate.
	Waiting    map[plan.Gate]int
	Connectors []Inspectable
	// Late is what waits for people longer than was agreed, as of the last run.
	Late []work.Late
	// Closed are the quiet hours and freezes of this moment, in words.
	Closed []string
	// Leases are those that are held; LeasesKnown where the store keeps any.
	Leases      []work.Lease
	LeasesKnown bool
}

// Inspectable is what the settings say of a connector.
type Inspectable struct {
	Name string
	// Every is its usual poll interval.
	Every time.Duration
	// Credentials are the places of its secrets, such as "env JIRA_TOKEN".
	Credentials []string
	// Silent: it only takes deliveries, and may have none for long.
	Silent bool
}

// Problems says what is wrong, the worst first. It is a function of what it is
// given.
func Problems(in Inspected) []Problem {
	all := slices.Concat(writing(in), unreadable(in), deciding(in), waiting(in), late(in), limiting(in), clocks(in), disk(in), notes(in))
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(rank(a.Severity), rank(b.Severity)) })
	return all
}

func rank(s Severity) int { return slices.Index([]Severity{Stopped, Warned, Noted}, s) }

// Codes returns the codes of all problems, in a fixed order.
func Codes() []string {
	return []string{
		"store_copied", "paused", "first_read", "brake_on", "second_tandem", "connector_stale", "connector_quiet", "no_daemon", "never_decided", "dead_letters", "old_holds",
		"late_items", "hints_waiting", "limit_low", "clock_differs", "disk_nearly_full", "store_large", "approval_waits", "retired", "closed",
	}
}
