package jira

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem/connectors"
	"tandem/internal/work"
)

// fields looks whether the fields that rules name exist, whether those that
// rules write stand on the edit screens, and whether they take the values.
func (c *checker) fields(ctx context.Context, looked []*look) []work.Finding {
	book, fault := c.book(ctx)
	if fault != nil {
		return []work.Finding{*fault}
	}
	findings := c.missing(book)
	if !c.site.readable(looked) {
		return findings
	}
	var all []placed
	for _, l := range looked {
		all = append(all, c.onScreen(book, l)...)
	}
	return append(findings, c.joined(all)...)
}

// readable reports whether at least one project can be read.
func (s *site) readable(looked []*look) bool {
	return slices.ContainsFunc(looked, func(l *look) bool { return l.fault == nil })
}

// named lists the custom fields that rules name.
func (c *checker) named() []string {
	return slices.DeleteFunc(sorted(c.site.wanted), func(f string) bool {
		return !strings.HasPrefix(f, customPrefix) && !strings.HasPrefix(f, namePrefix)
	})
}

// book returns the list of fields where rules name custom ones.
func (c *checker) book(ctx context.Context) (*fieldBook, *work.Finding) {
	if len(c.named()) == 0 {
		return &fieldBook{}, nil
	}
	book, err := c.site.fields(ctx)
	if err != nil {
		f := c.failed("fields", err)
		return nil, &f
	}
	return book, nil
}

// missing lists custom fields that are not there, or there twice.
func (c *checker) missing(book *fieldBook) []work.Finding {
	var findings []work.Finding
	for _, native := range c.named() {
		_, fault := book.find(native)
		if fault == nil {
			continue
		}
		remedy := fault.Remedy
		name, _ := strings.CutPrefix(native, namePrefix)
		if ids := book.matching(func(f fieldInfo) bool { return f.Name == name }); len(ids) > 1 {
			choices := make([]string, 0, len(ids))
			for _, id := range ids {
				choices = append(choices, "{name: "+name+", id: "+id+"}")
			}
			remedy = "write the one that is meant, with its id: field: " + strings.Join(choices, " or ")
		}
		findings = append(findings, c.finding(fault.Level, "field "+native, fault.What, remedy))
	}
	return findings
}

// onScreen looks at what rules write in one project.
func (c *checker) onScreen(book *fieldBook, l *look) []placed {
	if !l.looked() {
		if l.fault == nil && l.unread == nil && len(c.env.Writes) > 0 {
			return []placed{{work.Finding{
				Level: work.Note, What: "there is no issue yet, so nobody can see which fields and values can be written",
				Remedy: "check again once there is one",
			}, l.project, ""}}
		}
		return nil
	}
	if len(l.meta.Fields) == 0 {
		if !l.have[mayEdit] {
			return nil // said already
		}
		return []placed{{work.Finding{
			Level: work.Warning, What: "nothing can be edited",
			Remedy: "look at the issue in Jira: its workflow status may forbid editing, or its edit screen is empty",
		}, l.project, l.seen()}}
	}
	var all []placed
	for _, w := range c.env.Writes {
		if w.Place != "" && w.Place != l.project {
			continue
		}
		all = append(all, c.writable(book, l, w)...)
	}
	return all
}

