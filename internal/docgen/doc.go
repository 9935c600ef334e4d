// Command docgen writes the reference parts of the docs from what the code
// knows, so that neither can be right alone:
//
//	connectors/all           ─► docs/connectors/KIND.md, whole files
//	config                   ─► tables of docs/settings.md
//	work, mapping/…          ─► tables of docs/rules.md
//	mapping/route/presets    ─► mapping/route/presets/shipped.json
//	contract, connectortest  ─► parts of docs/adding-a-connector.md
//
// A table stands between two comments of a page that is otherwise written by
// hand, and the text between them belongs to docgen:
//
//	<!-- generated: fields -->
//	<!-- end of generated -->
//
// Run it by `make generate`. What code cannot know, such as the meaning of
// evidence.nps in one sentence, stands here, and a name without a sentence, or
// a sentence without a name, is an error. The tests of this package compile
// every YAML block of README.md and docs, and try every command that they name.
package main

//go:generate go run .
//go:generate go run .
