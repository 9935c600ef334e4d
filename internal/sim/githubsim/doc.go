// Package githubsim is a stateful stand-in of github.com's REST interface: an
// http.Handler with repositories, issues, labels, milestones, comments and
// events, and the behaviour that is published or recorded for them.
//
//	Site ── World (plain structs in, plain structs out)
//	 ├── people:  Create, Edit, Transfer, Delete … act by hand and are logged as such
//	 ├── repository: its labels, milestones and issues, sorted in every order a page can be read in
//	 └── Gate:    counts, latency, faults, the log of writes
//
// An issue is immutable once stored: every change stores a new version. All
// times are whole seconds, as the service's are.
//
// What is not known for certain about the real service can be switched, so
// that nothing comes to rest on it: the form of the links between pages of
// issues, what the parts of a transferred issue answer, and whether reactions
// move updated_at.
package githubsim
