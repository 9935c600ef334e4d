//go:build race

package chaos_test

// usual is how many lives make test plays under the race detector.
const usual = 20

// usualServed is how many of them under the race detector are on a server of PostgreSQL.
const usualServed = 2
