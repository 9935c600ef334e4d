package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Mend copies a description into a folder, with its known defects repaired,
// and returns the path of the copy.
func Mend(original, folder string) (string, error) {
	raw, err := os.ReadFile(original)
	if err != nil {
		return "", fmt.Errorf("mend description: %w", err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return "", fmt.Errorf("mend %s: %w", filepath.Base(original), err)
	}
	paths, _ := doc["paths"].(map[string]any)
	for path, item := range paths {
		if strings.HasSuffix(path, "/remotelink") {
			listOfLinks(item)
		}
		operations, _ := item.(map[string]any)
		for _, operation := range operations {
			delete(dig(operation, "responses", "204"), "content") // Jira describes a body for 204
			passwordsToo(doc, operation)
			fieldsAreNames(operation)
		}
	}
	if paths["/api/2/myself"] != nil {
		mendServer(doc)
	}
	if paths["/repos/{owner}/{repo}/issues"] != nil {
		mendGitHub(doc, paths)
	}
	if raw, err = json.Marshal(doc); err != nil {
		return "", fmt.Errorf("mend %s: %w", filepath.Base(original), err)
	}
	mended := filepath.Join(folder, filepath.Base(original))
	if err := os.WriteFile(mended, raw, 0o600); err != nil {
		return "", fmt.Errorf("mend description: %w", err)
	}
	return mended, nil
}

// listOfLinks lets the links of an issue be a list, as every recorded answer
// is; the description has the single link only that ?globalId= answers with.
func listOfLinks(item any) {
	media := dig(item, "get", "responses", "200", "content", "application/json")
	one, ok := media["schema"]
	if !ok {
		return
	}
	if already, ok := one.(map[string]any); ok && already["oneOf"] != nil {
		return
	}
	media["schema"] = map[string]any{"oneOf": []any{one, map[string]any{"type": "array", "items": one}}}
}

// fieldsAreNames lets the fields of a query be names; some descriptions have
// objects, which no query can hold.
func fieldsAreNames(operation any) {
	o, _ := operation.(map[string]any)
	parameters, _ := o["parameters"].([]any)
	for _, p := range parameters {
		parameter, _ := p.(map[string]any)
		if schema := dig(parameter, "schema"); parameter["name"] == "fields" && schema["items"] != nil {
			schema["items"] = map[string]any{"type": "string"}
		}
	}
}

// passwordsToo lets an operation be called with name and token where the
// description, of 2022, has OAuth alone.
func passwordsToo(doc map[string]any, operation any) {
	o, _ := operation.(map[string]any)
	ways, ok := o["security"].([]any)
	if !ok || len(ways) == 0 {
		return
	}
	dig(doc, "components", "securitySchemes")["basicAuth"] = map[string]any{"type": "http", "scheme": "basic"}
	o["security"] = append(ways, map[string]any{"basicAuth": []any{}})
}

// dig returns the object at the end of a path of keys, or an empty one.
func dig(v any, keys ...string) map[string]any {
	for _, key := range keys {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	m, ok := v.(map[string]any)
	if !ok {
		return map[string]any{}
	}
	return m
}
