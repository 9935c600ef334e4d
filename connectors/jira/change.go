package jira

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

// change makes a call that changes something. Of the statuses only those named
// say that it did.
func (c *client) change(ctx context.Context, method, path string, body any, done ...int) error {
	status, err := c.send(ctx, method, path, body, nil)
	if err == nil && !slices.Contains(done, status) {
		return fmt.Errorf("jira answered %d %s, which does not say whether the change was made", status, http.StatusText(status))
	}
	return err
}
