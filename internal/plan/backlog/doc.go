// Package backlog decides which records of a backlog move, and where to.
//
//	confirmed B   the last order of which Tandem knows every move
//	observed O    the order as it stands
//	desired D     the order that Tandem would give
//
//	B ┐ people moved what lies outside the longest run common to both;
//	O ┘ that is pinned for a while, and everything else flows around it
//	O ┐ fixed and pinned records keep their places, the rest fills the others
//	D ┘ in the order of D: that is the result R
//	O ┐ moved is what lies outside the longest run common to both, top down,
//	R ┘ each directly behind a record that already stands right
//
// It promises the least number of moves; that moving again gives nothing; that
// nothing fixed or pinned is ever among the moves; and that moves which were
// cut short and are planned anew bring a pinned record to the place where a
// person put it.
//
// The package is pure.
package backlog
