// Package table reads tables that people and tools export: CSV in all its
// dialects, and JSONL. It knows bytes, lines, rows and cells, and no field.
//
//	archive.go   plain, .gz, .zip with one table inside, bombs refused
//	encoding.go  UTF-8, UTF-16, single-byte encodings, mixtures
//	lines.go     lines and places between them
//	csv.go       quotes, rows, cells        sniff.go   the delimiter
//	json.go      the cells of a JSON object
//	cell.go      cell → text, number, list, value
//	dates.go     local dates by a format and a zone, decimals by a sign
//
// It promises:
//
//   - Memory does not grow with the file, only with its longest row.
//   - What cannot be understood is said with its line and goes no further than
//     its row; nothing is guessed where two readings are possible.
//   - A Mark tells whether what stands before it is still the same.
package table
