package jira

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// The two ways in which rules name a custom field.
const (
	customPrefix = "customfield_"
	namePrefix   = "name:"
)

// fieldInfo is one entry of GET /field.
type fieldInfo struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Schema struct {
		Custom string `json:"custom"`
	} `json:"schema"`
}

// The kinds of custom fields that have native names of ours. Names are
// translated and numbers differ from site to site; kinds do not.
const (
	kindSprint = "com.pyxis.greenhopper.jira:gh-sprint"
	kindPoints = "com.pyxis.greenhopper.jira:jsw-story-points" // of team-managed projects
	kindFloat  = "com.atlassian.jira.plugin.system.customfieldtypes:float"
)

// fieldBook finds fields.
type fieldBook struct {
	fields []fieldInfo
	names  *nameBook
	at     time.Time // when it was asked for
}

// asked is a field that rules want: the name they use and Jira's ids, of which
// the first that an issue has a value of counts.
type asked struct {
	native string
	ids    []string
}

// sources returns the ids of the fields that a native name stands for.
func (b *fieldBook) sources(native string) (ids []string, fault *work.Finding) {
	switch native {
	case work.NativeSprint, work.NativeSprintState:
		ids = b.matching(func(f fieldInfo) bool { return f.Schema.Custom == kindSprint })
	case storyPoints:
		ids = append(b.matching(func(f fieldInfo) bool { return f.Schema.Custom == kindPoints }), b.matching(func(f fieldInfo) bool {
			return f.Schema.Custom == kindFloat && strings.EqualFold(f.Name, "Story Points")
		})...)
	default:
		id, fault := b.find(native)
		if fault != nil {
			return nil, fault
		}
		return []string{id}, nil
	}
	if len(ids) == 0 {
		return nil, &work.Finding{
			Level: work.Fatal, Subject: native, What: "the site has no field for this, or the account cannot see it",
			Remedy: "is Jira Software used there? map the value to a field by its name or id",
		}
	}
	return ids, nil
}

// find returns the id of a field as rules name it, and what is wrong if it
// cannot: a name must be the only one of its kind.
func (b *fieldBook) find(native string) (id string, fault *work.Finding) {
	name, byName := strings.CutPrefix(native, namePrefix)
	if !byName {
		if b.has(native) {
			b.watch(native)
			return native, nil
		}
		return "", &work.Finding{
			Level: work.Fatal, Subject: native, What: "there is no field with this id, or the account cannot see it",
			Remedy: "look the id up at /rest/api/2/field of the site, or map the field by its name",
		}
	}
	if id, known := b.names.idOf(fieldKind, name); known && b.has(id) {
		b.watch(id)
		return id, nil
	}
	ids := b.matching(func(f fieldInfo) bool { return f.Name == name })
	if len(ids) == 0 {
		ids = b.matching(func(f fieldInfo) bool { return strings.EqualFold(f.Name, name) })
	}
	switch len(ids) {
	case 1:
		b.names.adopt(fieldKind, ids[0], name)
		return ids[0], nil
	case 0:
		return "", &work.Finding{
			Level: work.Fatal, Subject: native, What: "there is no field of this name, or the account cannot see it",
			Remedy: work.Suggest(name, b.called()),
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

// watch notices a new name of a field that rules use.
func (b *fieldBook) watch(id string) {
	for _, f := range b.fields {
		if f.ID == id {
			b.names.follow(fieldKind, id, f.Name)
		}
	}
}

// nameOf returns what a field is called now.
func (b *fieldBook) nameOf(id string) string {
	for _, f := range b.fields {
		if f.ID == id {
			return f.Name
		}
	}
	return id
}

func (b *fieldBook) matching(is func(fieldInfo) bool) []string {
	var ids []string
	for _, f := range b.fields {
		if is(f) {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (b *fieldBook) called() []string {
	names := make([]string, 0, len(b.fields))
	for _, f := range b.fields {
		names = append(names, f.Name)
	}
	return names
}

// fieldsTrust is how long the list of fields is believed without asking: names
// change, and new fields come.
const fieldsTrust = time.Hour

// fields returns the list of fields.
func (s *site) fields(ctx context.Context) (*fieldBook, error) {
	s.mu.Lock()
	book := s.book
	s.mu.Unlock()
	if book != nil && work.Fresh(book.at, s.now(), fieldsTrust) {
		return book, nil
	}
	var list []fieldInfo
	if err := s.client.get(ctx, path("field"), nil, &list); err != nil {
		if book != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "list of fields cannot be read again; the last one is used", "err", err)
			return book, nil
		}
		return nil, fmt.Errorf("read list of fields: %w", err)
	}
	fresh := &fieldBook{fields: list, names: s.names, at: s.now()}
	for _, native := range s.wanted {
		if !byName(native) {
			fresh.watch(native)
			continue
		}
		if _, fault := fresh.sources(native); fault != nil && book == nil {
			s.log.WarnContext(ctx, "field of the rules is not read", "field", native, "err", fault.What)
		}
	}
	s.mu.Lock()
	s.book = fresh
	s.mu.Unlock()
	return fresh, nil
}

// byName reports whether a field must be looked up in the list of fields.
func byName(native string) bool {
	return strings.HasPrefix(native, namePrefix) || native == work.NativeSprint || native == work.NativeSprintState || native == storyPoints
}

// asked returns the fields that rules want. Only fields that are not given by
// their id cost a call, now and then. One that cannot be found is left out: its
// value is unknown, never empty, and check says why.
func (s *site) asked(ctx context.Context) ([]asked, error) {
	var list []asked
	own := columns(s.name)
	for _, native := range sorted(s.wanted) {
		if slices.ContainsFunc(own, func(c column) bool { return c.native == native }) {
			continue // read anyway
		}
		if native == work.NativeMarker || native == work.NativeLinks {
			continue
		}
		ids, err := s.sources(ctx, native)
		if _, unknown := errors.AsType[*fieldError](err); unknown {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, asked{native, ids})
	}
	return list, nil
}

// sources returns the ids of the fields that a native name stands for: one, or
// several of which each project has its own. The first that is on the edit
// screen of an issue is the one to write there.
func (s *site) sources(ctx context.Context, native string) ([]string, error) {
	if !byName(native) {
		return []string{native}, nil
	}
	book, err := s.fields(ctx)
	if err != nil {
		return nil, err
	}
	ids, fault := book.sources(native)
	if fault != nil {
		return nil, &fieldError{*fault}
	}
	return ids, nil
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
