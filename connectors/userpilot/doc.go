// Package userpilot reads NPS and survey answers of Userpilot as feedback, and
// how often features and pages are used, from its bulk export.
//
//	config.go        settings and their checks      userpilot.go  Definition, open
//	client.go download.go lines.go                  requests, parts, their lines
//	cursor.go job.go fetch.go                       the state machine of an export
//	event.go paths.go                               one event (pure)
//	hearing.go chain.go voice.go question.go        events → feedback (pure)
//	usage.go                                        events → daily usage (pure)
//	lookup.go        wordings and names             check.go errors.go inbox.go
//
// An export is a job of the service, of which one runs at a time for a whole
// environment. Where a stream stands is in its cursor, job included:
//
//	none ──► wanted (from, to) ──► running (id) ──► parts ──► rows ──► none, and the mark moves to "to"
//	              ▲   409: wait        │              │
//	              └──── failed, gone, addresses ended ┘
//
// It promises:
//
//   - A process that dies anywhere goes on where the cursor stands. What was
//     read of a job that was not yet stored is read again, and has the same ids.
//   - Score and comment of an NPS are separate events, as may be the answers of
//     a survey. They are joined when they are of one person and lie close
//     together, however windows and parts divide them: a window begins so early
//     that every response with something new in it is there as a whole.
//   - Addresses of parts are never stored, get no credentials, and are https.
//   - Parts are read line by line and never longer than a limit.
//   - An answer that is not where the settings look for it is set aside with the
//     names that are there, and is not lost silently.
package userpilot
