package store_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/store/pgtest"
	"tandem/internal/work"
)

// node opens the store of another one a second time, as another process would.
func (k *kept) node() *kept {
	k.t.Helper()
	other := &kept{t: k.t, address: k.address, clock: k.clock}
	other.open()
	k.t.Cleanup(func() { _ = other.Close() })
	return other
}

func TestNodesShareAServer(t *testing.T) {
	t.Parallel()
	a := openServer(t)
	b := a.node()
	a.page(issue("1", 1, "High"))
	diff(t, "b sees what a read", []string{"1@1=High"}, byID(b.snapshot()))
	b.page(issue("2", 1, "Low"))
	diff(t, "a sees what b read", []string{"1@1=High", "2@1=Low"}, byID(a.snapshot()))
	refused(t, a.address, "acme-prod", store.ErrInstance, `"acme-test"`, `"acme-prod"`)
}

func TestNodesStartTogether(t *testing.T) {
	t.Parallel()
	address := postgres.Address(t)
	errs := make([]error, 4)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			s, err := store.Open(t.Context(), address, "acme-test", store.Options{})
			if err == nil {
				_, err = s.SavePage(t.Context(), "jira", "issues", connectors.Page{Records: []work.Record{issue("1", i, "High")}}, nil)
				err = errors.Join(err, s.Close())
			}
			errs[i] = err
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestStartOfANodeLeavesTheOthersEdits(t *testing.T) {
	t.Parallel()
	a := openServer(t)
	view := a.Under(a.take("jira", "a"))
	e := edit("1", "High", "Low")
	if err := view.Begin(t.Context(), 1, []work.Edit{e}); err != nil {
		t.Fatal(err)
	}
	b := a.node()
	if _, ok, err := b.Acquire(t.Context(), "jira", "b", time.Minute); ok || err != nil {
		t.Fatalf("b took the lease: %v, %v", ok, err)
	}
	if audit := b.audit(); audit[0].Detail != "" {
		t.Errorf("b ended what a began: %+v", audit[0])
	}
	if err := view.Finish(t.Context(), []work.Result{result(e, work.Applied)}); err != nil {
		t.Fatal(err)
	}
	b.wantPending("after the answer", nil, []string{e.ID})
}

func TestOneOfManyNodesGetsALease(t *testing.T) {
	t.Parallel()
	a := openServer(t)
	nodes := []*kept{a, a.node(), a.node()}
	var mu sync.Mutex
	var won []string
	var group sync.WaitGroup
	for i, k := range nodes {
		name := string(rune('a' + i))
		group.Go(func() {
			_, ok, err := k.Acquire(t.Context(), "jira", name, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if ok {
				mu.Lock()
				won = append(won, name)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if len(won) != 1 {
		t.Errorf("the lease went to %q", won)
	}
}

// TestBothStoresHaveTheSameTables holds the two folders of migrations against
// each other.
func TestBothStoresHaveTheSameTables(t *testing.T) {
	t.Parallel()
	columns := func(k *kept, query string) []string {
		rows, err := k.DB().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		var list []string
		for rows.Next() {
			var column string
			if err := rows.Scan(&column); err != nil {
				t.Fatal(err)
			}
			list = append(list, column)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(list)
		return list
	}
	file := columns(openStore(t), `SELECT t.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' needed' ELSE '' END
		FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'goose%'`)
	server := columns(openServer(t), `SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'bytea' THEN 'blob'
			WHEN 'double precision' THEN 'real' WHEN 'text' THEN CASE collation_name WHEN 'C' THEN 'text' ELSE 'text in another order' END ELSE data_type END
			|| CASE is_nullable WHEN 'NO' THEN ' needed' ELSE '' END
		FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%' AND table_name <> 'audit'`)
	diff(t, "columns", file, server)
	names := func(k *kept, query string) []string { return columns(k, query) }
	diff(t, "indexes", names(openStore(t), "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"),
		names(openServer(t), "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%key' AND indexname NOT LIKE '%pkey' OR indexname = 'record_key' AND schemaname = current_schema()"))
}

func TestTextsAreInTheOrderOfTheirBytes(t *testing.T) {
	onBoth(t, func(k *kept) {
		ids := []string{"a", "B", "ä", "_", "Z", "b", "10", "9", "A-1", "a1"}
		for _, id := range ids {
			k.page(issue(id, 1, "High"))
		}
		slices.Sort(ids)
		kept, err := k.Kept(k.t.Context(), "jira")
		if err != nil {
			k.t.Fatal(err)
		}
		var got []string
		for _, one := range kept {
			got = append(got, one.ID)
		}
		diff(k.t, "order", ids, got)
	})
}

func TestTextThatIsNoneIsKeptReadable(t *testing.T) {
	onBoth(t, func(k *kept) {
		odd := issue("1\x00", 1, "High")
		zero := issue("2", 1, "a\x00b")
		saved := k.save(connectors.Page{
			Records: []work.Record{odd, zero},
			Rejects: []work.Reject{{Connector: "jira", Where: "PAY-9", Cause: "no \x00 and \xff", Body: "\x00\xff"}},
		})
		diff(k.t, "saved", work.Saved{New: 1, Rejects: 2}, saved)
		diff(k.t, "value", work.NewText("a\x00b"), k.snapshot().Records[0].Fields["priority"])
		letters, err := k.DeadLetters(k.t.Context(), 10)
		if err != nil || len(letters) != 2 {
			k.t.Errorf("dead letters: %+v, %v", letters, err)
		}
	})
}

func TestQueueIsBesideTheTables(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	q, err := k.Queue(t.Context())
	if err != nil || q.Server == nil || q.File != nil {
		t.Fatalf("queue: %+v, %v", q, err)
	}
	var schema string
	if err := q.Server.QueryRow(t.Context(), "SELECT current_schema()").Scan(&schema); err != nil || schema != q.Schema || !strings.Contains(k.address, schema) {
		t.Errorf("the schema is %q, %q: %v", schema, q.Schema, err)
	}
	if q, err := openStore(t).Queue(t.Context()); err != nil || q.File == nil || q.Server != nil {
		t.Errorf("queue of a file: %+v, %v", q, err)
	}
}

// A process is stopped in the middle of planning a job, as by SIGSTOP or with its
// virtual machine: its connection stays, and so would its locks.
func TestS9ANodeThatStandsStillWhileItPlansAJobKeepsNobodyFromPlanningIt(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	const lock = "SELECT pg_advisory_xact_lock(42)"
	stopped, err := k.Queue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := stopped.Server.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // by then the server has ended it
	if _, err := tx.Exec(ctx, lock); err != nil {
		t.Fatal(err)
	}
	other, err := k.node().Queue(ctx)
	if err == nil {
		_, err = other.Server.Exec(ctx, lock)
	}
	if err != nil {
		t.Errorf("the other node: %v", err)
	}
}

func TestBrokenConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	k.page(issue("1", 1, "High"))
	k.snapshot()
	other := k.node()
	other.page(issue("1", 1, "High"))
	other.exec("SELECT pg_terminate_backend(?)", k.pid())
	k.page(issue("1", 2, "Low"))
	diff(t, "records", []string{"1@2=Low"}, byID(k.snapshot()))
}

// pid is the process of the server that writes for the store.
func (k *kept) pid() int {
	k.t.Helper()
	var pid int
	if err := k.DB().QueryRowContext(k.t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		k.t.Fatal(err)
	}
	return pid
}

func TestConnectionThatBreaksInAWriteLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	k.page(issue("1", 1, "High"))
	other, third := k.node(), k.node()
	// The records wait for a lock that somebody else holds; meanwhile the
	// connection ends.
	tx, err := other.DB().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "LOCK TABLE record_version IN EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	pid := k.pid()
	failed := make(chan error, 1)
	go func() {
		page := connectors.Page{Records: []work.Record{issue("1", 2, "Low"), issue("2", 1, "Low")}, Cursor: connectors.Cursor("late")}
		_, err := k.SavePage(t.Context(), "jira", "issues", page, nil)
		failed <- err
	}()
	for waits := 0; waits == 0; {
		if len(failed) > 0 {
			t.Fatalf("the write did not wait: %v", <-failed)
		}
		if err := third.DB().QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE pid = ? AND wait_event_type = 'Lock'", pid).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	third.exec("SELECT pg_terminate_backend(?)", pid)
	wantError(t, <-failed, store.ErrUnreachable)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	diff(t, "records", []string{"1@1=High"}, byID(k.snapshot()))
	cursor, err := k.Cursor(t.Context(), "jira", "issues")
	if err != nil || string(cursor) != `{"at":1}` {
		t.Errorf("cursor: %q, %v", cursor, err)
	}
	k.page(issue("1", 2, "Low"))
}

// as is the address of a schema for another role or database.
func as(t *testing.T, address, role, database string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if role != "" {
		u.User = url.User(role)
	}
	if database != "" {
		u.Path = "/" + database
	}
	return u.String()
}

func TestServersThatDoNotFitAreNamedWithARemedy(t *testing.T) {
	t.Parallel()
	server := postgres.Server(t)
	k := openServer(t)
	k.page(issue("1", 1, "High"))
	admin := server.Address("postgres", "")
	if err := pgtest.Exec(t.Context(), admin,
		"CREATE ROLE "+pgtest.Strict+" LOGIN PASSWORD 'open sesame'", "CREATE ROLE nobody LOGIN", "CREATE ROLE looker LOGIN",
		"CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", "CREATE SCHEMA somebody", "CREATE TABLE somebody.meta (x int)",
	); err != nil {
		t.Fatal(err)
	}
	schema := schemaOf(t, k.address)
	k.exec("GRANT USAGE ON SCHEMA " + schema + " TO looker")
	k.exec("GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO looker")

	wrong := strings.Replace(as(t, k.address, pgtest.Strict, ""), pgtest.Strict+"@", pgtest.Strict+":swordfish@", 1)
	refused(t, wrong, "acme-test", store.ErrAccess, "PGPASSWORD")
	refused(t, as(t, k.address, "ghost", ""), "acme-test", store.ErrAccess, "ghost")
	refused(t, as(t, k.address, "", "nowhere"), "acme-test", store.ErrMissing, "CREATE DATABASE nowhere")
	refused(t, as(t, postgres.Address(t), "nobody", ""), "acme-test", store.ErrReadOnly, "AUTHORIZATION nobody")
	refused(t, as(t, k.address, "nobody", ""), "acme-test", store.ErrReadOnly, "USAGE")
	refused(t, as(t, k.address, "looker", ""), "acme-test", store.ErrReadOnly, "looker")
	refused(t, as(t, postgres.Address(t), "", "latin"), "acme-test", store.ErrForeign, "UTF8")
	refused(t, pgtest.WithSchema(admin, "somebody"), "acme-test", store.ErrForeign, "?schema=")
	refused(t, pgtest.WithSchema(admin, `x"; DROP`), "acme-test", nil, "name of a schema")
	refused(t, "postgres://127.0.0.1:1/tandem", "acme-test", store.ErrUnreachable, "127.0.0.1")
	refused(t, postgres.Address(t), "", nil, "instance:")
	_, err := store.OpenReadOnly(t.Context(), postgres.Address(t), "acme-test", store.Options{})
	wantError(t, err, store.ErrMissing, "tandem run")

	// A role that may only read can look.
	r, err := store.OpenReadOnly(t.Context(), as(t, k.address, "looker", ""), "acme-test", k.options())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	snap, err := r.Snapshot(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "records", []string{"1@1=High"}, byID(snap))
}

func TestPasswordIsNeverShown(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(postgres.Address(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []*url.Userinfo{url.UserPassword(pgtest.Strict, "swordfish"), url.UserPassword("nobody else", "swordfish")} {
		u.User = user
		for _, address := range []string{u.String(), u.String() + "&port=x", "postgres://u:swordfish@h:port/db", "postgres://u:swordfish@h/db?schema=X"} {
			_, err := store.Open(t.Context(), address, "acme-test", store.Options{})
			if err == nil || strings.Contains(err.Error(), "swordfish") {
				t.Errorf("the error is %v", err)
			}
		}
	}
}

func schemaOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("schema")
}

func TestSchemaThatGoesAwayIsNamed(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	k.exec("DROP SCHEMA " + schemaOf(t, k.address) + " CASCADE")
	_, err := k.Snapshot(t.Context(), today)
	wantError(t, err, store.ErrDamaged, "restore the backup")
	if _, err := k.Seq(t.Context()); errors.Is(err, sql.ErrNoRows) || err == nil {
		t.Errorf("seq without a table: %v", err)
	}
}
