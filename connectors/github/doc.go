// Package github reads the issues of GitHub repositories and adds and removes
// labels on them. It works with github.com and GitHub Enterprise Server, with a
// token or as a GitHub App.
//
//	config.go   settings                    github.go schema.go  Definition, open
//	client.go auth.go app.go jwt.go         requests and credentials
//	errors.go budget.go                     what answers mean, what we may spend
//	fetch.go repository.go cursor.go        Source: one repository after the other
//	scope.go visibility.go link.go          which repositories, who may read them
//	wire.go record.go explicit.go           JSON → record (pure)
//	apply.go labels.go outcome.go           Sink
//	read.go check.go                        Reader, Checker
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
package github
