package github

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tandem/internal/work"
)

// refuse says why an edit is none for GitHub.
func refuse(e work.Edit) string {
	switch {
	case e.Key == "":
		return "the edit does not say which issue"
	case e.Verb == work.AddLabel || e.Verb == work.RemoveLabel:
		return refuseLabel(e)
	case e.Verb != work.SetField && e.Verb != work.ClearField:
		return fmt.Sprintf("GitHub cannot do %s of %s; map the field to a label", e.Verb, e.Target.Path)
	case strings.HasPrefix(e.Target.Path, work.ProjectFieldPrefix):
		return ""
	case e.Verb == work.SetField && !e.Value.Present():
		return "there is nothing to write into " + e.Target.Path
	}
	switch e.Target.Path {
	case nativeMilestone, work.NativeComment:
		return ""
	case nativeState, nativeReason:
		return refuseState(e)
	default:
		return fmt.Sprintf("GitHub's %s cannot be written; map the field to a label", e.Target.Path)
	}
}

func refuseLabel(e work.Edit) string {
	switch label := e.Target.Element; {
	case label == "." || label == "..":
		// In a path it would mean all labels, or the issue itself.
		return fmt.Sprintf("the label %q cannot be addressed; choose another name in the rules", label)
	case e.Target.Path != work.NativeLabels || label == "":
		return "labels stand in the field labels only"
	case utf8.RuneCountInString(label) > maxLabel:
		return fmt.Sprintf("the label %q is longer than %d characters; shorten it in the rules", label, maxLabel)
	default:
		return ""
	}
}
