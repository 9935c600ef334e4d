package archtest

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// LogKeys returns the keys that log lines may have: who searches logs learns
// them once.
func LogKeys() []string {
	return []string{"connector", "kind", "ref", "edit", "field", "rule", "role", "cycle", "attempt", "after", "count", "took", "err"}
}

// AgreedLogKeys finds keys of log lines that are not on the list, and messages
// and keys that are no constants. What counts as a logger is an expression
// that ends in log or Log, or With of one.
func AgreedLogKeys(m Module) []Violation {
	var found []Violation
	for f := range m.sources() {
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !isLogger(method.X) {
				return true
			}
			first, logs := map[string]int{
				"With": 0, "Debug": 1, "Info": 1, "Warn": 1, "Error": 1, "DebugContext": 2, "InfoContext": 2, "WarnContext": 2, "ErrorContext": 2,
			}[method.Sel.Name]
			if !logs || call.Ellipsis.IsValid() {
				return true
			}
			for i := first; i < len(call.Args); i += 2 {
				key, constant := textOf(call.Args[i])
				switch {
				case !constant:
					found = append(found, f.at(call.Args[i].Pos(), "a log line has a key that is no constant", "write one of "+strings.Join(LogKeys(), ", ")))
				case !slices.Contains(LogKeys(), key):
					found = append(found, f.at(call.Args[i].Pos(), "a log line has the key "+key, "write one of "+strings.Join(LogKeys(), ", ")))
				}
			}
			return true
		})
	}
	return found
}

// isLogger reports whether an expression is a logger by its name.
func isLogger(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.Ident:
		return strings.EqualFold(x.Name, "log")
	case *ast.SelectorExpr:
		return strings.EqualFold(x.Sel.Name, "log")
	case *ast.CallExpr:
		method, ok := x.Fun.(*ast.SelectorExpr)
		return ok && method.Sel.Name == "With" && isLogger(method.X)
	default:
		return false
	}
}

func textOf(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
