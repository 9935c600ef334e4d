// Package httpjson reads any JSON API by YAML (kind http), and ships such YAML
// for tools that many use (presets, each a kind of its own). It writes nothing.
//
//	config.go field.go      what an admin writes       compile*.go   all mistakes at once
//	path.go template.go     small languages            moment.go     spellings of times
//	auth.go client.go       credentials, requests      pace.go       the connector's own rate
//	body.go shape.go        answer → records           limits.go     bounds
//	reading.go make.go      record → feedback, usage, findings; item.go for items (pure)
//	walk.go parent.go       parents → windows → pages  ask.go paging.go take.go sum.go cursor.go
//	preset.go presets/      the shipped kinds          check.go
//
// It promises:
//
//   - The cursor behind every page is whole: a walk that was cut goes on there,
//     also inside of a fan-out or a window, and loses and doubles nothing.
//   - Values are put into requests as values. Paths and queries are escaped,
//     bodies are built as JSON, never as text.
//   - Credentials go to the host of url and nowhere else, whatever address a
//     service gives for its next page.
//   - An answer without the list that the settings name is an error, never an
//     empty list. One record that cannot be read is set aside with its cause.
//   - What is packed is unpacked up to max_mb and not a byte further.
//   - The time to go on from is the newest that the service itself told, at
//     most now, less the overlap: clocks may differ.
package httpjson
