// Package undo plans how to put back what Tandem wrote.
//
//	stands there now       it is
//	────────────────────   ─────────────────────────────────────────────
//	what Tandem wrote      put back: an edit like any other
//	what stood before      done already
//	nobody knows: the      put back, so that nothing stands there: the service says
//	answer was lost, and   where nothing did
//	no record shows it
//	what Tandem wrote in   left: that run is to be undone first
//	a later run
//	another label, which   left: one that comes back would stand beside it
//	came there since
//	anything else          left: somebody changed it since, and is named
//	under tandem/hands-off left, unless the person names the record
//	what Tandem wrote, and held by the leak guard, unless it only takes away: it was
//	more can read it now   not for those who came since
//	nobody knows           left, with the reason
//
// The same plan serves two errands. An undo makes the value that is put back a
// person's, so that the next plan does not write Tandem's over it again. A
// retirement removes a trace for good and leaves the order of backlogs alone.
//
// The package is pure. What stands there now is an argument: whoever calls it
// reads it right before.
package undo
