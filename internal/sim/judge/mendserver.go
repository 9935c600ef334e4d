package judge

import (
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// serverPath turns the path of a Data Center into the one that its description
// has: without /rest, and with the number of the interface.
func serverPath(path string) string {
	path = strings.TrimPrefix(path, "/rest")
	if rest, ok := strings.CutPrefix(path, "/api/latest/"); ok {
		path = "/api/2/" + rest
	}
	return path
}

// mendServer works around the defects of the generated description of Jira
// Data Center: lists and pages declared as one of their elements, values of
// any kind declared as objects or texts, and null nowhere.
func mendServer(doc *openapi3.T) {
	anything := func() *openapi3.SchemaRef { return openapi3.NewSchemaRef("", openapi3.NewSchema().WithNullable()) }
	schema := func(name string) *openapi3.Schema {
		if ref := doc.Components.Schemas[name]; ref != nil {
			return ref.Value
		}
		return openapi3.NewSchema()
	}
	for _, place := range [][2]string{
		{"IssueBean", "fields"},
		{"IssueBean", "renderedFields"},
		{"IssueBean", "versionedRepresentations"},
		{"IssueUpdateBean", "fields"},
	} {
		if property := schema(place[0]).Properties[place[1]]; property != nil {
			property.Value.AdditionalProperties = openapi3.AdditionalProperties{Schema: anything()}
		}
	}
	for _, place := range [][2]string{
		{"IssueBean", "properties"},
		{"EntityPropertyBean", "value"},
		{"FieldOperation", "value"},
		{"FieldMetaBean", "defaultValue"},
	} {
		if schema(place[0]).Properties[place[1]] != nil {
			schema(place[0]).Properties[place[1]] = anything()
		}
	}
	if allowed := schema("FieldMetaBean").Properties["allowedValues"]; allowed != nil {
		allowed.Value.Items = anything()
	}
	for _, property := range schema("ChangeItemBean").Properties {
		property.Value.Nullable = true // recorded: texts of what was not there
	}
	if texts := doc.Components.Schemas["StringList"]; texts != nil {
		*texts.Value = *openapi3.NewStringSchema() // a list with commas, of the query
	}
	for path, item := range doc.Paths.Map() {
		if operation := item.Get; operation != nil {
			mendServerAnswer(path, operation)
		}
	}
	if item := doc.Paths.Value("/api/2/issue/{issueIdOrKey}/properties/{propertyKey}"); item != nil && item.Put != nil {
		item.Put.RequestBody.Value.Content.Get("application/json").Schema = anything()
	}
}

// mendServerAnswer gives an operation the list or the page that it answers
// with; the description has the element.
func mendServerAnswer(path string, operation *openapi3.Operation) {
	response := operation.Responses.Status(http.StatusOK)
	if response == nil || response.Value == nil {
		return
	}
	media := response.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return
	}
	element := media.Schema
	many := openapi3.NewSchemaRef("", &openapi3.Schema{Type: &openapi3.Types{"array"}, Items: element})
	page := func(key string) *openapi3.SchemaRef {
		s := openapi3.NewObjectSchema().WithRequired([]string{"startAt", "maxResults", key})
		s.Properties = openapi3.Schemas{
			key: many, "startAt": openapi3.NewSchemaRef("", openapi3.NewIntegerSchema()),
			"maxResults": openapi3.NewSchemaRef("", openapi3.NewIntegerSchema()),
			"total":      openapi3.NewSchemaRef("", openapi3.NewIntegerSchema()),
			"isLast":     openapi3.NewSchemaRef("", openapi3.NewBoolSchema()),
		}
		return openapi3.NewSchemaRef("", s)
	}
	switch {
	case slices.Contains([]string{
		"/api/2/field", "/api/2/priority", "/api/2/status", "/api/2/project/{projectIdOrKey}/versions",
		"/api/2/project/{projectIdOrKey}/statuses",
	}, path):
		media.Schema = many
	case slices.Contains([]string{
		"/api/2/issue/createmeta/{projectIdOrKey}/issuetypes",
		"/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
		"/agile/1.0/board", "/agile/1.0/board/{boardId}/sprint",
	}, path):
		media.Schema = page("values")
	case path == "/agile/1.0/board/{boardId}/issue", path == "/agile/1.0/board/{boardId}/backlog":
		media.Schema = page("issues")
	case strings.HasSuffix(path, "/remotelink"):
		media.Schema = openapi3.NewSchemaRef("", &openapi3.Schema{OneOf: openapi3.SchemaRefs{
			openapi3.NewSchemaRef("", openapi3.NewObjectSchema()), many,
		}})
	}
}
