// Package jobs runs the daemon's work as jobs of River, on one node or many.
//
//	look ─► agenda ─► River ─► a step of a scheduler.Cycle
//	 ▲                              │
//	 └──────── at its end ──────────┘
//
// What is to be done is a function of what is stored: each node looks several
// times a second, and at once when something happened here, and enqueues what
// is missing. A job carries the name of a duty and no facts, so one that is
// lost, doubled or late changes nothing.
//
// A node does a duty (a connector, or deciding) while it has its lease. It
// enqueues the jobs of the duty into a queue that only its own process works,
// one after the other. See docs/adr/0008.
package jobs
