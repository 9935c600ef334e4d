package scheduler_test

import (
	"os"
	"testing"

	"tandem/internal/sim/judge"
)

// judging holds every exchange of these tests against the official
// descriptions of the services.
var judging = judge.New(judge.Find())

// TestMain prints how many exchanges were validated; none, while the
// descriptions are there, is a failure.
func TestMain(m *testing.M) { os.Exit(judge.Main(m, judging, os.Stdout)) }
