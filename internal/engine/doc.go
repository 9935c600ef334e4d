// Package engine composes the pure steps of the cycle: it turns one snapshot
// into one outcome.
//
//	records ─ mapping.Join ─► groups ─ Draft ─► items ─ plan.Settle ─► who says what
//	   evidence.Summarise ─► rank.Score ─► roadmap.Assign ─► rank.Order
//	      route.Match ─► wishes ─ plan.Decide ─► edits, holds, adoptions
//	         backlog.Decide ─► moves in backlogs, behind all other edits
//
// Evaluate is a function: the order of records, the order of maps and the
// clock on the wall change nothing (promise S16), and evaluating again after
// the edits were applied gives none (promise S4).
package engine
