// Package jirasim is a stateful stand-in of a Jira site: an http.Handler with
// issues, projects, schemes, people, and the behaviour that is published for
// the REST interfaces 2, 3 and Agile 1.0. One world opens as a Cloud site or
// as a Data Center 10.3, by Options.Deployment:
//
//	            Cloud                          Data Center
//	interfaces  2, 3                           2, latest
//	users       accountId                      name, key
//	search      /search/jql, page tokens       /search, startAt and total
//	changelog   newest 40 inside an issue,     whole inside an issue, oldest
//	            paged and in bulk beside it    first, without fieldId
//	times       in the caller's zone           in the server's zone, UTC
//	limits      bursts, writes per issue       a bucket of tokens per account
//	login       Basic e-mail and token         Bearer token, Basic name
//	sprints     objects                        text of a Java object
//
//	Site ── World (plain structs in, plain structs out)
//	 ├── people:  Create, Edit, Move, Delete, Rename … act by hand and are logged as such
//	 ├── truth:   the current issues; single reads and bulkfetch answer from here
//	 ├── search:  what the index knows, late by SetLag; only JQL answers from here
//	 ├── rights:  Account.Rights by project; what is not granted is not seen or refused
//	 ├── words:   SetLanguage shows names and errors in another language, ids stay
//	 ├── out:     Mails counts who is told; Deliveries hands out webhooks (Options.Hook)
//	 ├── odd:     ConflictNext, Mangle, Vanish, Stumble and the faults break single things
//	 └── Gate:    counts, latency, faults, the log of writes
//
// An issue is immutable once stored: every change stores a new version, so
// readers never wait for writers and a late index simply holds an old version.
//
// What is not known for certain about the real service is refused or can be
// switched, so that nothing comes to rest on it: numbers as dates in JQL are
// refused; whether a rank or a property moves `updated`, under which id a move
// stands in the changelog, and the forms of sprints and times are options.
package jirasim
