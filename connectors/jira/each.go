package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"tandem/connectors"
)

// abreast is how many calls go side by side where Jira takes one thing at a
// time.
const abreast = 6

// sideBySide does something for each of n things, a few at once. The first
// error stops it: whoever is not let in should not knock a hundred times.
func sideBySide(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	next := make(chan int)
	for range min(abreast, n) {
		group.Go(func() {
			for i := range next {
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}

// fetchEach reads one chunk of issues on Data Center, which hands them out one
// by one. What it does not find is missing; an error comes after the page.
func (r *reader) fetchEach(ctx context.Context, d decoder, ids []string) (connectors.Page, error) {
	found := make([]json.RawMessage, len(ids))
	query := url.Values{"fields": {strings.Join(d.ids(), ",")}}
	if len(r.site.watched) > 0 {
		query.Set("expand", "changelog")
	}
	err := sideBySide(ctx, len(ids), func(ctx context.Context, i int) error {
		var one json.RawMessage
		err := r.site.client.get(ctx, path("issue", ids[i]), query, &one)
		switch {
		case hasStatus(err, http.StatusNotFound):
			return nil
		case err != nil:
			return err
		}
		if !isIssue(one) {
			return fmt.Errorf("read issue %s: %w", ids[i], errForm)
		}
		found[i] = one
		return nil
	})
	raw := make([]json.RawMessage, 0, len(found))
	for _, one := range found {
		if one != nil {
			raw = append(raw, one)
		}
	}
	page, _ := r.site.page(raw, d)
	return page, err
}

// isIssue tells an issue from other JSON.
func isIssue(raw json.RawMessage) bool {
	var i issue
	return json.Unmarshal(raw, &i) != nil || i.ID != "" && i.Fields != nil // an odd issue is set aside later
}
