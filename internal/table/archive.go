package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ErrBomb is the error of an archive that unpacks to more than is allowed.
var ErrBomb = errors.New("the archive unpacks to more than is allowed")

const (
	// ratio is the most that a table is packed: text reaches 10 to 50.
	ratio = 200
	// harmless is how much may be unpacked at any ratio.
	harmless = 10 << 20
)

// File is an open table: plain, or the only one in an archive.
type File struct {
	// Name is that of the table, inside an archive its own.
	Name   string
	Packed bool
	io.Reader
	closers []io.Closer
}

// Close closes the file and the archive around it.
func (f *File) Close() error {
	var errs []error
	for _, c := range slices.Backward(f.closers) {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Open opens a table. An archive is known by its first bytes, never by its
// name. most is how many bytes it may unpack to.
func Open(name string, most int64) (*File, error) {
	plain, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	f, err := open(plain, name, most)
	if err != nil {
		_ = plain.Close() // only read
		return nil, err
	}
	return f, nil
}

func open(plain *os.File, name string, most int64) (*File, error) {
	info, err := plain.Stat()
	if err != nil {
		return nil, err
	}
	f := &File{Name: filepath.Base(name), closers: []io.Closer{plain}}
	in := bufio.NewReaderSize(plain, peeked)
	start, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	guard := func(r io.Reader) io.Reader {
		return &guarded{from: r, most: min(most, max(harmless, info.Size()*ratio))}
	}
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("PK\x05\x06")):
		inside, opened, err := onlyTable(plain, info.Size(), most)
		if err != nil {
			return nil, err
		}
		f.Name, f.Packed, f.Reader = path.Base(inside), true, guard(opened)
		f.closers = append(f.closers, opened)
	case bytes.HasPrefix(start, []byte{0x1F, 0x8B}):
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		f.Packed, f.Reader = true, guard(unpacked)
		if f.Name = strings.TrimSuffix(f.Name, ".gz"); FormatOf(f.Name) == NoFormat {
			f.Name = filepath.Base(unpacked.Name)
		}
		if FormatOf(f.Name) == NoFormat {
			f.Name += ".csv" // most are
		}
		f.closers = append(f.closers, unpacked)
	default:
		f.Reader = in
	}
	return f, nil
}

// onlyTable opens the one table of a zip archive.
func onlyTable(plain *os.File, size, most int64) (string, io.ReadCloser, error) {
	archive, err := zip.NewReader(plain, size)
	if err != nil {
		return "", nil, fmt.Errorf("unpack: %w", err)
	}
	var tables []*zip.File
	for _, f := range archive.File {
		if FormatOf(f.Name) != NoFormat && !strings.HasPrefix(f.Name, "__MACOSX/") && !strings.HasPrefix(path.Base(f.Name), ".") {
			tables = append(tables, f)
		}
	}
	if len(tables) != 1 {
		return "", nil, fmt.Errorf("the archive holds %d tables (%s) and not one; give each table on its own", len(tables), Extensions)
	}
	one := tables[0]
	if one.Flags&1 != 0 {
		return "", nil, errors.New("the archive is encrypted; give the table without a password")
	}
	if told := one.UncompressedSize64; told > uint64(most) || told > harmless && told > uint64(size)*ratio {
		return "", nil, fmt.Errorf("%w: %d bytes in %d", ErrBomb, told, size)
	}
	opened, err := one.Open()
	if err != nil {
		return "", nil, fmt.Errorf("unpack: %w", err)
	}
	return one.Name, opened, nil
}

// guarded ends with ErrBomb where more comes out than is allowed: the sizes
// that an archive tells may lie.
type guarded struct {
	from io.Reader
	most int64
}

func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.from.Read(p)
	if g.most -= int64(n); g.most < 0 {
		return 0, ErrBomb
	}
	return n, err
}

// Format is how a table is written.
type Format uint8

// The formats of tables.
const (
	NoFormat Format = iota
	CSV
	JSONL
)

// Extensions are the names that tables end in.
const Extensions = ".csv, .tsv, .jsonl or .ndjson"

// FormatOf tells the format by the end of a name.
func FormatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv":
		return CSV
	case ".jsonl", ".ndjson":
		return JSONL
	default:
		return NoFormat
	}
}
