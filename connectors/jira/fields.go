package jira

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// The two ways in which rules name a custom field.
const (
	customPrefix = "customfield_"
	namePrefix   = "name:"
)

// fieldInfo is one entry of GET /field.
type fieldInfo struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// fieldBook finds fields by name.
type fieldBook struct{ fields []fieldInfo }

// asked is a field that rules want: the name they use and Jira's id.
type asked struct{ native, id string }

// find returns the id of a field as rules name it, and what is wrong if it
// cannot: a name must be the only one of its kind.
func (b *fieldBook) find(native string) (id string, fault *work.Finding) {
	name, byName := strings.CutPrefix(native, namePrefix)
	if !byName {
		if b.has(native) {
			return native, nil
		}
		return "", &work.Finding{
			Level: work.Fatal, Subject: native, What: "there is no field with this id, or the account cannot see it",
			Remedy: "look the id up at /rest/api/2/field of the site, or map the field by its name",
		}
	}
	ids := b.named(func(have string) bool { return have == name })
	if len(ids) == 0 {
		ids = b.named(func(have string) bool { return strings.EqualFold(have, name) })
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", &work.Finding{
			Level: work.Fatal, Subject: native, What: "there is no field of this name, or the account cannot see it",
			Remedy: work.Suggest(name, b.names()),
		}
	default:
		return "", &work.Finding{
			Level: work.Fatal, Subject: native, What: strconv.Itoa(len(ids)) + " fields have this name: " + strings.Join(ids, ", "),
			Remedy: "write the id of the one that is meant, such as field: " + ids[0],
		}
	}
}

func (b *fieldBook) has(id string) bool {
	return slices.ContainsFunc(b.fields, func(f fieldInfo) bool { return f.ID == id })
}

func (b *fieldBook) named(is func(string) bool) []string {
	var ids []string
	for _, f := range b.fields {
		if is(f.Name) {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (b *fieldBook) names() []string {
	names := make([]string, 0, len(b.fields))
	for _, f := range b.fields {
		names = append(names, f.Name)
	}
	return names
}

// fields returns the list of fields, asked for once.
func (s *site) fields(ctx context.Context) (*fieldBook, error) {
	s.mu.Lock()
	book := s.book
	s.mu.Unlock()
	if book != nil {
		return book, nil
	}
	var list []fieldInfo
	if err := s.client.get(ctx, path("field"), nil, &list); err != nil {
		return nil, fmt.Errorf("read list of fields: %w", err)
	}
	book = &fieldBook{fields: list}
	for _, native := range s.wanted {
		if !strings.HasPrefix(native, namePrefix) {
			continue
		}
		if _, fault := book.find(native); fault != nil {
			s.log.WarnContext(ctx, "field of the rules is not read", "field", native, "err", fault.What)
		}
	}
	s.mu.Lock()
	s.book = book
	s.mu.Unlock()
	return book, nil
}

// asked returns the fields that rules want. Only fields that are given by name
// cost a call, once. A name that cannot be resolved is left out: its value is
// unknown, never empty, and check says why.
func (s *site) asked(ctx context.Context) ([]asked, error) {
	var list []asked
	own := columns(s.name)
	for _, native := range sorted(s.wanted) {
		if slices.ContainsFunc(own, func(c column) bool { return c.native == native }) {
			continue // read anyway
		}
		if !strings.HasPrefix(native, namePrefix) {
			list = append(list, asked{native, native})
			continue
		}
		book, err := s.fields(ctx)
		if err != nil {
			return nil, err
		}
		if id, fault := book.find(native); fault == nil {
			list = append(list, asked{native, id})
		}
	}
	return list, nil
}

// resolve returns the id of a native field that an edit names.
func (s *site) resolve(ctx context.Context, native string) (string, error) {
	if !strings.HasPrefix(native, namePrefix) {
		return native, nil
	}
	book, err := s.fields(ctx)
	if err != nil {
		return "", err
	}
	id, fault := book.find(native)
	if fault != nil {
		return "", &fieldError{*fault}
	}
	return id, nil
}

// fieldError is a field that cannot be written because nobody knows which it
// is.
type fieldError struct{ finding work.Finding }

func (e *fieldError) Error() string {
	text := e.finding.Subject + ": " + e.finding.What
	if e.finding.Remedy != "" {
		text += "; " + e.finding.Remedy
	}
	return text
}
