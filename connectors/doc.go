// Package connectors is the contract between Tandem and the services.
//
// A connector lives in its own folder and costs that folder and one line in
// connectors/all. It knows one service and no rule: it yields records page by
// page, writes single values, and reads records back by id. What it cannot do
// is nil in Connector. A dry run swaps the Sink and nothing else.
//
//	Definition ── New(decode) ──► Instance ── Open(ctx, Env) ──► Connector
//	 (what it is)                 (settings of one)              (live)
//
// Rules of the contract, checked by connectortest:
//
//   - Pages stops at the consumer's break and at the context's end, and yields
//     at most one error, last. A failed read is never an empty source.
//   - The cursor of a page is valid only together with its records: the caller
//     stores both in one transaction.
//   - Reading again from an older cursor yields the same records again; the
//     caller compares versions. Every cursor overlaps what came before.
//   - One record that cannot be understood is a Reject; the page goes on.
//   - Send reports one Result per edit, in the order of the batch. Uncertain
//     means that the change may have arrived.
//   - No secret appears in an error, a log line or a Result.
package connectors
