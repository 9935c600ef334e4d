package github

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"tandem/internal/httpx"
)

// bigID is an id of GitHub, which does not fit 32 bits. GraphQL writes it as a
// text; servers that have only databaseId write a number.
type bigID int64

// UnmarshalJSON reads both forms; null is 0.
func (b *bigID) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "null" || text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("read an id: %w", err)
	}
	*b = bigID(n)
	return nil
}

// longID is the field that holds an id of any length. Older Enterprise Servers
// have only the short one; their ids are short.
const (
	longID  = "fullDatabaseId"
	shortID = longID + ": databaseId"
)

// query asks by GraphQL. It changes nothing, so it may be sent again.
func (c *client) query(ctx context.Context, document string, variables map[string]any) (graphAnswer, error) {
	ctx = httpx.ReadOnly(ctx)
	if c.graph.short() {
		document = strings.ReplaceAll(document, longID, shortID)
	}
	if err := c.graph.allowed(); err != nil {
		return graphAnswer{}, err
	}
	a, err := c.graphQL(ctx, document, variables)
	if c.graph.short() || !a.lacks(longID) {
		return a, err
	}
	c.graph.shorten()
	return c.graphQL(ctx, strings.ReplaceAll(document, longID, shortID), variables)
}

// lacks reports whether the server's schema has not the field.
func (a graphAnswer) lacks(field string) bool {
	for _, f := range a.faults {
		if strings.Contains(f.Message, "'"+field+"'") || strings.Contains(f.Message, `"`+field+`"`) {
			return true
		}
	}
	return false
}
