package store

import (
	"io/fs"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store/pgtest"
	"tandem/internal/work"
)

// onServerOfVersion makes a store of an older version in a schema of a server,
// with rows of that time, and opens it with this one.
func onServerOfVersion(t *testing.T, version int64, rows ...string) *Store {
	t.Helper()
	var shared pgtest.Shared
	t.Cleanup(func() { _ = shared.Close() })
	address := shared.Address(t)
	g, err := groundOf(address)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := g.(*server)
	if !ok {
		t.Fatalf("%s is no server", address)
	}
	db := stdlib.OpenDB(*p.config)
	sub, err := fs.Sub(migrations, postgresMigrations)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+p.schema); err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, sub, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	for _, query := range rows {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), address, "acme-test", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// What a store kept before there were words, orders and reasons of routes is
// there afterwards, that of older runs too.
func TestAnOlderStoreGoesOnWithWhatItKept(t *testing.T) {
	t.Parallel()
	rows := []string{
		`INSERT INTO placement (item, place, tier, tier_since, horizon, score) VALUES ('jira:1', 3, '2', 0, 'now', 1.5)`,
		`INSERT INTO rejected (connector, id, field, edits, by, because, at) VALUES ('jira', '1', 'priority', '[]', 'ana', 'no', 0)`,
		`INSERT INTO rules_text (hash, body) VALUES ('r', '')`,
		`INSERT INTO plan_text (hash, body) VALUES ('p', '{}')`,
		`INSERT INTO run (num, data_seq, as_of, rules_hash, config_hash, plan_hash, items, twins, at, past, sent, sent_first, paused) VALUES (2, 0, 0, 'r', 'c', 'p', 1, 0, 2, 0, 0, 0, 0)`,
		`UPDATE placement SET place = 4 WHERE item = 'jira:1'`, // past keeps both as they were
		`UPDATE rejected SET because = 'not yet' WHERE id = '1'`,
	}
	for where, older := range map[string]func(*testing.T, int64, ...string) *Store{"sqlite": ofVersion, "postgres": onServerOfVersion} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := older(t, 15, rows...)
			const then, now = "then", "now"
			snaps := map[string]engine.Snapshot{}
			var err error
			if snaps[now], err = s.Snapshot(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
			if snaps[then], err = s.SnapshotOf(t.Context(), engine.Run{Seq: 2, At: time.UnixMicro(2), Seen: &engine.Seen{}}); err != nil {
				t.Fatal(err)
			}
			for when, want := range map[string]struct {
				place int
				score float64
				said  string
			}{then: {3, 0, "no"}, now: {4, 1.5, "not yet"}} {
				placed := map[work.ItemID]engine.Previous{"jira:1": {Place: want.place, Tier: "2", TierSince: time.Unix(0, 0).UTC(), Horizon: "now", Score: want.score}}
				if diff := cmp.Diff(placed, snaps[when].Previous); diff != "" {
					t.Errorf("placements %s (-want +got):\n%s", when, diff)
				}
				rejected := []plan.Rejection{{Slot: plan.SlotRef{Ref: work.RefID{Connector: "jira", ID: "1"}, Field: work.Priority}, Edits: []string{}, By: "ana", Because: want.said, At: time.Unix(0, 0).UTC()}}
				if diff := cmp.Diff(rejected, snaps[when].Rejected); diff != "" {
					t.Errorf("rejections %s (-want +got):\n%s", when, diff)
				}
			}
			if st, err := s.StabilityOf(t.Context(), 2); st != nil || err != nil {
				t.Errorf("steadiness of an old run: %v, %v", st, err)
			}
			if n, err := s.SaveOverride(t.Context(), work.Override{Ref: work.NewRef("jira", "1", "PAY-1"), Kind: work.Pin, Value: "1", By: "ana", Until: time.Now().Add(time.Hour)}); n != 1 || err != nil {
				t.Errorf("the first word is %d, %v", n, err)
			}
		})
	}
}
