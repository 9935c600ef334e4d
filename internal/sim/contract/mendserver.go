package contract

import "slices"

// mendServer works around the defects of the generated description of Jira
// Data Center: lists and pages declared as one of their elements, and values
// of any kind declared as objects or lists of objects.
func mendServer(doc map[string]any) {
	schemas := dig(doc, "components", "schemas")
	for _, name := range []string{"IssueBean", "IssueUpdateBean"} {
		for _, property := range []string{"fields", "renderedFields", "versionedRepresentations"} {
			values := dig(schemas, name, "properties", property)
			if values["additionalProperties"] != nil {
				values["additionalProperties"] = map[string]any{}
			}
		}
	}
	for _, place := range [][2]string{
		{"IssueBean", "properties"}, {"EntityPropertyBean", "value"}, {"FieldOperation", "value"}, {"FieldMetaBean", "defaultValue"},
	} {
		properties := dig(schemas, place[0], "properties")
		if properties[place[1]] != nil {
			properties[place[1]] = map[string]any{}
		}
	}
	if allowed := dig(schemas, "FieldMetaBean", "properties", "allowedValues"); allowed["items"] != nil {
		allowed["items"] = map[string]any{}
	}
	if schemas["StringList"] != nil {
		schemas["StringList"] = map[string]any{"type": "string"} // a list with commas, of the query
	}
	for path, item := range dig(doc, "paths") {
		media := dig(item, "get", "responses", "200", "content", "application/json")
		element, ok := media["schema"]
		if !ok {
			continue
		}
		many := map[string]any{"type": "array", "items": element}
		switch {
		case slices.Contains(lists(), path):
			media["schema"] = many
		case pages()[path] != "":
			media["schema"] = map[string]any{
				"type": "object", "required": []any{"startAt", "maxResults", pages()[path]},
				"properties": map[string]any{pages()[path]: many},
			}
		}
	}
}

func lists() []string {
	return []string{
		"/api/2/field", "/api/2/priority", "/api/2/status", "/api/2/project/{projectIdOrKey}/versions",
		"/api/2/project/{projectIdOrKey}/statuses",
	}
}

// pages are the paged lists, with the key of their values.
func pages() map[string]string {
	return map[string]string{
		"/api/2/issue/createmeta/{projectIdOrKey}/issuetypes":               "values",
		"/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}": "values",
		"/agile/1.0/board":                   "values",
		"/agile/1.0/board/{boardId}/sprint":  "values",
		"/agile/1.0/board/{boardId}/issue":   "issues",
		"/agile/1.0/board/{boardId}/backlog": "issues",
	}
}
