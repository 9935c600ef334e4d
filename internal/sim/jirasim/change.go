package jirasim

import (
	"encoding/json"
	"slices"

	"tandem/internal/sim"
)

// change stores a new version of an issue: by whom, and how it differs. It
// returns what changed; nothing is stored when nothing did. Callers hold the
// lock.
func (s *Site) change(e *entry, by string, metadata json.RawMessage, edit func(*Issue)) []sim.Effect {
	next := e.clone()
	edit(next)
	next.ID, next.Version, next.Created, next.Updated, next.History = e.ID, e.Version, e.Created, e.Updated, e.clone().History
	now := s.now()
	if next.Status != e.Status {
		s.resolve(next, now)
	}
	slices.Sort(next.Labels)
	next.Labels = slices.Compact(next.Labels)
	d := s.catalog.compare(e.Issue, next)
	if d.empty() {
		return nil
	}
	if !d.quiet {
		next.History = append(next.History, Change{ID: s.part(), Author: by, At: now, Items: d.items, Metadata: metadata})
	}
	onlyRank := d.rank && len(d.items) == 1 && len(d.effects) == 1
	onlyProperty := d.property && d.quiet && !slices.ContainsFunc(d.effects, func(f sim.Effect) bool {
		return f.Field == "comment" || f.Field == "remotelink"
	})
	if still := onlyRank && s.options.QuietRank || onlyProperty && s.options.QuietProperties; !still {
		next.Updated = now
	}
	s.store(next)
	s.mail(by, e.Issue, next, d)
	s.announceChange(by, e.Issue, next, d)
	return d.effects
}

// store makes a version the current one and sends it on its way to the search.
func (s *Site) store(next *Issue) {
	next.Version++
	e := newEntry(next)
	if old := s.current[next.ID]; old != nil {
		s.ranks.Delete(old)
	}
	s.ranks.Insert(e)
	s.current[next.ID], s.keys[next.Key] = e, next.ID
	now := s.now()
	s.index.catchUp(now)
	s.index.learn(arrival{due: now.Add(s.lag(*next)), id: next.ID, version: next.Version, entry: e})
	s.index.catchUp(now)
}

// part returns a new id for a change, a link or a comment.
func (s *Site) part() int64 {
	s.nextPart++
	return s.nextPart - 1
}
