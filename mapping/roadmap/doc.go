// Package roadmap gives each item of a team a horizon: now, next or later, by
// the order of why and by what the team can do.
//
//	Spec ── Compile ──► Plan ── Assign(Team, items in why-order) ──► Assignment
//
// A horizon holds as many periods of the team's capacity as `capacity:` says;
// later holds the rest. The horizons are these three, in this order: keys of a
// YAML mapping have no order of their own, and the model knows no others.
//
// Horizons are filled one after the other:
//
//  1. A finished item has none. An item whose horizon a person set keeps it and
//     uses up capacity there, even more than there is.
//  2. Who was there stays, as long as everything before it in the order and
//     itself are within the capacity and a band on top, and as long as there is
//     room.
//  3. The others follow in the order. Somebody who comes from a later horizon
//     needs room below the band, so that nobody at the edge goes in and out.
//     Nobody overtakes: when the next in the order does not fit, the horizon is
//     full. Only the first of an empty horizon may be larger than it.
//
// So a horizon is never fuller than its capacity, except by what people set or
// by one item that is larger than it; and the outcome given back as the last
// one changes nothing. An unknown effort counts as the median of the team.
//
// The package is pure; the order of the slice does not matter, places do.
package roadmap
