// Package store keeps everything that Tandem knows in one SQLite file, or in one
// schema of PostgreSQL: what connectors read, what evaluations decided, what was
// written to services.
//
//	          a file                            a schema of a server
//	writer    one connection                    one connection for each process
//	turns     by that connection                by an advisory lock for each transaction
//	readers   four, read-only; each sees one moment (WAL, REPEATABLE READ)
//	.lock     one process writes, others read   every node writes; leases say what
//	clock     of leases: the process            of leases: the server
//
// Both have the same tables and the same SQL. What differs is in the value base,
// in two folders of migrations that end at the same number, and in a driver that
// writes ? as $1. Functions of SQLite that PostgreSQL lacks are defined there.
//
// What it promises:
//
//   - A page and its cursor, an edit and its ledger line, a result and what it
//     means for the ledger are stored together or not at all. No transaction is
//     open while somebody waits for a network. Of a page with many rows of
//     feedback the first ones are stored before, in short transactions: a
//     cursor never passes a row that is not stored, and one that is read again
//     does nothing.
//   - The journal of edits that are about to be sent is on the disk before the
//     call returns, so that not even a power cut makes Tandem forget what it
//     asked a service to do (promise S9). Everything else survives a crash of
//     the process; a power cut may take back the last pages that were read,
//     with their cursors, and they are read again. On a server whatever moves
//     Seq is on the disk too: after a crash of it, Seq never goes back under
//     nodes that live on.
//   - Under a lease (see Under) nothing is written for a duty that another node
//     has by now.
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
