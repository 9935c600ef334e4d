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

// mark is the issue property of Tandem. It goes with the other changes of the
// issue in one request: a crash never parts them.
type mark struct {
	// By is who writes to the issue, In the project in which it stood then: an
	// issue that was moved since is not written by it any more.
	By string `json:"by,omitempty"`
	In string `json:"in,omitempty"`
	// Twin is the record that is the twin, where rules have it noted.
	Twin string `json:"twin,omitempty"`
}

// mark reads the property; it is empty without one. Anybody who can edit the
// issue can write it.
func (i issue) mark() mark {
	var m mark
	if json.Unmarshal(i.Properties[markerProperty], &m) != nil {
		return mark{}
	}
	return m
}

// marking is the property that an issue should have, with a twin.
func (s *site) marking(i issue, twin string) property {
	m := mark{By: s.owner.String(), Twin: twin}
	if m.By != "" {
		m.In = i.project()
	}
	return property{Key: markerProperty, Value: m}
}

// unsigned reports whether the next write to an issue has to sign it.
func (s *site) unsigned(i issue) bool {
	m := i.mark()
	return s.owner.String() != "" && (m.By != s.owner.String() || m.In != i.project())
}

// foreign says why nothing is written to an issue that another Tandem marked;
// empty where none did. A signature alone that came along from another project
// binds nobody.
func (s *sink) foreign(i issue) string {
	m := i.mark()
	if !s.site.owner.Foreign(m.By) || m.Twin == "" && m.In != "" && m.In != i.project() {
		return ""
	}
	s.site.noteClaim(i)
	return connectors.Refusal(m.By)
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

// signs reports whether an edit leaves a signature: one by which Tandem takes
// its leave does not.
func signs(e work.Edit) bool { return e.Errand != work.Retire }
