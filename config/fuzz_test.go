package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"tandem/config"
	"tandem/internal/work"
)

// FuzzDocument checks that no text makes the reader panic, and that every
// mistake has a place in that text.
func FuzzDocument(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/good/*.yaml", "testdata/good/rules/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		document, found := config.ParseDocument("f", text)
		if document == nil {
			placed(t, found)
			return
		}
		var into sample
		var free any
		found = append(found, document.Decode(&into)...)
		found = append(found, document.Decode(&free)...)
		merged, again := config.MergeDocuments(document, document)
		found = append(found, again...)
		for _, key := range merged.Keys("") {
			at := work.Pointer("").Key(key)
			found = append(found, merged.Diagnose([]work.Problem{{At: at, What: key}, {At: at.Key("x").Index(1), What: key}})...)
		}
		placed(t, found)
	})
}

func placed(t *testing.T, found config.Diagnostics) {
	t.Helper()
	for _, d := range found {
		if d.File != "f" || d.Line < 1 || d.Col < 1 {
			t.Errorf("no place: %+v", d)
		}
	}
}
