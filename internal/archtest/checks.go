package archtest

import "iter"

// Check is one rule of the house.
type Check struct {
	Name string
	Run  func(Module) []Violation
}

// Checks returns all rules, with the table of this module.
func Checks() []Check {
	return []Check{
		{"imports point down", func(m Module) []Violation { return ImportsPointDown(m, Layers(), ForTests()) }},
		{"the core is pure", func(m Module) []Violation { return Purity(m, Layers()) }},
		{"files are short", FileLength},
		{"package names say something", PackageNames},
		{"nothing happens before main", NoInit},
		{"no cgo", NoCgo},
		{"one builder of HTTP clients", OneClientBuilder},
		{"nolint has a reason", Nolint},
		{"log lines have agreed keys", AgreedLogKeys},
	}
}

// sources yields every file that is no test.
func (m Module) sources() iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, p := range m.Packages {
			for _, f := range p.Files {
				if !f.Test() && !yield(f) {
					return
				}
			}
		}
	}
}
