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

// ties finds the items that cannot be told apart, team by team.
type ties struct {
	ranker  *Ranker
	entries []Entry
	teams   map[string]*leader
}

// leader is the first item of a group that cannot be told apart, and the last
// place given in its team.
type leader struct {
	entry *Entry
	place int
	// group are the placements of the group, and last the key of its last item.
	group []int
	last  key
}

// join gives the last placement its place in the team and its tie.
func (t *ties) join(placements []Placement, k key) {
	at := len(placements) - 1
	e, p := &t.entries[k.index], &placements[at]
	lead := t.teams[e.Team]
	if lead == nil {
		lead = &leader{}
		t.teams[e.Team] = lead
	}
	lead.place++
	p.Place, p.Tie, p.TieLast = lead.place, lead.place, lead.place
	switch {
	case p.NeededBy != "": // it stands here for another reason
		return
	case lead.entry == nil || t.ranker.apart(lead.entry, e):
		lead.close(placements)
		lead.entry, lead.group, lead.last = e, append(lead.group, at), k
		return
	}
	p.Break = t.ranker.breakOf(&t.entries[lead.last.index], e, lead.last, k, p.Ring)
	if len(lead.group) == 1 {
		placements[lead.group[0]].Break = p.Break
	}
	lead.group, lead.last = append(lead.group, at), k
	p.Tie = placements[lead.group[0]].Place
}

// close tells the items of a tie where it ends.
func (l *leader) close(placements []Placement) {
	for _, at := range l.group {
		placements[at].TieLast = placements[l.group[len(l.group)-1]].Place
	}
	l.group = l.group[:0]
}

// close ends the ties of all teams.
func (t *ties) close(placements []Placement) {
	for _, lead := range t.teams {
		lead.close(placements)
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
func (r *Ranker) breakOf(first, second *Entry, a, b key, ring []work.ItemID) Break {
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
