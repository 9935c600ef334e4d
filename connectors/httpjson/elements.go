package httpjson

import (
	"maps"
	"slices"
	"strings"
)

// elements are the parts of a list, or the pairs {key, value} of a mapping
// whose keys begin with a prefix, in the order of the keys.
func elements(v any, prefix string) []any {
	switch x := v.(type) {
	case []any:
		return x
	case map[string]any:
		if prefix == "" {
			return []any{x}
		}
		var pairs []any
		for _, key := range slices.Sorted(maps.Keys(x)) {
			rest, ok := strings.CutPrefix(key, prefix)
			if !ok {
				continue
			}
			if rest = strings.TrimLeft(rest, "_ "); rest == "" {
				rest = "0" // the first of several often has no number
			}
			pairs = append(pairs, map[string]any{"key": rest, "value": x[key]})
		}
		return pairs
	default:
		return nil
	}
}
