//go:build !race

package chaos_test

// usual is how many lives make test plays.
const usual = 200

// usualServed is how many of them are on a server of PostgreSQL.
const usualServed = 6
