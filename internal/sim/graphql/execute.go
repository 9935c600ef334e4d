package graphql

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Request is the body of a GraphQL request.
type Request struct {
	Query     string         `json:"query"`
	Operation string         `json:"operationName"`
	Variables map[string]any `json:"variables"`
}

// Answer is the body of a GraphQL answer.
type Answer struct {
	Data   any      `json:"data,omitempty"`
	Errors []*Error `json:"errors,omitempty"`
}

// Error is one entry of errors.
type Error struct {
	Message string `json:"message"`
	// Type is GitHub's own word, such as NOT_FOUND or RATE_LIMITED.
	Type string `json:"type,omitempty"`
	Path []any  `json:"path,omitempty"`
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Object is a value that has fields.
type Object struct {
	// Type is what __typename says; Is lists the interfaces and unions that it
	// belongs to.
	Type string
	Is   []string
	// Field returns a scalar, nil, *Object or []any. An *Error becomes an entry
	// of errors; the field is then null.
	Field func(name string, args Args) (any, error)
}

// Args are the arguments of a field, variables filled in.
type Args map[string]any

// Text returns a text argument.
func (a Args) Text(name string) string {
	s, _ := a[name].(string)
	return s
}

// Number returns a whole-number argument; 0 where there is none.
func (a Args) Number(name string) int {
	switch n := a[name].(type) {
	case int64:
		return int(n)
	case float64:
		return int(n)
	default:
		return 0
	}
}

// Texts returns a list of texts.
func (a Args) Texts(name string) []string {
	list, _ := a[name].([]any)
	var all []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// Object returns an input object.
func (a Args) Object(name string) Args {
	m, _ := a[name].(map[string]any)
	return m
}

// Has reports whether the argument was given, null included.
func (a Args) Has(name string) bool {
	_, ok := a[name]
	return ok
}

// Document is a parsed request.
type Document struct {
	// Mutation tells a mutation from a query.
	Mutation  bool
	operation *ast.OperationDefinition
	fragments ast.FragmentDefinitionList
	variables map[string]any
}

// Parse reads a request. Its error is what the service would say of the
// document as a whole.
func Parse(r Request) (*Document, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: r.Query})
	if err != nil {
		return nil, &Error{Message: err.Error()}
	}
	operation := doc.Operations.ForName(r.Operation)
	if operation == nil {
		return nil, &Error{Message: "No operation was found in the document"}
	}
	variables := map[string]any{}
	for _, v := range operation.VariableDefinitions {
		given, ok := r.Variables[v.Variable]
		switch {
		case ok:
			variables[v.Variable] = given
		case v.DefaultValue != nil:
			variables[v.Variable], _ = v.DefaultValue.Value(nil)
		case v.Type.NonNull:
			return nil, &Error{Message: fmt.Sprintf("Variable $%s of type %s was provided invalid value", v.Variable, v.Type)}
		}
	}
	return &Document{Mutation: operation.Operation == ast.Mutation, operation: operation, fragments: doc.Fragments, variables: variables}, nil
}

// Aliases counts the fields at the top of the operation.
func (d *Document) Aliases() int { return len(d.operation.SelectionSet) }

// Execute answers the document from its root.
func (d *Document) Execute(root *Object) Answer {
	w := walk{doc: d}
	data := w.object(root, d.operation.SelectionSet, nil)
	return Answer{Data: data, Errors: w.errors}
}

type walk struct {
	doc    *Document
	errors []*Error
}

// object answers the selections of one object, in their order.
func (w *walk) object(o *Object, set ast.SelectionSet, path []any) *ordered {
	out := &ordered{}
	w.into(out, o, set, path)
	return out
}

func (w *walk) into(out *ordered, o *Object, set ast.SelectionSet, path []any) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if w.skipped(s.Directives) {
				continue
			}
			out.set(s.Alias, w.field(o, s, append(slices.Clip(path), s.Alias)))
		case *ast.InlineFragment:
			if !w.skipped(s.Directives) && o.is(s.TypeCondition) {
				w.into(out, o, s.SelectionSet, path)
			}
		case *ast.FragmentSpread:
			if f := w.doc.fragments.ForName(s.Name); f != nil && !w.skipped(s.Directives) && o.is(f.TypeCondition) {
				w.into(out, o, f.SelectionSet, path)
			}
		}
	}
}

func (o *Object) is(condition string) bool {
	return condition == "" || condition == o.Type || slices.Contains(o.Is, condition)
}

// skipped obeys @include and @skip.
func (w *walk) skipped(list ast.DirectiveList) bool {
	for _, d := range list {
		arg := d.Arguments.ForName("if")
		if arg == nil {
			continue
		}
		v, _ := arg.Value.Value(w.doc.variables)
		if on, _ := v.(bool); on == (d.Name == "skip") {
			return true
		}
	}
	return false
}

func (w *walk) field(o *Object, f *ast.Field, path []any) any {
	if f.Name == "__typename" {
		return o.Type
	}
	args := Args{}
	for _, a := range f.Arguments {
		v, err := a.Value.Value(w.doc.variables)
		if err != nil {
			return w.fail(err, path)
		}
		if a.Value.Kind == ast.Variable && v == nil {
			if _, given := w.doc.variables[a.Value.Raw]; !given {
				continue // a variable that was left out leaves the argument out
			}
		}
		args[a.Name] = v
	}
	value, err := o.Field(f.Name, args)
	if err != nil {
		return w.fail(err, path)
	}
	return w.value(value, f.SelectionSet, path)
}

func (w *walk) value(v any, set ast.SelectionSet, path []any) any {
	switch v := v.(type) {
	case *Object:
		if v == nil {
			return nil
		}
		return w.object(v, set, path)
	case []any:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = w.value(one, set, append(slices.Clip(path), i))
		}
		return list
	default:
		return v
	}
}

func (w *walk) fail(err error, path []any) any {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{Message: err.Error()}
	}
	located := *e
	located.Path = path
	w.errors = append(w.errors, &located)
	return nil
}
