package jira

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tandem/internal/work"
)

// maxGlobalID is the longest id of a remote link.
const maxGlobalID = 255

// errRefused says that an edit is none of this connector's.
var errRefused = errors.New("refused")

// prepare finds out how an edit is written and which field it means, and
// refuses what this connector never writes. A non-nil error is in the result
// already.
func (s *sink) prepare(ctx context.Context, c *change) error {
	if fault := refusal(c.edit); fault != "" {
		c.reject("%s", fault)
		return errRefused
	}
	c.lane = laneOf(c.edit)
	if c.lane == byTransition {
		c.id = statusField
	}
	if c.lane != byEdit || c.edit.Target.Path == work.NativeMarker {
		return nil
	}
	ids, err := s.site.sources(ctx, jiraID(c.edit.Target.Path))
	if err != nil {
		settle(c.result, err, false, s.site.now())
		return err
	}
	c.id, c.others = ids[0], ids[1:]
	return nil
}

func laneOf(e work.Edit) lane {
	switch {
	case e.Target.Path == work.NativeMarker && e.Verb == work.ClearField:
		return byUnmark
	case e.Target.Path == statusField:
		return byTransition
	case e.Target.Path == work.NativeRemoteLink:
		return byLink
	case e.Target.Path == work.NativeComment:
		return byComment
	default:
		return byEdit
	}
}

// jiraID is what Jira calls one of our own fields; others keep their name.
func jiraID(native string) string {
	all := columns("")
	if i := slices.IndexFunc(all, func(c column) bool { return c.native == native }); i >= 0 {
		return all[i].id
	}
	return native
}

// refusal says why an edit is none of ours; empty if it is.
func refusal(e work.Edit) string {
	if name := cmp.Or(e.Target.ID, e.Key); !isName(name) {
		return fmt.Sprintf("%.40q is neither the id nor the key of an issue", name)
	}
	switch e.Verb {
	case work.AddLabel, work.RemoveLabel:
		switch {
		case e.Target.Path == work.NativeLabels:
			return labelFault(e.Target.Element)
		case !isList(e.Target.Path):
			return strconv.Quote(e.Target.Path) + " holds no labels"
		case e.Target.Element == "":
			return "the edit names no element of " + e.Target.Path
		default:
			return ""
		}
	case work.PutLink:
		return linkFault(e)
	case work.SetField, work.ClearField:
		return fieldFault(e)
	case work.MoveInBacklog:
		return "moves are sent in batches of their own"
	default:
		return "jira does not know the verb " + strconv.Quote(string(e.Verb))
	}
}

// isList reports whether a field is one of Jira's own lists, which are changed
// element by element.
func isList(native string) bool {
	declared, ok := schema().Field(native)
	return ok && declared.Kind == work.List && declared.Writable
}

// isName reports whether a text can be an id or a key: it goes into addresses,
// and proxies read more into them than they should.
func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	})
}

// labelFault says why a label cannot be one; empty if it can.
func labelFault(label string) string {
	switch {
	case label == "":
		return "the edit names no label"
	case strings.ContainsFunc(label, unicode.IsSpace):
		return "the label " + strconv.Quote(label) + " contains a space, which Jira refuses; spell it without"
	case len([]rune(label)) > maxLabel:
		return fmt.Sprintf("the label %.40q… is longer than %d characters, which Jira refuses; shorten it in the rules", label, maxLabel)
	default:
		return ""
	}
}

func linkFault(e work.Edit) string {
	address, err := url.Parse(e.Value.Text())
	switch {
	case e.Target.Path != work.NativeRemoteLink:
		return strconv.Quote(e.Target.Path) + " holds no links"
	case e.Target.Element == "" || len(e.Target.Element) > maxGlobalID:
		return fmt.Sprintf("a link needs an id of its own of at most %d bytes", maxGlobalID)
	case err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http":
		return "the edit holds no web address"
	default:
		return ""
	}
}

func fieldFault(e work.Edit) string {
	path := e.Target.Path
	clearing := e.Verb == work.ClearField
	field, ok := schema().Field(path)
	switch {
	case path == work.NativeRemoteLink && clearing:
		if e.Target.Element == "" { // Jira would remove every link of the issue
			return "the edit does not say which link is to be removed"
		}
		return ""
	case !ok || !field.Writable || path == work.NativeLabels:
		return "jira does not write the field " + strconv.Quote(path) + "; it writes priority, status, labels, fix_versions, components, duedate and custom fields"
	case clearing && field.Required:
		return path + " cannot be empty"
	case !clearing && !e.Value.Present():
		return "the edit holds no value; clearing is a verb of its own"
	default:
		return ""
	}
}
