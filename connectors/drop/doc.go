// Package drop reads tables that people put into a folder: interviews, survey
// exports, findings, usage, items. It is the route for every tool without an
// API, or without one in the customer's plan.
//
//	drop.go preset.go config.go   definitions, settings    columns.go meaning.go question.go known.go   what headers mean
//	folder.go claim.go sidecar.go files and their places    walk.go reading.go aside.go cursor.go        one file, row by row
//	cells.go feedback.go record.go identity.go builder.go   row → signal, item, finding, usage (pure)    check.go read.go
//
// A file goes through the folder, and nothing of a person is ever removed:
//
//	drop/x.csv ── two looks alike ──► claimed/x.HASH.csv ── rows and cursor are stored ──► done/x.HASH.csv
//	                                        ╰── it cannot be read ──► quarantine/x.HASH.csv + .why.txt
//	                                        ╰── some rows cannot ───► quarantine/x.HASH.rejected.csv
//
// It promises:
//
//   - What counts is the cursor, a ledger of contents that is stored together
//     with the rows. Moves follow it. Whatever stands in the folder, in claimed/
//     or in done/ and is not in the ledger is read, so a crash at any step loses
//     nothing, and a store from a backup reads anew what it does not know.
//   - One content counts once, under whatever name it comes.
//   - A name that moves holds the hash of its content, so no file takes the
//     place of another. Of several nodes one wins each rename; rows that two of
//     them read have the same ids.
//   - Memory does not grow with a file, but for 20 bytes a row without an id.
//   - A row whose person said no to consent is not stored, not logged and not
//     copied; what was stored of it before goes.
package drop
