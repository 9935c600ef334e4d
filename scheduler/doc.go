// Package scheduler drives the cycle of design §1 at the edge: it reads from
// connectors into the store, asks the engine what should be, and writes what
// the guard lets through, journalled before and after.
//
//	settle ─► read ─► decide ─► write ─► settle
//	  │                                    │
//	  └── reads back by id what was sent ──┘   (confirm)
//
// A failed read makes its connector stale and stops nothing else. A failed
// edit postpones later edits of the same record and stops nothing else.
package scheduler
