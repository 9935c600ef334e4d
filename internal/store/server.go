package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
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
	for key, value := range map[string]string{"application_name": "tandem", "search_path": schema} {
		if key == "search_path" || config.RuntimeParams[key] == "" {
			config.RuntimeParams[key] = value
		}
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
	for key, value := range params {
		config.RuntimeParams[key] = value
	}
	return config
}

func (p *server) base() *base {
	return &base{
		place: p.place, array: "json_build_array", tables: p.schema + ".",
		views: &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
		clock: func(time.Time) string {
			return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
		},
		begin:   p.begin,
		light:   "SET LOCAL synchronous_commit = off",
		looking: p.looking,
		explain: p.explain,
	}
}

// begin starts a transaction and waits for its turn. What moves Seq, or must
// not be lost, is on the disk when it is committed, whatever the server's
// default is: after a crash of the server Seq never goes back. A connection
// that broke while nobody used it is replaced.
func (p *server) begin(ctx context.Context, db *sql.DB, d durability) (turn, error) {
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
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
	t := turn{work: work, done: func() {
		cancel()
		_ = conn.Close() // it goes back to the pool, or is dropped if it broke
	}}
	if t.tx, err = conn.BeginTx(work, nil); err == nil {
		_, err = t.tx.ExecContext(work, `SELECT pg_advisory_xact_lock(?), set_config('synchronous_commit',
			CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)`, p.turn)
		if err != nil {
			err = errors.Join(err, t.tx.Rollback())
		}
	}
	if err != nil {
		t.done()
	}
	return t, err
}

func (p *server) looking() (*sql.DB, error) {
	c := connectorOf(p.config)
	c.only = new(atomic.Bool)
	return sql.OpenDB(c), nil
}

func (p *server) open(ctx context.Context, s *Store) error {
	if err := p.prepare(ctx, s.instance); err != nil {
		return err
	}
	p.openWriter(s)
	if err := s.claim(ctx, false); err != nil {
		return err
	}
	return p.openReader(ctx, s)
}

func (p *server) openWriter(s *Store) {
	milliseconds := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	s.writer = sql.OpenDB(connectorOf(p.with(map[string]string{
		"idle_in_transaction_session_timeout": milliseconds(stuck), "lock_timeout": milliseconds(waits),
	})))
	s.writer.SetMaxOpenConns(1)
}

func (p *server) openReader(ctx context.Context, s *Store) error {
	s.reader = sql.OpenDB(connectorOf(p.with(map[string]string{"default_transaction_read_only": "on"})))
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	found, err := p.inspect(ctx, s.reader)
	if err != nil {
		return err
	}
	if !found.filled {
		return fmt.Errorf("%w: tandem run and tandem plan create it, or correct store: in the configuration", ErrMissing)
	}
	return found.ready(s.instance)
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
