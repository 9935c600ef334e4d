package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// maxFetch is how many issues bulkfetch takes.
const maxFetch = 100

// reader reads issues by id. It does not go through the search index, which is
// late.
type reader struct{ site *site }

// bulkAnswer is the answer of bulkfetch. An issue that does not exist or is
// invisible is in neither list.
type bulkAnswer struct {
	Issues []json.RawMessage `json:"issues"`
	Errors []struct {
		ID      string `json:"id"`
		Message string `json:"errorMessage"`
	} `json:"issueErrors"`
}

// Read yields the issues that are there.
func (r *reader) Read(ctx context.Context, refs []work.Ref) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		d, err := r.site.learn(ctx)
		if err != nil {
			yield(connectors.Page{}, fmt.Errorf("read %s: %w", r.site.name, r.site.rested(err)))
			return
		}
		ids, keys := idsOf(refs)
		browse := map[string]bool{}
		done := 0
		for chunk := range slices.Chunk(ids, maxFetch) {
			fetch := r.fetch
			if !r.site.config.cloud() {
				fetch = r.fetchEach
			}
			page, err := fetch(ctx, d, chunk)
			if _, failed := r.site.complete(ctx, &page, true); failed != nil {
				page, err = connectors.Page{}, errors.Join(err, failed) // half a record would replace a whole one
			}
			if err == nil {
				if err = r.doubt(ctx, &page, chunk, keys, browse); err != nil {
					page = connectors.Page{}
				}
			}
			done += len(chunk)
			page.Progress = connectors.Progress{Done: done, Total: len(ids)}
			page.Done = done == len(ids)
			if len(page.Records)+len(page.Rejects) > 0 || err == nil {
				page.Done = page.Done && err == nil
				if !yield(page, nil) {
					return
				}
			}
			if err != nil {
				yield(connectors.Page{}, fmt.Errorf("read %s: %w", r.site.name, r.site.rested(err)))
				return
			}
		}
	}
}

// fetch reads one chunk. Issues that Jira could not load just now are an error
// after the page: they are not gone.
func (r *reader) fetch(ctx context.Context, d decoder, ids []string) (connectors.Page, error) {
	var a bulkAnswer
	body := map[string]any{"issueIdsOrKeys": ids, "fields": d.ids(), "properties": []string{markerProperty}}
	if err := r.site.client.ask(ctx, path("issue", "bulkfetch"), body, &a); err != nil {
		return connectors.Page{}, err
	}
	if a.Issues == nil {
		return connectors.Page{}, fmt.Errorf("read issues by id: %w", errForm)
	}
	page, _ := r.site.page(a.Issues, d)
	if len(a.Errors) > 0 {
		failed := make([]string, len(a.Errors))
		for i, e := range a.Errors {
			failed[i] = e.ID + " (" + e.Message + ")"
		}
		return page, fmt.Errorf("jira could not load %d issues just now: %s; they are read again later", len(failed), strings.Join(failed, ", "))
	}
	return page, nil
}

// idsOf returns each id once, with its key as far as it is known; a hint may
// know only the key.
func idsOf(refs []work.Ref) (ids []string, keys map[string]string) {
	ids, keys = make([]string, 0, len(refs)), make(map[string]string, len(refs))
	for _, ref := range refs {
		if name := cmp.Or(ref.ID, ref.Key); name != "" {
			ids = append(ids, name)
			keys[name] = cmp.Or(ref.Key, keys[name])
		}
	}
	return sorted(ids), keys
}