// writable looks at one field of one project.
func (c *checker) writable(book *fieldBook, l *look, w connectors.Write) []placed {
	if w.Path == nativeStatus {
		return reachable(l, w)
	}
	id, editable := screenID(book, w.Path)
	if !editable {
		return nil
	}
	subject := "field " + title(book, w.Path, id)
	field, there := l.meta.Fields[id]
	if !there {
		return []placed{{work.Finding{
			Level: work.Warning, Subject: subject, What: "it is not on the edit screen, so it cannot be written",
			Remedy: "add it to the edit screen of the project, or take the field out of the rules there (by_project)",
		}, l.project, l.seen()}}
	}
	have := field.options()
	if w.Labels || len(w.Values) == 0 || len(have) == 0 {
		return nil
	}
	var lacking []string
	for _, v := range w.Values {
		if _, ok := pick(field.choices(), v); !ok {
			lacking = append(lacking, v)
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return []placed{{work.Finding{
		Level: work.Fatal, Subject: subject, What: "it has no " + quoted(lacking), Remedy: valueAdvice(l.project, field, w, lacking),
	}, l.project, ""}}
}

// reachable looks whether the project has the statuses that rules write. The
// way there is another matter: transitions are asked for issue by issue.
func reachable(l *look, w connectors.Write) []placed {
	var all []placed
	for _, v := range w.Values {
		if len(l.statuses) == 0 || slices.ContainsFunc(l.statuses, func(s string) bool { return strings.EqualFold(s, v) }) {
			continue
		}
		all = append(all, placed{work.Finding{
			Level: work.Fatal, Subject: "field status", What: "there is no status " + strconv.Quote(v),
			Remedy: "the project has " + some(l.statuses) + "; map the value to one of these, for this project under by_project",
		}, l.project, ""})
	}
	return all
}

// screenID returns what Jira calls the field on an edit screen; false for
// what does not stand there, such as the status.
func screenID(book *fieldBook, native string) (id string, ok bool) {
	if slices.Contains([]string{nativeStatus, statusCategory, nativeComment, work.NativeMarker}, native) {
		return "", false
	}
	for _, column := range columns("") {
		if column.native == native {
			return column.id, true
		}
	}
	if id, fault := book.find(native); fault == nil {
		return id, true
	}
	return "", false // said already
}

// title names a field by its name and id where they differ.
func title(book *fieldBook, native, id string) string {
	for _, f := range book.fields {
		if f.ID == id && strings.HasPrefix(id, customPrefix) {
			return f.Name + " (" + id + ")"
		}
	}
	return native
}

// valueAdvice names the values that the project has, the nearest of them, and
// for priorities the line that fits its scheme.
func valueAdvice(project string, field fieldMeta, w connectors.Write, lacking []string) string {
	names := make([]string, 0, len(field.Allowed))
	for _, n := range field.options() {
		names = append(names, n.text())
	}
	advice := "the project has " + some(names)
	if w.Path == fixVersions {
		return advice + "; create " + some(lacking) + " there as versions, which Tandem never does, or map the value to one of these under by_project"
	}
	if w.Path == "priority" && len(w.Values) <= len(names) {
		return advice + "; write under by_project, most urgent first: " + project + ": " + spread(names, len(w.Values))
	}
	for _, v := range lacking {
		if near := work.Suggest(v, names); strings.HasPrefix(near, "did you mean") {
			advice += "; for " + strconv.Quote(v) + ": " + near
		}
	}
	return advice + "; map the value to one of these, for this project under by_project"
}

// spread shares names out to the numbers from 1, as a value map of rules.
func spread(names []string, n int) string {
	parts := make([]string, 0, n)
	for i, part := range shares(names, n) {
		words := make([]string, len(part))
		for j, name := range part {
			words[j] = flowText(name)
		}
		parts = append(parts, strconv.Itoa(i+1)+": ["+strings.Join(words, ", ")+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// flowText writes a text as it can stand in a YAML list.
func flowText(s string) string {
	plain := !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' })
	if first, _ := utf8.DecodeRuneInString(s); plain && unicode.IsLetter(first) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off"}, strings.ToLower(s)) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// shares cuts a list into n parts, in order, later ones longer.
func shares(names []string, n int) [][]string {
	parts := make([][]string, 0, n)
	for i := range n {
		parts = append(parts, names[i*len(names)/n:(i+1)*len(names)/n])
	}
	return parts
}

// labels looks whether Jira takes the labels that rules write.
func (c *checker) labels() []work.Finding {
	var findings []work.Finding
	said := map[string]bool{}
	for _, w := range c.env.Writes {
		if !w.Labels {
			continue
		}
		for _, label := range w.Values {
			what := labelMistake(label)
			if what == "" || said[label] {
				continue
			}
			said[label] = true
			findings = append(findings, c.finding(work.Fatal, "label "+strconv.Quote(label), what, "choose another template or value in the rules"))
		}
	}
	return findings
}

func labelMistake(label string) string {
	n := utf8.RuneCountInString(label)
	switch {
	case n == 0:
		return "a label is never empty"
	case strings.ContainsFunc(label, unicode.IsSpace):
		return "Jira takes no label with a space"
	case n > maxLabel:
		return "Jira takes labels of at most " + strconv.Itoa(maxLabel) + " characters, this one has " + strconv.Itoa(n)
	default:
		return ""
	}
}

// quoted lists values in quotes.
func quoted(values []string) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = strconv.Quote(v)
	}
	return some(all)
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// options are the allowed values by the names that they have now.
func (m fieldMeta) options() []named {
	var all []named
	for _, raw := range m.Allowed {
		var c choice
		if json.Unmarshal(raw, &c) == nil && !c.Archived && !c.Disabled {
			all = append(all, c.named)
		}
	}
	return all
}
