package drop

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"tandem/internal/work"
)

// sort is what a column is.
type sort uint8

const (
	leftOut sort = iota
	field
	personKey
	accountKey
	attribute
	answer
	answerTags
)

// leaveOut is written in a column file for columns that must not be read.
const leaveOut = "-"

// meaning is what a header means.
type meaning struct {
	sort sort
	name string // of the field, key or attribute
	kind work.ValueKind
	ask  question
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// fold makes headers comparable: case, line breaks and the ways to write an
// umlaut do not matter.
func fold(header string) string {
	header = strings.TrimPrefix(header, "\uFEFF")
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(header)), " "))
}

// slug is a name made of a header: "Company size" is company_size.
func slug(header string) string {
	var b strings.Builder
	gap := false
	for _, r := range fold(header) {
		if r > 0x7f || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
			gap = false
			continue
		}
		gap = true
	}
	return b.String()
}

func meaningKeys() []string {
	return []string{"field", "kind", "person", "person_key", "account", "account_key", "attribute"}
}

// readMeaning reads `at`, `-`, {person: user_id}, {attribute: country} or
// {field: effort, kind: number}.
func (c *columnFile) readMeaning(n *yaml.Node) (meaning, error) {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		if n.Value == leaveOut {
			return meaning{sort: leftOut}, nil
		}
		return meaning{sort: field, name: n.Value}, nil
	}
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return meaning{}, errors.New("write a field, {person: user_id}, {attribute: country}, {field: effort, kind: number}, or - to leave the column out")
	}
	m := meaning{}
	as := func(s sort) func(*yaml.Node) error {
		return func(n *yaml.Node) error {
			if m.name != "" {
				return errors.New("a column means one thing")
			}
			if m.sort, m.name = s, n.Value; n.Value == "" {
				return errors.New("the name is missing")
			}
			return nil
		}
	}
	err := c.each(n, map[string]func(*yaml.Node) error{
		"field": as(field), "attribute": as(attribute),
		"person": as(personKey), "person_key": as(personKey), "account": as(accountKey), "account_key": as(accountKey),
		"kind": func(n *yaml.Node) error {
			kinds := map[string]work.ValueKind{"text": work.Text, "number": work.Number, "list": work.List, "flag": work.Flag, "time": work.Time}
			kind, ok := kinds[n.Value]
			if !ok {
				return fmt.Errorf("%q is no kind; %s", n.Value, work.Suggest(n.Value, sorted(kinds)))
			}
			m.kind = kind
			return nil
		},
	})
	if err == nil && m.name == "" {
		err = errors.New("what does it mean? write field, person, account or attribute")
	}
	return m, err
}
