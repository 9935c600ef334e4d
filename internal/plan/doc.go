// Package plan compares three things at every place where a field stands:
// the ledger of what Tandem last wrote, what is there, and what should be.
//
//	ledger      there            should be     verdict
//	─────────   ──────────────   ───────────   ─────────────────────────────────
//	–           empty            v             write v
//	–           v                v             adopt: remember, write nothing
//	–           w                v             keep (hold) or replace, as adopt: says
//	w           w (our echo)     w             nothing
//	w           w (our echo)     v             write v
//	w           w (our echo)     empty         clear, where the owner cleared it
//	w           v                v             adopt: a person did it for us
//	w           x (a person)     v             hold; x is the item's effective value
//	any         unreadable       any           report, never written, never cleared
//	pending     any              any           wait: our last write was not read back
//
// A person's value travels to the twins in place of Tandem's own. Where the
// owner is another connector and a person set its value, that value stays the
// effective one and a differing twin is only held (docs/adr/0003).
//
// The package is pure. It never overwrites, it only proposes edits; a Guard
// then filters them by mode, brake and audience.
package plan
