//go:build race

package chaos_test

// usual is how many lives make test plays under the race detector.
const usual = 20
