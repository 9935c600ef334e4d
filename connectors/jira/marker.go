package jira

import (
	"context"
	"net/http"

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
func marker(twin work.Value) property {
	return property{Key: markerProperty, Value: map[string]string{"twin": twin.Text()}}
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
