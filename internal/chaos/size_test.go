//go:build !race

package chaos_test

// usual is how many lives make test plays.
const usual = 200
