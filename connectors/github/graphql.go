package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/httpx"
)

// graphRequest is the body of a request to the GraphQL interface.
type graphRequest struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
}

// graphAnswer is the answer of the GraphQL interface. Parts of it may be null
// for reasons that faults tell.
type graphAnswer struct {
	// answered tells that there was one: what is not in it was not done.
	answered bool
	data     map[string]json.RawMessage
	faults   []graphFault
	// told is what time it was at GitHub; zero where the answer does not say.
	told time.Time
}

// graphFault is one entry of errors.
type graphFault struct {
	Message string `json:"message"`
	Type    string `json:"type"`
	Path    []any  `json:"path"`
}

// at reports whether the fault belongs to a part of the answer.
func (f graphFault) at(path ...string) bool {
	if len(f.Path) < len(path) {
		return false
	}
	for i, p := range path {
		if fmt.Sprint(f.Path[i]) != p {
			return false
		}
	}
	return true
}

// errTooHeavy says that a document asked for more than the service does in
// its ten seconds. A smaller one may pass.
var errTooHeavy = errors.New("GitHub could not finish the request in time; it is tried again in smaller parts")

// errNoField says that the server does not know a field that was asked for.
var errNoField = errors.New("the server does not know a field that was asked for")

// errNoGraphQL says that the interface is not to be had here.
var errNoGraphQL = errors.New("the GraphQL interface is not to be had with these credentials")

// secondaryPause is how long a secondary limit without a time is kept.
const secondaryPause = time.Minute

// graphQL sends a document. On an Enterprise Server the interface stands
// beside REST.
func (c *client) graphQL(ctx context.Context, document string, variables map[string]any) (graphAnswer, error) {
	address := "graphql"
	if strings.HasSuffix(c.base.Path, enterprisePath) {
		address = "../graphql"
	}
	a, err := c.send(ctx, http.MethodPost, address, graphRequest{document, variables}, "")
	if e, ok := errors.AsType[*httpx.StatusError](err); ok {
		switch {
		case e.Status == http.StatusNotFound, e.Status == http.StatusForbidden && e.Kind == httpx.Forbidden:
			return graphAnswer{}, fmt.Errorf("%w: %w", errNoGraphQL, err)
		case e.Status == http.StatusBadGateway, e.Status == http.StatusGatewayTimeout:
			return graphAnswer{}, fmt.Errorf("%w: %w", errTooHeavy, err)
		}
	}
	if err != nil {
		return graphAnswer{}, err
	}
	var body struct {
		Data   map[string]json.RawMessage `json:"data"`
		Errors []graphFault               `json:"errors"`
	}
	if err := a.into(&body); err != nil {
		return graphAnswer{}, err
	}
	if body.Data == nil && len(body.Errors) == 0 {
		return graphAnswer{}, &answerError{"the GraphQL answer holds neither data nor errors"}
	}
	err = c.overall(a, body.Errors)
	if _, limited := errors.AsType[*httpx.LimitError](err); limited {
		err = c.governor.heard(err)
	}
	told, _ := http.ParseTime(a.header.Get("Date")) // zero is: not told
	return graphAnswer{answered: true, data: body.Data, faults: body.Errors, told: told}, err
}

// overall finds what stops a whole answer: limits come as errors inside of an
// answer with status 200.
func (c *client) overall(a answer, faults []graphFault) error {
	for _, f := range faults {
		text := strings.ToLower(f.Message)
		switch {
		case f.Type == "RATE_LIMITED":
			return &httpx.LimitError{Until: c.resetOf(a.header), Reason: "graphql", Status: a.status}
		case strings.Contains(text, "secondary rate limit"), strings.Contains(text, "submitted too quickly"), strings.Contains(text, "abuse detection"):
			return &httpx.LimitError{Until: c.graph.now().Add(secondaryPause), Reason: "secondary", Status: a.status}
		case f.Type == "RESOURCE_LIMITS_EXCEEDED", f.Type == "MAX_NODE_LIMIT_EXCEEDED", strings.Contains(text, "resource limits"), strings.Contains(text, "timeout on validation"), len(f.Path) == 0 && strings.Contains(text, "something went wrong"):
			return fmt.Errorf("%w: %s", errTooHeavy, f.Message)
		case strings.Contains(text, "doesn't exist on type"):
			return fmt.Errorf("%w: %s", errNoField, f.Message)
		case len(f.Path) == 0, f.at("query"), f.at("mutation"): // the schema has not what was asked for
			return &answerError{"GitHub refuses the GraphQL document: " + f.Message}
		}
	}
	return nil
}

// resetOf is when the quota begins anew; an hour at the latest.
func (c *client) resetOf(h http.Header) time.Time {
	now := c.graph.now()
	epoch, err := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64)
	if reset := time.Unix(epoch, 0); err == nil && reset.After(now) && reset.Before(now.Add(time.Hour)) {
		return reset
	}
	return now.Add(secondaryPause)
}
