// Package sim holds what the stand-ins of the services have in common: the
// gate that every request passes (counters, latency, faults, the log of
// writes), a clock that tests can move, an ordered list that stays fast at
// 100,000 rows, and a network without sockets.
//
//	client ──► Network ──► Gate ──► jirasim.Site, githubsim.Hub
//	           (no socket)  counts, delays, breaks, records
//
// The stand-ins are stateful and follow the published behaviour of the
// services. They know nothing of Tandem: what a run did is counted here, by
// the side that received the calls. Every answer that a fault touched carries
// the header Sim-Fault, so that a judge of answers can tell it from the
// service's own.
package sim
