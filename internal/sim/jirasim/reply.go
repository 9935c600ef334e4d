package jirasim

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	"tandem/internal/sim"
)

func reply(w http.ResponseWriter, status int, v any) {
	sim.WriteJSON(w, status, "application/json;charset=UTF-8", v)
}

// refusal is the usual body of an error.
type refusal struct {
	Messages []string          `json:"errorMessages"`
	Errors   map[string]string `json:"errors"`
}

func refuse(w http.ResponseWriter, status int, messages ...string) {
	reply(w, status, refusal{Messages: messages, Errors: map[string]string{}})
}

func refuseFields(w http.ResponseWriter, errors map[string]string) {
	reply(w, http.StatusBadRequest, refusal{Messages: []string{}, Errors: errors})
}

func refuseField(w http.ResponseWriter, field, message string) {
	refuseFields(w, map[string]string{field: message})
}

func noIssue(w http.ResponseWriter) {
	refuse(w, http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
}

func badPayload(w http.ResponseWriter) {
	refuse(w, http.StatusBadRequest, "Invalid request payload. Refer to the REST API documentation and try again.")
}

// removed answers for the search that Jira Cloud switched off in 2025.
func removed(_ *asker, w http.ResponseWriter, _ *http.Request) {
	refuse(w, http.StatusGone, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "+
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046")
}

func unauthorised(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	}
	w.Header().Set("WWW-Authenticate", "OAuth realm=\"jira\"")
	reply(w, http.StatusUnauthorized, map[string]any{
		"message": "Client must be authenticated to access this resource.", "status-code": http.StatusUnauthorized,
	})
}

// body reads a JSON body into v and reports whether that went well; otherwise
// it has answered. A closed body refuses keys that v does not have.
func body(w http.ResponseWriter, r *http.Request, v any, closed bool) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		reply(w, http.StatusUnsupportedMediaType, map[string]any{
			"message": "Unsupported Media Type", "status-code": http.StatusUnsupportedMediaType,
		})
		return false
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 10<<20))
	if closed {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(v); err != nil {
		badPayload(w)
		return false
	}
	if _, err := dec.Token(); err != io.EOF {
		badPayload(w)
		return false
	}
	return true
}

// list reads a query parameter that may repeat and may hold commas.
func list(r *http.Request, name string) []string {
	var values []string
	for _, v := range r.URL.Query()[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				values = append(values, part)
			}
		}
	}
	return values
}
