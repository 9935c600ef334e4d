package httpx

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// reason finds what a service says in the usual forms of error bodies:
// {"errorMessages":[…],"errors":{field:…}}, {"errorMessage":…},
// {"message":…,"errors":[…]}, {"error":…,"error_description":…}.
func reason(raw []byte) string {
	var body map[string]any
	if json.Unmarshal(raw, &body) != nil {
		return ""
	}
	var parts []string
	for _, key := range []string{"errorMessages", "errorMessage", "message", "error_description", "error", "errors"} {
		if key == "error" && len(parts) > 0 {
			continue // a code beside its own description
		}
		parts = append(parts, texts(body[key])...)
	}
	return strings.Join(strings.Fields(strings.Join(slices.Compact(parts), "; ")), " ")
}

// texts flattens what error bodies nest: texts, lists, objects by field.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		if x != "" {
			return []string{x}
		}
	case []any:
		var all []string
		for _, e := range x {
			all = append(all, texts(e)...)
		}
		return all
	case map[string]any:
		return objectTexts(x)
	}
	return nil
}

func objectTexts(x map[string]any) []string {
	if m, ok := x["message"].(string); ok && m != "" {
		return []string{m}
	}
	var all []string
	for _, key := range slices.Sorted(maps.Keys(x)) {
		if inner := strings.Join(texts(x[key]), ", "); inner != "" {
			all = append(all, key+": "+inner)
		}
	}
	return all
}
