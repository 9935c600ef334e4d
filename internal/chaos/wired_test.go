package chaos_test

import (
	"database/sql"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the simulation believes of a broken connection is what the server did.
func TestATransactionIsStoredWhereOnlyItsAnswerIsLost(t *testing.T) {
	p := groundOf(t, "postgres").plot(t)
	w := p.wired()
	for _, c := range []struct {
		name   string
		cut    *cut
		stored int
		heard  news
	}{
		{"in the middle", &cut{left: 2}, 0, news{struck: []string{"connection to the database broke"}}},
		{"in the middle, after it was done", &cut{left: 2, after: true}, 0, news{struck: []string{"connection to the database broke before the answer"}}},
		{"at the end", &cut{left: 1, commits: true}, 0, news{struck: []string{"connection to the database broke"}, undone: true}},
		{"the answer", &cut{left: 1, commits: true, after: true}, 1, news{struck: []string{"connection to the database broke before the answer"}, kept: true}},
		{"the server ends it", &cut{left: 1, commits: true, said: true}, 0, news{struck: []string{"the database ended the connection"}, undone: true}},
		{"the server starts anew", &cut{left: 1, commits: true, all: true, said: true}, 0, news{struck: []string{"the database started anew"}, undone: true}},
		{"the process dies", &cut{left: 1, commits: true, kills: true}, 0, news{struck: []string{"process killed while it asked the database"}, undone: true, killed: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := sql.Open("pgx", p.address())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if _, err := db.ExecContext(t.Context(), "DROP TABLE IF EXISTS proof; CREATE TABLE proof ()"); err != nil {
				t.Fatal(err)
			}
			w.arm(c.cut)
			if proves(t, db) == nil {
				t.Error("whoever stored it heard nothing of the broken connection")
			}
			if diff := cmp.Diff(c.heard, w.hear(), cmp.AllowUnexported(news{})); diff != "" {
				t.Errorf("heard (-want +got):\n%s", diff)
			}
			w.rest()
			var got int
			if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM proof").Scan(&got); err != nil || got != c.stored {
				t.Errorf("%d rows, %v; want %d", got, err, c.stored)
			}
		})
	}
}

// proves stores a row in a transaction.
func proves(t *testing.T, db *sql.DB) error {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(t.Context(), "INSERT INTO proof DEFAULT VALUES"); err != nil {
		_ = tx.Rollback() // the connection is gone
		return err
	}
	return tx.Commit()
}
