package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// ErrNone tells that there are no programs of PostgreSQL here.
var ErrNone = errors.New("no PostgreSQL is installed: run make postgres, or name a server in TANDEM_POSTGRES")

const (
	// Strict is the name of a role that needs a password.
	Strict = "strict"

	owner    = "tandem"
	patience = 30 * time.Second
)

// Server is a private server.
type Server struct {
	bin, folder string
	as          *syscall.SysProcAttr
	settings    []string

	process *exec.Cmd
	leash   io.WriteCloser // the server ends when it is closed
}

// New makes the files of a server. Settings are lines such as "fsync=on".
func New(ctx context.Context, settings ...string) (*Server, error) {
	return newUnder(ctx, "/tmp", settings...) // a name of a socket is short
}

func newUnder(ctx context.Context, under string, settings ...string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(under, "tandem-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, folder: folder, settings: settings}
	if err := s.create(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return s, nil
}

// programs returns the folder with the newest programs.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrNone
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 is oldest
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

func (s *Server) create(ctx context.Context) error {
	if err := s.yieldRoot(); err != nil {
		return err
	}
	// Texts in the order of a language show where "C" is forgotten. Versions
	// before 15 cannot have that for a whole server.
	args := []string{"-D", s.data(), "-U", owner, "-A", "trust", "-E", "UTF8", "--no-sync"}
	out, err := s.command(ctx, "initdb", append(args, "--locale=C", "--locale-provider=icu", "--icu-locale=en")...).CombinedOutput()
	if err != nil {
		out, err = s.command(ctx, "initdb", append(args, "--locale=C")...).CombinedOutput()
	}
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	rules := "local all " + Strict + " scram-sha-256\nlocal all all trust\n"
	return os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(rules), 0o600)
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// Socket is the folder of the server's socket.
func (s *Server) Socket() string { return s.folder }

func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	c.Dir, c.SysProcAttr = s.folder, s.as
	c.Env = append(os.Environ(), "LC_ALL=C")
	return c
}

// leashed runs a server until its standard input ends. Without a word before
// that, the process that started it is gone, and so are the files then.
const leashed = `dir=$1; shift; "$@" </dev/null & p=$!; exec >/dev/null 2>&1; read -r word; kill -INT $p; wait $p; [ "$word" = keep ] || rm -rf "$dir"`

// Run starts the server and waits until it answers.
func (s *Server) Run(ctx context.Context) error {
	args := []string{"-c", leashed, "sh", s.folder, filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.folder, "-p", "5432", "-c", "listen_addresses="}
	for _, setting := range append([]string{"max_connections=300", "shared_buffers=32MB", "log_min_messages=fatal"}, s.settings...) {
		args = append(args, "-c", setting)
	}
	c := exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", args...) // Stop ends it, not a test's context
	c.Dir, c.SysProcAttr = s.folder, s.as
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the server has it open
	c.Stdout, c.Stderr = log, log
	leash, err := c.StdinPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	s.process, s.leash = c, leash
	return s.wait(ctx)
}

func (s *Server) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db, err := sql.Open("pgx", s.Address("postgres", owner))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			text, _ := os.ReadFile(filepath.Join(s.folder, "log")) // it is only shown
			return fmt.Errorf("the server does not start: %w: %s", err, text)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Address is that of a database for a role.
func (s *Server) Address(database, role string) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database}
	if role == "" {
		u.User = url.User(owner)
	}
	u.RawQuery = url.Values{"host": {s.folder}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Crash stops the server as a power cut would: without a word to anybody.
func (s *Server) Crash() error { return s.signal(syscall.SIGQUIT) }

// Halt stops it in order.
func (s *Server) Halt() error { return s.signal(syscall.SIGINT) }

func (s *Server) signal(how syscall.Signal) error {
	if s.process == nil {
		return nil
	}
	file := filepath.Join(s.data(), "postmaster.pid")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err == nil {
		err = syscall.Kill(pid, how)
	}
	_, said := io.WriteString(s.leash, "keep\n")
	err = errors.Join(err, said, s.leash.Close())
	_ = s.process.Wait() // it says how the server ended
	s.process = nil
	return err
}

// Close stops the server and removes its files.
func (s *Server) Close() error { return errors.Join(s.Halt(), os.RemoveAll(s.folder)) }
