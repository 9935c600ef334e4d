// Package company makes up Acme, the firm of the demo, the tests and the
// benchmarks: its people, its Jira and GitHub issues, what its users say, and
// what its people do next.
//
//	New(seed, asOf, size) ──► Company ──► the command line wires it into the
//	                          (plain data)  stand-ins of the services
//
// It is a function of its arguments: the same seed, day and size give the same
// firm. It imports no stand-in and does no I/O. A few issues are written by
// hand and keep their keys whatever the seed: the anchors, one per product
// area, that the rules in acme/ link feedback to, and the odd cases.
//
//	key                     what
//	PAY-1… WEB-1… OPS-1…    one epic per area, most with a goal
//	PAY-12, 15, 18, 21, 24  export, invoices, payouts, refunds, webhooks
//	WEB-12 … 27             login, reports, mobile, onboarding, permissions, search
//	OPS-12 … 21             deploys, backups, alerts, costs
//	PAY-30, WEB-30          hidden by a security level; WEB-30 has a public twin
//	PAY-31                  a record that no client understands
//	WEB-31, PAY-33          markup and scripts, right-to-left and joined characters
//	PAY-33, WEB-33          valuable and not estimated; nobody asked for it yet
package company
