package jirasim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// customField finds a custom field by cf[id] or by name.
func (c *compiler) customField(name string) (jqlField, bool) {
	i := slices.IndexFunc(c.catalog.world.Fields, func(f Field) bool {
		return strings.EqualFold(f.Name, name) || strings.EqualFold(name, f.ID) ||
			strings.EqualFold(name, "cf["+strings.TrimPrefix(f.ID, "customfield_")+"]")
	})
	if i < 0 {
		return jqlField{}, false
	}
	f := &c.catalog.world.Fields[i]
	switch f.Kind {
	case Tags:
		return multi(func(e *entry) []string {
			tags, _ := e.Custom[f.ID].([]string)
			return tags
		}), true
	case MultiOption, Checkboxes:
		return multi(func(e *entry) []string {
			ids, _ := e.Custom[f.ID].([]string)
			return labelled(ids, f.Options, func(o Choice) string { return o.ID }, func(o Choice) string { return o.Value })
		}), true
	case Option, Radio:
		return c.set(name, func(e *entry) string { return customText(e.Custom[f.ID]) }, func(o operand) ([]string, error) {
			if choice := cmp.Or(f.option(o.text, ""), f.option("", o.text)); choice != nil {
				return []string{choice.ID}, nil
			}
			return nil, fmt.Errorf("no option %s", o)
		}), true
	case Date:
		return c.dateField(name, func(e *entry) time.Time { return c.day(customText(e.Custom[f.ID])) }), true
	case Number:
		return c.numberField(name, f), true
	default:
		return c.set(name, func(e *entry) string { return customText(e.Custom[f.ID]) }, func(o operand) ([]string, error) {
			return []string{o.text}, nil
		}), true
	}
}

func (c *compiler) numberField(name string, f *Field) jqlField {
	return jqlField{
		ops:   ordering(),
		empty: func(e *entry) bool { return e.Custom[f.ID] == nil },
		match: func(op string, values []operand) predicate {
			var want []float64
			for _, v := range values {
				n, err := strconv.ParseFloat(v.text, 64)
				if err != nil {
					c.fail("the value '%s' for the field '%s' is not a number.", v, name)
					return nil
				}
				want = append(want, n)
			}
			return compared(op, len(want), func(e *entry, i int) (int, bool) {
				n, ok := e.Custom[f.ID].(float64)
				return cmp.Compare(n, want[i]), ok
			})
		},
	}
}
