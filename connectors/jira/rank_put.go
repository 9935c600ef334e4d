package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// rankRights says what the account needs to move issues.
const rankRights = "give it Schedule issues and Edit issues in the permission scheme"

// ranked is what Jira says of one issue of a call.
type ranked struct {
	ID     identifier `json:"issueId"`
	Key    string     `json:"issueKey"`
	Status int        `json:"status"`
	Errors []string   `json:"errors"`
}

func (r ranked) done() bool { return r.Status >= 200 && r.Status < 300 }

// rank moves issues, in their order, beside an anchor. Where Jira moved some
// and not others it returns what it says of each.
func (s *site) rank(ctx context.Context, ids []string, a work.Anchor, field rankField) ([]ranked, error) {
	if err := ctx.Err(); err != nil {
		return nil, &notSentError{err}
	}
	body := map[string]any{"issues": ids}
	if a.Before {
		body["rankBeforeIssue"] = a.ID
	} else {
		body["rankAfterIssue"] = a.ID
	}
	if n := field.number(); n > 0 {
		body["rankCustomFieldId"] = n
	}
	var raw json.RawMessage
	status, err := s.client.send(ctx, http.MethodPut, agile("issue", "rank"), body, &raw)
	switch {
	case status == http.StatusNoContent:
		return nil, nil // and nothing to read
	case err != nil:
		return nil, err
	case status == http.StatusOK:
		return nil, nil
	case status != http.StatusMultiStatus:
		return nil, fmt.Errorf("jira answered %d %s, which does not say whether the issues were moved", status, http.StatusText(status))
	}
	var answer struct {
		Entries []ranked `json:"entries"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("read what became of the moves: %w", err)
	}
	return answer.Entries, nil
}

// settleRank says what became of a move whose call failed.
func settleRank(result *work.Result, err error, sent bool, now time.Time) {
	settle(result, err, sent, now)
	e, ok := statusOf(err)
	if !ok || result.State != work.Rejected {
		return
	}
	switch e.Kind {
	case httpx.Forbidden:
		result.Detail = e.Error() + "; the account may not order the backlog: " + rankRights
	case httpx.Missing:
		result.Detail = e.Error() + "; is Jira Software there, and may the account use it?"
	default:
		result.Detail = e.Error() + "; is the issue still in the project, and may the account see it and its neighbour?"
	}
}

// settleEntry says what became of a move that Jira answered singly.
func settleEntry(result *work.Result, e ranked, now time.Time) {
	result.Detail = fmt.Sprintf("jira did not move it (%d): %s", e.Status, strings.Join(e.Errors, "; "))
	switch {
	case e.Status >= 500, e.Status == http.StatusTooManyRequests, e.Status == http.StatusRequestTimeout:
		result.State, result.Until, result.Scope = work.Deferred, now.Add(pauseAfterFailure), "issue"
	case e.Status == http.StatusForbidden, e.Status == http.StatusUnauthorized:
		result.State = work.Rejected
		result.Detail += "; " + rankRights
	default:
		result.State = work.Rejected
		result.Detail += "; is the issue still in the project, and may the account see it?"
	}
}
