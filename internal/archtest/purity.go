package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// impureImports are the standard packages that a pure package must not import,
// everything below them included.
func impureImports() []string {
	return []string{
		"crypto/rand", "database/sql", "io/fs", "io/ioutil", "log", "math/rand", "net", "os", "path/filepath", "plugin", "runtime", "syscall", "unsafe",
	}
}

// impureCalls are single functions of packages that are otherwise pure.
func impureCalls() map[string][]string {
	return map[string][]string{
		"time": {"Now", "Since", "Until", "After", "AfterFunc", "Tick", "Sleep", "NewTimer", "NewTicker"},
		"fmt":  {"Print", "Println", "Printf", "Scan", "Scanln", "Scanf"},
	}
}

// Purity checks that the pure packages of the table do no I/O, read no clock
// and no chance, and keep no state: their result is a function of what they
// are given (promise S16). Tests are free.
func Purity(m Module, table []Layer) []Violation {
	var found []Violation
	for _, p := range m.Packages {
		row, listed := rowOf(table, p.Dir)
		if !listed || !row.Pure {
			continue
		}
		for _, f := range p.Files {
			if f.Test() {
				continue
			}
			found = append(found, impureImportsOf(m.Path, row, f)...)
			found = append(found, impureCallsOf(f)...)
			found = append(found, stateOf(f)...)
		}
	}
	return found
}

func impureImportsOf(module string, row Layer, f File) []Violation {
	var found []Violation
	for _, imp := range f.Imports() {
		v := Violation{File: f.Path, Line: imp.Line, What: fmt.Sprintf("pure package %s imports %q", row.Dir, imp.Path)}
		switch {
		case slices.ContainsFunc(impureImports(), func(p string) bool { return within(imp.Path, p) }):
			v.Remedy = "take what it would read as a value; I/O belongs to the edge"
		case foreign(module, imp.Path) && !slices.ContainsFunc(row.Foreign, func(p string) bool { return within(imp.Path, p) }):
			v.Remedy = "use the standard library, or add the module to the row's Foreign with a reason"
		case imp.Name == ".":
			v.Remedy = "give the import its name: a dot import hides impure calls"
		default:
			continue
		}
		found = append(found, v)
	}
	return found
}

// within reports whether an import path is p or lies below it.
func within(path, p string) bool { return path == p || strings.HasPrefix(path, p+"/") }

// foreign reports whether the path is of another module: its first element
// has a dot, which no standard package has.
func foreign(module, path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != module && strings.Contains(first, ".")
}

func impureCallsOf(f File) []Violation {
	calls := map[string][]string{} // by the name that the file gives the package
	for _, imp := range f.Imports() {
		if names, ok := impureCalls()[imp.Path]; ok {
			calls[imp.Name] = names
		}
	}
	var found []Violation
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.SelectorExpr:
			// An identifier that the parser resolved is a variable, not a package.
			if id, ok := x.X.(*ast.Ident); ok && id.Obj == nil && slices.Contains(calls[id.Name], x.Sel.Name) {
				found = append(found, f.at(x.Pos(), fmt.Sprintf("pure package uses %s.%s", id.Name, x.Sel.Name),
					"take the time or the writer as an argument"))
			}
		case *ast.CallExpr:
			if id, ok := x.Fun.(*ast.Ident); ok && id.Obj == nil && (id.Name == "print" || id.Name == "println") {
				found = append(found, f.at(x.Pos(), "pure package uses the builtin "+id.Name, "return the text"))
			}
		case *ast.GoStmt:
			found = append(found, f.at(x.Pos(), "pure package starts a goroutine", "let the caller decide what runs beside what"))
		}
		return true
	})
	return found
}

// stateOf finds package-level variables, except error sentinels, embedded
// files and interface guards.
func stateOf(f File) []Violation {
	var found []Violation
	for _, decl := range f.Syntax.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, s := range gen.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok || embedded(gen.Doc) || embedded(spec.Doc) {
				continue
			}
			for i, name := range spec.Names {
				if name.Name == "_" || sentinel(spec, i) {
					continue
				}
				found = append(found, f.at(name.Pos(), "pure package keeps a variable: "+name.Name,
					"make it a constant, or a function that returns it"))
			}
		}
	}
	return found
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// sentinel reports whether the i-th name is an error made on the spot.
func sentinel(spec *ast.ValueSpec, i int) bool {
	name := spec.Names[i].Name
	if !strings.HasPrefix(name, "Err") && !strings.HasPrefix(name, "err") || i >= len(spec.Values) {
		return false
	}
	call, ok := spec.Values[i].(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && (id.Name == "errors" && sel.Sel.Name == "New" || id.Name == "fmt" && sel.Sel.Name == "Errorf")
}
