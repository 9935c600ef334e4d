package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// usualSchema is where the tables are if the address does not say.
	usualSchema = "tandem"
	// reach is how long a server may take to answer a new connection.
	reach = 10 * time.Second
	// turnLimit is how long a write may take with all its waiting. It is there
	// for servers that fell silent.
	turnLimit = time.Minute
	// stuck is how long a node may stop in the middle of a write before the
	// server undoes it and lets others write; waits is how long they wait.
	stuck = 15 * time.Second
	waits = 30 * time.Second
)

// server is a store in a schema of PostgreSQL. Several processes may have it
// open, each with one connection that writes.
type server struct {
	config *pgx.ConnConfig
	place  string // the address without secrets
	schema string
	turn   int64 // the lock that whoever writes holds
	pool   *pgxpool.Pool

	counted atomic.Int64 // Seq when count last did its work
}

// isServer reports whether an address is one of PostgreSQL.
func isServer(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// newServer reads an address. Passwords, certificates and whatever it leaves
// open come from where every client of PostgreSQL looks for them: PGPASSWORD,
// PGPASSFILE, PGSERVICEFILE and the like.
func newServer(address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("store postgres://…: this is no address; write store: postgres://USER@HOST/DATABASE")
	}
	query := u.Query()
	schema := query.Get("schema")
	if schema == "" {
		schema, _, _ = strings.Cut(query.Get("search_path"), ",")
	}
	if schema == "" {
		schema = usualSchema
	}
	query.Del("schema")
	query.Del("search_path")
	u.RawQuery = query.Encode()
	if !regexp.MustCompile(`^[a-z_][a-z0-9_]{0,45}$`).MatchString(schema) || strings.HasPrefix(schema, "pg_") {
		return nil, fmt.Errorf("store %s: %q is no name of a schema; use at most 46 small letters, digits and _, such as ?schema=tandem", placeOf(u, nil, ""), schema)
	}
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, fmt.Errorf("store %s: the address is not understood; write store: postgres://USER@HOST/DATABASE (%w)", placeOf(u, nil, ""), err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = reach
	}
	config.RuntimeParams["search_path"] = schema
	config.RuntimeParams["jit"] = "off" // it costs more than any of our queries
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "tandem"
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte("tandem " + schema))                                                                     // it cannot fail
	return &server{config: config, schema: schema, turn: int64(sum.Sum64()), place: placeOf(u, config, schema)}, nil //nolint:gosec // any 64 bits do
}

// placeOf is an address as errors may show it: without a password, and with
// what it left open.
func placeOf(u *url.URL, config *pgx.ConnConfig, schema string) string {
	if config == nil {
		return (&url.URL{Scheme: "postgres", Host: u.Host, Path: u.Path}).String()
	}
	place := url.URL{Scheme: "postgres", User: url.User(config.User), Path: "/" + config.Database}
	query := url.Values{"schema": {schema}}
	if strings.HasPrefix(config.Host, "/") {
		query.Set("host", config.Host)
	} else {
		place.Host = net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	}
	place.RawQuery = strings.ReplaceAll(query.Encode(), "%2F", "/")
	return place.String()
}

// with is the configuration of connections for a purpose.
func (p *server) with(params map[string]string) *pgx.ConnConfig {
	config := p.config.Copy()
	maps.Copy(config.RuntimeParams, params)
	return config
}

func (p *server) base() *base {
	return &base{
		place: p.place, array: "json_build_array", tables: p.schema + ".", shared: true,
		views: &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
		clock: func(time.Time) string {
			return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
		},
		begin:   p.begin,
		limit:   turnLimit,
		light:   "SET LOCAL synchronous_commit = off",
		looking: p.looking,
		explain: p.explain,
		here:    p.here, size: p.size,
		texts: "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND data_type IN ('text', 'bytea', 'jsonb') ORDER BY 1, 2",
	}
}

// begin starts a transaction and waits for its turn. What moves Seq, or must
// not be lost, is on the disk when it is committed, whatever the server's
// default is: after a crash of the server Seq never goes back. A connection
// that broke while nobody used it is replaced.
func (p *server) begin(ctx context.Context, db *sql.DB, _ durability) (turn, error) {
	t, err := p.tryBegin(ctx, db)
	if err != nil && broken(err) && ctx.Err() == nil {
		t, err = p.tryBegin(ctx, db)
	}
	return t, err
}

