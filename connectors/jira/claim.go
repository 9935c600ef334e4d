package jira

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// claims remember in which projects another Tandem left its signature. Of one
// that was seen nothing is forgotten before the next start: a person says whose
// the project is.
type claims struct {
	mu sync.Mutex
	by map[string]string // signatures by project
	at map[string]time.Time
}

// Before the first write to a project, and every claimEvery while it is
// written, the issues that changed last are looked at: who writes there has
// signed some of them.
const (
	claimEvery = 10 * time.Minute
	claimLook  = 100
	// claimLookServer is for Data Center, where each signature is a call.
	claimLookServer = 10
)

// see notes a signature that stands at an issue of the project.
func (c *claims) see(project, by string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[string]string{}
	}
	c.by[project] = by
}

func (c *claims) of(project string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by[project]
}

// due reports whether a project is to be looked at.
func (c *claims) due(project string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, known := c.at[project]
	return !known || !work.Fresh(at, now, claimEvery)
}

func (c *claims) looked(project string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil {
		c.at = map[string]time.Time{}
	}
	c.at[project] = now
}

// claimed says why nothing is written in a project: another Tandem writes
// there. An error means that this could not be found out.
func (s *site) claimed(ctx context.Context, project string) (string, error) {
	if s.owner.String() == "" || project == "" {
		return "", nil
	}
	if s.claims.of(project) == "" && s.claims.due(project, s.now()) {
		if err := s.lookForClaims(ctx, project); err != nil {
			return "", fmt.Errorf("look whether another Tandem writes in %s: %w", project, err)
		}
		s.claims.looked(project, s.now())
	}
	if by := s.claims.of(project); by != "" {
		return connectors.Refusal(by), nil
	}
	return "", nil
}

func (s *site) lookForClaims(ctx context.Context, project string) error {
	jql, fields := "project = "+quote(project)+" ORDER BY updated DESC", []string{"project"}
	if s.config.cloud() {
		page, err := s.searchCloud(ctx, query{jql: jql, size: claimLook, fields: fields})
		s.noteClaims(page.issues)
		return err
	}
	var a offsetAnswer
	if err := s.client.ask(ctx, path("search"), map[string]any{"jql": jql, "maxResults": claimLookServer, "fields": fields}, &a); err != nil {
		return err
	}
	for _, raw := range a.Issues {
		var i issue
		if json.Unmarshal(raw, &i) != nil {
			continue // it is told where it is read
		}
		var err error
		if i.Properties, err = s.serverProperties(ctx, string(i.ID)); err != nil {
			return err
		}
		s.noteClaim(i)
	}
	return nil
}

// noteClaim learns from an issue that was read.
func (s *site) noteClaim(i issue) {
	if m := i.mark(); m.In == i.project() && s.owner.Foreign(m.By) {
		s.claims.see(m.In, m.By)
	}
}

// noteClaims learns from a page of issues.
func (s *site) noteClaims(raw []json.RawMessage) {
	if s.owner.String() == "" {
		return
	}
	for _, one := range raw {
		if !bytes.Contains(one, []byte(`"`+markerProperty+`"`)) {
			continue
		}
		var i issue
		if json.Unmarshal(one, &i) == nil {
			s.noteClaim(i)
		}
	}
}

// refuseClaimed settles the changes in projects of another Tandem and returns
// the others.
func (s *sink) refuseClaimed(ctx context.Context, changes []*change) []*change {
	var open []*change
	for _, c := range changes {
		why, err := s.site.claimed(ctx, projectOf(c.edit))
		switch {
		case err != nil:
			settle(c.result, err, false, s.site.now())
		case why != "":
			c.result.State, c.result.Detail = work.Rejected, why
		default:
			open = append(open, c)
		}
	}
	return open
}

// projectOf is the project of an edit, by its place or its key.
func projectOf(e work.Edit) string {
	if e.Place != "" {
		return e.Place
	}
	project, _, _ := strings.Cut(e.Key, "-")
	return project
}

// Sweep removes the signatures of this Tandem from issues of a project. Where a
// twin is still noted beside one, it stays.
func (s *sink) Sweep(ctx context.Context, place string, of connectors.Remains, look bool) (connectors.Remains, error) {
	var swept connectors.Remains
	for _, ref := range of.Records {
		e := work.Edit{Target: work.Target{RefID: ref.RefID}, Key: ref.Key}
		var i issue
		query := url.Values{"fields": {"project"}, "properties": {markerProperty}}
		err := s.site.client.get(ctx, issuePath(e), query, &i)
		if hasStatus(err, http.StatusNotFound) {
			continue
		}
		m := i.mark()
		ours := err == nil && m.Twin == "" && m.By != "" && !s.site.owner.Foreign(m.By)
		if ours && !look {
			err = s.site.client.change(ctx, http.MethodDelete, issuePath(e, "properties", markerProperty), nil, http.StatusNoContent, http.StatusOK)
			if hasStatus(err, http.StatusNotFound) {
				err = nil
			}
		}
		if err != nil {
			return swept, fmt.Errorf("remove the signature of %s in %s: %w", cmp.Or(ref.Key, ref.ID), place, err)
		}
		if ours {
			swept.Records = append(swept.Records, ref)
		}
	}
	return swept, nil
}
