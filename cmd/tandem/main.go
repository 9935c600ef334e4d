// Command tandem joins what a product owner works on in Jira with what a
// product manager plans elsewhere into one ranked, routed, labelled order.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones on machines without zone data

	"tandem/internal/cli"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, version, os.Args[1:])
	stop()
	os.Exit(code)
}
