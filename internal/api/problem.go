package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// problem is an answer that says what is wrong, as RFC 9457 has it. Its texts
// hold nothing of any record, and nothing that the client sent.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Remedy says what would be right.
	Remedy string `json:"remedy"`
}

// Error returns the problem in one line.
func (p *problem) Error() string { return p.Title + ": " + p.Detail + "; " + p.Remedy }

func newProblem(status int, kind, detail, remedy string) *problem {
	return &problem{Type: "urn:tandem:problem:" + kind, Title: http.StatusText(status), Status: status, Detail: detail, Remedy: remedy}
}

func badRequest(detail, remedy string) *problem {
	return newProblem(http.StatusBadRequest, "bad-request", detail, remedy)
}

// notFound is the same for what is not there and for what the client may not
// see.
func notFound(what, remedy string) *problem {
	return newProblem(http.StatusNotFound, "not-found", "there is no such "+what+", or this token may not see it", remedy)
}

// write sends the problem.
func (p *problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone
}

// fail answers with the error of an operation. What is not meant for clients is
// logged and not told.
func (a *API) fail(c *call, r *route, err error) {
	told, ok := errors.AsType[*problem](err)
	if !ok {
		a.Log.Error("a request could not be answered", "kind", r.Method+" "+r.Path, "role", c.by(), "err", err)
		told = newProblem(http.StatusInternalServerError, "internal", "something failed here", "try again; the log of the daemon says what failed")
	}
	told.write(c.w)
}

// list names what there is.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
