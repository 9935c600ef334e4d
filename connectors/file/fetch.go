package file

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// The streams.
const (
	itemStream     = "items"
	feedbackStream = "feedback"
)

// source reads the files of one instance.
type source struct {
	config Config
	env    connectors.Env
	// audience is Config.Audience, parsed.
	audience work.Audience
	looks    looks
}

// Pages yields what changed since the cursor. Files that cannot be read do not
// stop the others; they are named in one error at the end.
func (s *source) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		glob, ok := map[string]string{itemStream: s.config.Items, feedbackStream: s.config.Feedback}[stream]
		if !ok {
			yield(connectors.Page{}, fmt.Errorf("%s: there is no stream %q; there are items and feedback", s.env.Name, stream))
			return
		}
		if glob == "" {
			yield(connectors.Page{Cursor: from, Done: true}, nil)
			return
		}
		if err := s.pages(ctx, stream, glob, from, yield); err != nil {
			yield(connectors.Page{}, err)
		}
	}
}

// pages returns an error unless the reader stopped.
func (s *source) pages(ctx context.Context, stream, glob string, from connectors.Cursor, yield func(connectors.Page, error) bool) error {
	columns, meaning, err := s.meaning()
	if err != nil {
		return err
	}
	start, err := decodeCursor(from, meaning)
	if err != nil {
		return err
	}
	paths, err := s.paths(glob)
	if err != nil {
		return err
	}
	start.Files = slices.DeleteFunc(start.Files, func(p position) bool { return !slices.Contains(paths, p.Path) })
	w := &walk{source: s, stream: stream, cursor: start, columns: columns, yield: yield}
	if stream == itemStream {
		w.look = s.looks.last()
	}
	var faults []error
	for _, path := range paths {
		switch err := w.file(ctx, path); {
		case errors.Is(err, errStopped):
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("read %s: %w", stream, ctx.Err())
		case err != nil:
			faults = append(faults, err)
		}
	}
	if err := w.flush(len(faults) == 0); err != nil {
		if errors.Is(err, errStopped) {
			return nil
		}
		return err
	}
	return errors.Join(faults...)
}

// meaning reads the column file and tells what rows mean by it.
func (s *source) meaning() (columns, string, error) {
	var content []byte
	if s.config.Columns != "" {
		var err error
		if content, err = os.ReadFile(s.config.Columns); err != nil {
			return columns{}, "", fmt.Errorf("read the column file: %w", err)
		}
	}
	c, err := readColumns(s.config.Columns, content)
	return c, fingerprint(s.config, content), err
}

// paths finds the files, sorted. A folder that is not there is an error: it is
// not the same as a folder without files.
func (s *source) paths(glob string) ([]string, error) {
	if glob == "" {
		return nil, nil
	}
	if folder := filepath.Dir(glob); !strings.ContainsAny(folder, "*?[") {
		if _, err := os.Stat(folder); err != nil {
			return nil, fmt.Errorf("look for %s: %w", glob, err)
		}
	}
	found, err := filepath.Glob(glob)
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", glob, err)
	}
	found = slices.DeleteFunc(found, func(path string) bool {
		info, err := os.Stat(path)
		return formatOf(path) == noFormat || err == nil && !info.Mode().IsRegular()
	})
	if len(found) == 0 && !strings.ContainsAny(glob, "*?[") {
		return nil, fmt.Errorf("look for %s: %w", glob, os.ErrNotExist)
	}
	slices.Sort(found)
	return found, nil
}

// frame is what the rows of a file do not say themselves.
func (s *source) frame(stream string, c columns, info os.FileInfo) frame {
	kinds := itemKinds()
	if stream == feedbackStream {
		kinds = feedbackKinds()
	}
	maps.Copy(kinds, c.kinds)
	return frame{
		connector: s.env.Name, place: s.config.Place, audience: s.audience,
		changed: info.ModTime().UTC(), schema: schema(), columns: c, kinds: kinds,
	}
}
