package jirasim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// jqlField is how one field can be searched.
type jqlField struct {
	ops []string
	// match returns nil after it reported a mistake.
	match func(op string, values []operand) predicate
	// empty tells whether an issue has no value; nil means it always has one.
	empty func(*entry) bool
}

func equality() []string { return []string{"=", "!=", "in", "not in"} }

func ordering() []string { return append(equality(), ">", ">=", "<", "<=") }

// field finds a field by name, by cf[id] or by a custom field's name.
func (c *compiler) field(name string) (jqlField, bool) {
	switch n := canonical(name); n {
	case "key":
		return c.keyField(name), true
	case "project":
		return c.set(name, func(e *entry) string { return e.Project }, c.projectValue), true
	case "status":
		return c.set(name, func(e *entry) string { return e.Status }, c.statusValue), true
	case "statuscategory":
		return c.set(name, func(e *entry) string {
			return nameOf(c.catalog.statuses[e.Status], func(s *Status) string { return string(s.Category) })
		}, categoryValue), true
	case "issuetype":
		return c.set(name, func(e *entry) string { return e.Type }, c.typeValue), true
	case "security":
		return c.set(name, func(e *entry) string { return e.Level }, c.levelValue), true
	case "resolution":
		return c.set(name, func(e *entry) string { return e.Resolution }, c.resolutionValue), true
	case "assignee":
		return c.set(name, func(e *entry) string { return e.Assignee }, c.personValue), true
	case "reporter":
		return c.set(name, func(e *entry) string { return e.Reporter }, c.personValue), true
	case "creator":
		return c.set(name, func(e *entry) string { return e.Creator }, c.personValue), true
	case "parent":
		return c.set(name, func(e *entry) string { return e.Parent }, c.issueValue), true
	case "priority":
		return c.priorityField(name), true
	case "sprint", "cf[" + strconv.Itoa(c.fields.sprint) + "]":
		return c.sprintClause(), true
	case "labels":
		return multi(func(e *entry) []string { return e.Labels }), true
	case "fixversion":
		return multi(c.catalog.versionTexts), true
	case "component":
		return multi(c.catalog.componentTexts), true
	case "updated":
		return c.dateField(name, func(e *entry) time.Time { return e.Updated }), true
	case "created":
		return c.dateField(name, func(e *entry) time.Time { return e.Created }), true
	case "resolved":
		return c.dateField(name, func(e *entry) time.Time { return e.Resolved }), true
	case "duedate":
		return c.dateField(name, func(e *entry) time.Time { return c.day(e.Due) }), true
	case "summary", "description", "text":
		return textField(n), true
	}
	return c.customField(name)
}

// set is a field with at most one value out of a set. resolve returns the
// stored values that a text means.
func (c *compiler) set(name string, of func(*entry) string, resolve func(operand) ([]string, error)) jqlField {
	return jqlField{
		ops:   equality(),
		empty: func(e *entry) bool { return of(e) == "" },
		match: func(op string, values []operand) predicate {
			var want []string
			for _, v := range values {
				ids, err := resolve(v)
				if err != nil {
					c.fail("the value '%s' does not exist for the field '%s'.", v, name)
					return nil
				}
				want = append(want, ids...)
			}
			in := op == "=" || op == "in"
			return func(e *entry) bool {
				v := of(e)
				return v != "" && slices.Contains(want, v) == in
			}
		},
	}
}

// multi is a field with any number of texts, such as labels.
func multi(of func(*entry) []string) jqlField {
	return jqlField{
		ops:   equality(),
		empty: func(e *entry) bool { return len(of(e)) == 0 },
		match: func(op string, values []operand) predicate {
			in := op == "=" || op == "in"
			return func(e *entry) bool {
				have := of(e)
				found := slices.ContainsFunc(values, func(v operand) bool { return slices.Contains(have, v.text) })
				return len(have) > 0 && found == in
			}
		},
	}
}

