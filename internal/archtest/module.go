package archtest

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Module is a parsed source tree.
type Module struct {
	// Path is the module path, such as "tandem".
	Path     string
	Packages []Package
}

// Package is one folder with Go files.
type Package struct {
	// Dir is relative to the module's root, with slashes; "." is the root.
	Dir   string
	Files []File
}

// File is one Go file.
type File struct {
	Path   string // relative to the module's root
	Lines  int
	Syntax *ast.File
	fset   *token.FileSet
}

// Test reports whether the file belongs to tests only.
func (f File) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Import is one import of a file.
type Import struct {
	Path string
	// Name is how the file calls the package.
	Name string
	Line int
}

// Imports returns the imports in the order of the file.
func (f File) Imports() []Import {
	imports := make([]Import, 0, len(f.Syntax.Imports))
	for _, spec := range f.Syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			p = spec.Path.Value
		}
		name := baseName(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports = append(imports, Import{Path: p, Name: name, Line: f.line(spec.Pos())})
	}
	return imports
}

// baseName is the name of a package that is imported without one: the last
// element that is not a version.
func baseName(p string) string {
	base := path.Base(p)
	if n, err := strconv.Atoi(strings.TrimPrefix(base, "v")); err == nil && n > 1 && path.Dir(p) != "." {
		return path.Base(path.Dir(p))
	}
	return base
}

func (f File) line(pos token.Pos) int { return f.fset.Position(pos).Line }

func (f File) at(pos token.Pos, what, remedy string) Violation {
	return Violation{File: f.Path, Line: f.line(pos), What: what, Remedy: remedy}
}

// Violation is one breach of a rule of the house.
type Violation struct {
	File         string // or folder
	Line         int    // 0 is the whole file
	What, Remedy string
}

// String returns the violation in one line.
func (v Violation) String() string {
	s := v.File
	if v.Line > 0 {
		s += ":" + strconv.Itoa(v.Line)
	}
	return s + ": " + v.What + "; " + v.Remedy
}

// Load parses every Go file under the root of fsys, test files included. It
// leaves out what the go tool leaves out: testdata, vendor, folders that start
// with a dot or an underscore, nested modules.
func Load(fsys fs.FS, modulePath string) (Module, error) {
	files := map[string][]File{}
	fset := token.NewFileSet()
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(fsys, p):
			return fs.SkipDir
		case d.IsDir() || path.Ext(p) != ".go":
			return nil
		}
		f, err := parse(fset, fsys, p)
		files[path.Dir(p)] = append(files[path.Dir(p)], f)
		return err
	})
	if err != nil {
		return Module{}, fmt.Errorf("load module %s: %w", modulePath, err)
	}
	m := Module{Path: modulePath}
	for dir, list := range files {
		m.Packages = append(m.Packages, Package{Dir: dir, Files: list})
	}
	slices.SortFunc(m.Packages, func(a, b Package) int { return cmp.Compare(a.Dir, b.Dir) })
	return m, nil
}

func skipped(fsys fs.FS, dir string) bool {
	if dir == "." {
		return false
	}
	base := path.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

func parse(fset *token.FileSet, fsys fs.FS, p string) (File, error) {
	src, err := fs.ReadFile(fsys, p)
	if err != nil {
		return File{}, err
	}
	syntax, err := parser.ParseFile(fset, p, src, parser.ParseComments)
	if err != nil {
		return File{}, err
	}
	lines := bytes.Count(src, []byte("\n"))
	if len(src) > 0 && !bytes.HasSuffix(src, []byte("\n")) {
		lines++
	}
	return File{Path: p, Lines: lines, Syntax: syntax, fset: fset}, nil
}