func (p *server) tryBegin(ctx context.Context, db *sql.DB) (turn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return turn{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
	done := func() {
		cancel()
		_ = conn.Close() // it goes back to the pool, or is dropped if it broke
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err == nil {
		_, err = tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(?), set_config('synchronous_commit',
			CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)`, p.turn)
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}
	if err != nil {
		done()
	}
	return turn{
		tx: tx, done: done,
		send:  func(ctx context.Context, list []statement) error { return send(ctx, conn, list) },
		after: func(ctx context.Context, seq int64) { p.count(ctx, conn, seq) },
	}, err
}

// count lets the server count the rows of the tables when they have become
// twice as many. It does so by itself, but only after a minute, and until then
// the pages of a first import are looked up as if the tables were small.
func (p *server) count(ctx context.Context, conn *sql.Conn, seq int64) {
	last := p.counted.Load()
	if seq < 2*last+500 || !p.counted.CompareAndSwap(last, seq) {
		return
	}
	_, _ = conn.ExecContext(ctx, "ANALYZE record, record_version, journal, ledger, feedback, feedback_link, evidence_day") // it only saves time
}

func (p *server) looking() (*sql.DB, error) {
	c := connectorOf(p.config)
	c.only = new(atomic.Bool)
	return sql.OpenDB(c), nil
}

func (p *server) open(ctx context.Context, s *Store) error {
	p.openWriter(s)
	found, err := p.inspect(ctx, s.writer)
	if err == nil {
		err = found.accept(s.instance)
	}
	if err != nil {
		return err
	}
	if known, err := newest(); err != nil || found.version != known {
		if err = errors.Join(err, p.prepare(ctx, s.instance)); err != nil {
			return err
		}
	}
	if found.instance == "" {
		if err := p.claim(ctx, s); err != nil {
			return err
		}
	}
	p.makeReader(s)
	if err := p.writable(ctx, s.writer); err != nil {
		return err
	}
	return s.settleHome(ctx)
}

// claim writes the instance's name into a new store. Two may be doing so.
func (p *server) claim(ctx context.Context, s *Store) error {
	if err := s.claim(ctx, false); err != nil {
		return err
	}
	found, err := p.inspect(ctx, s.writer)
	if err != nil {
		return err
	}
	return found.accept(s.instance)
}

// writable refuses servers and roles that only read, before work begins.
func (p *server) writable(ctx context.Context, db *sql.DB) error {
	var standby, may bool
	err := db.QueryRowContext(ctx, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', has_table_privilege('meta', 'UPDATE')").Scan(&standby, &may)
	switch {
	case err != nil:
		return err
	case standby:
		return p.say("25006")
	case !may:
		return p.say("42501")
	default:
		return nil
	}
}

func (p *server) openWriter(s *Store) {
	s.writer = sql.OpenDB(connectorOf(p.with(patience())))
	s.writer.SetMaxOpenConns(1)
}

// patience are the settings of connections that write: the store's, and the queue's,
// of which one that stands still would let nobody plan the job that it was planning.
func patience() map[string]string {
	milliseconds := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	return map[string]string{"idle_in_transaction_session_timeout": milliseconds(stuck), "lock_timeout": milliseconds(waits)}
}

func (p *server) openReader(ctx context.Context, s *Store) error {
	p.makeReader(s)
	found, err := p.inspect(ctx, s.reader)
	if err != nil {
		return err
	}
	if !found.filled {
		return fmt.Errorf("%w: tandem run and tandem plan create it, or correct store: in the configuration", ErrMissing)
	}
	return found.ready(s.instance)
}

func (p *server) makeReader(s *Store) {
	c := connectorOf(p.with(map[string]string{"default_transaction_read_only": "on"}))
	c.reads = true
	s.reader = sql.OpenDB(c)
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
}

func (p *server) openBeside(ctx context.Context, s *Store) error {
	if err := p.openReader(ctx, s); err != nil {
		return err
	}
	p.openWriter(s)
	return nil
}

func (p *server) close() error {
	if p.pool != nil {
		p.pool.Close()
	}
	return nil
}
