package config

import (
	"encoding"
	"reflect"
)

// wordsOf lists the words that a small type reads, such as observe, propose and
// auto; none where its values are no such list.
func wordsOf(t reflect.Type) []string {
	const most = 128
	var words []string
	for i := range most {
		value := reflect.New(t)
		switch t.Kind() {
		case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint, reflect.Uint64:
			value.Elem().SetUint(uint64(i)) //nolint:gosec // not below 0
		case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int, reflect.Int64:
			value.Elem().SetInt(int64(i))
		default:
			return nil
		}
		word, ok := wordOf(value)
		if ok {
			words = append(words, word)
		}
	}
	return words
}

// wordOf writes a value and reads it back. A value beyond the last one may
// panic where a type spells its values by a table.
func wordOf(value reflect.Value) (word string, ok bool) {
	defer func() {
		if recover() != nil {
			word, ok = "", false
		}
	}()
	writes, can := reflect.TypeAssert[encoding.TextMarshaler](value)
	if !can {
		return "", false
	}
	text, err := writes.MarshalText()
	if err != nil {
		return "", false
	}
	again := reflect.New(value.Type().Elem())
	reads, can := reflect.TypeAssert[encoding.TextUnmarshaler](again)
	if !can || reads.UnmarshalText(text) != nil || !again.Elem().Equal(value.Elem()) {
		return "", false
	}
	return string(text), true
}

// simple describes numbers and flags.
func simple(k reflect.Kind) map[string]any {
	switch k {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return map[string]any{"type": "integer", "minimum": 0}
	default:
		return map[string]any{"type": "integer"}
	}
}

// secretSchema describes {env: NAME} and {file: PATH}.
func secretSchema() map[string]any {
	source := func(key, doc string) map[string]any {
		value := map[string]any{"type": "string", "minLength": 1, "description": doc}
		return map[string]any{"type": "object", "properties": map[string]any{key: value}, "required": []string{key}, "additionalProperties": false}
	}
	return map[string]any{
		"description": "A secret: {env: NAME} or {file: PATH}. It never stands in the file itself.",
		"oneOf":       []any{source("env", "The bare name of an environment variable."), source("file", "A file that holds the secret.")},
	}
}
