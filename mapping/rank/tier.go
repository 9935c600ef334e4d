package rank

import "time"

// Previous is what the last snapshot knew of an item's rank. The zero value is
// an item that is new.
type Previous struct {
	// Tier is the last tier that was known, and Since when it became so.
	Tier  string
	Since time.Time
	// Place is the last place among all items, 1 is first.
	Place int
}

// Tier returns the tier of a score and the memory for the next snapshot.
//
// An item without a tier gets the one of its score at once. After that it
// leaves its tier only when the score is beyond a threshold by half the band,
// and when the tier has stayed as long as dwell says. It depends on the item
// alone: no other item ever moves its tier. Asked again on the same day with the
// memory that it gave, it says the same.
func (r *Ranker) Tier(s Scored, previous Previous, asOf time.Time) (name string, memory Previous) {
	score := s.Next
	if r.ofWhy {
		score = s.Why
	}
	if len(r.tiers) == 0 || !score.Known && !r.assume {
		return "", previous
	}
	was := r.tierNamed(previous.Tier)
	now := r.rawTier(score.Value)
	switch {
	case was < 0:
		return r.tiers[now].name, Previous{Tier: r.tiers[now].name, Since: asOf}
	case asOf.Sub(previous.Since) < r.dwell:
		now = was
	case now < was: // more urgent: as far as the score is clearly in
		now = min(was, r.clearly(score.Value, -r.margin))
	case now > was:
		now = max(was, r.clearly(score.Value, r.margin))
	}
	if now == was {
		return previous.Tier, Previous{Tier: previous.Tier, Since: previous.Since}
	}
	return r.tiers[now].name, Previous{Tier: r.tiers[now].name, Since: asOf}
}

// clearly returns the tier of the score moved by the margin. The ends of the
// scale are clear in themselves: there is nothing beyond them.
func (r *Ranker) clearly(score, margin float64) int {
	if score <= 0 || score >= 100 {
		return r.rawTier(score)
	}
	return r.rawTier(score + margin)
}

// rawTier returns the tier of a score without any history.
func (r *Ranker) rawTier(score float64) int {
	for i, t := range r.tiers {
		if score >= t.least {
			return i
		}
	}
	return len(r.tiers) - 1
}

// tierNamed returns the index of a tier, -1 where the rules no longer have it.
func (r *Ranker) tierNamed(name string) int {
	for i, t := range r.tiers {
		if t.name == name {
			return i
		}
	}
	return -1
}
