package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/work"
)

const (
	// alikeMost is how many records of one title are still a hint: bots give
	// the same one to dozens.
	alikeMost = 5
	// alikeReads is how many records one cycle reads for it at most; a census
	// finds the rest.
	alikeReads = 100
)

// rediscover reads by id where a new record has the title of one in another
// place: services give an issue that moves a new id, and do not say so. Only
// the old one, asked for by id, tells where it went. What a process did not come
// to before it died, or could not ask, is asked as soon as it can be.
func (c *Cycle) rediscover(ctx context.Context, _ *Report) error {
	var records []*work.Record
	for _, live := range c.c.Connectors {
		if c.acquainted[live.Name] || live.Failure != nil || live.Conn.Census == nil || live.Conn.Reader == nil ||
			c.unsettled[live.Name] || c.waits.limited(live.Name, c.c.Now()) {
			continue
		}
		if records == nil {
			snapshot, err := c.c.Store.Snapshot(ctx, c.c.Now())
			if err != nil {
				return fmt.Errorf("look for moved records: %w", err)
			}
			records = snapshot.Records
		}
		refs, groups := c.namesakes(live.Name, records)
		if len(refs) > 0 {
			answered, err := c.answeredByID(ctx, live, refs)
			if err != nil {
				return err
			}
			if !answered {
				continue
			}
		}
		for _, group := range groups {
			c.alike[group] = true
		}
		c.acquainted[live.Name] = true
	}
	return nil
}

// meets notes that records were stored that were never read before.
func (c *Cycle) meets(connector string, saved work.Saved) {
	if saved.New > 0 {
		delete(c.acquainted, connector)
	}
}

// namesakes returns records of one title in several places that were not asked
// about before, and the names of their groups.
func (c *Cycle) namesakes(connector string, records []*work.Record) (refs []work.Ref, groups []string) {
	byTitle := map[string][]*work.Record{}
	var titles []string
	for _, r := range records {
		title := r.Fields["title"].Text()
		if r.Connector != connector || title == "" {
			continue
		}
		if byTitle[title] == nil {
			titles = append(titles, title)
		}
		byTitle[title] = append(byTitle[title], r)
	}
	for _, title := range titles {
		all := byTitle[title]
		elsewhere := slices.ContainsFunc(all, func(r *work.Record) bool { return r.Place != all[0].Place })
		if len(all) > alikeMost || !elsewhere || len(refs)+len(all) > alikeReads {
			continue
		}
		var ids []string
		for _, r := range all {
			ids = append(ids, r.RefID.String())
		}
		if name := strings.Join(ids, " "); !c.alike[name] {
			groups = append(groups, name)
			for _, r := range all {
				refs = append(refs, r.Ref)
			}
		}
	}
	return refs, groups
}

// clarify reads by id what was not as an edit expected it: it was changed,
// moved or deleted meanwhile.
func (c *Cycle) clarify(ctx context.Context, report *Report) error {
	for _, live := range c.c.Connectors {
		var edits []work.Edit
		for _, r := range report.Refused {
			if r.Result.State == work.Conflict {
				edits = append(edits, r.Edit)
			}
		}
		refs := refsOf(live.Name, edits)
		if len(refs) == 0 || live.Failure != nil {
			continue
		}
		if err := c.readByID(ctx, live, refs); err != nil {
			return err
		}
	}
	return nil
}
