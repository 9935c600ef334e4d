package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"tandem/internal/table"
	"tandem/internal/work"
)

// checker reads every file once.
type checker struct{ source *source }

// shown is how many findings of one sort are listed one by one.
const shown = 3

// Check looks at the files and what their rows mean.
func (c *checker) Check(ctx context.Context) []work.Finding {
	name := c.source.env.Name
	if _, _, err := c.source.meaning(); err != nil {
		return []work.Finding{{Level: work.Fatal, Subject: name, What: err.Error(), Remedy: "correct the column file"}}
	}
	findings := c.stream(ctx, itemStream, c.source.config.Items)
	return append(findings, c.stream(ctx, feedbackStream, c.source.config.Feedback)...)
}

func (c *checker) stream(ctx context.Context, stream, glob string) []work.Finding {
	if glob == "" {
		return nil
	}
	subject := c.source.env.Name + " " + stream
	paths, err := c.source.paths(glob)
	if err != nil {
		return []work.Finding{{Level: work.Fatal, Subject: subject, What: err.Error(), Remedy: remedyFor(err)}}
	}
	if len(paths) == 0 {
		return []work.Finding{{Level: work.Warning, Subject: subject, What: "no file matches " + glob, Remedy: "put files there that end in " + extensions}}
	}
	rows, rejects := 0, []work.Reject{}
	for page, err := range c.source.Pages(ctx, stream, nil) {
		if err != nil {
			return []work.Finding{{Level: work.Fatal, Subject: subject, What: err.Error(), Remedy: remedyFor(err)}}
		}
		rows += len(page.Records) + len(page.Feedback)
		rejects = append(rejects, page.Rejects...)
	}
	findings := []work.Finding{{Level: work.Note, Subject: subject, What: fmt.Sprintf("%d rows in %d files, %d set aside", rows, len(paths), len(rejects))}}
	for _, r := range rejects[:min(len(rejects), shown)] {
		findings = append(findings, work.Finding{Level: work.Warning, Subject: r.Where, What: r.Cause, Remedy: r.Remedy})
	}
	if stream == feedbackStream {
		findings = append(findings, c.unused(paths)...)
	}
	return findings
}

// unused lists columns of signals that mean nothing: often a header that wants
// a line in the column file.
func (c *checker) unused(paths []string) []work.Finding {
	columns, _, err := c.source.meaning()
	if err != nil {
		return nil // said before
	}
	var findings []work.Finding
	for _, path := range paths {
		for r, err := range rowsAt(path, table.Mark{}, columns) {
			if err != nil || r.fault != "" {
				break
			}
			var names []string
			for _, field := range slices.Sorted(maps.Keys(r.cells)) {
				if field != "" && !slices.Contains(feedbackColumns(), field) {
					names = append(names, field)
				}
			}
			if len(names) > 0 {
				findings = append(findings, work.Finding{
					Level: work.Note, Subject: path, What: "columns that are not used: " + strings.Join(names, ", "),
					Remedy: "say in the column file what they mean, or leave them",
				})
			}
			break // the first row tells
		}
	}
	return findings
}

func remedyFor(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		here, wdErr := os.Getwd()
		if wdErr != nil {
			here = "the folder of the daemon"
		}
		return "check the path; it starts at " + here
	case errors.Is(err, fs.ErrPermission):
		return "let the user of the daemon read it"
	default:
		return "correct the file"
	}
}
