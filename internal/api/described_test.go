package api_test

import (
	"context"
	"net/http"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"tandem/internal/api"
)

// description is read once.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI())
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background())
})

// index finds operations by the requests that they take.
func (o *office) index() {
	o.book = http.NewServeMux()
	for path, item := range o.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			route := &routers.Route{Spec: o.doc, Path: path, PathItem: item, Method: method, Operation: operation}
			o.book.HandleFunc(method+" "+path, func(_ http.ResponseWriter, r *http.Request) {
				params := map[string]string{}
				for _, name := range []string{"ref", "run", "id", "kind"} {
					if v := r.PathValue(name); v != "" {
						params[name] = v
					}
				}
				o.found = &openapi3filter.RequestValidationInput{Request: r, PathParams: params, QueryParams: r.URL.Query(), Route: route}
			})
		}
	}
}
