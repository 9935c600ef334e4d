package contract

import (
	"maps"
	"strings"
)

// mendGitHub works around the defects of the descriptions of GitHub.
func mendGitHub(doc, paths map[string]any) {
	typedNulls(doc)
	const repository = "/repos/{owner}/{repo}"
	bareLabels(dig(paths, repository+"/issues/{issue_number}/labels", "post"), 1)
	bareLabels(dig(paths, repository+"/issues/{issue_number}/labels", "put"), 0)
	// Links to further pages name repositories by id, as recorded; the
	// description knows them by owner and name only.
	for path, item := range maps.Clone(paths) {
		if rest, ok := strings.CutPrefix(path, repository); ok && (rest == "/issues" || rest == "/labels" || strings.HasSuffix(rest, "/comments")) {
			paths["/repositories/{owner}"+rest] = unnamed(item)
		}
	}
}

// typedNulls gives a type to every null: where a schema is nullable and has no
// type Prism cannot compile it, and passes whatever comes, without a word.
func typedNulls(v any) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			typedNulls(element)
		}
	case map[string]any:
		for _, element := range v {
			typedNulls(element)
		}
		if v["nullable"] != true || v["type"] != nil {
			return
		}
		schema := maps.Clone(v)
		delete(schema, "nullable")
		clear(v)
		v["anyOf"] = []any{schema, map[string]any{"type": "string", "nullable": true, "enum": []any{}}}
	}
}

// bareLabels lets the labels of an issue be sent as a bare list, and an empty
// list replace all: the text of the schema says so, its structure does not.
func bareLabels(operation map[string]any, least int) {
	media := dig(operation, "requestBody", "content", "application/json")
	forms, ok := dig(media, "schema")["oneOf"].([]any)
	if !ok {
		return
	}
	for _, form := range forms {
		if labels := dig(form, "properties", "labels"); labels["minItems"] != nil {
			labels["minItems"] = least
		}
	}
	bare := map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	media["schema"] = map[string]any{"anyOf": append([]any{bare}, forms...)}
}

// unnamed returns an item of a path that has the id of a repository in place
// of its owner and name.
func unnamed(item any) any {
	operations, _ := item.(map[string]any)
	short := maps.Clone(operations)
	for method, operation := range short {
		o, ok := operation.(map[string]any)
		if !ok {
			continue
		}
		o = maps.Clone(o)
		delete(o, "operationId") // which must be there once
		list, _ := o["parameters"].([]any)
		var kept []any
		for _, p := range list {
			if parameter, _ := p.(map[string]any); parameter["$ref"] != "#/components/parameters/repo" {
				kept = append(kept, p)
			}
		}
		o["parameters"], short[method] = kept, o
	}
	return short
}
