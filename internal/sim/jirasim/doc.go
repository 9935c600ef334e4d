// Package jirasim is a stateful stand-in of a Jira Cloud site: an
// http.Handler with issues, projects, schemes, people, and the behaviour that
// is published for the REST interfaces 2, 3 and Agile 1.0.
//
//	Site ── World (plain structs in, plain structs out)
//	 ├── people:  Create, Edit, Move, Delete … act by hand and are logged as such
//	 ├── truth:   the current issues; single reads and bulkfetch answer from here
//	 ├── search:  what the index knows, late by SetLag; only JQL answers from here
//	 └── Gate:    counts, latency, faults, the log of writes
//
// An issue is immutable once stored: every change stores a new version, so
// readers never wait for writers and a late index simply holds an old version.
//
// What is not known for certain about the real service is refused or can be
// switched, so that nothing comes to rest on it: numbers as dates in JQL are
// refused; whether a rank or a property moves `updated` is an option.
package jirasim
