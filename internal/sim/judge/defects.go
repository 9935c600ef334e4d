package judge

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// jiraDateTime is RFC 3339 with the offset as Jira writes it, +0800: all
// recorded answers have it, while the description says date-time.
const jiraDateTime = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$`

// formats returns the checks of string formats that differ per service.
func formats(s Service) []openapi3.SchemaValidationOption {
	if !s.jira() {
		return nil
	}
	return []openapi3.SchemaValidationOption{
		openapi3.WithStringFormatValidator("date-time", openapi3.NewRegexpFormatValidator(jiraDateTime)),
	}
}

// mend works around what is known to be wrong in a description.
func mend(s Service, doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if none := operation.Responses.Status(http.StatusNoContent); none != nil && none.Value != nil {
				none.Value.Content = nil // Jira describes a body for 204
			}
		}
	}
	switch s {
	case Jira:
		mendJira(doc)
		return
	case JiraDC:
		mendServer(doc)
		return
	case GitHub:
	}
	if labels := doc.Paths.Value("/repos/{owner}/{repo}/issues/{issue_number}/labels"); labels != nil {
		bareLabels(labels.Post, 1)
		bareLabels(labels.Put, 0)
	}
}

// bareLabels lets the labels of an issue be sent as a bare list, and an empty
// list replace all: the text of the schema says so, its structure does not.
func bareLabels(operation *openapi3.Operation, least uint64) {
	media := operation.RequestBody.Value.Content.Get("application/json")
	bare := openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema())
	either := append(openapi3.SchemaRefs{openapi3.NewSchemaRef("", bare)}, media.Schema.Value.OneOf...)
	for _, form := range either[1:] {
		form.Value.Properties["labels"].Value.MinItems = least
	}
	media.Schema = openapi3.NewSchemaRef("", &openapi3.Schema{AnyOf: either})
}

func mendJira(doc *openapi3.T) {
	if change := doc.Components.Schemas["ChangeDetails"]; change != nil {
		// Recorded entries have fromString and toString, null in all of them,
		// and account ids beside names; the documents lost some names and the
		// null.
		for _, name := range []string{"from", "to", "fromString", "toString", "tmpFromAccountId", "tmpToAccountId"} {
			change.Value.Properties[name] = openapi3.NewSchemaRef("", openapi3.NewStringSchema().WithNullable())
		}
	}
	for _, schema := range doc.Components.Schemas {
		if schema.Value.Description == "Shemaless response" {
			// Version 2 calls answers without a schema a string; its own
			// examples beside them are objects.
			schema.Value.Type, schema.Value.Nullable = nil, true
		}
	}
	if issue := doc.Components.Schemas["IssueBean"]; issue != nil {
		// A field without a value is null in every recorded issue.
		issue.Value.Properties["fields"].Value.AdditionalProperties.Schema.Value.Nullable = true
	}
	if update := doc.Components.Schemas["IssueUpdateDetails"]; update != nil {
		// A field is emptied with null, as the guides say.
		update.Value.Properties["fields"].Value.AdditionalProperties.Schema.Value.Nullable = true
	}
	if change := doc.Components.Schemas["Changelog"]; change != nil {
		// The example of the bulk changelog has a number, the schema a text.
		change.Value.Properties["created"] = openapi3.NewSchemaRef("", openapi3.NewOneOfSchema(openapi3.NewDateTimeSchema(), openapi3.NewInt64Schema()))
	}
	if fields := doc.Components.Schemas["IssueUpdateDetailsFields"]; fields != nil && fields.Value.AdditionalProperties.Schema != nil {
		// Any value is one of any type, and null clears a field; the reader of
		// the document wants null to be said.
		fields.Value.AdditionalProperties.Schema.Value.Nullable = true
	}
	for path, item := range doc.Paths.Map() {
		if strings.HasSuffix(path, "/remotelink") && item.Get != nil {
			listLinks(item.Get)
		}
		if strings.HasPrefix(path, "/rest/agile/") && item.Get != nil {
			textLists(item.Get)
		}
	}
}

// textLists makes texts of the lists in queries, such as fields and state: the
// description has objects without properties.
func textLists(operation *openapi3.Operation) {
	for _, p := range operation.Parameters {
		if schema := p.Value.Schema; p.Value.In == openapi3.ParameterInQuery && schema.Value.Type.Is("object") {
			p.Value.Schema = openapi3.NewSchemaRef("", openapi3.NewStringSchema())
		} else if schema.Value.Type.Is("array") && schema.Value.Items.Value.Type.Is("object") {
			schema.Value.Items = openapi3.NewSchemaRef("", openapi3.NewStringSchema())
		}
	}
}

// listLinks lets the links of an issue be a list, as recorded and as version 3
// says; version 2 has the single link only that ?globalId= answers with.
func listLinks(operation *openapi3.Operation) {
	media := operation.Responses.Status(http.StatusOK).Value.Content.Get("application/json")
	one := media.Schema
	if len(one.Value.OneOf) > 0 {
		return
	}
	many := openapi3.NewArraySchema()
	many.Items = one
	media.Schema = openapi3.NewSchemaRef("", &openapi3.Schema{OneOf: openapi3.SchemaRefs{one, openapi3.NewSchemaRef("", many)}})
}

// alias maps a path to the one that the description has.
func alias(s Service, path string) string {
	if s == JiraDC {
		return serverPath(path)
	}
	// Links and redirects name repositories by id, as recorded; the
	// description knows them by owner and name only.
	if rest, ok := strings.CutPrefix(path, "/repositories/"); ok && s == GitHub {
		id, rest, _ := strings.Cut(rest, "/")
		path = "/repos/id/" + id
		if rest != "" {
			path += "/" + rest
		}
	}
	return path
}

// undescribed returns why an operation may be missing from the description.
func undescribed(s Service, method, path string) string {
	if s == Jira && method == http.MethodGet && strings.HasSuffix(path, "/issuetype") {
		return "the cut of the description has no /issuetype; it is recorded"
	}
	if s == JiraDC && method == http.MethodGet && (strings.HasSuffix(path, "/issuetype") || strings.HasSuffix(path, "/project")) {
		return "the cut of the description has no such list; the whole document has it"
	}
	return ""
}

// tolerated reports whether a query parameter may be used though the
// description does not have it.
func tolerated(s Service, path, name string) bool {
	if s == JiraDC && strings.HasSuffix(path, "/transitions") && name == "expand" {
		return true // the text of the description tells of it, its list does not
	}
	// Cursors are used in links of the issues list; the description has pages
	// only.
	return s == GitHub && strings.HasSuffix(path, "/issues") && (name == "after" || name == "before")
}

// undeclared returns why a status may be answered though the operation does
// not declare it.
func undeclared(s Service, status int) string {
	switch {
	case status == http.StatusTooManyRequests || status >= 500:
		return "limits and failures are documented for all operations at once"
	case status == http.StatusUnauthorized:
		return "every operation needs credentials"
	case s == JiraDC && status == http.StatusCreated:
		return "the description has 200 alone for what is created"
	case s == Jira && status == http.StatusGone:
		return "the removal of /search is announced in the changelog"
	case s.jira() && (status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusUnsupportedMediaType):
		return "rights and media types are documented for all operations at once"
	case s == GitHub && (status == http.StatusNotModified || status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect):
		return "conditional requests and redirects are documented for all operations at once"
	case s == GitHub && (status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusGone):
		return "rights and missing resources are documented for all operations at once"
	case s == GitHub && status == http.StatusUnprocessableEntity:
		return "validation errors are documented for all operations at once"
	}
	return ""
}
