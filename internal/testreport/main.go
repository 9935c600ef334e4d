// Command testreport reads the output of go test -json and prints what a
// person wants to see: one line per package, everything that failed in full,
// and at the end which tests were skipped and why.
//
//	go test -json ./... | go run ./internal/testreport
//
// It exits with 1 if anything failed, or if nothing at all was run.
package main

import (
	"fmt"
	"os"
)

func main() {
	ok, err := Copy(os.Stdout, os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}
