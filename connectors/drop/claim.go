package drop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"tandem/internal/table"
)

// sumLength is how much of the content's hash stands in names.
const sumLength = 12

// readerFunc is a reader that is a function.
type readerFunc func(p []byte) (int, error)

func (r readerFunc) Read(p []byte) (int, error) { return r(p) }

// sumOf is the hash of a file's content.
func sumOf(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // only read
	h := sha256.New()
	in := readerFunc(func(p []byte) (int, error) {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		return f.Read(p)
	})
	if _, err := io.Copy(h, in); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil))[:2*sumLength], nil
}

// named gives a file the name under which it moves: with the hash of its
// content, so that no file ever takes the place of another one.
func named(name, sum string) string {
	if strings.HasSuffix(bare(name), "."+sum[:sumLength]) {
		return name
	}
	stem := bare(name)
	return stem + "." + sum[:sumLength] + strings.TrimPrefix(name, stem)
}

// bare is a name without the extensions of tables and archives.
func bare(name string) string {
	for ext := filepath.Ext(name); ext != "" && (readable("x"+ext) || foreign("x"+ext)); ext = filepath.Ext(name) {
		name = strings.TrimSuffix(name, ext)
	}
	return name
}

// given is the name that a person gave the file.
func given(name string) string {
	stem := bare(name)
	return regexp.MustCompile(`\.[0-9a-f]{12}$`).ReplaceAllString(stem, "") + strings.TrimPrefix(name, stem)
}

// move takes a file, and what stands beside it about it, to another place of
// the folder. It reports false where somebody else was faster.
func (s *source) move(f *found, place, name string) (bool, error) {
	folder := filepath.Join(s.folder, place)
	if err := s.disk.Folder(folder); err != nil {
		return false, err
	}
	to := found{place: place, name: name, size: f.size, time: f.time}
	if beside, ok := s.sidecar(*f); ok && beside != s.path(to)+sidecarEnd {
		if err := s.disk.Rename(beside, s.path(to)+sidecarEnd); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	if err := s.disk.Rename(s.path(*f), s.path(to)); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	*f = to
	return true, nil
}

// fixed reports an error of a folder that nothing can be moved in.
func fixed(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// whole reports whether the file ends with a row. Only a file without a line
// break at its end is read for that.
func (s *source) whole(f found, o table.Options) bool {
	if f.size == 0 {
		return false
	}
	if ended(s.path(f)) {
		return true
	}
	in, err := table.Open(s.path(f), s.most())
	if err != nil {
		return true // said when it is read
	}
	defer func() { _ = in.Close() }() // only read
	rows, err := table.NewRows(in, table.FormatOf(in.Name), o)
	if err != nil {
		return !errors.Is(err, table.ErrNoHeader) && !errors.Is(err, table.ErrOpenQuote)
	}
	cut := false
	for row, err := range rows.All() {
		cut = err == nil && row.Cut
	}
	return !cut
}

// ended reports that the last byte is a line break, or that of an archive.
func ended(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return true
	}
	defer func() { _ = f.Close() }() // only read
	last := make([]byte, 1)
	if _, err := f.Seek(-1, io.SeekEnd); err != nil {
		return true
	}
	if _, err := io.ReadFull(f, last); err != nil {
		return true
	}
	return last[0] == '\n' || !readablePlain(path)
}

func readablePlain(path string) bool { return table.FormatOf(path) != table.NoFormat }
