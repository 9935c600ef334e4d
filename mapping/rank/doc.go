// Package rank gives every item a score with an interval, a place in one total
// order, and a tier (the shared priority) that does not flap.
//
//	Spec ── Compile ──► Ranker ── Score(Subject) ──► Scored{Why, Next}
//	                           ── WhyOrder ──► who fills the horizons first
//	                           ── Order(as_of) ──► Placement{Place, Tie, Tier}
//	                           ── Terms(Subject) ──► why, in plain words
//
// Two lenses: why is the PM's and fills the horizons, next is the PO's and
// orders the work inside one. `rank: {method: rice}` is both at once.
//
//	method      raw value                                        100 points are
//	rice        reach × impact × confidence / effort             reach at its cap, impact 1, sure, effort 1
//	wsjf        (value + time_criticality + risk_reduction)      60: all three at 20, size 1
//	            / effort
//	weighted    Σ weight × log1p(input) / log1p(cap);            every input at its best
//	            a negative weight counts 1 − that
//	expression  the formula itself, in points                    100
//
// The scale is absolute: points are 100 × log1p(raw) / log1p(anchor), from 0
// to 100, and no anchor depends on other items, so that one item more moves
// nobody. The weight of the item's goal (0.25 to 4) multiplies the raw value of
// the first two and the points of the third; a formula may read goal.weight.
//
// Missing is not zero. An input that nobody gave takes its prior (see
// `priors:`), and the interval spans from a third of the prior to three times
// it. So does a value that makes no sense, such as an effort of 0. A bare
// evidence name is missing where there is no feedback at all. The score is
// not Known where a decisive input is missing:
//
//	rice      reach, impact, effort      weighted    inputs with a quarter of the weight
//	wsjf      value, effort              expression  the formula
//
// The order is total: what `order:` says, then the narrower interval, the last
// place, the earlier creation, the id. Ties by interval are shown and move
// nothing. Tiers have a band around each threshold and stay for a dwell time;
// both look at the one item only.
//
// The package is pure; results depend neither on the order of entries nor on
// the clock.
package rank
