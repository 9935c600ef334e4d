// Package dataset finds the labelled data by which tests measure. It stands in
// the shared folder beside the repository, and not in it.
package dataset

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// Table reads a file of the data sets, or skips the test and says how to get it.
func Table(t *testing.T, parts ...string) [][]string {
	t.Helper()
	f, err := os.Open(path(t, parts))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// path returns where the file is.
func path(t *testing.T, parts []string) string {
	t.Helper()
	name := filepath.Join(append([]string{"datasets"}, parts...)...)
	roots := []string{os.Getenv("TANDEM_SHARED")}
	if roots[0] == "" {
		roots = nil
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			roots = append(roots, filepath.Join(dir, "shared"))
		}
	}
	for _, root := range roots {
		at := filepath.Join(root, name)
		if _, err := os.Stat(at); err == nil {
			return at
		}
	}
	t.Skipf("the data set %s is absent: put the shared folder beside the repository, or name it in TANDEM_SHARED", filepath.ToSlash(name))
	return ""
}
