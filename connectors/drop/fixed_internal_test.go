package drop

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/connectors"
)

// stone is a folder that is read only.
type stone struct{ realDisk }

func (stone) Folder(path string) error {
	return &fs.PathError{Op: "mkdir", Path: path, Err: fs.ErrPermission}
}

func (stone) Rename(from, to string) error {
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrPermission}
}

func TestAReadOnlyFolderIsReadInPlaceAndSaidOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, content := range map[string]string{"a.csv": "text,at\nfine,2026-07-01\nbad,x\n", "b.csv": "text,at\nfine too,2026-07-02\n", "c.csv": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var cursor connectors.Cursor
	rows, said := 0, []string(nil)
	walkOnce := func(d disk) {
		t.Helper()
		for page, err := range at(folder, d).Pages(t.Context(), "feedback", cursor) {
			if err != nil {
				t.Fatal(err)
			}
			rows += len(page.Feedback)
			for _, f := range page.Findings {
				said = append(said, f.What)
			}
			cursor = page.Cursor
		}
	}
	for range 3 {
		walkOnce(stone{})
	}
	if told := strings.Count(strings.Join(said, "\n"), "cannot be moved"); rows != 2 || told != 1 {
		t.Errorf("%d rows; it was said %d times: %v", rows, told, said)
	}
	walkOnce(realDisk{})
	if got := names(filepath.Join(folder, inDone)); rows != 2 || len(got) != 2 {
		t.Errorf("%d rows, done/ has %v once it can be written", rows, got)
	}
}
