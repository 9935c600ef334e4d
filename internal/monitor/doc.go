// Package monitor shows how Tandem is: figures for Prometheus, two answers for
// whoever restarts or routes to it, and for people a list of what is wrong and
// what to do about it.
//
//	httpx ──── calls ────╮
//	connectors ─ reads,  ├─► Recorder ──╮
//	scheduler ─ cycles ──╯              ├─► /metrics   /healthz   /readyz
//	store ─── one read at a scrape ─────╯
//	store ─── one read ───► Problems ───► tandem status
//
// It promises:
//
//   - Labels are names of connectors, causes, states and the like. No record,
//     title, person or address is in any of them.
//   - What the store knows is read when somebody asks, and kept nowhere else.
//   - It has no state of the program: two monitors know nothing of each other.
package monitor