// compared is a field with an order. of reports false for an issue without a
// value, which then matches no comparison.
func compared(op string, n int, of func(*entry, int) (order int, ok bool)) predicate {
	first := func(e *entry, want func(int) bool) (found, ok bool) {
		for i := range n {
			order, has := of(e, i)
			if !has {
				return false, false
			}
			if want(order) {
				return true, true
			}
		}
		return false, true
	}
	holds := map[string]func(int) bool{
		"=": func(o int) bool { return o == 0 }, "in": func(o int) bool { return o == 0 },
		">": func(o int) bool { return o > 0 }, ">=": func(o int) bool { return o >= 0 },
		"<": func(o int) bool { return o < 0 }, "<=": func(o int) bool { return o <= 0 },
	}
	if op == "!=" || op == "not in" {
		return func(e *entry) bool {
			found, ok := first(e, holds["="])
			return ok && !found
		}
	}
	want := holds[op]
	return func(e *entry) bool {
		found, _ := first(e, want)
		return found
	}
}

func (c *compiler) dateField(name string, of func(*entry) time.Time) jqlField {
	return jqlField{
		ops:   ordering(),
		empty: func(e *entry) bool { return of(e).IsZero() },
		match: func(op string, values []operand) predicate {
			var at []time.Time
			for _, v := range values {
				t, err := c.instant(name, v)
				if err != nil {
					c.fail("%s", err)
					return nil
				}
				at = append(at, t)
			}
			return compared(op, len(at), func(e *entry, i int) (int, bool) {
				t := of(e)
				return t.Compare(at[i]), !t.IsZero()
			})
		},
	}
}

// day reads an issue's own date, at midnight in the caller's zone.
func (c *compiler) day(text string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, text, c.zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// keyField compares keys: by project, then by number. Numbers alone are ids.
func (c *compiler) keyField(name string) jqlField {
	return jqlField{
		ops: ordering(),
		match: func(op string, values []operand) predicate {
			var want []*entry
			for _, v := range values {
				e := c.lookup(v.text)
				if e == nil {
					c.fail("an issue with key '%s' does not exist for field '%s'.", v, name)
					return nil
				}
				want = append(want, e)
			}
			equal := op == "=" || op == "!=" || op == "in" || op == "not in"
			return compared(op, len(want), func(e *entry, i int) (int, bool) {
				if equal {
					return cmp.Compare(e.ID, want[i].ID), true
				}
				return compareKeys(e, want[i]), e.Project == want[i].Project
			})
		},
	}
}

// priorityField compares by urgency: priority > Major is what is more urgent.
func (c *compiler) priorityField(name string) jqlField {
	rank := func(id string) int { return -c.catalog.urgency[id] }
	return jqlField{
		ops:   ordering(),
		empty: func(e *entry) bool { return e.Priority == "" },
		match: func(op string, values []operand) predicate {
			var want []string
			for _, v := range values {
				i := slices.IndexFunc(c.catalog.world.Priorities, func(p Priority) bool {
					return p.ID == v.text || strings.EqualFold(p.Name, v.text)
				})
				if i < 0 {
					c.fail("the value '%s' does not exist for the field '%s'.", v, name)
					return nil
				}
				want = append(want, c.catalog.world.Priorities[i].ID)
			}
			return compared(op, len(want), func(e *entry, i int) (int, bool) {
				return cmp.Compare(rank(e.Priority), rank(want[i])), e.Priority != ""
			})
		},
	}
}

// textField finds words; a star at the end of a word finds beginnings.
func textField(name string) jqlField {
	of := func(e *entry) string {
		switch name {
		case "summary":
			return e.Summary
		case "description":
			return e.Description
		}
		texts := []string{e.Summary, e.Description}
		for _, comment := range e.Comments {
			texts = append(texts, comment.Body)
		}
		return strings.Join(texts, "\n")
	}
	return jqlField{
		ops:   []string{"~", "!~"},
		empty: func(e *entry) bool { return of(e) == "" },
		match: func(op string, values []operand) predicate {
			terms := words(values[0].text, true)
			return func(e *entry) bool {
				have := words(of(e), false)
				found := len(terms) > 0
				for _, term := range terms {
					start, prefix := strings.CutSuffix(term, "*")
					found = found && slices.ContainsFunc(have, func(w string) bool {
						return w == term || (prefix && strings.HasPrefix(w, start))
					})
				}
				return found == (op == "~")
			}
		},
	}
}

func words(text string, stars bool) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		inside := r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 0x80 || stars && r == '*'
		return !inside
	})
}
