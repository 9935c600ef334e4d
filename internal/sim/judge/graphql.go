package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// newer is what the service has and the description, of December 2024, lacks.
const newer = `extend type Issue { issueType: IssueType } type IssueType { id: ID! name: String! }`

// openSchema reads GitHub's GraphQL schema.
func openSchema(shared string) (*ast.Schema, error) {
	const name = "github-schema.graphql"
	raw, err := os.ReadFile(filepath.Join(shared, "specs", name))
	if err != nil {
		return nil, fmt.Errorf("read description: %w", err)
	}
	doc, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Name: name, Input: string(raw)}, &ast.Source{Name: "newer", Input: newer})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", name, err)
	}
	for _, d := range doc.Definitions { // the official file defines one field twice
		d.Fields = once(d.Fields)
	}
	schema, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", name, err)
	}
	return schema, nil
}

// once leaves out fields whose name came before.
func once(fields ast.FieldList) ast.FieldList {
	seen := map[string]bool{}
	return slices.DeleteFunc(fields, func(f *ast.FieldDefinition) bool {
		again := seen[f.Name]
		seen[f.Name] = true
		return again
	})
}

// isGraphQL tells the GraphQL interface of github.com and of an Enterprise
// Server from REST.
func isGraphQL(s Service, r *http.Request) bool {
	return s == GitHub && r.Method == http.MethodPost && (r.URL.Path == "/graphql" || r.URL.Path == "/api/graphql")
}

// graphql judges a GraphQL request and the form of its answer.
func (j *Judge) graphql(r *http.Request, sent []byte, answer *reply, accuse func(part, format string, args ...any)) {
	schema, err := j.schema()
	if err != nil {
		accuse("route", "%v", err)
		return
	}
	operation, problem := judgeDocument(schema, sent)
	if problem != "" {
		if !deliberate(r) {
			accuse("request", "%s", problem)
		}
		j.count(GitHub, func(t *Tally) { t.Excused++ })
		return
	}
	if answer.faulty() {
		j.count(GitHub, func(t *Tally) { t.Faulty++ })
		return
	}
	var body struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Path []any `json:"path"`
		} `json:"errors"`
	}
	if answer.status == http.StatusOK {
		if err := json.Unmarshal(answer.body, &body); err != nil {
			accuse("answer", "no JSON object: %v", err)
			return
		}
		if len(body.Data) == 0 && len(body.Errors) == 0 {
			accuse("answer", "neither data nor errors")
		}
		f := form{schema: schema}
		for _, e := range body.Errors {
			f.excused = append(f.excused, fmt.Sprint(e.Path...))
		}
		if len(body.Data) > 0 && !bytes.Equal(body.Data, []byte("null")) {
			f.object(body.Data, operation.SelectionSet, nil)
		}
		for _, problem := range f.problems {
			accuse("answer", "%s", problem)
		}
	}
	j.count(GitHub, func(t *Tally) { t.Validated++ })
}

// judgeDocument checks the document and its variables against the schema.
func judgeDocument(schema *ast.Schema, sent []byte) (*ast.OperationDefinition, string) {
	var request struct {
		Query     string         `json:"query"`
		Operation string         `json:"operationName"`
		Variables map[string]any `json:"variables"`
	}
	decoder := json.NewDecoder(bytes.NewReader(sent))
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return nil, "no JSON object: " + err.Error()
	}
	doc, faults := gqlparser.LoadQueryWithRules(schema, request.Query, rules.NewDefaultRules())
	if len(faults) > 0 {
		return nil, faults.Error()
	}
	operation := doc.Operations.ForName(request.Operation)
	if operation == nil {
		return nil, "no operation of this name"
	}
	if _, err := validator.VariableValues(schema, operation, request.Variables); err != nil {
		return nil, err.Error()
	}
	return operation, ""
}

// form compares an answer with what was selected.
type form struct {
	schema   *ast.Schema
	excused  []string // paths that errors null
	problems []string
}

func (f *form) wrong(path []string, format string, args ...any) {
	f.problems = append(f.problems, strings.Join(path, ".")+": "+fmt.Sprintf(format, args...))
}

// object checks that every field is what its type says, and that nothing else
// came.
func (f *form) object(raw json.RawMessage, set ast.SelectionSet, path []string) {
	var have map[string]json.RawMessage
	if err := json.Unmarshal(raw, &have); err != nil {
		f.wrong(path, "an object was expected")
		return
	}
	selected := fieldsOf(set)
	for name := range have {
		if !slices.ContainsFunc(selected, func(s *ast.Field) bool { return s.Alias == name }) {
			f.wrong(path, "%s was not asked for", name)
		}
	}
	var kind string
	_ = json.Unmarshal(have["__typename"], &kind)
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if v, there := have[s.Alias]; there {
				f.value(v, s.Definition.Type, s.SelectionSet, append(slices.Clip(path), s.Alias))
			} else if len(s.Directives) == 0 {
				f.wrong(append(slices.Clip(path), s.Alias), "asked for and not there")
			}
		case *ast.InlineFragment:
			f.optional(have, s.SelectionSet, path)
		case *ast.FragmentSpread:
			f.optional(have, s.Definition.SelectionSet, path)
		}
	}
}

// optional checks the fields of a fragment that may not fit the object.
func (f *form) optional(have map[string]json.RawMessage, set ast.SelectionSet, path []string) {
	for _, s := range fieldsOf(set) {
		if v, there := have[s.Alias]; there {
			f.value(v, s.Definition.Type, s.SelectionSet, append(slices.Clip(path), s.Alias))
		}
	}
}

// fieldsOf lists the fields of a selection, those of its fragments too.
func fieldsOf(set ast.SelectionSet) []*ast.Field {
	var all []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			all = append(all, s)
		case *ast.InlineFragment:
			all = append(all, fieldsOf(s.SelectionSet)...)
		case *ast.FragmentSpread:
			all = append(all, fieldsOf(s.Definition.SelectionSet)...)
		}
	}
	return all
}

func (f *form) value(raw json.RawMessage, t *ast.Type, set ast.SelectionSet, path []string) {
	if string(raw) == "null" {
		if t.NonNull && !f.isExcused(path) {
			f.wrong(path, "null, though %s never is", t)
		}
		return
	}
	if t.Elem != nil {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			f.wrong(path, "a list was expected")
			return
		}
		for _, one := range list {
			f.value(one, t.Elem, set, path)
		}
		return
	}
	switch d := f.schema.Types[t.NamedType]; {
	case d == nil:
	case d.Kind == ast.Scalar:
		f.scalar(raw, d.Name, path)
	case d.Kind == ast.Enum:
		var s string
		if json.Unmarshal(raw, &s) != nil || d.EnumValues.ForName(s) == nil {
			f.wrong(path, "%s is no %s", raw, d.Name)
		}
	default:
		f.object(raw, set, path)
	}
}

func (f *form) isExcused(path []string) bool {
	return slices.ContainsFunc(f.excused, func(p string) bool { return strings.HasPrefix(p, path[0]) })
}

func (f *form) scalar(raw json.RawMessage, name string, path []string) {
	first := raw[0]
	ok := true
	switch name {
	case "Int", "Float":
		ok = first == '-' || first >= '0' && first <= '9'
	case "Boolean":
		ok = first == 't' || first == 'f'
	case "String", "ID", "DateTime", "Date", "URI":
		ok = first == '"'
	}
	if !ok {
		f.wrong(path, "%s is no %s", raw, name)
	}
}
