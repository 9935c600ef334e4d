package drop

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"tandem/internal/table"
	"tandem/internal/work"
)

// sidecarEnd ends the name of a file that says something about a whole table.
const sidecarEnd = ".json"

// sidecar finds what stands beside a table: results.csv.json or results.json.
// Where a move was cut, it may be a place ahead.
func (s *source) sidecar(f found) (path string, ok bool) {
	candidates := []string{s.path(f) + sidecarEnd}
	if f.place == inFolder {
		candidates = append(candidates, filepath.Join(s.folder, bare(f.name)+sidecarEnd))
	}
	for _, place := range []string{inClaimed, inDone} {
		candidates = append(candidates, filepath.Join(s.folder, place, f.name+sidecarEnd))
	}
	for _, c := range candidates {
		if info, err := os.Stat(c); err == nil && info.Mode().IsRegular() {
			return c, true
		}
	}
	return "", false
}

// common is what the rows of a table have where they do not say otherwise: the
// file beside it goes before the column file, and that before the settings.
func (s *source) common(f found, c *columnFile, study string) (map[string]string, error) {
	common := map[string]string{}
	put := func(name, text string) {
		if text != "" {
			common[name] = text
		}
	}
	put("study", studyOf(given(f.name)))
	if s.preset.method != "" {
		put("method", string(s.preset.method))
	}
	put("study", study)
	put("method", s.config.Method)
	for name, text := range c.rows {
		put(name, text)
	}
	path, ok := s.sidecar(f)
	if !ok {
		return common, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var said map[string]json.RawMessage
	if err := json.Unmarshal(content, &said); err != nil {
		return nil, sidecarError(path+" is no JSON object", `write one such as {"study": "onboarding"}`)
	}
	for _, name := range sorted(said) {
		cell, err := table.Cell(said[name])
		if err != nil {
			return nil, sidecarError(fmt.Sprintf("%s: %s: %v", path, name, err), "write a text, a number, yes/no or a list of these")
		}
		field := slug(name)
		if alias, ok := map[string]string{"study_id": "study", "name": "study", "title": "study"}[field]; ok && s.config.Yields == streamNames()[0] {
			field = alias
		}
		if fields := fieldsOf(s.config.Yields); fields != nil && !slices.Contains(fields, field) {
			return nil, sidecarError(fmt.Sprintf("%s: %q means nothing", path, name), work.Suggest(name, fields))
		}
		put(field, table.Text(cell))
	}
	return common, nil
}

func sidecarError(cause, remedy string) error {
	return unreadableError{"what stands beside it cannot be understood: " + cause, remedy + "; then put both files back into the folder"}
}
