package drop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

// checker looks at the folder and at what waits in it.
type checker struct{ source *source }

const (
	// shown is how many findings of one sort are listed one by one.
	shown = 3
	// tasted is how many rows of a file a check reads.
	tasted = 1000
)

// Check moves nothing.
func (c *checker) Check(ctx context.Context) []work.Finding {
	s := c.source
	file, err := readColumns(s.config.Columns)
	if err != nil {
		return c.fatal(err, "correct the column file")
	}
	files, err := s.list()
	if err != nil {
		return c.fatal(err, remedyFor(err))
	}
	counts := map[string]int{}
	var findings []work.Finding
	for _, f := range files {
		counts[f.place]++
		if f.place == inDone || ctx.Err() != nil {
			continue
		}
		findings = append(findings, c.taste(f, &file)...)
	}
	bad, _ := filepath.Glob(filepath.Join(s.folder, inQuarantine, "*.why.txt")) // a fixed pattern
	if len(bad) > 0 {
		findings = append(findings, c.found(work.Warning, s.folder, numbered(len(bad), "file")+" could not be read",
			"see the reasons in "+filepath.Join(s.folder, inQuarantine)))
	}
	what := fmt.Sprintf("files: %d waiting, %d being read, %d read before", counts[inFolder], counts[inClaimed], counts[inDone])
	if len(files) == 0 {
		what = "no file matches " + s.config.Path + " yet; put files there that end in " + extensions
	}
	findings = append(findings, c.found(work.Note, s.folder, what, ""), c.moves())
	return append(findings, c.strangers()...)
}

func (c *checker) found(level work.Level, subject, what, remedy string) work.Finding {
	return work.Finding{Level: level, Subject: c.source.env.Name + ": " + subject, What: what, Remedy: remedy}
}

func (c *checker) fatal(err error, remedy string) []work.Finding {
	return []work.Finding{{Level: work.Fatal, Subject: c.source.env.Name, What: err.Error(), Remedy: remedy}}
}

// moves says what happens to files.
func (c *checker) moves() work.Finding {
	s := c.source
	info, err := os.Stat(s.folder)
	switch {
	case s.config.Keep:
		return c.found(work.Note, s.folder, "files stay where they are (keep: true)", "")
	case err == nil && info.Mode().Perm()&0o222 == 0:
		return c.found(work.Warning, s.folder, "nobody may write there: files are read where they are and not moved", "let the user of the daemon write there, or say keep: true")
	default:
		return c.found(work.Note, s.folder, "files that were read move to "+filepath.Join(s.folder, inDone)+"; nothing is removed", "")
	}
}

// taste reads the beginning of a file that waits.
func (c *checker) taste(f found, file *columnFile) []work.Finding {
	s, name := c.source, given(f.name)
	if foreign(f.name) {
		return []work.Finding{c.found(work.Warning, name, "files of this kind cannot be read", "save the sheet as CSV (UTF-8) and put that into the folder")}
	}
	b, rows, done, err := s.openAs(f, file, s.config.Study)
	if err != nil {
		why := unreadableError{cause(err), remedyFor(err)}
		_ = errors.As(unreadable(err), &why)
		return []work.Finding{c.found(work.Warning, name, why.cause, why.remedy)}
	}
	defer done()
	for _, h := range rows.Header {
		b.layout.of(h)
	}
	good, bad := 0, 0
	var findings []work.Finding
	for row, err := range rows.All() {
		if err != nil || good+bad == tasted {
			break
		}
		why := b.add(&connectors.Page{}, row)
		if why == nil {
			good++
			continue
		}
		if bad++; bad <= shown {
			findings = append(findings, c.found(work.Warning, fmt.Sprintf("%s:%d", name, row.Line), why.cause, why.remedy))
		}
	}
	for _, f := range b.notes(name, rows.Texts) {
		findings = append(findings, c.found(f.Level, name, f.What, f.Remedy))
	}
	how := ""
	if rows.Comma != 0 {
		how = fmt.Sprintf(", %d columns between %q", len(rows.Header), string(rows.Comma))
	}
	return append(findings, c.found(work.Note, name, fmt.Sprintf("%d of the first %s can be read%s", good, numbered(good+bad, "row"), how), ""))
}

// strangers names files in the folder that the pattern passes over.
func (c *checker) strangers() []work.Finding {
	entries, err := os.ReadDir(c.source.folder)
	if err != nil {
		return nil // said before
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && !c.source.ours(name) && !unfinished(name) && filepath.Ext(name) != sidecarEnd && (readable(name) || foreign(name)) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []work.Finding{c.found(work.Warning, c.source.folder, fmt.Sprintf("%d files are not of %s: %s", len(names), c.source.pattern,
		strings.Join(names[:min(len(names), shown)], ", ")), "write path: "+c.source.folder+" to take every table, or move them away")}
}

func remedyFor(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "make the folder, or correct the path; it starts at the folder that the daemon runs in"
	case errors.Is(err, fs.ErrPermission):
		return "let the user of the daemon read it"
	case errors.Is(err, table.ErrBomb):
		return "raise largest_mb if it is right"
	default:
		return "correct the file"
	}
}

// quoted is a text as YAML takes it.
func quoted(s string) string {
	if strings.ContainsAny(s, "\n\r\t") {
		return fmt.Sprintf("%q", s)
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// numbered is a number with its noun.
func numbered(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
