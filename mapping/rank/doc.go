// Package rank gives every item a score with an interval, a place in one total
// order, and a tier (the shared priority) that does not flap.
//
//	Spec ── Compile ──► Ranker ── Score(Subject) ──► Scored{Why, Next}
//	                           ── WhyOrder ──► who fills the horizons first
//	                           ── Order(as_of) ──► Placement{Place, Tie, NeededBy, Tier}
//	                           ── Terms(Subject) ──► why, in plain words
//
// Two lenses: why is the PM's and fills the horizons, next is the PO's and
// orders the work inside one. `rank: {method: rice}` is both at once.
//
// Methods lists what there is, and shapes the inputs of each: default formula,
// bounds, prior. Every method works without a word about its inputs.
//
// The scale is absolute, from 0 to 100: what a method yields at its caps is 100
// points, mostly on a logarithm, and no cap depends on other items, so that one
// item more moves nobody. The weight of the item's goal (0.25 to 4) multiplies
// the raw value, or the points of a weighted lens; it pulls within a MoSCoW
// category; a formula may read goal.weight.
//
// Missing is not zero. An input that nobody gave takes its prior, and the
// interval spans from a third of the prior to three times it. So does a value
// that makes no sense, such as an effort of 0. A count of feedback is missing
// where there is no feedback at all. Shares from surveys bring the interval of
// their sample. The score is not Known where a decisive input is missing.
//
// The order is total: what `order:` says, then the narrower interval, the last
// place, the earlier creation, the id. Items whose intervals overlap are a tie,
// which says what decided. What an item needs moves ahead of it within the
// team; circles of needs are told. Tiers have a band around each threshold and
// stay for a dwell time; both look at the one item only.
//
// The package is pure; results depend neither on the order of entries nor on
// the clock.
package rank
