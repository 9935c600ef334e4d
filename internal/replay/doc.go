// Package replay holds tests only: they play the recorded answers of real
// services (../shared/recordings) through the connectors, the store and the
// whole pure core, and count what becomes of each recorded issue.
//
//	recordings ─► folder ─► stand-in in memory ─► connector ─► records ─► store ─► rules ─► items, plan
//	              bodies    jiraSite, githubHub,  the real one           SQLite   testdata/rules.yaml
//	                        tape
//
// What is recorded is bodies, mostly of calls that Tandem does not make (board
// pages, webhooks). The stand-ins serve these bodies, unchanged, in the envelope
// of the calls that the connectors do make; where requests and headers are
// recorded too (octokit-fixtures), the tape answers with exactly these.
//
// The tests promise:
//
//   - Every recorded body is accounted for: a record, a pull request, or a
//     reject that is listed with its cause.
//   - At least 95 % of the recorded issues of each folder of answers become
//     items. Webhook bodies are often cut down; there the numbers are told.
//   - No request leaves to an address that stands in a recording.
//
// Where the recordings are not at hand the tests skip. See the numbers with
//
//	go test -v -run 'TestRecordedIssues/.*/become' ./internal/replay
package replay
