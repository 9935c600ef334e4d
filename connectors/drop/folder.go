package drop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tandem/internal/table"
)

// The places inside the folder.
const (
	inFolder     = ""
	inClaimed    = "claimed"
	inDone       = "done"
	inQuarantine = "quarantine"
)

// found is a file at one moment.
type found struct {
	place string
	name  string
	size  int64
	time  int64 // nanoseconds
}

func (s *source) path(f found) string { return filepath.Join(s.folder, f.place, f.name) }

func (f found) modified() time.Time { return time.Unix(0, f.time).UTC() }

// look lists the files, the oldest first. What is new in the folder must look
// the same twice: it may still be written.
func (w *walk) look(ctx context.Context) ([]found, error) {
	first, err := w.source.list()
	if err != nil {
		return nil, err
	}
	settle := time.Duration(w.source.config.Settle)
	if settle <= 0 || !slices.ContainsFunc(first, w.isNew) {
		return first, nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(settle):
	}
	second, err := w.source.list()
	return slices.DeleteFunc(second, func(f found) bool { return !slices.Contains(first, f) }), err
}

func (w *walk) isNew(f found) bool {
	_, known := w.cursor.knows(f)
	return f.place == inFolder && !known
}

// list finds the files of the pattern in the folder, and those that were
// claimed or read before. A folder that is not there is an error: it is not
// the same as one without files.
func (s *source) list() ([]found, error) {
	var files []found
	for _, place := range []string{inFolder, inClaimed, inDone} {
		entries, err := os.ReadDir(filepath.Join(s.folder, place))
		if place != inFolder && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look into %s: %w", filepath.Join(s.folder, place), err)
		}
		for _, e := range entries {
			if place == inFolder && !s.ours(e.Name()) || place != inFolder && !readable(e.Name()) && !foreign(e.Name()) || unfinished(e.Name()) {
				continue
			}
			info, err := e.Info()
			if err != nil || !info.Mode().IsRegular() {
				continue // moved meanwhile, or a folder
			}
			files = append(files, found{place, e.Name(), info.Size(), info.ModTime().UnixNano()})
		}
	}
	slices.SortStableFunc(files, func(a, b found) int {
		if a.time != b.time {
			return int(min(max(a.time-b.time, -1), 1))
		}
		return strings.Compare(a.name, b.name)
	})
	return files, nil
}

// ours reports whether a file in the folder is of the pattern, or an archive of
// such a file. A spreadsheet matches a pattern without an extension, to be told
// that it cannot be read.
func (s *source) ours(name string) bool {
	match, _ := filepath.Match(s.pattern, name) // validated
	if !match && readable(name) && table.FormatOf(name) == table.NoFormat {
		match, _ = filepath.Match(s.pattern, bare(name)+filepath.Ext(s.pattern)) // as above
	}
	return match && (readable(name) || foreign(name))
}

// foreign tells files of tables that cannot be read.
func foreign(name string) bool {
	return slices.Contains([]string{".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".parquet", ".avro", ".sav", ".pdf", ".docx"}, strings.ToLower(filepath.Ext(name)))
}

// unfinished tells files that programs write while they load or edit.
func unfinished(name string) bool {
	lower := strings.ToLower(name)
	for _, end := range []string{".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", "~"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~")
}
