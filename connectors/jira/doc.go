// Package jira connects Jira Cloud and Data Center: it reads issues by JQL, writes priority,
// labels and custom fields one value at a time, and reads issues back by id.
//
//	config.go where.go   settings and their checks      jira.go schema.go  Definition, open
//	fetch.go walk.go     Source: one poll               jql.go zone.go     where a poll starts
//	cursor.go            what a poll leaves behind      search.go offset.go  one page
//	record.go column.go  issue → record (pure)          value.go adf.go moment.go
//	apply.go write.go    Sink: compare, then write      meta.go outcome.go
//	read.go each.go check.go  Reader, Checker                fields.go          fields by name
//	census.go            Census                         inbox.go announced.go  Inbox
//	client.go            the only file that knows go-jira
//	errors.go            what an answer means and what to do about it
//
// It promises:
//
//   - A poll without changes is one call. A first import that is killed goes
//     on where it was.
//   - The lower bound of a poll moves only over changes that were really seen,
//     and always overlaps: the search index of Jira is late and not monotonic.
//   - One issue that cannot be understood is set aside; the page goes on.
//   - Before a write the issue is read by id; what changed since the plan is a
//     Conflict. Labels are added and removed one by one.
//   - It follows no link that an answer holds.
//
// On Data Center the search has offsets instead of tokens (offset.go pages by
// keyset all the same), issues are read one by one, and people have keys.
package jira
