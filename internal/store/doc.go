// Package store keeps everything that Tandem knows in one SQLite file: what
// connectors read, what evaluations decided, what was written to services.
//
//	writer   one connection   every change, and the job queue of the scheduler
//	readers  four, read-only  snapshots, pages, status; each sees one moment
//	.lock    beside the file  one process writes; others may read
//
// What it promises:
//
//   - A page and its cursor, an edit and its ledger line, a result and what it
//     means for the ledger are stored together or not at all. No transaction is
//     open while somebody waits for a network.
//   - The journal of edits that are about to be sent is on the disk before the
//     call returns, so that not even a power cut makes Tandem forget what it
//     asked a service to do (promise S9). Everything else survives a crash of
//     the process; a power cut may take back the last pages that were read,
//     with their cursors, and they are read again.
//   - An older version of a record never replaces a newer one. There is no
//     exception: a read by id that answers with an older version comes from a
//     replica that lags, and what is stored is nearer to the truth.
//   - Aggregates of feedback change in the transaction that stores the row, and
//     equal a recount of all rows at any moment.
//   - Seq grows with every change that can alter an evaluation, and with no
//     other. A page that brings nothing new is one small write.
//
// It never talks to a service, never reads rules, and stores only what it is
// given: secrets are kept from it by those who call it.
package store
