package cli_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"tandem/internal/cli"
)

// asProcess has the arguments of a process that this binary is to be.
const asProcess = "TANDEM_CLI_TEST_ARGS"

// TestMain lets the test binary be a tandem that is killed.
func TestMain(m *testing.M) {
	if args := os.Getenv(asProcess); args != "" {
		os.Exit(cli.Main(context.Background(), cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, "test", strings.Split(args, "\n")))
	}
	os.Exit(m.Run())
}
