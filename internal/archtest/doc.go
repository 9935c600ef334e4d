// Package archtest keeps the shape of the code: who may import whom, which
// packages stay pure, how long a file may get, which names are refused.
//
// It is a library of checks over the parsed source tree and one test that runs
// them all over this module. It reads the tree itself, with go/parser, so that
// files behind build tags count too and violations can be planted in memory.
//
//	fs.FS ── Load ──► Module ── Checks() ──► []Violation (file:line, what, remedy)
//
// The import table in layers.go is complete on purpose: a package that it does
// not list fails, so that a new package is a decision and not an accident.
package archtest
