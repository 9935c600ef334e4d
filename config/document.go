package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"tandem/internal/work"
)

const (
	// maxBytes is the size of the largest file that is read.
	maxBytes = 1 << 20
	// maxDepth is how deep mappings and lists may nest.
	maxDepth = 50
)

// Source is the text of one file.
type Source struct {
	Name string
	Body []byte
}

// Document is one file, or several merged, with the place of every key and
// value. It does not change after it was made.
type Document struct {
	root    *node
	sources []Source
}

// ReadDocument reads and parses a file. The Document is nil if the file cannot
// be read or is no YAML.
func ReadDocument(path string) (*Document, Diagnostics) {
	file, err := os.Open(path)
	if err != nil {
		return nil, Diagnostics{unreadable(path, err)}
	}
	defer file.Close() //nolint:errcheck // nothing was written
	body, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, Diagnostics{unreadable(path, err)}
	}
	return ParseDocument(path, body)
}

// unreadable tells why a file could not be read; the path stands in front, so
// it is not repeated.
func unreadable(path string, err error) Diagnostic {
	if errors.Is(err, fs.ErrNotExist) {
		return Diagnostic{File: path, What: "there is no such file", Remedy: "check the path"}
	}
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		err = pathError.Err
	}
	return Diagnostic{File: path, What: fmt.Sprintf("the file cannot be read: %v", err), Remedy: "check that it is a file and may be read"}
}

// Sources returns the text of the files, in the order in which they were
// merged.
func (d *Document) Sources() []Source { return slices.Clone(d.sources) }

// Keys lists the keys of the mapping at a place in the order of the files. It
// is empty if there is no mapping.
func (d *Document) Keys(at work.Pointer) []string {
	value := d.find(at)
	if value == nil || value.kind != mapping {
		return nil
	}
	names := make([]string, len(value.keys))
	for i, k := range value.keys {
		names[i] = k.text
	}
	return names
}

// Has reports whether something stands at a place, were it null.
func (d *Document) Has(at work.Pointer) bool {
	value := d.find(at)
	return value != nil
}

// Decode fills the value that into points to from the whole document, and
// reports every mistake. What the document does not name keeps its value, so
// into may hold defaults; lists and maps are replaced as a whole. The package
// comment lists the Go types; any other is a bug, and panics.
func (d *Document) Decode(into any) Diagnostics { return d.DecodeAt("", into) }

// DecodeAt is Decode for the value at a place. If nothing stands there, into
// stays as it is.
func (d *Document) DecodeAt(at work.Pointer, into any) Diagnostics {
	value := d.find(at)
	if value == nil {
		return nil
	}
	where := root()
	for _, segment := range segments(at) {
		where = where.key(segment)
	}
	return diagnostics(decode(value, where, into, nil))
}
