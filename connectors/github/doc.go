// Package github reads the issues of GitHub repositories and the fields of a
// project board, and writes labels, project fields, milestones, states and one
// comment. It works with github.com and GitHub Enterprise Server, with a token or
// as a GitHub App.
//
//	config.go   settings                    github.go schema.go  Definition, open
//	client.go auth.go app.go jwt.go         requests and credentials
//	errors.go remedy.go                     what answers mean, what to do about them
//	governor.go budget.go graphbudget.go    what we may spend
//	fetch.go repository.go cursor.go        Source: one repository after the other
//	scope.go visibility.go link.go          which repositories, who may read them
//	wire.go record.go explicit.go           JSON → record (pure)
//	graphql.go graphid.go graphlook.go graphread.go  GraphQL: documents, many issues at once
//	relation.go                             parents and dependencies
//	project.go projectshape.go              the board and its fields
//	projectcard.go projectlook.go           values of issues
//	projectstream.go projectcheck.go        the walk over cards; Checker
//	apply.go batches.go refuse.go outcome.go  Sink: one issue by REST
//	labels.go milestone.go state.go comment.go
//	graphwrite.go graphmutate.go            Sink: many issues by GraphQL
//	projectwrite.go projectspell.go         Sink: fields of the board
//	read.go transfer.go graphnode.go        Reader: by number, by what it was, by node id
//	census.go                               Census
//	inbox.go announced.go                   Inbox: webhooks
//	newcomer.go                             repositories that nobody named yet
//	check.go                                Checker
//	survey.go surveylabels.go               Surveyor: what init asks
//
// # Reading
//
// Issues are listed in ascending order of their last change. A repository in
// which nothing changed costs one conditional request, answered 304, which
// takes nothing from the quota: the lower bound of the list, and with it the
// address and its ETag, stays fixed until something newer was seen.
//
// While pages are counted (page=2) and issues change, rows move between pages
// and would be skipped. So a walk does not count: it asks again from the last
// row's time on. It follows the Link header as it stands where that carries a
// position and no number (after=), where many rows share one second, and where
// a server ignores since.
//
// # Writing
//
// Labels are added with POST and removed with DELETE, one by one, never as a
// set: PUT and PATCH would take away what people add at the same moment.
// Before, the issue is read again; after, the answer is compared with the wish,
// because GitHub drops silently what the credentials may not do. Redirects of
// writes are not followed.
//
// # Projects
//
// A change on the board does not move an issue's updated_at. So values are read
// with each issue, whichever way it is read, and a stream of its own walks the
// cards. Values are asked for by the name of the field, which costs no points;
// the id of the field comes with each answer, so that the value of a renamed
// field is not taken for empty: the fields are then read again.
package github
