package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"tandem/internal/view"
)

// write sends a problem.
func write(w http.ResponseWriter, p *view.Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone
}

// fail answers with the error of an operation. What is not meant for clients is
// logged and not told.
func (a *API) fail(c *call, r *route, err error) {
	told, ok := errors.AsType[*view.Problem](err)
	if !ok {
		a.Log.Error("a request could not be answered", "kind", r.Method+" "+r.Path, "role", c.Who().Name, "err", err)
		told = view.NewProblem(http.StatusInternalServerError, "internal", "something failed here", "try again; the log of the daemon says what failed")
	}
	write(c.w, told)
}

// list names what there is.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
