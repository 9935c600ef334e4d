package jira

import (
	"context"
	"encoding/json"
	"net/http"

	"tandem/connectors"
	"tandem/internal/work"
)

// property is one issue or comment property of a request.
type property struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// marker is the issue property that says which record is the twin. It goes
// with the other changes of the issue in one request: a crash never parts
// them.
func marker(twin work.Value, owner connectors.Owner) property {
	value := map[string]string{"twin": twin.Text()}
	if by := owner.String(); by != "" {
		value["by"] = by
	}
	return property{Key: markerProperty, Value: value}
}

// signature is who wrote the marker; empty without one, and where it is older
// than signatures.
func (i issue) signature() string {
	var m struct {
		By string `json:"by"`
	}
	if json.Unmarshal(i.Properties[markerProperty], &m) != nil {
		return ""
	}
	return m.By
}

// foreign says why nothing is written to an issue that another Tandem marked;
// empty where none did.
func (s *sink) foreign(i issue) string {
	if by := i.signature(); s.site.owner.Foreign(by) {
		return connectors.Refusal(by)
	}
	return ""
}

// unmark removes the property and leaves no trace. One that is gone already
// is no error, so that it can be repeated.
func (s *sink) unmark(ctx context.Context, c *change) {
	if err := ctx.Err(); err != nil {
		settle(c.result, &notSentError{err}, true, s.site.now())
		return
	}
	err := s.site.client.change(ctx, http.MethodDelete, issuePath(c.edit, "properties", markerProperty), nil, http.StatusNoContent, http.StatusOK)
	if hasStatus(err, http.StatusNotFound) {
		err = nil // the issue was there a moment ago, so it is the property that is not
	}
	settle(c.result, err, true, s.site.now())
}
