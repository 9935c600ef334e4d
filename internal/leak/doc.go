// Package leak holds tests alone: they plant marks in everything that Tandem
// can read, let rules try hard to carry them out, and search every byte that
// leaves (promise S7), and every byte that is kept or told for secrets
// (promise S11).
package leak
