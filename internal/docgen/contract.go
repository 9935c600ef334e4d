package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// contractText returns the types of the connectors' contract as they stand in
// the code, comments included.
func contractText(root string) (string, error) {
	path := filepath.Join(root, "connectors/contract.go")
	source, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the contract: %w", err)
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("read the contract: %w", err)
	}
	var types []string
	for _, declared := range file.Decls {
		group, ok := declared.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		from := group.Pos()
		if group.Doc != nil {
			from = group.Doc.Pos()
		}
		types = append(types, string(source[files.Position(from).Offset:files.Position(group.End()).Offset]))
	}
	if len(types) == 0 {
		return "", fmt.Errorf("%s declares no type", path)
	}
	return "```go\n" + strings.Join(types, "\n\n") + "\n```\n", nil
}

// checkList returns the names of the checks that the contract suite runs, in
// its order.
func checkList(root string) (string, error) {
	path := filepath.Join(root, "connectors/connectortest/suite.go")
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("read the contract suite: %w", err)
	}
	var list strings.Builder
	for _, declared := range file.Decls {
		if run, ok := declared.(*ast.FuncDecl); ok && run.Name.Name == "Run" {
			ast.Inspect(run.Body, func(n ast.Node) bool {
				if name, ok := n.(*ast.BasicLit); ok && name.Kind == token.STRING {
					text, _ := strconv.Unquote(name.Value) // the parser took it for a text
					list.WriteString("- " + sentence(text) + "\n")
				}
				return true
			})
		}
	}
	if list.Len() == 0 {
		return "", fmt.Errorf("%s has no func Run that names its checks", path)
	}
	return list.String(), nil
}
