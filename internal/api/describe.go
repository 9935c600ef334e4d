package api

import (
	_ "embed" // the description
	"net/http"
)

// Description is where openapi.yaml is served.
const Description = "/api/openapi.yaml"

//go:embed openapi.yaml
var openapi []byte

// OpenAPI returns the description of the API.
func OpenAPI() []byte { return openapi }

func describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(openapi) // the client has gone
}

// Patterns lists what is served, each as a pattern of a mux: GET /api/v1/status.
func (a *API) Patterns() []string {
	all := make([]string, 0, len(a.routes))
	for _, r := range a.routes {
		all = append(all, r.Method+" "+r.Path)
	}
	return all
}
