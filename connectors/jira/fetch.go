package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// source reads issues by their last change, and backlogs.
type source struct{ site *site }

// Pages yields the issues, or the backlogs, that changed since the cursor.
func (s *source) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	if stream == rankStream {
		return s.orders(ctx, from)
	}
	return func(yield func(connectors.Page, error) bool) {
		if stream != issueStream {
			yield(connectors.Page{}, fmt.Errorf("%s has no stream %q; it has %q and %q", s.site.name, stream, issueStream, rankStream))
			return
		}
		w, err := s.site.walk(ctx, from)
		for err == nil {
			var page connectors.Page
			page, err = w.next(ctx)
			counts := err == nil || errors.Is(err, errRepeatedToken)
			if counts && (!yield(page, nil) || page.Done) {
				return
			}
		}
		yield(connectors.Page{}, fmt.Errorf("read %s: %w", s.site.name, s.site.rested(err)))
	}
}

// page turns raw issues into records. One that cannot be understood is set
// aside. It also returns the newest change among them.
func (s *site) page(raw []json.RawMessage, d decoder) (page connectors.Page, newest time.Time) {
	s.noteClaims(raw)
	latest := s.client.latest() // a time from the future must not move the cursor there
	for i, one := range raw {
		r, err := d.record(one)
		if err != nil {
			page.Rejects = append(page.Rejects, reject(s.name, i, one, err))
			continue
		}
		page.Records = append(page.Records, r)
		if r.Version.After(newest) && r.Version.Before(latest) {
			newest = r.Version
		}
	}
	return page, newest
}

// reject sets an issue aside.
func reject(connector string, position int, raw json.RawMessage, cause error) work.Reject {
	where := fmt.Sprintf("issue %d of a page", position+1)
	var known struct {
		ID  any `json:"id"`
		Key any `json:"key"`
	}
	_ = json.Unmarshal(raw, &known) // nothing is known of what is no object
	if known.ID != nil {
		where = fmt.Sprintf("id %v", known.ID)
	}
	if key, ok := known.Key.(string); ok && key != "" {
		where = key
	}
	return work.Reject{
		Connector: connector, Where: where, Cause: cause.Error(), Body: shorten(raw),
		Remedy: "look at the issue in Jira; if it looks right there, report this form to the makers of Tandem",
	}
}

// shorten cuts a body to at most 2 kB of valid text.
func shorten(raw []byte) string {
	const limit = 2000
	return strings.ToValidUTF8(string(raw[:min(len(raw), limit)]), "")
}
