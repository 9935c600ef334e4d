package config

import (
	"encoding"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// schemaDialect is the JSON Schema that schemas are written in.
const schemaDialect = "https://json-schema.org/draft/2020-12/schema"

// Vocabulary is what Go types do not say of their fields. The keys are those
// that FieldKey returns.
type Vocabulary struct {
	// Docs describe fields in a sentence.
	Docs map[string]string
	// Choices are the only texts of a field, or of the elements of its list.
	Choices map[string][]string
	// Keys are the only keys of a field that is a map.
	Keys map[string][]string
}

// FieldKey names a field of a struct type: package, type and field, such as
// mapping.FieldSpec.Owner.
func FieldKey(t reflect.Type, field string) string { return typeName(t) + "." + field }

func typeName(t reflect.Type) string { return path.Base(t.PkgPath()) + "." + t.Name() }

// Schema describes what the reader accepts for a type, as JSON Schema 2020-12.
// It is no stricter than the reader; what only a compiler knows, such as names
// of teams, it leaves open.
func Schema(t reflect.Type, title string, v Vocabulary) map[string]any {
	s := schemer{words: v, defs: map[string]any{}}
	root := s.structure(t)
	return s.document(root, title)
}

// KindSchema is one kind of connector in the schema of the settings.
type KindSchema struct {
	Kind, Doc string
	Config    reflect.Type
}

// SettingsSchema describes tandem.yaml with the given kinds of connectors.
func SettingsSchema(kinds []KindSchema, title string, v Vocabulary) map[string]any {
	s := schemer{words: v, defs: map[string]any{}}
	root := s.structure(reflect.TypeFor[Settings]())
	properties, _ := root["properties"].(map[string]any) // of a struct there are always some
	properties["connectors"] = s.connectors(kinds)
	root["required"] = []string{"instance"}
	return s.document(root, title)
}

// schemer writes schemas; struct types are shared under $defs.
type schemer struct {
	words Vocabulary
	defs  map[string]any
}

func (s *schemer) document(root map[string]any, title string) map[string]any {
	root["$schema"], root["title"] = schemaDialect, title
	if len(s.defs) > 0 {
		root["$defs"] = s.defs
	}
	return root
}

// connectors describes the entries by their kind.
func (s *schemer) connectors(kinds []KindSchema) map[string]any {
	common := s.structure(reflect.TypeFor[connectorEntry]())
	shared, _ := common["properties"].(map[string]any)
	var entries []any
	for _, k := range kinds {
		properties := maps.Clone(shared)
		var further any = false
		if k.Config != nil {
			whole := s.structure(k.Config)
			further = whole["additionalProperties"] // parameters of a kind with names of its own
			own, _ := whole["properties"].(map[string]any)
			maps.Copy(properties, own)
			maps.Copy(properties, shared) // the settings' own keys win, as in the reader
		}
		properties["kind"] = map[string]any{"const": k.Kind, "description": k.Doc}
		entries = append(entries, map[string]any{
			"title": k.Kind, "type": "object", "properties": properties, "required": []string{"kind"}, "additionalProperties": further,
		})
	}
	return map[string]any{
		"type": "object", "description": "Connectors by name. Rules address the names, never the kinds.",
		"propertyNames": map[string]any{"pattern": "^[a-z][a-z0-9_]*$"}, "additionalProperties": map[string]any{"oneOf": entries},
	}
}

// of describes the values of a type. one says that a single value stands for a
// list; key names the field, for its choices.
func (s *schemer) of(t reflect.Type, one bool, key string) map[string]any {
	if t.Kind() == reflect.Pointer {
		return s.of(t.Elem(), one, key)
	}
	if known := s.known(t); known != nil {
		return known
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.ref(t)
	case reflect.Map:
		m := map[string]any{"type": "object", "additionalProperties": s.of(t.Elem(), one, key)}
		if keys := s.words.Keys[key]; keys != nil {
			m["propertyNames"] = map[string]any{"enum": keys}
		}
		return m
	case reflect.Slice:
		element := s.of(t.Elem(), false, key)
		all := map[string]any{"type": "array", "items": element}
		if one {
			return map[string]any{"anyOf": []any{element, all}}
		}
		return all
	case reflect.String:
		if choices := s.words.Choices[key]; choices != nil {
			return map[string]any{"enum": choices}
		}
		return map[string]any{"type": []string{"string", "number"}} // a number without quotes is read as it is written
	case reflect.Interface:
		return map[string]any{"not": map[string]any{"type": "null"}}
	default:
		return simple(t.Kind())
	}
}

// known describes types with a spelling of their own; nil for all others.
func (s *schemer) known(t reflect.Type) map[string]any {
	text := func(pattern, example string) map[string]any {
		return map[string]any{"type": "string", "pattern": pattern, "examples": []string{example}}
	}
	switch t {
	case reflect.TypeFor[work.Expression]():
		return map[string]any{"type": []string{"string", "number", "boolean"}, "description": "A condition or formula, in single quotes."}
	case reflect.TypeFor[secret.Secret]():
		return secretSchema()
	case reflect.TypeFor[work.Span]():
		span := text(`^(0|[0-9]+(\.[0-9]+)?[dw]|([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+)$`, "7d")
		return map[string]any{"anyOf": []any{span, map[string]any{"const": 0}}}
	case reflect.TypeFor[work.Percent]():
		return text(`^ *(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?) *%$`, "5%")
	case reflect.TypeFor[work.Clock]():
		return text(`^([01]?[0-9]|2[0-3]):[0-5][0-9]$|^24:00$`, "08:00")
	case reflect.TypeFor[work.Date]():
		return text(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, "2026-12-20")
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		if words := wordsOf(t); len(words) > 0 {
			return map[string]any{"enum": words}
		}
		return map[string]any{"type": []string{"string", "number"}}
	}
	return nil
}

// ref describes a struct type once.
func (s *schemer) ref(t reflect.Type) map[string]any {
	name := strings.ReplaceAll(typeName(t), "/", ".")
	if _, done := s.defs[name]; !done {
		s.defs[name] = nil // it may hold itself
		s.defs[name] = s.structure(t)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// structure describes a struct by its tags, as shapeOf reads them.
func (s *schemer) structure(t reflect.Type) map[string]any {
	m := map[string]any{"type": "object", "additionalProperties": false}
	properties := map[string]any{}
	var single map[string]any
	s.fields(t, properties, m, &single)
	m["properties"] = properties
	if single != nil {
		return map[string]any{"anyOf": []any{single, m}}
	}
	return m
}

func (s *schemer) fields(t reflect.Type, properties, into map[string]any, single *map[string]any) {
	for field := range t.Fields() {
		tag, ok := field.Tag.Lookup("yaml")
		if !ok || tag == "-" {
			continue
		}
		parts := strings.Split(tag, ",")
		has := func(option string) bool { return slices.Contains(parts[1:], option) }
		key := FieldKey(t, field.Name)
		switch {
		case has("inline"):
			s.fields(field.Type, properties, into, single)
			continue
		case has("rest"):
			into["additionalProperties"] = s.of(field.Type.Elem(), false, key)
		case has("scalar"):
			*single = s.of(field.Type, has("one"), key)
		}
		if parts[0] != "" {
			properties[parts[0]] = s.described(s.of(field.Type, has("one"), key), key)
		}
	}
}

// described adds what a field is for.
func (s *schemer) described(m map[string]any, key string) map[string]any {
	if doc := s.words.Docs[key]; doc != "" {
		m = maps.Clone(m)
		m["description"] = doc
	}
	return m
}
