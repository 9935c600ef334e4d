package main

import "tandem/internal/work"

// personalTable lists what of feedback is personal.
func personalTable() (string, error) {
	t := newTable("name", "unless said otherwise", "what")
	for _, f := range work.PersonalFields() {
		t.row(code(f.Name), f.Default.String(), f.Doc)
	}
	return t.String(), nil
}
