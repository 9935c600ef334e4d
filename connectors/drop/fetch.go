package drop

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

const itemStream = "items"

// source reads the folder of one instance.
type source struct {
	config Config
	env    connectors.Env
	preset preset
	disk   disk
	// folder and pattern are Config.Path, audience is Config.Audience, parsed.
	folder, pattern string
	audience        work.Audience
}

func (s *source) most() int64 { return s.config.LargestMB << 20 }

// Pages yields what was put into the folder since the cursor. Files that
// cannot be read do not stop the others. From the beginning, everything that
// was read before is read again from done/.
func (s *source) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		switch {
		case !slices.Contains(streamNames(), stream):
			yield(connectors.Page{}, fmt.Errorf("%s: there is no stream %q; there are %s", s.env.Name, stream, strings.Join(streamNames(), ", ")))
		case stream != s.config.Yields:
			yield(connectors.Page{Cursor: from, Done: true}, nil) // the folder holds something else
		default:
			if err := s.pages(ctx, from, yield); err != nil {
				yield(connectors.Page{}, err)
			}
		}
	}
}

// pages returns an error unless the reader stopped.
func (s *source) pages(ctx context.Context, from connectors.Cursor, yield func(connectors.Page, error) bool) error {
	file, err := readColumns(s.config.Columns)
	if err != nil {
		return err
	}
	start, err := decodeCursor(from, meaningOf(s.config, file.content), said{s.config.Study, string(file.content)})
	if err != nil {
		return err
	}
	w := &walk{source: s, cursor: start, file: file, yield: yield}
	files, err := w.look(ctx)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.config.Path, err)
	}
	var faults []error
	for _, f := range files {
		switch err := w.one(ctx, f); {
		case errors.Is(err, errStopped):
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("read %s: %w", s.config.Path, ctx.Err())
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

// builder is what turns the rows of a file into what the stream yields.
func (s *source) builder(f found, file *columnFile) (*builder, error) {
	return s.builderAs(f, file, s.config.Study)
}

// builderAs is a builder as the settings name or named the study.
func (s *source) builderAs(f found, file *columnFile, study string) (*builder, error) {
	common, err := s.common(f, file, study)
	if err != nil {
		return nil, err
	}
	return &builder{
		connector: s.env.Name, stream: s.config.Yields, place: s.config.Place, audience: s.audience, changed: f.modified(),
		file: file, layout: newLayout(s.config.Yields, file, s.preset), common: common, mustConsent: s.config.Consent == required,
		seen: map[uint64]uint32{}, odd: map[string]int{},
	}, nil
}
