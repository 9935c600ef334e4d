package rank

// TwoLenses reports whether why and next are asked of two lenses, which may
// disagree.
func (r *Ranker) TwoLenses() bool { return r.why != r.next }

// Deciding returns the score that the order looks at first.
func (r *Ranker) Deciding(s *Scored) *Score {
	for _, by := range r.order {
		switch by {
		case "why":
			return &s.Why
		case "next":
			return &s.Next
		}
	}
	return &s.Next
}

// OfTiers returns the score that the tiers are of.
func (r *Ranker) OfTiers(s *Scored) *Score {
	if r.ofWhy {
		return &s.Why
	}
	return &s.Next
}

// Margin is half of the band: how far beyond a threshold a score must be to
// change a tier.
func (r *Ranker) Margin() float64 { return r.margin }

// ByHorizon reports whether the nearer horizon decides before any score.
func (r *Ranker) ByHorizon() bool { return len(r.order) > 0 && r.order[0] == "horizon" }
