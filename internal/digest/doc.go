// Package digest tells people once a day what moved, what waits and what is
// late, where settings ask for it.
//
//	schedule ─► claim ─► compose ─► template ─► Text ─► slack, teams, mail, JSON
//	(pure)     (store)   (view)                          │
//	                                                     ╰─► sent, waiting, failed, unclear
//
// It promises:
//
//   - A digest is sent at most once a day, whatever restarts, nodes and clocks
//     do: it is claimed in the store before it is written, and marked before it
//     leaves. What was handed over and not confirmed is told as unclear, and not
//     repeated.
//   - Everything in it comes from package view, as somebody with the audience of
//     the digest sees it. What is stricter is counted and not named (promise S7).
//   - Texts from outside are text everywhere: they make no link, no mention, no
//     format and no header, whatever they hold.
//   - The address of a webhook is a secret: it reaches no log, no error and no row.
//   - It is quiet where there is nothing to say.
//
// It writes to no service that Tandem reads, and decides nothing.
package digest
