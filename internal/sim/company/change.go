package company

import (
	"fmt"
	"strings"
	"time"
)

// Change is something that a person does after Tandem wrote for the first
// time. Seven are changes of inputs, which must have effects; five override
// what Tandem wrote, which must be kept.
type Change struct {
	// What says it in a sentence.
	What string
	// Override marks a change of a value that Tandem writes.
	Override bool
	// By is a Person's name; empty for users.
	By string
	// Jira is the key, or GitHub is, or Feedback are new rows.
	Jira, GitHub string
	Feedback     []Feedback

	// Field is the Jira field: a custom field's id, priority, status or
	// labels. For GitHub it is labels or state.
	Field string
	// Set is the new value of a custom field; of status and state a name.
	Set any
	// Prefer holds names: the first that differs from what stands there is set,
	// or added where the field is labels.
	Prefer []string
	// Remove takes off the labels that Tandem wrote and that start with it.
	Remove string
}

// changes returns what people do next. Those whose issue does not exist at
// this size are left out.
func changes(asOf time.Time, jira []JiraIssue, twins []Twin) []Change {
	exists := map[string]bool{}
	for _, i := range jira {
		exists[i.Key] = true
	}
	twin := map[string]string{}
	for _, t := range twins {
		twin[t.Jira] = t.GitHub
	}
	all := []Change{
		{What: "the team splits WEB-21: 2 story points instead of 13", By: "dara", Jira: "WEB-21", Field: StoryPointEstimate, Set: 2.0},
		{What: "the team estimates PAY-33 for the first time: 1 story point", By: "cy", Jira: "PAY-33", Field: StoryPoints, Set: 1.0},
		{What: "fourteen large accounts ask for WEB-33, as the first", Jira: "WEB-33", Feedback: wave(asOf)},
		{What: "a developer closes PAY-21 on GitHub, where it was born", By: "emre", GitHub: twin["PAY-21"], Field: "state", Set: "closed"},
		{What: "support raises the severity of PAY-15 to 1", By: "bea", Jira: "PAY-15", Field: Severity, Set: 1.0},
		{What: "the PM gives the epic WEB-2 a goal", By: "ana", Jira: "WEB-2", Field: Goal, Set: "trust_by_default"},
		{What: "WEB-27 is released and waits for acceptance", By: "fumi", Jira: "WEB-27", Field: "status", Set: "Released"},

		{What: "the PO sets the priority of PAY-12 by hand", Override: true, By: "cy", Jira: "PAY-12", Field: "priority", Prefer: []string{"Trivial", "Blocker"}},
		{What: "the PO sets the priority of WEB-12 by hand", Override: true, By: "dara", Jira: "WEB-12", Field: "priority", Prefer: []string{"Highest", "Medium"}},
		{What: "somebody takes the priority label off the twin of PAY-18", Override: true, By: "emre", GitHub: twin["PAY-18"], Field: "labels", Remove: "priority/p"},
		{What: "somebody takes the roadmap label off WEB-24", Override: true, By: "fumi", Jira: "WEB-24", Field: "labels", Remove: "roadmap/"},
		{What: "somebody adds a second roadmap label to PAY-24", Override: true, By: "gus", Jira: "PAY-24", Field: "labels", Prefer: []string{"roadmap/later", "roadmap/next"}},
	}
	kept := all[:0]
	for _, c := range all {
		if exists[c.Jira] || c.Jira == "" && c.GitHub != "" {
			kept = append(kept, c)
		}
	}
	return kept
}

// wave is a new vote of fourteen accounts on one day.
func wave(asOf time.Time) []Feedback {
	rows := make([]Feedback, 0, 14)
	for i, name := range firmNames()[:14] {
		rows = append(rows, Feedback{
			ID: fmt.Sprintf("fb-new-%02d", i+1), Kind: "request", Method: "request", Text: "Please let us approve several payments at once, see WEB-33.",
			Person: "Buyer at " + name, Account: name + " Holding", Segment: "enterprise", Value: 12000, Area: "mobile",
			At: asOf.Add(-time.Duration(14-i) * time.Minute), Language: "en", Consent: "yes", About: "WEB-33", Via: "key",
		})
	}
	return rows
}

// String returns the change in one line.
func (c Change) String() string {
	place := strings.TrimSpace(c.Jira + " " + c.GitHub)
	if c.By == "" {
		return place + ": " + c.What
	}
	return place + ": " + c.What + " (" + c.By + ")"
}
