package jira

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// TestAfterAFailedLoginJiraIsLeftAlone: each try more brings the account nearer
// to a CAPTCHA, so hints and short intervals must not cause one.
func TestAfterAFailedLoginJiraIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header string
		rests  bool
	}{
		"credentials": {http.StatusUnauthorized, "", true},
		"captcha":     {http.StatusForbidden, "AUTHENTICATION_DENIED", true},
		"permission":  {http.StatusForbidden, "", false},
		"failure":     {http.StatusInternalServerError, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stub{answer: func(w http.ResponseWriter, _ call) {
				w.Header().Set("X-Seraph-LoginReason", c.header)
				w.WriteHeader(c.status)
			}}
			conn := connect(t, s, testConfig())
			errs := map[string]error{"poll": poll(t, conn, nil).err}
			for _, err := range conn.Reader.Read(t.Context(), []work.Ref{work.NewRef("jira", "10001", "PAY-1")}) {
				errs["read by id"] = err
			}
			for what, err := range errs {
				limit, ok := errors.AsType[connectors.LimitedError](err)
				if err == nil || ok != c.rests {
					t.Errorf("%s: %v, rests %v", what, err, ok)
				}
				if ok && time.Until(limit.ResumeAt()) > time.Minute {
					t.Errorf("%s rests until %s", what, limit.ResumeAt())
				}
			}
		})
	}
}
