// Package file reads items and feedback from YAML, CSV and JSONL files, and
// writes labels and fields of items back into them. It is the connector to
// copy: small, without a network, and with every part that a connector has.
//
//	config.go   settings and their checks          file.go    Definition, open
//	fetch.go    Source: which files, which rows     walk.go    one file, row by row
//	lines.go csv.go jsonl.go yaml.go                the formats
//	cell.go record.go feedback.go                   row → record, signal (pure)
//	apply.go rewrite.go                             Sink
//	read.go check.go                                Reader, Checker
//
// It promises:
//
//   - A file that did not change costs one look at its size and time. A CSV or
//     JSONL file that only grew is read from where it stood, a few rows before.
//   - CSV and JSONL are streamed: memory does not grow with the file.
//   - A row that cannot be understood is a Reject with file:line; the rows
//     around it count. A half-written last line waits for the next look.
//   - A write changes one value, keeps all other rows byte by byte (YAML: node
//     by node, comments included), replaces the file in one step, and reports
//     a Conflict where somebody was faster.
//   - A file that vanishes takes nothing with it: absence is no deletion.
package file
