// Package mapping turns native records into items of the shared model, and
// shared values back into each service's own spelling.
//
//	Spec ── Compile(schemas) ──► Program
//	                              ├─ Join:  records ─► groups of twins
//	                              ├─ Slot:  (connector, place, field) ─► path + value map
//	                              │         Read: native ─► shared    Spell: shared ─► native
//	                              └─ Item:  group ─► Item with both spellings side by side
//
// It never writes and never guesses: a value without a mapping is reported and
// stays unknown (promise S6); labels outside an owned set are invisible to it
// (promise S2).
package mapping
