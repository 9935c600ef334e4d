package rank

import (
	"slices"

	"tandem/internal/work"
)

// Break is what decides between two items that cannot be told apart.
type Break uint8

// The tie-breaks, in the order in which they are asked.
const (
	NoBreak     Break = iota // there is no tie
	ByHorizon                // the nearer horizon
	ByScore                  // the higher score
	ByOther                  // the higher score of the other lens
	ByInterval               // the narrower interval: more is known
	ByNeed                   // one needs the other
	ByLastPlace              // the place of the last snapshot
	ByCreation               // the earlier creation
	ByID                     // the id
)

// String says what decides, for people.
func (b Break) String() string {
	return [...]string{
		"nothing", "the nearer horizon", "the higher score", "the higher score of the other lens",
		"the narrower interval", "what one needs of the other", "the place of the last run", "the earlier creation", "the id",
	}[b]
}

// groups finds the items that cannot be told apart, team by team.
type groups struct {
	ranker   *Ranker
	desk     *Desk
	standing *Standing
	team     int32 // the last one
}

// leader is the first item of a group that cannot be told apart, and the last
// place given in its team.
type leader struct {
	team  string
	entry *Entry
	place int32
	// group are the places in the order of the group.
	group []int32
}

// leaderOf finds the leader of a team: often it is that of the item before.
func (t *groups) leaderOf(team string) *leader {
	if at := int(t.team); at < len(t.desk.teams) && t.desk.teams[at].team == team {
		return &t.desk.teams[at]
	}
	at, known := t.desk.byName[team]
	if !known {
		at = int32(len(t.desk.teams)) //nolint:gosec // no memory holds so many
		t.desk.teams, t.desk.byName[team] = append(t.desk.teams, leader{team: team}), at
	}
	t.team = at
	return &t.desk.teams[at]
}

// join gives the n-th one its place in the team and its tie.
func (t *groups) join(n int) {
	s := t.standing
	k := &s.keys[n]
	e, row := &s.entries[k.index], &s.rows[n]
	lead := t.leaderOf(e.Team)
	lead.place++
	row.place, row.tie, row.last, row.by = lead.place, lead.place, lead.place, NoBreak
	switch {
	case s.neededBy(n) != "": // it stands here for another reason
		return
	case lead.entry == nil || t.ranker.apart(lead.entry, e):
		lead.close(s.rows)
		lead.entry, lead.group = e, append(lead.group, int32(n)) //nolint:gosec // no memory holds so many
		return
	}
	last := &s.keys[lead.group[len(lead.group)-1]]
	row.by = t.ranker.breakOf(&s.entries[last.index], e, last, k, s.rings[k.index].ids)
	if len(lead.group) == 1 {
		s.rows[lead.group[0]].by = row.by
	}
	lead.group = append(lead.group, int32(n)) //nolint:gosec // no memory holds so many
	row.tie = s.rows[lead.group[0]].place
}

// close tells the items of a tie where it ends.
func (l *leader) close(rows []row) {
	for _, at := range l.group {
		rows[at].last = rows[l.group[len(l.group)-1]].place
	}
	l.group = l.group[:0]
}

// close ends the ties of all teams, and holds nobody.
func (t *groups) close() {
	for i := range t.desk.teams {
		t.desk.teams[i].close(t.standing.rows)
		t.desk.teams[i].entry = nil
	}
}

// apart reports whether the second entry is surely behind the first: in a later
// horizon, where that counts before scores, or below its interval.
func (r *Ranker) apart(first, second *Entry) bool {
	if r.order[0] == "horizon" && first.Horizon != second.Horizon {
		return true
	}
	return deciding(second, r.order).High < deciding(first, r.order).Low
}

// Overlap reports whether two items cannot be told apart: their intervals
// overlap, in one horizon where that counts before scores.
func (r *Ranker) Overlap(a, b *Entry) bool { return !r.apart(a, b) && !r.apart(b, a) }

// breakOf tells what put the first entry before the second, which may be in a
// ring of needs.
func (r *Ranker) breakOf(first, second *Entry, a, b *key, ring []work.ItemID) Break {
	deciding := true
	for _, by := range r.order {
		switch by {
		case "horizon":
			if first.Horizon != second.Horizon {
				return ByHorizon
			}
			continue
		case "why":
			if first.Why.Value == second.Why.Value {
				deciding = false
				continue
			}
		default:
			if first.Next.Value == second.Next.Value {
				deciding = false
				continue
			}
		}
		if deciding {
			return ByScore
		}
		return ByOther
	}
	if a.by != b.by {
		return ByInterval
	}
	if slices.Contains(second.Needs, first.ID) && !slices.Contains(ring, first.ID) {
		return ByNeed
	}
	// What would decide without the last place is told where it says the same:
	// it is the reason that stays.
	switch older := a.created.Compare(b.created); {
	case older < 0:
		return ByCreation
	case older == 0 && first.ID < second.ID:
		return ByID
	default:
		return ByLastPlace
	}
}
