package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// renames looks at the labels and milestones of all repositories, and reads the
// issues again that bear one whose name changed. A repository is compared with
// the look before, so that the first one finds nothing.
func (s *source) renames(ctx context.Context, from connectors.Cursor, yield func(connectors.Page, error) bool) {
	if err := s.names.load(from); err != nil {
		yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
		return
	}
	emit := func(page connectors.Page) error {
		var err error
		if page.Cursor, err = s.names.cursor(); err != nil {
			return err
		}
		if !yield(page, nil) {
			return errStopped
		}
		return nil
	}
	var faults []error
	for _, name := range s.listed() {
		if s.names.fresh(name) {
			continue
		}
		err := s.renamed(ctx, name, emit)
		if errors.Is(err, errStopped) {
			return
		}
		if err != nil {
			if faults = append(faults, withRemedy(name, err)); stopsAll(err) || isOutage(err) {
				break
			}
		}
	}
	if ctx.Err() == nil {
		if emit(connectors.Page{Done: len(faults) == 0}) != nil {
			return
		}
	}
	if err := errors.Join(append(faults, ctx.Err())...); err != nil {
		yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
	}
}

// listed are the repositories that the stream of issues reads, or that were
// looked at before.
func (s *source) listed() []string {
	s.newcomers.mu.Lock()
	names := slices.Clone(s.newcomers.listed)
	s.newcomers.mu.Unlock()
	if names != nil {
		return names
	}
	s.names.mu.Lock()
	defer s.names.mu.Unlock()
	for _, p := range s.names.places {
		if s.scope.includes(p.Name) {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return names
}

// renamed looks at one repository.
func (s *source) renamed(ctx context.Context, name string, emit func(connectors.Page) error) error {
	labels, milestones, err := s.names.look(ctx, name)
	if unreadable(err) {
		return nil
	}
	if err != nil {
		return err
	}
	queries := map[string]bool{} // an empty one is all issues
	var findings []work.Finding
	for _, l := range labels {
		followed := l.to != "" && s.names.called(name, l.from) != l.from
		if f, ok := s.names.toldOfLabel(s.name, name, l, followed); ok {
			findings = append(findings, f)
		}
		switch {
		case followed: // records show it as before
		case l.to == "" || strings.Contains(l.to, ","): // in a query a comma would mean two labels
			queries[""] = true
		default:
			queries["&labels="+url.QueryEscape(l.to)] = true
		}
	}
	for _, m := range milestones {
		if m.to == "" {
			queries[""] = true
			continue
		}
		queries["&milestone="+m.id] = true
	}
	if len(findings) > 0 {
		if err := emit(connectors.Page{Findings: findings}); err != nil {
			return err
		}
	}
	if queries[""] {
		queries = map[string]bool{"": true}
	}
	for _, query := range slices.Sorted(maps.Keys(queries)) {
		if err := s.again(ctx, name, query, emit); err != nil {
			return err
		}
	}
	return nil
}

// again reads issues whatever their times of change say.
func (s *source) again(ctx context.Context, name, query string, emit func(connectors.Page) error) error {
	address := repositoryPath(name) + "/issues?state=all&sort=created&direction=asc&per_page=" + strconv.Itoa(perPage) + query
	for address != "" {
		a, err := s.client.get(ctx, address, "")
		if err != nil {
			return err
		}
		audience, err := s.viewers.of(ctx, name)
		if err != nil {
			return err
		}
		var raws []json.RawMessage
		if err := a.into(&raws); err != nil {
			return err
		}
		var page connectors.Page
		for _, raw := range raws {
			switch r := decodeRow(raw, s.name, name, audience); {
			case r.pull:
			case r.fault != "":
				page.Rejects = append(page.Rejects, r.reject(s.name, raw))
			default:
				page.Records = append(page.Records, r.record)
			}
		}
		if err := s.complete(ctx, page.Records); err != nil {
			return err
		}
		if err := emit(page); err != nil {
			return err
		}
		if address = nextOf(a.header); address != "" {
			if address, err = follow(s.client.base, address); err != nil {
				return err
			}
		}
	}
	return nil
}

// toldOfLabel says what became of a label that rules write.
func (b *nameBook) toldOfLabel(connector, place string, l renamed, followed bool) (work.Finding, bool) {
	f := work.Finding{Level: work.Warning, Subject: connector + " " + place}
	switch {
	case followed:
		f.What = fmt.Sprintf("the label %q is called %q now; Tandem goes on with it under its new name", l.from, l.to)
		f.Remedy = "write the new name into the rules"
	case b.ruled[strings.ToLower(l.from)] && l.to == "":
		f.What = fmt.Sprintf("the label %q was deleted, and no issue has it any more; that counts as a person's change of each", l.from)
		f.Remedy = "release the field where Tandem shall set it again, which makes the label anew; or take it out of the rules"
	case b.ruled[strings.ToLower(l.from)] && l.to != "" && !b.ruled[strings.ToLower(l.to)]:
		f.What = fmt.Sprintf("the label %q is called %q now, and there is another one of the old name", l.from, l.to)
		f.Remedy = "decide which of them the rules mean"
	default:
		return f, false
	}
	return f, true
}
