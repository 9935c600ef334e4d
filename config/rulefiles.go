package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tandem/internal/work"
)

// ReadRules reads and merges the files that settings.Rules names: the patterns
// in the order of the settings, the files of each by name. Left out are hidden
// files, the settings file itself, and files that a connector's entry names,
// such as the columns of an import. settings and document are what Load
// returned.
func ReadRules(settings Settings, document *Document) (*Document, Diagnostics) {
	r := rules{
		settings: document,
		folder:   filepath.Dir(document.root.file),
		left:     map[string]bool{filepath.Clean(document.root.file): true},
	}
	for _, c := range settings.Connectors {
		if c.config != nil {
			r.leaveOut(c.config)
		}
	}
	var documents []*Document
	size := 0
	for i, pattern := range settings.Rules {
		for _, path := range r.match(i, pattern) {
			if size > maxRules {
				continue
			}
			d, found := ReadDocument(path)
			r.found = append(r.found, found...)
			documents = append(documents, d)
			if size += d.size(); size > maxRules {
				r.found = append(r.found, Diagnostic{
					File: path, Line: 1, Col: 1, What: "the rule files are larger than 4 MB together",
					Remedy: "leave out what is no rule: every file that a pattern of rules: matches is read",
				})
			}
		}
	}
	merged, found := MergeDocuments(documents...)
	return merged, append(r.found, found...).Sorted()
}

// maxRules is how large all rule files may be together.
const maxRules = 4 * maxBytes

// size is how long the text is.
func (d *Document) size() int {
	if d == nil {
		return 0
	}
	n := 0
	for _, s := range d.sources {
		n += len(s.Body)
	}
	return n
}

// rules finds rule files.
type rules struct {
	settings *Document
	folder   string
	left     map[string]bool // paths that are read already or are no rules
	found    Diagnostics
}

// leaveOut notes every text below a connector's entry that could be the path
// of a file.
func (r *rules) leaveOut(n *node) {
	if n.kind == scalar && n.text != "" {
		r.left[r.path(n.text)] = true
	}
	for _, value := range n.values {
		r.leaveOut(value)
	}
}

// path returns the path of a file that is named in the settings.
func (r *rules) path(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(r.folder, name)
}

// match returns the files of one pattern that were not returned before.
func (r *rules) match(i int, pattern string) []string {
	full := pattern
	if !filepath.IsAbs(pattern) {
		literal := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(r.folder)
		full = filepath.Join(literal, pattern)
	}
	paths, err := filepath.Glob(full)
	if err != nil {
		r.report(i, fmt.Sprintf("%q is no pattern", pattern), "write one such as rules/*.yaml")
		return nil
	}
	if len(paths) == 0 {
		r.none(i, pattern, filepath.Dir(full))
	}
	return slices.DeleteFunc(paths, func(path string) bool {
		hidden := strings.HasPrefix(filepath.Base(path), ".") && !strings.HasPrefix(filepath.Base(pattern), ".")
		out := hidden || r.left[path]
		r.left[path] = true
		return out
	})
}

// none blames a pattern that no file matches. A folder that cannot be read has
// no files for Glob, which would be no help to whoever sees them there.
func (r *rules) none(i int, pattern, folder string) {
	if _, err := os.ReadDir(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
			err = cause.Err
		}
		r.report(i, fmt.Sprintf("the folder of %q cannot be read: %s", pattern, err), "let the account that Tandem runs as read the folder and its files, or change the pattern")
		return
	}
	r.report(i, fmt.Sprintf("no file matches %q", pattern), "write a rule file there, or change the pattern; it starts at the folder of the settings file")
}

// report blames a pattern, or the lack of one.
func (r *rules) report(i int, what, remedy string) {
	at := work.Pointer("").Key("rules")
	if value := r.settings.find(at); value != nil && value.kind == list {
		at = at.Index(i)
	}
	r.found = append(r.found, r.settings.Diagnose([]work.Problem{{At: at, What: what, Remedy: remedy}})...)
}
