package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/work"
)

// checkFolders lets every connector of an example that reads a folder look at
// what lies there, and returns the files that it understood.
func checkFolders(t *testing.T, dir string) []string {
	t.Helper()
	settings, _, found := loadSettings(dir)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	var understood []string
	for _, c := range settings.Connectors {
		d, _ := all.Lookup(c.Kind)
		folder := ""
		instance, problems := d.New(c.Name, func(into any) []work.Problem {
			problems := c.Decode(into)
			v := reflect.ValueOf(into).Elem()
			if path, keep := v.FieldByName("Path"), v.FieldByName("Keep"); path.IsValid() && keep.IsValid() {
				folder = filepath.Join(dir, path.String())
				if filepath.Ext(folder) != "" {
					folder = filepath.Dir(folder)
				}
				if _, err := os.Stat(folder); err != nil {
					folder = "" // an example without data
					return problems
				}
				path.SetString(filepath.Join(dir, path.String()))
				if columns := v.FieldByName("Columns"); columns.String() != "" {
					columns.SetString(filepath.Join(dir, columns.String()))
					understood = append(understood, columns.String())
				}
			}
			return problems
		})
		if len(problems) > 0 || folder == "" {
			continue // a mistake is said by loadSettings; the rest read no folder
		}
		live, err := instance.Open(t.Context(), connectors.Env{Name: c.Name, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range live.Checker.Check(t.Context()) {
			if f.Level != work.Note {
				t.Errorf("%s: %s: %s; %s", dir, f.Subject, f.What, f.Remedy)
			}
		}
		understood = append(understood, filesBelow(t, folder)...)
	}
	return understood
}
