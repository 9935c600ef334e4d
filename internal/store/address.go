package store

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// memory is the address of a store that is gone when it is closed.
const memory = ":memory:"

// groundOf reads the address of a store.
func groundOf(address string) (ground, error) {
	if isServer(address) {
		return newServer(address)
	}
	path, err := pathOf(address)
	if err != nil {
		return nil, err
	}
	f, err := newFile(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", address, err)
	}
	return f, nil
}

// pathOf reads "sqlite:tandem.db" and returns the file's full path, with links
// followed, so that two spellings of one file share one lock.
func pathOf(address string) (string, error) {
	name, ok := strings.CutPrefix(address, "sqlite:")
	if !ok {
		kind, _, _ := strings.Cut(address, ":")
		return "", fmt.Errorf("store %q: the store is a file of SQLite or a database of PostgreSQL; write store: sqlite:tandem.db, or store: postgres://HOST/DATABASE", kind+":…")
	}
	if name = strings.TrimPrefix(name, "//"); name == "" {
		return "", fmt.Errorf("store %q names no file; write store: sqlite:tandem.db", address)
	}
	if name == memory {
		return memory, nil
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", fmt.Errorf("store %s: %w", name, err)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path)), nil
	}
	return path, nil
}

// writing is the address of the one connection that writes. In WAL mode NORMAL
// keeps the file whole at any crash and lets commits wait for no disk; begin
// asks for FULL where a commit must not be lost. Transactions take the write
// lock when they begin, so that none fails half way. The log is cut to 64 MB
// after a long read has let it grow.
func writing(path string) string {
	return uri(path, "rw", "busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)", "secure_delete(1)",
		"journal_size_limit(67108864)", "cache_size(-16384)") + "&_txlock=immediate"
}

// reading is the address of connections that cannot write.
func reading(path string) string {
	return uri(path, "ro", "busy_timeout(5000)", "query_only(1)", "cache_size(-1024)")
}

// looking is the address of a connection that reads through views of its own,
// which query_only would refuse; it cannot write to the file either.
func looking(path string) string {
	return uri(path, "ro", "busy_timeout(5000)", "cache_size(-16384)")
}

func uri(path, mode string, pragmas ...string) string {
	file := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")}
	return file.String() + "?" + url.Values{"mode": {mode}, "_pragma": pragmas, "_error_rc": {"1"}}.Encode()
}
