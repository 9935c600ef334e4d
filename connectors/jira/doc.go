// Package jira connects Jira Cloud and Data Center: it reads issues by JQL,
// writes fields, labels, status, links and a comment one value at a time, and
// reads issues back by id.
//
//	config.go where.go   settings and their checks      jira.go schema.go  Definition, open
//	fetch.go walk.go     Source: one poll               jql.go zone.go     where a poll starts
//	cursor.go ledger.go  what a poll leaves behind      search.go offset.go  one page
//	record.go column.go  issue → record (pure)          value.go adf.go moment.go
//	apply.go prepare.go  Sink: what an edit means       compare.go prefetch.go  read before the write
//	write.go spell.go    one PUT for all fields         list.go meta.go    by the edit screen
//	transition.go flow.go  the status                   marker.go remotelink.go  the twin
//	comment.go visibility.go  the comment               notify.go forecast.go    mails
//	outcome.go           what became of an edit
//	read.go each.go      Reader                         fields.go          fields by name
//	check*.go            Checker: door, rights, screens and values
//	discover*.go propose*.go  Surveyor: what init asks
//	census.go            Census                         inbox.go announced.go  Inbox
//	rank*.go             the order of backlogs
//	sprint.go names.go   sprints, renamed things        touch.go extras.go   what costs calls of its own
//	oauth.go             OAuth (3LO)
//	client.go            the only file that knows go-jira
//	errors.go            what an answer means and what to do about it
//
// It promises:
//
//   - A poll without changes is one call. A first import that is killed goes
//     on where it was.
//   - The lower bound of a poll moves only over changes that were really seen,
//     and always overlaps: the search index of Jira is late and not monotonic.
//   - What is renamed, or shown in another language, keeps the name that rules
//     know; a person is told once.
//   - One issue that cannot be understood is set aside; the page goes on.
//   - Before a write the issue is read by id; what changed since the plan is a
//     Conflict. Elements of lists are added and removed one by one.
//   - What makes something new or moves an issue is sent once; what may have
//     arrived is read before anything else is sent.
//   - It follows no link that an answer holds.
//
// On Data Center the search has offsets instead of tokens (offset.go pages by
// keyset all the same), issues are read one by one, and people have keys.
package jira
