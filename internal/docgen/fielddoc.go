package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"tandem/config"
	"tandem/connectors/all"
	"tandem/internal/engine"
)

// fieldDocFile is where tandem schema finds what fields are for.
const fieldDocFile = "internal/cli/fielddocs.json"

// fieldDocs returns the comments of all fields that settings and rules have, by
// the key of the field, as JSON.
func fieldDocs(root string) ([]byte, error) {
	types := map[reflect.Type]bool{}
	reach(reflect.TypeFor[config.Settings](), types)
	reach(reflect.TypeFor[engine.Spec](), types)
	for _, d := range all.Definitions() {
		if t := d.ConfigType(); t != nil {
			reach(t, types)
		}
	}
	byPackage := map[string][]reflect.Type{}
	for t := range types {
		folder := strings.TrimPrefix(t.PkgPath(), "tandem/")
		byPackage[folder] = append(byPackage[folder], t)
	}
	docs := map[string]string{}
	for _, folder := range slices.Sorted(maps.Keys(byPackage)) {
		if err := docsOf(filepath.Join(root, folder), byPackage[folder], docs); err != nil {
			return nil, err
		}
	}
	text, err := json.MarshalIndent(docs, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", fieldDocFile, err)
	}
	return append(text, '\n'), nil
}

// reach collects the struct types of this module that a type is made of.
func reach(t reflect.Type, into map[reflect.Type]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		reach(t.Elem(), into)
	case reflect.Struct:
		if into[t] || !strings.HasPrefix(t.PkgPath(), "tandem/") {
			return
		}
		into[t] = true
		for field := range t.Fields() {
			if _, read := field.Tag.Lookup("yaml"); read {
				reach(field.Type, into)
			}
		}
	default: // made of nothing
	}
}

// docsOf reads the comments of the types of one package.
func docsOf(folder string, types []reflect.Type, docs map[string]string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return fmt.Errorf("list %s: %w", folder, err)
	}
	named := map[string]reflect.Type{}
	for _, t := range types {
		named[t.Name()] = t
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("read the comments of %s: %w", filepath.Base(path), err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if fields, ok := spec.Type.(*ast.StructType); ok && named[spec.Name.Name] != nil {
				docsOfFields(named[spec.Name.Name], fields, docs)
			}
			return false
		})
	}
	return nil
}

func docsOfFields(t reflect.Type, fields *ast.StructType, docs map[string]string) {
	for _, field := range fields.Fields.List {
		comment := field.Doc
		if comment == nil {
			comment = field.Comment
		}
		for _, name := range field.Names {
			declared, ok := t.FieldByName(name.Name)
			key, _, _ := strings.Cut(declared.Tag.Get("yaml"), ",")
			if text := strings.Join(strings.Fields(comment.Text()), " "); ok && key != "" && text != "" {
				if rest, named := strings.CutPrefix(text, name.Name+" "); named {
					text = key + " " + rest
				}
				docs[config.FieldKey(t, name.Name)] = text
			}
		}
	}
}
