package web

import (
	"strings"

	"tandem/internal/plan"
	"tandem/internal/view"
	"tandem/internal/work"
)

// gateText says what becomes of an edit, in a few words.
func gateText(g plan.Gate) string {
	switch g {
	case plan.Ready:
		return "goes out"
	case plan.NeedsApproval:
		return "waits for approval"
	case plan.Observed:
		return "only shown"
	case plan.Braked:
		return "behind the brake"
	case plan.Ramped:
		return "another day"
	case plan.Paused:
		return "paused"
	case plan.Quiet:
		return "quiet hours"
	case plan.Frozen:
		return "freeze"
	case plan.Retired:
		return "retired"
	case plan.FirstRead:
		return "waits for the first read"
	default:
		return string(g)
	}
}

// CauseText says why a value is held.
func CauseText(c work.Cause) string { return causeText(c) }

// causeText says why a value is held.
func causeText(c work.Cause) string {
	words := map[work.Cause]string{
		work.ChangedByPerson: "somebody changed it after Tandem wrote it",
		work.RespectOver:     "somebody changed it, and respect_for is over",
		work.PredatesTandem:  "it stood there before Tandem",
		work.AmbiguousOwner:  "several records of its owner disagree",
		work.AmbiguousLabel:  "two labels stand for different values",
		work.AmbiguousTwin:   "it is not clear which record is the twin",
		work.PeopleDisagree:  "people set different values in two places",
		work.LeakGuard:       "it would show something strict in a looser place",
		work.UnmappedValue:   "the value has no spelling there",
		work.HandsOff:        "the label tandem/hands-off stands there",
		work.ConnectorStale:  "the last read of the connector failed",
		work.DeadLetter:      "an earlier edit did not go through",
		work.RejectedEdit:    "somebody rejected it",
		work.ObjectedTo:      "somebody objects",
		work.Fighting:        "somebody changed it back twice within a week",
	}
	if text, ok := words[c]; ok {
		return text
	}
	return strings.ReplaceAll(string(c), "_", " ")
}

// releasable reports whether a person can end a hold by a word: others end when
// their cause does.
func releasable(c work.Cause) bool {
	switch c {
	case work.ChangedByPerson, work.PredatesTandem, work.PeopleDisagree, work.RejectedEdit, work.Fighting, work.DeadLetter:
		return true
	default:
		return false
	}
}

// changeText says in words what an edit changes.
func changeText(e view.Edit) string {
	switch e.Verb {
	case work.AddLabel:
		return "add " + e.Element
	case work.RemoveLabel:
		return "take off " + e.Element
	case work.MoveInBacklog:
		if e.Element != "" {
			return "moves in the backlog: " + e.Element
		}
		return "moves in the backlog"
	default:
	}
	if e.To == nil {
		return "changes " + e.Field
	}
	if e.From == nil {
		return e.Field + " becomes " + e.To.String()
	}
	return e.Field + ": " + e.From.String() + " becomes " + e.To.String()
}

// foldText says in words what several edits have in common that change each
// record to something of its own.
func foldText(f view.Fold) string {
	if f.Verb == work.MoveInBacklog {
		return "move in the backlog"
	}
	return "name their twin"
}

// severityClass is the class of the style for how soon a person should look.
func severityClass(severity string) string {
	switch severity {
	case "stopped":
		return "bad"
	case "warning":
		return "warn"
	default:
		return ""
	}
}

func severityText(severity string) string {
	switch severity {
	case "stopped":
		return "Stopped"
	case "warning":
		return "Soon"
	default:
		return "As somebody wanted it"
	}
}
