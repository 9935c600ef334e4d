package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// constant is one declared constant: its name, its text if it is one, and the
// comment at the end of its line.
type constant struct{ name, text, comment string }

// constants reads the constants of a type from a Go file, in its order.
func constants(path, typeName string) ([]constant, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("read the constants of %s: %w", typeName, err)
	}
	var found []constant
	for _, declared := range file.Decls {
		if group, ok := declared.(*ast.GenDecl); ok && group.Tok == token.CONST {
			found = append(found, constantsOf(group, typeName)...)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s declares no constant of type %s", path, typeName)
	}
	return found, nil
}

// constantsOf reads one group. A line without a type repeats that of the line
// before, as iota wants it.
func constantsOf(group *ast.GenDecl, typeName string) []constant {
	var found []constant
	of := ""
	for _, spec := range group.Specs {
		value, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if name, ok := value.Type.(*ast.Ident); ok {
			of = name.Name
		} else if len(value.Values) > 0 {
			of = ""
		}
		if of != typeName {
			continue
		}
		c := constant{name: value.Names[0].Name, comment: strings.TrimSpace(value.Comment.Text())}
		if len(value.Values) == 1 {
			if literal, ok := value.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				c.text, _ = strconv.Unquote(literal.Value) // the parser took it for a text
			}
		}
		found = append(found, c)
	}
	return found
}
