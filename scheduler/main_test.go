package scheduler_test

import (
	"os"
	"testing"

	"tandem/internal/sim/judge"
	"tandem/internal/store/pgtest"
)

// judging holds every exchange of these tests against the official
// descriptions of the services.
var judging = judge.New(judge.Find())

// postgres is the server of all tests of this binary.
var postgres pgtest.Shared

// TestMain prints how many exchanges were validated; none, while the
// descriptions are there, is a failure.
func TestMain(m *testing.M) {
	code := judge.Main(m, judging, os.Stdout)
	if err := postgres.Close(); err != nil {
		code = max(code, 1)
	}
	os.Exit(code)
}
