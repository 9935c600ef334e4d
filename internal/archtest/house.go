package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The walls of the house: lines of a file, lines of main.go.
const (
	MaxLines     = 400
	MaxMainLines = 40
)

// FileLength checks that no file but tests is longer than MaxLines, and that a
// main.go under cmd is no longer than MaxMainLines.
func FileLength(m Module) []Violation {
	var found []Violation
	for f := range m.sources() {
		limit, remedy := MaxLines, "split it by verb or noun, not by size"
		if path.Base(f.Path) == "main.go" && strings.HasPrefix(f.Path, "cmd/") {
			limit, remedy = MaxMainLines, "move what it does to internal/cli"
		}
		if f.Lines > limit {
			found = append(found, Violation{File: f.Path, What: fmt.Sprintf("%d lines, at most %d", f.Lines, limit), Remedy: remedy})
		}
	}
	return found
}

// PackageNames refuses names that say nothing.
func PackageNames(m Module) []Violation {
	refused := []string{"base", "common", "helper", "helpers", "manager", "misc", "shared", "types", "util", "utils"}
	var found []Violation
	for _, p := range m.Packages {
		for _, f := range p.Files {
			name := strings.TrimSuffix(f.Syntax.Name.Name, "_test")
			if !slices.Contains(refused, name) && !slices.Contains(refused, path.Base(p.Dir)) {
				continue
			}
			found = append(found, f.at(f.Syntax.Name.Pos(), fmt.Sprintf("package %s says nothing about what it holds", name),
				"name it for the noun or the act, or move its parts to where they are used"))
			break
		}
	}
	return found
}

// NoInit refuses init functions: what happens at start is written in main.
func NoInit(m Module) []Violation {
	var found []Violation
	for f := range m.sources() {
		for _, decl := range f.Syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, f.at(fn.Pos(), "init function", "do it in a function that somebody calls"))
			}
		}
	}
	return found
}

// NoCgo refuses cgo: the product is one static binary.
func NoCgo(m Module) []Violation {
	var found []Violation
	for f := range m.sources() {
		for _, imp := range f.Imports() {
			if imp.Path == "C" {
				found = append(found, Violation{File: f.Path, Line: imp.Line, What: "uses cgo", Remedy: "find a library in Go"})
			}
		}
	}
	return found
}

// OneClientBuilder checks that only internal/httpx makes HTTP clients, so that
// budget, retry and scrubbing hold for every request. Tests and the stand-ins
// that judge clients are free.
func OneClientBuilder(m Module) []Violation {
	refused := []string{"DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"}
	const remedy = "ask internal/httpx for a client"
	var found []Violation
	for f := range m.sources() {
		i := slices.IndexFunc(f.Imports(), func(i Import) bool { return i.Path == "net/http" })
		if i < 0 || path.Dir(f.Path) == "internal/httpx" || strings.HasPrefix(f.Path, "internal/sim/") {
			continue
		}
		name := f.Imports()[i].Name
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && isSelector(lit.Type, name, "Client") {
				found = append(found, f.at(lit.Pos(), "builds an http.Client", remedy))
			}
			if sel, ok := n.(*ast.SelectorExpr); ok && slices.ContainsFunc(refused, func(s string) bool { return isSelector(sel, name, s) }) {
				found = append(found, f.at(sel.Pos(), "uses http."+sel.Sel.Name, remedy))
			}
			return true
		})
	}
	return found
}

// isSelector reports whether e is pkg.name, where pkg is no local variable.
func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Obj == nil && id.Name == pkg
}

// Nolint checks that every nolint comment names its linters and its reason:
// //nolint:errname // the reason.
func Nolint(m Module) []Violation {
	comment := regexp.MustCompile(`^//nolint\b|^//\s+nolint(:|\s*$|\s+//)`)
	complete := regexp.MustCompile(`^//nolint:[a-z0-9]+(,[a-z0-9]+)* // \S.*`)
	var found []Violation
	for _, p := range m.Packages {
		for _, f := range p.Files {
			for _, group := range f.Syntax.Comments {
				for _, c := range group.List {
					if comment.MatchString(c.Text) && (!complete.MatchString(c.Text) || strings.HasPrefix(c.Text, "//nolint:all")) {
						found = append(found, f.at(c.Pos(), "nolint without linter or reason", "write //nolint:NAME // why"))
					}
				}
			}
		}
	}
	return found
}
