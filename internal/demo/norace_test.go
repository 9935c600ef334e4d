//go:build !race

package demo_test

// raced tells that the race detector watches.
const raced = false
