package jira

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// rightsTrust is how long a project's rights are believed without asking, and
// rightsDoubt how long they count as missing where nobody could say.
const (
	rightsTrust = time.Hour
	rightsDoubt = 10 * time.Minute
)

// silence is what is known of the right to change a project's issues without
// mails to their watchers.
type silence struct {
	allowed bool
	at      time.Time
	// refused tells that Jira refused it in spite of the right.
	refused bool
}

// maySilence reports whether the account may keep mails from being sent: it
// administers the project or Jira. Without an answer it may not.
func (s *site) maySilence(ctx context.Context, project string) (bool, error) {
	s.mu.Lock()
	known, ok := s.silences[project]
	s.mu.Unlock()
	if ok && (known.refused || work.Fresh(known.at, s.now(), rightsTrust)) {
		return known.allowed && !known.refused, nil
	}
	const ofProject, ofJira = "ADMINISTER_PROJECTS", "ADMINISTER"
	var a struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	query := url.Values{"projectKey": {project}}
	if s.config.cloud() { // Data Center tells all
		query.Set("permissions", ofProject+","+ofJira)
	}
	err := s.client.get(ctx, path("mypermissions"), query, &a)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	known = silence{allowed: a.Permissions[ofProject].Have || a.Permissions[ofJira].Have, at: s.now()}
	if err != nil { // asked again in a while, not with every write
		known = silence{at: s.now().Add(rightsDoubt - rightsTrust)}
		err = fmt.Errorf("read own rights in %s: %w", project, err)
	}
	s.mu.Lock()
	s.silences[project] = known
	s.mu.Unlock()
	return known.allowed, err
}

// quietly makes a change without mails where the account has the right, which
// Jira may refuse all the same: then it is made once more with mails, and the
// refusal is remembered. What may have been made already is not.
func (s *site) quietly(ctx context.Context, project string, send func(query string) error) error {
	quiet, err := s.maySilence(ctx, project)
	if err != nil {
		s.log.DebugContext(ctx, "right to write without mails is not known", "err", err)
	}
	if !quiet {
		return send("")
	}
	err = send("?notifyUsers=false")
	if !hasStatus(err, http.StatusForbidden) || captcha(headerOf(err)) || httpx.InDoubt(err) {
		return err
	}
	if again := send(""); !hasStatus(again, http.StatusForbidden) {
		s.mu.Lock()
		s.silences[project] = silence{refused: true}
		s.mu.Unlock()
		return again
	}
	return err
}

// placeOf is the key of the project as it was read, else as the plan knew it.
func placeOf(c *change) string {
	if c.issue.Key != "" {
		return c.issue.project()
	}
	return c.edit.Place
}

// mails reports whether an edit makes Jira write to watchers, and whether the
// account's rights can keep it from doing so.
func mails(e work.Edit) (mail, silenceable bool) {
	switch laneOf(e) {
	case byEdit:
		return e.Verb != work.MoveInBacklog && e.Target.Path != work.NativeMarker, true
	case byTransition, byComment:
		return true, false
	default:
		return false, false
	}
}
